from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lease_approval_amount = fields.Monetary(
        string="Leases without Approval up to",
        help="Total of all instalments up to which nobody else must approve a lease; 0: always.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give new companies the item and the deposit that leases need."""
        companies = super().create(vals_list)
        companies._lease_prepare()
        return companies

    def _lease_prepare(self):
        """Create the rent item and the lease deposit of companies that have none."""
        # sudo: set up with the company, whoever creates it
        items_sudo = self.env["property.charge.item"].sudo()
        types_sudo = self.env["property.deposit.type"].sudo()
        with_item = items_sudo.search([("method", "=", "contract")]).company_id
        with_type = types_sudo.search([("kind", "=", "lease")]).company_id
        items_sudo.create(
            [vals for one in self - with_item for vals in one._prepare_lease_items_vals()]
        )
        types_sudo.create([one._prepare_lease_deposit_vals() for one in self - with_type])

    def _prepare_lease_items_vals(self):
        """Prepare the rent that contracts bill, and the one-off item of what amendments charge."""
        env = self.with_context(lang=self._billing_lang()).env
        common = {"category": "rent", "payer_role": "tenant", "company_id": self.id}
        return [
            {**common, "code": "RENT", "name": env._("Rent"), "method": "contract"},
            {
                **common,
                "code": "RENTX",
                "name": env._("Rent difference or penalty"),
                "method": "one_off",
            },
        ]

    def _prepare_lease_deposit_vals(self):
        env = self.with_context(lang=self._billing_lang()).env
        return {"name": env._("Lease deposit"), "kind": "lease", "company_id": self.id}
