from odoo import models


class PropertyParkingWords(models.AbstractModel):
    """The sentences of a parking fee in the reader's language."""

    _name = "property.parking.words"
    _description = "Words of Parking Fees"

    def _sentences(self):
        """Return the sentences for the kernel's `explain`, translated, placeholders left."""
        return {
            "stay": self.env._("In %(entry)s, parked %(duration)s"),
            "covered": self.env._("Not charged (card or inner area): %(duration)s"),
            "free": self.env._("Free: up to %(minutes)s min"),
            "free_off": self.env._("First %(minutes)s min free"),
            "unpriced": self.env._("Free of charge at these hours"),
            "incomplete": self.env._("Only whole units are charged, and none is complete"),
            "entry": self.env._("Per entry"),
            "flat": self.env._("%(rate)s from %(start)s"),
            "blocks": self.env._(
                "%(rate)s from %(start)s: %(count)s × %(minutes)s min at ¥%(price)s"
            ),
            "one_day": self.env._("%(start)s in all"),
            "one_period": self.env._("24 hours from %(start)s in all"),
            "days": self.env._("%(start)s – %(end)s: %(count)s days at ¥%(price)s"),
            "periods": self.env._("From %(start)s to %(end)s: %(count)s × 24 hours at ¥%(price)s"),
            "limited": self.env._("%(line)s (%(limit)s)"),
            "cap_segment": self.env._("Limit for %(rate)s: ¥%(cap)s"),
            "cap_day": self.env._("Limit per calendar day: ¥%(cap)s"),
            "cap_period": self.env._("Limit per 24 hours: ¥%(cap)s"),
            "cap_stay": self.env._("Limit per stay: ¥%(cap)s"),
            "minutes": self.env._("Coupon: %(value)s min less"),
            "day": self.env._("Coupon: %(day)s free of charge"),
            "percent": self.env._("Coupon: %(value)s%% off"),
            "amount": self.env._("Coupon: ¥%(value)s off"),
            "total": self.env._("Fee"),
            "hours": self.env._("%(hours)s h %(minutes)s min"),
            "hours_only": self.env._("%(hours)s h"),
            "minutes_only": self.env._("%(minutes)s min"),
        }
