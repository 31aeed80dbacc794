from odoo import api, fields, models


class PropertyFeeBatchLine(models.Model):
    _name = "property.fee.batch.line"
    _description = "One-off Batch: Unit"
    _inherit = ["property.scoped"]
    _order = "batch_id, row_number, id"

    batch_id = fields.Many2one("property.fee.batch", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="batch_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    row_number = fields.Integer(string="Row", readonly=True, aggregator=False)
    room = fields.Char(readonly=True, help="As the workbook writes it.")
    unit_id = fields.Many2one(
        "property.unit", index=True, ondelete="cascade", domain="[('site_id', '=', site_id)]"
    )
    amount = fields.Monetary()
    amount_text = fields.Char(
        readonly=True, help="As the workbook writes it, where that is no amount."
    )
    note = fields.Char()
    error = fields.Char(compute="_compute_error", store=True, string="What Is Wrong")

    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "An amount cannot be negative. Enter 0 or more."
    )

    @api.depends("unit_id", "amount", "amount_text", "batch_id.line_ids.unit_id")
    def _compute_error(self):
        for batch, lines in self.grouped("batch_id").items():
            seen = {}
            for line in batch.line_ids:
                seen.setdefault(line.unit_id, []).append(line)
            for line in lines:
                line.error = line._what_is_wrong(len(seen.get(line.unit_id, ())) > 1)

    def _what_is_wrong(self, is_double):
        """Return what keeps the line from being billed, or False."""
        self.ensure_one()
        if not self.unit_id:
            return self.env._(
                "“%(room)s” is no unit of this site. Choose the unit.", room=self.room or ""
            )
        if self.amount_text and not self.amount:
            return self.env._(
                "“%(value)s” is no amount. Enter one above 0.", value=self.amount_text
            )
        if not self.amount or self.amount <= 0:
            return self.env._("Enter an amount above 0.")
        if is_double:
            return self.env._("Unit %(unit)s stands here twice.", unit=self.unit_id.code)
        if self.unit_id.site_id != self.site_id:
            return self.env._("Unit %(unit)s belongs to another site.", unit=self.unit_id.code)
        return False

    def _check_lines(self):
        """Look at all lines again."""
        self._compute_error()

    def _prepare_fee_vals(self):
        """Prepare the one-off fee of the line."""
        self.ensure_one()
        batch = self.batch_id
        return {
            "unit_id": self.unit_id.id,
            "item_id": batch.item_id.id,
            "date_from": batch.date,
            "date_to": batch.date,
            "payer_role": batch.payer_role,
            "price": self.amount,
            "note": self.note or batch.name,
            "batch_id": batch.id,
        }
