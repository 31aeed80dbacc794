from datetime import timedelta

from odoo import api, fields, models

from ..tools.sla import worked_hours

BATCH = 100


class MaintenanceRequest(models.Model):
    """What follows from time alone: escalation, and confirmation by silence."""

    _inherit = "maintenance.request"

    escalation_ids = fields.One2many("property.request.escalation", "request_id")

    def _clock_used(self, clock, share, now):
        """Return the requests of which a clock has used at least a share of its working time.

        :param str clock: respond, arrive or finish
        :param float share: 0 to 1
        :param datetime now: the moment
        """
        used = self.browse()
        pauses = self._pauses()
        for calendar, requests in self.grouped(lambda r: r._clock_calendar()).items():
            begin = min(request._clock_start(clock) for request in requests)
            work = self._work_of(calendar, begin, max(now, begin))
            for request in requests:
                hours = request._clock_hours(clock)
                ran = worked_hours(
                    work, request._clock_start(clock), now, pauses.get(request.id, ())
                )
                if hours and ran >= hours * share:
                    used += request
        return used

    def _escalation_body(self):
        """Say in a message what is late."""
        return self.env._(
            "%(request)s at %(place)s: %(left)s. Step: %(step)s.",
            request=self.display_name,
            place=self.place_shown or "",
            left=self.sla_text or "",
            step=dict(self._fields["step"]._description_selection(self.env))[self.step],
        )

    @api.model
    def _cron_auto_confirm(self):
        """Confirm work that nobody objected to for the days set in the company."""
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([("request_confirm_days", ">", 0)]):
            limit = fields.Datetime.now() - timedelta(days=company.request_confirm_days)
            due = self.search(
                [
                    ("company_id", "=", company.id),
                    ("step", "=", "done"),
                    ("finish_done_at", "<=", limit),
                ],
                order="id",
            )
            while due:
                batch, due = due[:BATCH], due[BATCH:]
                for request in batch.try_lock_for_update(allow_referencing=True):
                    request._happen("auto_confirm", {"confirmed_at": fields.Datetime.now()})
                if not cron._commit_progress(len(batch), remaining=len(due)):
                    return
