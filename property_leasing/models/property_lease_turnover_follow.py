"""What is not declared: the tenant is reminded, leasing is told, and the month is estimated."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.turnover import estimate

REMIND_DAYS = 3  # before the last day of declaring
BATCH = 100


class PropertyLeaseTurnover(models.Model):
    _inherit = "property.lease.turnover"

    @api.model
    def _cron_follow(self):
        """Remind of months that are to be declared, and estimate late ones where the lease says so.

        Every month is reminded of once and told once, also after days on which no job ran.
        """
        today = fields.Date.context_today(self)
        ended = Domain("state", "=", "open") & Domain("date_to", "<", today)
        late = ended & Domain("due_date", "<", today)
        self._follow(
            ended
            & Domain("reminded_on", "=", False)
            & Domain("due_date", "<=", today + timedelta(days=REMIND_DAYS)),
            "_remind",
        )
        self._follow(late & Domain("pressed_on", "=", False), "_press")
        self._follow(late & Domain("term_id.estimate", "=", "mean"), "_estimate")

    @api.model
    def _follow(self, domain, step):
        """Let a step happen to the months of a domain, batch by batch."""
        # sudo: the cron looks at every site
        rows_sudo = self.sudo().search(domain, order="date_from, id")
        self.env["ir.cron"]._commit_progress(remaining=len(rows_sudo))
        for start in range(0, len(rows_sudo), BATCH):
            batch = rows_sudo[start : start + BATCH].exists().try_lock_for_update()
            getattr(batch.filtered_domain(domain), step)()
            if not self.env["ir.cron"]._commit_progress(len(rows_sudo[start : start + BATCH])):
                return

    def _remind(self):
        """Write to the tenants."""
        self.write({"reminded_on": fields.Date.context_today(self)})
        for row in self.filtered("partner_id.email"):
            env = row.with_context(lang=row.partner_id.lang or row.company_id._billing_lang()).env
            row.message_notify(
                partner_ids=row.partner_id.ids,
                subject=env._("Please declare your turnover"),
                body=env._(
                    "Please declare the turnover of %(brand)s from %(start)s to %(end)s by "
                    "%(due)s, under “My leases” in the portal.",
                    brand=row.brand or row.partner_id.name,
                    start=row.date_from,
                    end=row.date_to,
                    due=row.due_date,
                ),
            )

    def _press(self):
        """Tell whoever looks after the lease."""
        self.write({"pressed_on": fields.Date.context_today(self)})
        for row in self:
            row.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "%(lease)s has not declared its turnover", lease=row.brand or ""
                ),
                note=row.display_name,
                user_id=(row.lease_id.user_id or self.env.user).id,
            )

    def _estimate(self):
        """Estimate months from those declared before, and settle what is complete."""
        for row in self.sorted("date_from"):
            declared = row.term_id.turnover_ids.filtered(
                lambda one, row=row: one.state == "confirmed" and one.goods_id == row.goods_id
            )
            amount = estimate([one._month() for one in declared], row.date_from, row.date_to)
            if amount is not None:
                row.write({"amount": float(amount), "state": "estimated"})
        done = self.filtered(lambda row: row.state == "estimated")
        done.term_id._settle(self.env._("Estimated, as it was not declared in time"))
