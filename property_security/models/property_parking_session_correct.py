from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class PropertyParkingSession(models.Model):
    """Managers mend stays whose passages were not read."""

    _inherit = "property.parking.session"

    def _close_by_hand(self, left_at, reason):
        """End a stay whose way out was not read, as if it had been read then.

        The passage is kept as made by hand, so later messages pair with it like with any other.

        :param datetime left_at: UTC
        :param str reason: in words, for the audit log
        :raise UserError: when the stay has ended, or the time cannot be
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("property_base.group_manager"):
            raise AccessError(self.env._("Only a site manager mends a stay. Ask yours."))
        if self.state not in ("inside", "lost"):
            raise UserError(self.env._("This stay has ended already."))
        if self.is_settled:
            raise UserError(self.env._("The fee of this stay is booked. Refund it first."))
        if not self.entered_at or not self.entered_at <= left_at <= fields.Datetime.now():
            raise UserError(
                self.env._("The way out lies between the way in and now. Correct the time.")
            )
        lane = self.area_id.lane_ids.filtered(lambda lane: lane.direction == "out")[:1]
        if not lane:
            raise UserError(self.env._("The area has no lane out. Add one first."))
        read = {
            "key": f"closed-{self.id}-{fields.Datetime.to_string(left_at)}",
            "plate": self.plate,
            "at": left_at,
            "source": "manual",
        }
        before = {"state": self.state}
        # nobody writes passages by hand: this one is a manager's word, and is logged
        self.env["property.parking.passage"].sudo()._take(lane, [read])
        after = {"state": self.state, "left_at": fields.Datetime.to_string(left_at)}
        self.env["property.audit"]._log("money", self, before=before, after=after, reason=reason)
