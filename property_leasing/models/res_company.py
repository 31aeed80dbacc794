from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import turnover_forecast
from ..tools.reminders import parse_days

#: What turnover is expected, see ``tools.turnover_forecast``.
ASSUMPTIONS = [
    (turnover_forecast.MEAN_3, "Mean of the last 3 declared months"),
    (turnover_forecast.MEAN_12, "Mean of the last 12 declared months"),
    (turnover_forecast.SEASON, "Same month a year before, with the trend"),
]


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

    lease_turnover_assumption = fields.Selection(
        ASSUMPTIONS,
        string="Turnover is Expected as",
        required=True,
        default=turnover_forecast.MEAN_12,
        help="What the forecast takes for months that are not declared yet.",
    )
    is_lease_relet = fields.Boolean(
        string="Forecast Spaces Let Anew",
        default=True,
        help="A measure of its own in the forecast, beside what is contracted.",
    )
    lease_relet_days = fields.Integer(
        string="Days Vacant", default=90, help="Between two leases, assumed by the forecast."
    )
    lease_relet_rate = fields.Float(
        string="Per Cent of the Asking Rent",
        default=100.0,
        digits=(16, 2),
        help="At which the forecast assumes spaces to be let anew.",
    )

    _lease_relet_range = models.Constraint(
        "CHECK(lease_relet_days BETWEEN 0 AND 1000 AND lease_relet_rate BETWEEN 0 AND 300)",
        "A space stands vacant for 0 to 1,000 days and is let anew at 0 to 300 per cent.",
    )

    def write(self, vals):
        """Override: another assumption, other expectations."""
        result = super().write(vals)
        if "lease_turnover_assumption" in vals:
            # sudo: expectations of all sites of the company follow from its setting
            terms_sudo = self.env["property.lease.turnover.term"].sudo()
            terms_sudo.search([("company_id", "in", self.ids), ("fee_id", "!=", False)])._expect()
        return result

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
