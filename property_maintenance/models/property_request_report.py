from odoo import api, fields, models
from odoo.tools import SQL

#: Measures that are a percentile of another column: no sum or mean of groups gives them.
PERCENTILES = {
    "respond_median": ("respond_hours", 0.5),
    "respond_p90": ("respond_hours", 0.9),
    "finish_median": ("finish_hours", 0.5),
    "finish_p90": ("finish_hours", 0.9),
}


class PropertyRequestReport(models.Model):
    """One row a request, with the measures that managers compare."""

    _name = "property.request.report"
    _description = "Request Analysis"
    _auto = False
    _order = "raised_at desc, id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one("maintenance.request", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    request_category_id = fields.Many2one(
        "property.request.category", string="Category", readonly=True
    )
    kind = fields.Selection(selection="_select_kinds", readonly=True)
    channel = fields.Selection(selection="_select_channels", readonly=True)
    step = fields.Selection(selection="_select_steps", readonly=True)
    team_id = fields.Many2one("maintenance.team", readonly=True)
    assignee_id = fields.Many2one("hr.employee", readonly=True)
    raised_at = fields.Datetime(readonly=True)
    finish_done_at = fields.Datetime(string="Finished at", readonly=True)
    request_count = fields.Integer(string="Requests", readonly=True)
    open_count = fields.Integer(string="Open", readonly=True)
    finished_count = fields.Integer(string="Finished", readonly=True)
    respond_hours = fields.Float(
        string="Response (h, mean)",
        readonly=True,
        aggregator="avg",
        help="From raised to accepted.",
    )
    respond_median = fields.Float(string="Response (h, median)", readonly=True, aggregator="avg")
    respond_p90 = fields.Float(string="Response (h, 90 %)", readonly=True, aggregator="avg")
    finish_hours = fields.Float(
        string="Finish (h, mean)", readonly=True, aggregator="avg", help="From raised to done."
    )
    finish_median = fields.Float(string="Finish (h, median)", readonly=True, aggregator="avg")
    finish_p90 = fields.Float(string="Finish (h, 90 %)", readonly=True, aggregator="avg")
    sla_met = fields.Float(
        string="In Time (%)",
        readonly=True,
        aggregator="avg",
        help="Of the requests with deadlines: those that kept all of them.",
    )
    first_fix = fields.Float(
        string="Fixed at Once (%)",
        readonly=True,
        aggregator="avg",
        help="Of the finished requests: those that were never reopened.",
    )
    rating = fields.Float(readonly=True, aggregator="avg")
    rating_speed = fields.Float(string="Speed", readonly=True, aggregator="avg")
    rating_quality = fields.Float(string="Quality", readonly=True, aggregator="avg")
    rating_attitude = fields.Float(string="Attitude", readonly=True, aggregator="avg")
    rated_count = fields.Integer(string="Rated", readonly=True)
    reopen_count = fields.Integer(string="Reopened", readonly=True)
    urge_count = fields.Integer(string="Urged", readonly=True)

    @api.model
    def _select_kinds(self):
        return self.env["maintenance.request"]._fields["kind"]._description_selection(self.env)

    @api.model
    def _select_channels(self):
        return self.env["maintenance.request"]._fields["channel"]._description_selection(self.env)

    @api.model
    def _select_steps(self):
        return self.env["maintenance.stage"]._fields["step"]._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT r.id,
                   r.id AS request_id,
                   r.site_id,
                   r.company_id,
                   r.request_category_id,
                   r.kind,
                   r.channel,
                   r.step,
                   r.maintenance_team_id AS team_id,
                   r.assignee_id,
                   r.raised_at,
                   r.finish_done_at,
                   1 AS request_count,
                   CASE WHEN r.finish_done_at IS NULL THEN 1 ELSE 0 END AS open_count,
                   CASE WHEN r.finish_done_at IS NULL THEN 0 ELSE 1 END AS finished_count,
                   %(respond)s AS respond_hours,
                   %(respond)s AS respond_median,
                   %(respond)s AS respond_p90,
                   %(finish)s AS finish_hours,
                   %(finish)s AS finish_median,
                   %(finish)s AS finish_p90,
                   CASE
                       WHEN r.respond_due_at IS NULL AND r.arrive_due_at IS NULL
                            AND r.finish_due_at IS NULL THEN NULL
                       WHEN r.finish_done_at IS NULL
                            AND NOT (%(respond_late)s OR %(arrive_late)s OR %(finish_late)s)
                            THEN NULL
                       WHEN %(respond_late)s OR %(arrive_late)s OR %(finish_late)s THEN 0
                       ELSE 100
                   END AS sla_met,
                   CASE
                       WHEN r.finish_done_at IS NULL THEN NULL
                       WHEN COALESCE(r.reopen_count, 0) > 0 THEN 0
                       ELSE 100
                   END AS first_fix,
                   NULLIF(r.rating_last_value, 0) AS rating,
                   NULLIF(r.rating_speed, 0)::float AS rating_speed,
                   NULLIF(r.rating_quality, 0)::float AS rating_quality,
                   NULLIF(r.rating_attitude, 0)::float AS rating_attitude,
                   CASE WHEN r.rated_at IS NULL THEN 0 ELSE 1 END AS rated_count,
                   COALESCE(r.reopen_count, 0) AS reopen_count,
                   COALESCE(r.urge_count, 0) AS urge_count
              FROM maintenance_request r
             WHERE r.site_id IS NOT NULL
               AND r.step != 'cancelled'
            """,
            respond=self._hours_sql("respond"),
            finish=self._hours_sql("finish"),
            respond_late=self._late_sql("respond"),
            arrive_late=self._late_sql("arrive"),
            finish_late=self._late_sql("finish"),
        )

    def _hours_sql(self, clock):
        """Return the hours from raised on; planned work is raised ahead and has none."""
        return SQL(
            "CASE WHEN r.maintenance_type = 'preventive' THEN NULL"
            " ELSE EXTRACT(EPOCH FROM %s - r.raised_at)::float / 3600 END",
            SQL.identifier("r", f"{clock}_done_at"),
        )

    def _late_sql(self, clock):
        """Tell in SQL whether a deadline was missed; a running or paused one is not yet."""
        return SQL(
            "COALESCE(COALESCE(%(done)s, CASE WHEN r.is_paused THEN NULL"
            " ELSE NOW() AT TIME ZONE 'UTC' END) > %(due)s, FALSE)",
            done=SQL.identifier("r", f"{clock}_done_at"),
            due=SQL.identifier("r", f"{clock}_due_at"),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Override of `base`: percentiles are taken over the rows of the group."""
        name = aggregate_spec.partition(":")[0]
        if name not in PERCENTILES:
            return super()._read_group_select(aggregate_spec, query)
        column, share = PERCENTILES[name]
        self._check_field_access(self._fields[name], "read")
        return SQL(
            "PERCENTILE_CONT(%(share)s) WITHIN GROUP (ORDER BY %(column)s)",
            share=share,
            column=self._field_to_sql(self._table, column, query),
        )
