from odoo import models


class PropertyParkingWords(models.AbstractModel):
    """The sentences of a parking fee in the reader's language."""

    _name = "property.parking.words"
    _description = "Words of Parking Fees"

    def _sentences(self):
        """Return the sentences for the kernel's `explain`, translated, placeholders left."""
        _ = self.env._
        return {
            "stay": _("In %(entry)s, parked %(duration)s"),
            "covered": _("Not charged (card or inner area): %(duration)s"),
            "free": _("Free: up to %(minutes)s min"),
            "free_off": _("First %(minutes)s min free"),
            "unpriced": _("Free of charge at these hours"),
            "entry": _("Per entry"),
            "flat": _("%(rate)s from %(start)s"),
            "blocks": _("%(rate)s from %(start)s: %(count)s × %(minutes)s min at ¥%(price)s"),
            "cap_segment": _("Limit for %(rate)s: ¥%(cap)s"),
            "cap_day": _("Limit per calendar day: ¥%(cap)s"),
            "cap_period": _("Limit per 24 hours: ¥%(cap)s"),
            "cap_stay": _("Limit per stay: ¥%(cap)s"),
            "minutes": _("Coupon: %(value)s min less"),
            "day": _("Coupon: %(day)s free of charge"),
            "percent": _("Coupon: %(value)s%% off"),
            "amount": _("Coupon: ¥%(value)s off"),
            "total": _("Fee"),
            "hours": _("%(hours)s h %(minutes)s min"),
            "hours_only": _("%(hours)s h"),
            "minutes_only": _("%(minutes)s min"),
        }
