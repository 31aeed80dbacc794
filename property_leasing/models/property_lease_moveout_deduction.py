from odoo import api, fields, models


class PropertyLeaseMoveoutDeduction(models.Model):
    """What the tenant pays for damage: it becomes a bill, and the deposit pays it."""

    _name = "property.lease.moveout.deduction"
    _description = "Deduction of a Move-out"
    _inherit = ["property.lease.moveout.line"]
    _order = "moveout_id, id"

    check_id = fields.Many2one("property.lease.moveout.check", ondelete="set null")
    unit_id = fields.Many2one(
        "property.unit",
        string="Space",
        required=True,
        ondelete="restrict",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    name = fields.Char(string="For", required=True)
    item_id = fields.Many2one(
        "property.charge.item",
        string="Charged as",
        required=True,
        ondelete="restrict",
        domain="[('method', '=', 'one_off'), ('company_id', '=', company_id),"
        " ('site_id', 'in', (site_id, False))]",
        compute="_compute_item_id",
        store=True,
        readonly=False,
        precompute=True,
        help="One-off item of the bill; its tariff says which VAT the amount contains.",
    )
    amount = fields.Monetary(required=True, help="VAT included.")
    rate = fields.Float(compute="_compute_rate", string="VAT (%)", aggregator=False)
    charge_id = fields.Many2one("property.charge", readonly=True, copy=False)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A deduction has an amount above zero. Enter it, or delete the row."
    )

    @api.depends("moveout_id")
    def _compute_unit_id(self):
        for row in self:
            row.unit_id = row.unit_id or row.moveout_id.lease_id.line_ids[:1].unit_id

    @api.depends("moveout_id")
    def _compute_item_id(self):
        for row in self:
            company = row.moveout_id.company_id
            row.item_id = row.item_id or (company and company._lease_damage_item())

    @api.depends("item_id")
    def _compute_rate(self):
        for row in self:
            # sudo: whoever charges it may know at which rate it is taxed
            row.rate = row.item_id.sudo().tariff_ids[:1].tax_id.amount


class ResCompany(models.Model):
    _inherit = "res.company"

    def _lease_damage_item(self):
        """Return the one-off item of damage for all sites of the company, created on first use."""
        self.ensure_one()
        items = self.env["property.charge.item"]
        found = items.search(
            [("code", "=", "LEASEDMG"), ("company_id", "=", self.id), ("site_id", "=", False)],
            limit=1,
        )
        if found:
            return found
        env = self.with_context(lang=self._billing_lang()).env
        # sudo: whoever settles the first move-out need not be allowed to set prices up
        created_sudo = items.sudo().create(
            {
                "code": "LEASEDMG",
                "name": env._("Compensation for damage"),
                "category": "other",
                "method": "one_off",
                "payer_role": "tenant",
                "company_id": self.id,
            }
        )
        return created_sudo.sudo(self.env.su)
