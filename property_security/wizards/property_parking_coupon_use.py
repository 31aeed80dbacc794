from odoo import fields, models
from odoo.exceptions import UserError


class PropertyParkingCouponUse(models.TransientModel):
    _name = "property.parking.coupon.use"
    _description = "Use a Parking Coupon"

    session_id = fields.Many2one(
        "property.parking.session", string="Stay", required=True, ondelete="cascade"
    )
    code = fields.Char(string="Coupon Code", required=True)

    def action_use(self):
        """Take the coupon of this code for the stay."""
        self.ensure_one()
        code = (self.code or "").strip().upper()
        coupon = self.env["property.parking.coupon"].search([("code", "=", code)], limit=1)
        if not coupon:
            raise UserError(self.env._("There is no coupon %(code)s. Check the code.", code=code))
        coupon.sudo()._use(self.session_id)  # who may use coupons may not change them
        return {"type": "ir.actions.act_window_close"}
