from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PropertyTransferReading(models.TransientModel):
    """The reading of a meter on the last day of the seller."""

    _name = "property.transfer.reading"
    _description = "Reading at a Transfer"

    transfer_id = fields.Many2one("property.transfer", required=True, ondelete="cascade")
    meter_id = fields.Many2one("property.meter", required=True, ondelete="cascade")
    last_date = fields.Date(related="meter_id.last_reading_date")
    last_value = fields.Float(related="meter_id.last_reading", digits=(16, 4))
    value = fields.Float(string="Reading", digits=(16, 4))
    is_read = fields.Boolean(
        compute="_compute_is_read", store=True, readonly=False, help="The reading was taken."
    )

    @api.depends("value")
    def _compute_is_read(self):
        for line in self:
            line.is_read = line.is_read or bool(line.value)


class PropertyTransfer(models.TransientModel):
    """Shows the money of the household before it changes hands, and begins its settlement."""

    _inherit = "property.transfer"

    money_html = fields.Html(compute="_compute_money_html", string="Bills, Prepayments, Deposits")
    reading_ids = fields.One2many(
        "property.transfer.reading",
        "transfer_id",
        compute="_compute_reading_ids",
        store=True,
        readonly=False,
        string="Readings on the Last Day of the Seller",
    )

    @api.depends("kind", "unit_id", "date", "partner_id", "space_ids")
    def _compute_money_html(self):
        for wizard in self:
            settlement_sudo = wizard._new_settlement_sudo()
            wizard.money_html = settlement_sudo.overview_html if settlement_sudo else False

    @api.depends("kind", "unit_id", "date", "partner_id", "space_ids")
    def _compute_reading_ids(self):
        for wizard in self:
            wizard.reading_ids = [Command.clear()] + [
                Command.create({"meter_id": meter_id}) for meter_id in wizard._meters_to_read()
            ]

    def _seller(self):
        """Return the owner of the day before."""
        self.ensure_one()
        unit = self.unit_id._origin
        if self.kind != "transfer" or not (unit and self.date):
            return self.env["res.partner"]
        return unit._property_payer_on("owner", self._last_day())[unit.id]

    def _prepare_settlement_vals(self):
        """Prepare the settlement, or nothing where nobody sells or buys."""
        seller, buyer = self._seller(), self.partner_id._origin
        if not seller or not buyer or seller == buyer:
            return {}
        return {
            "unit_id": self.unit_id._origin.id,
            "space_ids": [Command.set(self.space_ids._origin.ids)],
            "date": self.date,
            "seller_id": seller.id,
            "buyer_id": buyer.id,
        }

    def _new_settlement_sudo(self):
        """Return a settlement that is not saved, to show what there is."""
        self.ensure_one()
        vals = self._prepare_settlement_vals()
        # sudo: whoever may transfer a household sees what has to be settled on it
        settlements_sudo = self.env["property.settlement"].sudo()
        return settlements_sudo.new(vals) if vals else settlements_sudo

    def _meters_to_read(self):
        """Return the ids of the seller's meters that have no reading of the last day."""
        settlement_sudo = self._new_settlement_sudo()
        return settlement_sudo._unread_meters().ids if settlement_sudo else []

    def action_confirm(self):
        """Override of `property_base` to enter the readings and begin the settlement."""
        self.ensure_one()
        vals = self._prepare_settlement_vals()
        result = super().action_confirm()
        if vals:
            self._enter_readings()
            # sudo: whoever may transfer a household begins its settlement, and only that
            self.env["property.settlement"].sudo().create(vals)
        return result

    def action_confirm_settle(self):
        """Confirm, then open the settlement."""
        result = self.action_confirm()
        settlement = self.env["property.settlement"].search(
            [
                ("unit_id", "=", self.unit_id.id),
                ("date", "=", self.date),
                ("approval_state", "!=", "cancelled"),
            ]
        )
        if not settlement:
            return result
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.settlement",
            "res_id": settlement.id,
            "views": [(False, "form")],
        }

    def _enter_readings(self):
        """Enter the readings that were taken on the last day of the seller."""
        wanted = set(self._meters_to_read())
        lines = self.reading_ids.filtered(lambda line: line.is_read and line.meter_id.id in wanted)
        if any(line.value < 0 for line in lines):
            raise UserError(self.env._("A reading cannot be negative. Correct it."))
        # sudo: the protocol of the transfer brings the reading, whoever signs it
        self.env["property.meter.reading"].sudo().create(
            [
                {"meter_id": line.meter_id.id, "date": self._last_day(), "value": line.value}
                for line in lines
            ]
        )
