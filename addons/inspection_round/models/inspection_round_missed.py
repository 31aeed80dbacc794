from datetime import timedelta

from odoo import api, fields, models

from ..tools.states import INCOMPLETE, MISSED

STALE = timedelta(days=7)  # what was missed longer ago is no news


class InspectionRound(models.Model):
    """Telling people what was missed; that it is missed is a matter of its deadline alone."""

    _inherit = "inspection.round"

    is_announced = fields.Boolean(
        readonly=True, copy=False, help="Followers of the route were told that it was missed."
    )

    @api.model
    def _cron_announce_missed(self):
        """Tell the followers of routes which of their rounds were missed or not finished."""
        missed = self.search(
            [
                ("state", "in", (MISSED, INCOMPLETE)),
                ("is_announced", "=", False),
                ("deadline_at", ">", fields.Datetime.now() - STALE),
            ]
        )
        for route, rounds in missed.grouped("route_id").items():
            route.message_post(
                body=route.env._(
                    "%(count)s rounds were missed or not finished: %(rounds)s",
                    count=len(rounds),
                    rounds=", ".join(rounds.sorted("planned_at").mapped("display_name")),
                ),
                subtype_xmlid="mail.mt_comment",
            )
        missed.is_announced = True
