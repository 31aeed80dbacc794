from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _lease_intention_type(self):
        """Return the kind of deposit that holds a space for a prospect, created on first use."""
        self.ensure_one()
        types = self.env["property.deposit.type"]
        found = types.search([("kind", "=", "intention"), ("company_id", "=", self.id)], limit=1)
        if found:
            return found
        env = self.with_context(lang=self._billing_lang()).env
        # sudo: whoever takes the first deposit need not be allowed to set kinds up
        created_sudo = types.sudo().create(
            {"name": env._("Intention deposit"), "kind": "intention", "company_id": self.id}
        )
        return created_sudo.sudo(self.env.su)
