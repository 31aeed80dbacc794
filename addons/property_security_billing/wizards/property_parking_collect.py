from decimal import Decimal
from uuid import uuid4

from odoo import api, fields, models


class PropertyParkingCollect(models.TransientModel):
    """The fee of a car at the lane, and how the driver pays it."""

    _name = "property.parking.collect"
    _description = "Take a Parking Fee"

    session_id = fields.Many2one(
        "property.parking.session", string="Stay", required=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="session_id.site_id", related_sudo=False)
    company_id = fields.Many2one(related="session_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="company_id.currency_id", related_sudo=False)
    plate_display = fields.Char(related="session_id.plate_display", related_sudo=False)
    entered_at = fields.Datetime(related="session_id.entered_at", related_sudo=False)
    amount = fields.Monetary(
        string="To Pay",
        compute="_compute_amount",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    explanation = fields.Text(compute="_compute_amount", compute_sudo=False, store=True)
    tender_id = fields.Many2one(
        "property.tender.method",
        string="Paid by",
        required=True,
        ondelete="cascade",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False)),"
        " ('kind', 'in', ('cash', 'pos', 'wechat', 'alipay'))]",
    )
    reference = fields.Char(help="Number of the slip or order.")
    shift_id = fields.Many2one(
        "property.cashier.shift", string="My Shift", compute="_compute_shift_id", compute_sudo=False
    )
    amount_float = fields.Monetary(
        string="Cash in the Drawer", help="Change there is before the first driver pays."
    )
    key = fields.Char(required=True, default=lambda self: str(uuid4()))

    @api.model
    def default_get(self, fields_list):
        """Offer cash first."""
        values = super().default_get(fields_list)
        session = self.env["property.parking.session"].browse(values.get("session_id"))
        if session and "tender_id" in fields_list and not values.get("tender_id"):
            methods = self.env["property.tender.method"]._for_site(session.site_id)
            values["tender_id"] = methods.filtered(lambda one: one.kind == "cash")[:1].id
        return values

    @api.depends("session_id")
    def _compute_amount(self):
        now = fields.Datetime.now()
        for wizard in self:
            stay = wizard.session_id
            moment = stay._fee_moment(now) if stay else None
            result = stay._quote(moment) if stay else None
            wizard.amount = float(stay._due_at(moment)) if stay else 0
            wizard.explanation = stay._explain(result) if result else False

    @api.depends("session_id")
    def _compute_shift_id(self):
        shifts = self.env["property.cashier.shift"]
        for wizard in self:
            wizard.shift_id = shifts._mine(wizard.site_id) if wizard.site_id else shifts

    def action_open_shift(self):
        """Open the user's shift on the site, and go on taking the fee."""
        self.ensure_one()
        self.session_id._check_taker()
        self.env["property.cashier.shift"]._open(self.site_id, self.amount_float)
        self.invalidate_recordset(["shift_id"])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take a Parking Fee"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_collect(self):
        """Take what is shown, and let the car out where it waits."""
        self.ensure_one()
        self.session_id._take_at_lane(
            self.tender_id, Decimal(f"{self.amount:.2f}"), self.key, self.reference
        )
        return {"type": "ir.actions.act_window_close"}
