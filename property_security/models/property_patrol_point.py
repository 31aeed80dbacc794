from odoo import fields, models
from odoo.tools import SQL


class PropertyPatrolPoint(models.Model):
    """Each point that a patrol had to visit, and whether it was visited."""

    _name = "property.patrol.point"
    _description = "Coverage of Patrols"
    _auto = False
    _order = "planned_at desc, id"
    _rec_name = "checkpoint_id"
    _depends = {
        "inspection.round": [
            *("route_id", "employee_id", "planned_at", "deadline_at", "started_at", "finished_at"),
            *("is_cancelled", "checkpoint_ids", "kind", "company_id", "site_id", "shift_id"),
        ],
        "inspection.checkin": ["round_id", "checkpoint_id", "state", "checked_at", "employee_id"],
        "inspection.checkpoint": ["route_id", "active"],
        "property.site": ["tz"],
    }

    round_id = fields.Many2one("inspection.round", string="Patrol", readonly=True)
    route_id = fields.Many2one("inspection.route", readonly=True)
    checkpoint_id = fields.Many2one("inspection.checkpoint", string="Point", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    shift_id = fields.Many2one("property.patrol.shift", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Guard",
        readonly=True,
        help="Who visited the point, else who walked the patrol or was expected to.",
    )
    planned_at = fields.Datetime(string="Planned Start", readonly=True)
    day = fields.Date(readonly=True, help="Day of the planned start, in the time of the site.")
    hour = fields.Integer(
        readonly=True, aggregator=None, help="Hour of the planned start, in the time of the site."
    )
    visited_at = fields.Datetime(string="Time of the Visit", readonly=True)
    outcome = fields.Selection(
        [
            ("visited", "Visited"),
            ("missed_point", "Point Missed"),
            ("missed_round", "Patrol Missed"),
        ],
        readonly=True,
    )
    required_count = fields.Integer(string="Points Due", readonly=True)
    visited_count = fields.Integer(string="Points Visited", readonly=True)
    missed_count = fields.Integer(string="Missed", readonly=True)
    coverage = fields.Float(
        readonly=True, aggregator="avg", help="Share of the required points that were visited."
    )

    @property
    def _table_query(self):
        """Count what is over: a patrol under way has missed nothing yet."""
        return SQL(
            """
            SELECT one.id::bigint * 1000000 + point.id AS id,
                   one.id AS round_id, one.route_id, point.id AS checkpoint_id, one.site_id,
                   one.company_id, one.shift_id, one.planned_at,
                   COALESCE(visit.employee_id, one.employee_id) AS employee_id,
                   (one.planned_at AT TIME ZONE 'UTC' AT TIME ZONE site.tz)::date AS day,
                   EXTRACT(HOUR FROM one.planned_at AT TIME ZONE 'UTC' AT TIME ZONE site.tz)
                       ::integer AS hour,
                   visit.checked_at AS visited_at,
                   CASE WHEN visit.checked_at IS NOT NULL THEN 'visited'
                        WHEN one.started_at IS NOT NULL THEN 'missed_point'
                        ELSE 'missed_round' END AS outcome,
                   1 AS required_count,
                   (visit.checked_at IS NOT NULL)::integer AS visited_count,
                   (visit.checked_at IS NULL)::integer AS missed_count,
                   (visit.checked_at IS NOT NULL)::integer::float AS coverage
              FROM inspection_round one
              JOIN property_site site ON site.id = one.site_id
              JOIN LATERAL (
                   SELECT rel.inspection_checkpoint_id AS id
                     FROM inspection_checkpoint_inspection_round_rel rel
                    WHERE rel.inspection_round_id = one.id
                    UNION ALL
                   SELECT own.id FROM inspection_checkpoint own
                    WHERE one.started_at IS NULL AND own.route_id = one.route_id AND own.active
                      AND NOT EXISTS (
                          SELECT FROM inspection_checkpoint_inspection_round_rel rel
                           WHERE rel.inspection_round_id = one.id)
                   ) point ON TRUE
              LEFT JOIN LATERAL (
                   SELECT checkin.checked_at, checkin.employee_id FROM inspection_checkin checkin
                    WHERE checkin.round_id = one.id AND checkin.checkpoint_id = point.id
                      AND checkin.state = 'valid'
                    ORDER BY checkin.checked_at, checkin.id LIMIT 1) visit ON TRUE
             WHERE one.kind = 'patrol' AND one.is_cancelled IS NOT TRUE
               AND (one.deadline_at < %(now)s OR one.finished_at IS NOT NULL)
            """,
            now=fields.Datetime.now(),
        )
