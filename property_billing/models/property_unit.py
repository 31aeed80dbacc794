from odoo import api, fields, models

#: Who sees what a unit owes: guards and engineers do not, nor does whoever lives there with others.
DEBT_GROUPS = ",".join(f"property_base.group_{role}" for role in ("service", "cashier", "finance"))
SCOPE_FIELDS = {
    "type_id",
    "site_id",
    "handover_date",
    "billing_date_from",
    "billing_date_to",
    "active",
}


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    fee_ids = fields.One2many("property.fee", "unit_id", string="Fees")
    meter_ids = fields.One2many("property.meter", "unit_id", string="Meters")
    charge_count = fields.Integer(compute="_compute_charge_count")
    amount_open = fields.Monetary(
        compute="_compute_amount_open", string="Open Amount", groups=DEBT_GROUPS
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    def _compute_charge_count(self):
        counts = dict(
            self.env["property.charge"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.charge_count = counts.get(unit._origin, 0)

    def _compute_amount_open(self):
        sums = dict(
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("unit_id", "in", self.ids),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ],
                ["unit_id"],
                ["amount_residual_signed:sum"],
            )
        )
        for unit in self:
            unit.amount_open = sums.get(unit._origin, 0.0)

    @api.model_create_multi
    def create(self, vals_list):
        """Give new units the fees of their type."""
        units = super().create(vals_list)
        self.env["property.charge.item"]._sync_fees(units)
        return units

    def write(self, vals):
        """Follow a handover, or a change of billing dates, with the fees."""
        result = super().write(vals)
        if SCOPE_FIELDS & vals.keys():
            self._sync_fee_dates()
            self.env["property.charge.item"]._sync_fees(self)
        return result

    def action_view_charges(self):
        """Open the charges of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {}
        return action

    def _prepare_fee_vals(self, item=None):
        """Prepare the standing fee of a unit: from handover, or from the space's billing start."""
        self.ensure_one()
        start, end = self._fee_span(item)
        return {"unit_id": self.id, "date_from": start, "date_to": end, "is_automatic": True}

    def _fee_span(self, item=None):
        if self.kind == "parking":
            return self.billing_date_from or self.handover_date, self.billing_date_to
        return self.handover_date or self.billing_date_from, self.billing_date_to

    def _sync_fee_dates(self):
        """Move automatic fees nothing was billed on to the unit's dates; end the others."""
        fees_sudo = (
            self.env["property.fee"]
            .sudo()
            .search(
                [("unit_id", "in", self.ids), ("is_automatic", "=", True), ("meter_id", "=", False)]
            )
        )
        groups = (
            self.env["property.charge"]
            .sudo()
            ._read_group([("fee_id", "in", fees_sudo.ids)], ["fee_id"])
        )
        billed = {fee.id for (fee,) in groups}
        for fee in fees_sudo:
            start, end = fee.unit_id._fee_span(fee.item_id)
            in_scope = not fee.item_id.unit_type_ids or (
                fee.unit_id.type_id in fee.item_id.unit_type_ids
            )
            if fee.id in billed:
                if end != fee.date_to and (not end or end >= fee.date_from):
                    fee.date_to = end
            elif not start or not in_scope:
                fee.unlink()
            elif (start, end) != (fee.date_from, fee.date_to):
                fee.write({"date_from": start, "date_to": end})
