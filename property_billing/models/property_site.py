from odoo import fields, models

MONEY_GROUPS = ",".join(f"property_base.group_{role}" for role in ("cashier", "finance", "manager"))


class PropertySite(models.Model):
    _inherit = "property.site"

    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_billed_year = fields.Monetary(
        string="Billed This Year",
        compute="_compute_billing_figures",
        groups=MONEY_GROUPS,
        help="Bills dated in this calendar year less credit notes, without opening arrears.",
    )
    collected_rate = fields.Float(
        string="Share Collected",
        compute="_compute_billing_figures",
        groups=MONEY_GROUPS,
        help="Share of this year's bills that is paid, without opening arrears.",
    )
    amount_open = fields.Monetary(
        string="Open Amount",
        compute="_compute_billing_figures",
        groups=MONEY_GROUPS,
        help="Everything unpaid today, opening arrears included.",
    )

    def _compute_billing_figures(self):
        # Totals of a site the reader may see; a site manager need not have accounting rights.
        moves_sudo = self.env["account.move"].sudo()
        bills = [
            ("site_id", "in", self.ids),
            ("unit_id", "!=", False),
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]
        year_start = fields.Date.context_today(self).replace(month=1, day=1)
        this_year = [("invoice_date", ">=", year_start), ("is_opening", "=", False)]
        sums = ["amount_total_signed:sum", "amount_residual_signed:sum"]
        year = {
            site.id: (total, residual)
            for site, total, residual in moves_sudo._read_group(
                bills + this_year, ["site_id"], sums
            )
        }
        residuals = {
            site.id: residual
            for site, _total, residual in moves_sudo._read_group(bills, ["site_id"], sums)
        }
        for site in self:
            billed, unpaid = year.get(site._origin.id, (0.0, 0.0))
            site.amount_billed_year = billed
            site.collected_rate = (billed - unpaid) / billed if billed else 0.0
            site.amount_open = residuals.get(site._origin.id, 0.0)

    def action_view_bills(self):
        """Open the unpaid bills of the site."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.account_move_action_bills"
        )
        action["domain"] = [
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("unit_id", "!=", False),
            ("site_id", "=", self.id),
        ]
        return action
