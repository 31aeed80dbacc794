from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lease_approval_amount = fields.Monetary(
        string="Leases without Approval up to",
        help="Total of all instalments up to which nobody else must approve a lease; 0: always.",
    )

    def _lease_item(self, method):
        """Return an item of rent for all sites of the company, created on first use.

        :param method: "contract" for what leases bill, "one_off" for what amendments charge
        """
        self.ensure_one()
        items = self.env["property.charge.item"]
        found = items.search(
            [
                ("method", "=", method),
                ("category", "=", "rent"),
                ("company_id", "=", self.id),
                ("site_id", "=", False),
            ],
            limit=1,
        )
        if found:
            return found
        env = self.with_context(lang=self._billing_lang()).env
        names = {"contract": env._("Rent"), "one_off": env._("Rent difference or penalty")}
        # sudo: whoever lets the first space need not be allowed to set prices up
        created_sudo = items.sudo().create(
            {
                "code": {"contract": "RENT", "one_off": "RENTX"}[method],
                "name": names[method],
                "category": "rent",
                "method": method,
                "payer_role": "tenant",
                "company_id": self.id,
            }
        )
        return created_sudo.sudo(self.env.su)

    def _lease_deposit_type(self):
        """Return the kind of deposit that secures leases, created on first use."""
        self.ensure_one()
        types = self.env["property.deposit.type"]
        found = types.search([("kind", "=", "lease"), ("company_id", "=", self.id)], limit=1)
        if found:
            return found
        env = self.with_context(lang=self._billing_lang()).env
        # sudo: whoever takes the first deposit need not be allowed to set kinds up
        created_sudo = types.sudo().create(
            {"name": env._("Lease deposit"), "kind": "lease", "company_id": self.id}
        )
        return created_sudo.sudo(self.env.su)
