"""September of the first site, billed and overdue, and a level that reminds of it."""

from datetime import date
from unittest.mock import patch

TODAY = date(2026, 11, 20)
PRINTED = b"%PDF-1.7 test"


def printed(case):
    """Print without a printer."""
    return patch.object(
        type(case.env["ir.actions.report"]),
        "_render_qweb_pdf",
        lambda *args, **kwargs: (PRINTED, "pdf"),
    )


class DunningMixin:
    @classmethod
    def set_up_dunning(cls):
        """Bill September of the first site; everything is overdue on TODAY."""
        cls.billing = cls.new_run()
        cls.billing.action_compute()
        cls.billing.action_post()
        cls.level = cls.env["property.dunning.level"].create(
            {
                "name": "Second reminder",
                "company_id": cls.company.id,
                "days_overdue": 30,
                "days_between": 15,
                "title": "Reminder",
                "body": "{payer}: {unit} owes {amount} for {days} days, until {deadline}.",
                "message": "{payer} owes {amount}",
                "by_portal": False,
            }
        )

    @classmethod
    def new_dunning(cls, day=TODAY, **vals):
        return cls.env["property.dunning.run"].create(
            {"site_id": cls.site.id, "level_id": cls.level.id, "date": day, **vals}
        )

    def send(self, run):
        """Send a run the way the cron does, without a real printer."""
        with (
            printed(self),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda self_, *a, **kw: 60.0
            ),
        ):
            run.action_send()
            self.env["property.dunning.run"]._cron_send()
