from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.reminders import parse_days


class ResCompany(models.Model):
    _inherit = "res.company"

    lease_approval_amount = fields.Monetary(
        string="Leases without Approval up to",
        help="Total of all instalments up to which nobody else must approve a lease; 0: always.",
    )

    lease_reminder_days = fields.Char(
        string="Reminders of Leases",
        default="180, 90, 30",
        help="Days before a lease ends, its rent steps or an option is over; empty for none.",
    )

    @api.constrains("lease_reminder_days")
    def _check_lease_reminder_days(self):
        for company in self:
            try:
                company._lease_reminder_days()
            except ValueError:
                raise ValidationError(
                    self.env._("Enter the days ahead as whole numbers, such as 180, 90, 30.")
                ) from None

    def _lease_reminder_days(self):
        """Return how many days ahead leasing agents are reminded, the longest first."""
        self.ensure_one()
        return parse_days(self.lease_reminder_days)

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
