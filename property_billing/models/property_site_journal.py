"""Each site has its own journal of bills, so that no two sites wait for each other's numbers."""

from odoo import fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2.errors import UniqueViolation


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
            try:
                with self.env.cr.savepoint():
                    site_sudo.billing_journal_id = self._create_billing_journal()
            except UniqueViolation as error:
                # another site took the code meanwhile, unseen by this transaction: start it again
                raise ConcurrencyError(str(error)) from error
        return site_sudo.billing_journal_id.sudo(self.env.su)

    def _create_billing_journal(self):
        company = self.company_id
        env = self.with_context(lang=company._billing_lang()).env
        journals_sudo = env["account.journal"].sudo().with_company(company)
        return journals_sudo.create(
            {
                "name": env._("Property Bills %(site)s", site=self.name),
                "code": self._billing_journal_code(),
                "type": "sale",
                "company_id": company.id,
            }
        )

    def _billing_journal_code(self):
        """Return a free code: WY and the number of the site, so that two sites at once differ.

        A code has five characters at most: numbers above 999 are written in base 36.
        """
        self.ensure_one()
        journals_sudo = self.env["account.journal"].sudo().with_context(active_test=False)
        taken = set(
            journals_sudo.search(
                [("company_id", "=", self.company_id.id), ("code", "=like", "WY%")]
            ).mapped("code")
        )
        wanted = f"WY{self.id if self.id < 1000 else _base36(self.id)}"
        if len(wanted) <= 5 and wanted not in taken:
            return wanted
        number = 1
        while f"WY{number}" in taken:
            number += 1
        return f"WY{number}"


def _base36(number):
    """Write a number with the digits and letters.

    >>> _base36(1000), _base36(46655)
    ('RS', 'ZZZ')
    """
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text or "0"
