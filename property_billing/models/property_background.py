"""Work that goes on in the background: a batch a transaction, safe to kill at any moment."""

import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class PropertyBackground(models.AbstractModel):
    """A document that a scheduled action works off, in the states that mean there is work.

    A document that uses `_work_off` has two methods: ``_new_step()`` returns a function that does
    one batch and returns the number of pieces done; ``_stop(message)`` keeps it from going on by
    itself and says why.
    """

    _name = "property.background"
    _description = "Work in the Background"

    @api.model
    def _go_background(self, cron):
        """Wake a scheduled action.

        :param cron: its XML id
        :return: client action that tells so
        """
        self.env.ref(cron).sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Working in the background. This page shows the progress when reloaded."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _work_off(self, states, remaining, name="state"):
        """Go on with each record as long as it is in one of the states.

        :param states: states in which there is something to do
        :param remaining: number of pieces of work, for the progress of the scheduled action
        :param name: field of the states
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=remaining)
        for place, one in enumerate(self):
            others = len(self) - place - 1
            # what stops it is read by people, not by the user of the scheduled action
            record = one.with_context(lang=one.company_id._billing_lang())
            step = None
            # others may refer to it: connections that help, and bills made at the counter
            while record.try_lock_for_update(allow_referencing=True) and record[name] in states:
                try:
                    with self.env.cr.savepoint():
                        step = step or record._new_step()
                        done = step()
                except UserError as error:
                    _logger.warning("%s %s stopped: %s", record._name, record.id, error)
                    record._stop(str(error))
                    cron._commit_progress(1, remaining=others)
                    break
                # whoever says that nothing remains is called again much later
                remaining = max(remaining - done, others + (record[name] in states))
                if not cron._commit_progress(done, remaining=remaining):
                    return
