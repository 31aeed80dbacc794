"""Each site has its own journal of bills, so that no two sites wait for each other's numbers."""

from odoo import fields, models


class PropertySite(models.Model):
    _inherit = "property.site"

    billing_journal_id = fields.Many2one(
        "account.journal",
        string="Bills Journal",
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        check_company=True,
        copy=False,
        ondelete="restrict",
        help="Journal of the bills of this site; created when the first bill is posted.",
    )

    def _billing_journal(self):
        """Return the journal of the bills of the site, created on first use."""
        self.ensure_one()
        # sudo: a site manager who posts a run need not have accounting rights
        site_sudo = self.sudo()
        if not site_sudo.billing_journal_id:
            company = self.company_id
            env = self.with_context(lang=company._billing_lang()).env
            site_sudo.billing_journal_id = (
                env["account.journal"]
                .sudo()
                .with_company(company)
                .create(
                    {
                        "name": env._("Property Bills %(site)s", site=self.name),
                        "code": self._billing_journal_code(),
                        "type": "sale",
                        "company_id": company.id,
                    }
                )
            )
        return site_sudo.billing_journal_id.sudo(self.env.su)

    def _billing_journal_code(self):
        """Return a free code: WY and a number."""
        journals_sudo = self.env["account.journal"].sudo().with_context(active_test=False)
        taken = set(
            journals_sudo.search(
                [("company_id", "=", self.company_id.id), ("code", "=like", "WY%")]
            ).mapped("code")
        )
        number = 1
        while f"WY{number}" in taken:
            number += 1
        return f"WY{number}"
