from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 100


class PropertyIncident(models.Model):
    """Who is told of an incident, and when: each thing once."""

    _inherit = "property.incident"

    def _alarm(self):
        """Tell the managers of a serious incident at once; each incident once."""
        for incident in self.filtered_domain(self._alarming_domain(self.company_id)):
            if not incident.alarmed_at and incident._is_open():
                incident._tell_managers("alarmed_at")

    @api.model
    def _alarming_domain(self, companies):
        """Return the domain of incidents of which companies want their managers told at once."""
        # sudo: whoever reports an incident is held to the deadlines
        rows_sudo = self.env["property.incident.deadline"].sudo()
        rows_sudo = rows_sudo.search([("company_id", "in", companies.ids), ("is_alarm", "=", True)])
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("severity", "in", rows.mapped("severity"))
            for company, rows in rows_sudo.grouped("company_id").items()
        )

    def _is_open(self):
        return self.state in ("reported", "handling")

    @api.model
    def _cron_escalate(self):
        """Tell the managers of incidents that run late, and of serious ones nobody was told of.

        What is due follows from the incidents alone, so a job that was down catches up.
        """
        late = Domain("is_overdue", "=", True) & Domain("late_told_at", "=", False)
        alarming = self._alarming_domain(self.env["res.company"].search([("active", "=", True)]))
        untold = (
            Domain("state", "in", ("reported", "handling"))
            & alarming
            & Domain("alarmed_at", "=", False)
        )
        due = self.search(late | untold, order="id")
        cron = self.env["ir.cron"]
        while due:
            batch, due = due[:BATCH], due[BATCH:]
            for incident in batch.try_lock_for_update(allow_referencing=True):
                if not incident.alarmed_at and incident.filtered_domain(alarming):
                    incident._tell_managers("alarmed_at")
                if incident.is_overdue and not incident.late_told_at:
                    incident._tell_managers("late_told_at")
            if not cron._commit_progress(len(batch), remaining=len(due)):
                return

    def _tell_managers(self, mark):
        """Give the managers an activity and a mail about an incident.

        :param str mark: the field that says that they were told: ``alarmed_at`` or
            ``late_told_at``
        """
        self.ensure_one()
        users = self.site_id._managers_to_tell()
        if not users:
            return
        # sudo: a guard reports to people whose lists he does not see
        incident_sudo = self.sudo()
        incident_sudo[mark] = fields.Datetime.now()
        for user in users:
            told_sudo = incident_sudo.with_context(lang=user.lang)
            text = told_sudo._alarm_text(mark)
            told_sudo.activity_schedule(
                "mail.mail_activity_data_warning", summary=text, user_id=user.id
            )
            told_sudo.message_notify(
                partner_ids=user.partner_id.ids,
                subject=text,
                body=told_sudo.description or told_sudo.name,
            )

    def _alarm_text(self, mark):
        """Return what the managers read first."""
        values = {"incident": self.display_name, "place": self._where()}
        if mark == "late_told_at":
            return self.env._("Overdue incident: %(incident)s, %(place)s", **values)
        severity = dict(self._fields["severity"]._description_selection(self.env))[self.severity]
        return self.env._(
            "%(severity)s incident: %(incident)s, %(place)s", severity=severity, **values
        )

    def _where(self):
        return " ".join(part for part in (self.site_id.name, self.place_shown) if part)
