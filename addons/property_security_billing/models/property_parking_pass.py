from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.property_security.models.parking_class import MONEY_GROUPS

#: What the fee of a card follows.
FEE_FIELDS = frozenset(
    ("kind", "area_id", "unit_id", "partner_id", "date_from", "date_to", "stopped_at")
)


class PropertyParkingPass(models.Model):
    """A monthly card of a household is a fee: billing runs bill it, day by day as it counts.

    What is owed is shown to staff. The card counts by its own dates alone.
    """

    _inherit = "property.parking.pass"

    fee_ids = fields.One2many(
        "property.fee", "parking_pass_id", string="Fees", groups="property_base.group_staff"
    )
    fee_id = fields.Many2one(
        "property.fee",
        string="Current Fee",
        compute="_compute_fee_id",
        groups="property_base.group_staff",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_arrears = fields.Monetary(
        string="Unpaid Card Bills",
        compute="_compute_amount_arrears",
        groups=MONEY_GROUPS,
        help="Of bills that are due. The card counts all the same.",
    )

    @api.depends("fee_ids.active", "fee_ids.date_from")
    def _compute_fee_id(self):
        for card in self:
            fees_sudo = card.sudo().fee_ids  # whoever sees the card may know that it is billed
            card.fee_id = fees_sudo.sorted(lambda fee: (fee.date_from, fee.id))[-1:]

    def _compute_amount_arrears(self):
        today = fields.Date.context_today(self)
        # sudo: a sum shown to staff who may not open the bills
        charges_sudo = self.env["property.charge"].sudo()
        bills_sudo = charges_sudo.search(
            [("fee_id.parking_pass_id", "in", self.ids), ("state", "=", "posted")]
        ).filtered(lambda charge: charge.move_id.invoice_date_due <= today)
        by_card = bills_sudo.grouped(lambda charge: charge.fee_id.parking_pass_id.id)
        for card in self:
            owed_sudo = by_card.get(card.id, charges_sudo)
            card.amount_arrears = sum(owed_sudo.mapped("amount_residual"))

    @api.model_create_multi
    def create(self, vals_list):
        """Give monthly cards of households a fee."""
        cards = super().create(vals_list)
        cards._sync_fees()
        return cards

    def write(self, vals):
        """Let the fee follow the card."""
        result = super().write(vals)
        if not FEE_FIELDS.isdisjoint(vals):
            self._sync_fees()
        return result

    def _sync_fees(self):
        """Bring the fees in line with the cards; what has been billed stays."""
        # sudo: customer service issues cards; fees are finance's
        for card_sudo in self.sudo():
            wanted, fee_sudo = card_sudo._prepare_fee_vals(), card_sudo.fee_id
            place = (wanted.get("unit_id"), wanted.get("item_id"))
            if fee_sudo and (fee_sudo.unit_id.id, fee_sudo.item_id.id) != place:
                card_sudo._end_fee(fee_sudo)
                wanted = card_sudo._from_today(wanted)
                fee_sudo = fee_sudo.browse()
            if wanted and fee_sudo:
                fee_sudo.write({name: wanted[name] for name in ("date_to", "payer_role")})
            elif wanted:
                fee_sudo.create({**wanted, "parking_pass_id": card_sudo.id})

    def _from_today(self, wanted):
        """Return the values of a fee that begins today at the earliest; empty when it is over."""
        if not wanted:
            return wanted
        start = max(wanted["date_from"], fields.Date.context_today(self))
        is_over = wanted["date_to"] and wanted["date_to"] < start
        return {} if is_over else {**wanted, "date_from": start}

    def _prepare_fee_vals(self):
        """Prepare the fee of a card; empty when it has none."""
        self.ensure_one()
        item = self.area_id.card_item_id
        if self.kind != "monthly" or not item or not self.unit_id:
            return {}
        ends = [self.date_to] if self.date_to else []
        if self.stopped_at:
            stopped_on = self.area_id._local(self.stopped_at).date()
            ends.append(max(self.date_from, stopped_on))
        is_owner = self.partner_id and self.partner_id == self.unit_id.owner_id
        return {
            "unit_id": self.unit_id.id,
            "item_id": item.id,
            "date_from": self.date_from,
            "date_to": min(ends, default=False),
            "payer_role": "owner" if is_owner else "tenant",
            "subject_key": self.id,
        }

    def _end_fee(self, fee):
        """End a fee yesterday, or take it away where it had not begun."""
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        if fee.date_from > yesterday:
            fee.active = False
        elif not fee.date_to or fee.date_to > yesterday:
            fee.date_to = yesterday

    def action_view_bills(self):
        """Open the bills of the card."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.account_move_action_bills"
        )
        # sudo: only their numbers, to find the bills that the user may see
        charges_sudo = self.env["property.charge"].sudo()
        moves = charges_sudo.search([("fee_id.parking_pass_id", "=", self.id)]).move_id
        return {**action, "domain": [("id", "in", moves.ids)], "context": {}}
