"""Reminders before a lease ends, before its rent steps, and before an option is over."""

from datetime import datetime

import pytz
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.reminders import reached

BATCH = 200


class PropertyLease(models.Model):
    _inherit = "property.lease"

    reminder_ids = fields.One2many("property.lease.reminder", "lease_id", string="Reminders")
    days_left = fields.Integer(compute="_compute_days_left", help="Until the lease ends.")
    next_step_date = fields.Date(compute="_compute_days_left", string="Next Step")

    @api.depends("date_to", "date_from", "step_ids")
    def _compute_days_left(self):
        today = fields.Date.context_today(self)
        for lease in self:
            lease.days_left = max((lease.date_to - today).days, 0) if lease.date_to else 0
            ahead = [step.day for step in lease._steps() if step.day > today]
            lease.next_step_date = min(ahead, default=False)

    def _steps(self):
        """Return the steps of the rent, as the kernel takes them."""
        self.ensure_one()
        if not self.date_from or not self.date_to:
            return ()
        return self.step_ids._kernel(self.date_from, self.date_to)

    @api.model
    def _cron_remind(self):
        """Remind leasing agents of what comes; a day the job slept is made up for."""
        # sudo: the cron looks at every site
        leases_sudo = self.sudo().search(
            Domain("signed_date", "!=", False)
            & Domain("date_to", ">=", fields.Date.subtract(fields.Date.today(), days=1)),
            order="id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(leases_sudo))
        for start in range(0, len(leases_sudo), BATCH):
            batch = leases_sudo[start : start + BATCH]
            batch.exists().try_lock_for_update()._remind()
            if not cron._commit_progress(len(batch)):
                break

    def _remind(self):
        """Give the reminders that are reached and were not given yet.

        Of several reached at once only the last one becomes an activity: the job slept.
        """
        missing = []
        for site, leases in self.grouped("site_id").items():
            today = datetime.now(pytz.timezone(site.tz or "UTC")).date()
            ahead = site.company_id._lease_reminder_days()
            given = {(one.lease_id, one.kind, one.date, one.days) for one in leases.reminder_ids}
            for lease in leases:
                for kind, day in lease._days_to_remind_of():
                    due = [
                        days
                        for days in reached(today, day, ahead)
                        if (lease, kind, day, days) not in given
                    ]
                    if due:
                        missing.append((lease, kind, day, due))
        self._note_reminders(missing)

    def _days_to_remind_of(self):
        """Return the days worth a reminder: list of (kind, date)."""
        self.ensure_one()
        days = [("end", self.date_to)]
        days += [("step", step.day) for step in self._steps()]
        if "option_ids" in self._fields:
            options = self.option_ids.filtered(
                lambda one: not one.taken_on and one.deadline and one.is_in_term
            )
            days += [("option", day) for day in set(options.mapped("deadline"))]
        return days

    def _note_reminders(self, missing):
        self.env["property.lease.reminder"].create(
            [
                {
                    "lease_id": lease.id,
                    "kind": kind,
                    "date": day,
                    "days": days,
                    "user_id": lease._reminder_user().id,
                }
                for lease, kind, day, due in missing
                for days in due
            ]
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": todo.id,
                    "res_model_id": model_id,
                    "res_id": lease.id,
                    "automated": True,
                    "user_id": lease._reminder_user().id,
                    "summary": lease._reminder_text(kind, day),
                }
                for lease, kind, day, _due in missing
            ]
        )

    def _reminder_user(self):
        """Return who is reminded: the leasing agent, else whoever had the lease approved."""
        self.ensure_one()
        known = self.user_id | self.requested_by_id | self.create_uid
        return known.filtered("active")[:1] or self.env.user

    def _reminder_text(self, kind, day):
        lang = self._reminder_user().lang or self.env.lang
        env = self.with_context(lang=lang).env
        texts = {
            "end": env._("%(lease)s ends on %(day)s", lease=self.display_name, day=day),
            "step": env._(
                "The rent of %(lease)s steps on %(day)s", lease=self.display_name, day=day
            ),
            "option": env._(
                "An option of %(lease)s must be taken by %(day)s", lease=self.display_name, day=day
            ),
        }
        return texts[kind]
