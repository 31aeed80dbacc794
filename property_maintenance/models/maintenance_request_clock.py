from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.sla import due_at
from ..tools.workflow import DESK_KINDS, OPEN_STEPS

CLOCKS = ("respond", "arrive", "finish")
WARN_SHARE = 0.8
#: How far ahead working time is looked up, and how often that is doubled before giving up.
HORIZON_DAYS, HORIZON_DOUBLINGS = 14, 5


class MaintenanceRequest(models.Model):
    """The three clocks of a request: respond, arrive, finish, in working hours."""

    _inherit = "maintenance.request"

    raised_at = fields.Datetime(
        string="Raised at", default=fields.Datetime.now, copy=False, index=True
    )
    reopened_at = fields.Datetime(copy=False)
    respond_due_at = fields.Datetime(
        string="Respond by", compute="_compute_due_at", store=True, copy=False
    )
    arrive_due_at = fields.Datetime(
        string="Arrive by", compute="_compute_due_at", store=True, copy=False
    )
    finish_due_at = fields.Datetime(
        string="Finish by", compute="_compute_due_at", store=True, copy=False
    )
    respond_done_at = fields.Datetime(string="Responded at", copy=False)
    arrive_done_at = fields.Datetime(string="Arrived at", copy=False)
    finish_done_at = fields.Datetime(string="Finished at", copy=False, index="btree_not_null")
    confirmed_at = fields.Datetime(copy=False)
    is_respond_late = fields.Boolean(
        string="Response Late", compute="_compute_late", search="_search_respond_late"
    )
    is_arrive_late = fields.Boolean(
        string="Arrival Late", compute="_compute_late", search="_search_arrive_late"
    )
    is_finish_late = fields.Boolean(
        string="Finish Late", compute="_compute_late", search="_search_finish_late"
    )
    sla_due_at = fields.Datetime(
        string="Next Deadline",
        compute="_compute_sla_due_at",
        store=True,
        index="btree_not_null",
        help="The first deadline that is still open.",
    )
    calendar_at = fields.Datetime(
        string="When",
        compute="_compute_calendar_at",
        store=True,
        index="btree_not_null",
        help="Where the calendar shows it: the time the resident wants, else the deadline.",
    )
    sla_warn_at = fields.Datetime(
        compute="_compute_due_at",
        store=True,
        help="From here on the request counts as due soon: 80 % of the time to finish is used.",
    )

    # Deadlines --------------------------------------------------------------------------------

    @api.depends(
        "request_category_id", "raised_at", "reopened_at", "preferred_at", "is_paused", "kind"
    )
    def _compute_due_at(self):
        running = self.filtered(lambda request: not request.is_paused)
        limited = running.filtered("request_category_id")
        for request in running - limited:
            request.update({f"{clock}_due_at": False for clock in CLOCKS} | {"sla_warn_at": False})
        for request in self - running:  # the clock stands: what was due stays as it was
            request.update({f"{clock}_due_at": request[f"{clock}_due_at"] for clock in CLOCKS})
            request.sla_warn_at = request.sla_warn_at
        pauses = limited._pauses()
        for calendar, requests in limited.grouped(lambda r: r._clock_calendar()).items():
            work = requests._working_time(calendar)
            for request in requests:
                request.update(request._deadlines(work, pauses.get(request._origin.id, ())))

    def _clock_calendar(self):
        # sudo: residents and engineers raise requests without reading the company's calendars
        company_sudo = (self.company_id or self.env.company).sudo()
        return self.request_category_id.sudo().calendar_id or company_sudo.resource_calendar_id

    def _clock_start(self, clock):
        """Return when a clock starts: nobody has to come before the time the resident wants."""
        start = self.raised_at or fields.Datetime.now()
        if clock == "respond":
            return start
        return max(filter(None, (start, self.reopened_at, self.preferred_at)))

    def _clock_hours(self, clock):
        if clock == "arrive" and self.kind in DESK_KINDS:
            return 0
        return self.request_category_id.sudo()[f"{clock}_hours"]

    def _deadlines(self, work, pauses):
        vals = {}
        for clock in CLOCKS:
            hours, start = self._clock_hours(clock), self._clock_start(clock)
            vals[f"{clock}_due_at"] = bool(hours) and (due_at(work, start, hours, pauses) or False)
        hours, start = self._clock_hours("finish"), self._clock_start("finish")
        vals["sla_warn_at"] = bool(hours) and (
            due_at(work, start, hours * WARN_SHARE, pauses) or False
        )
        return vals

    def _working_time(self, calendar):
        """Return the working time that covers all deadlines of the requests.

        :return: list of (begin, end), naive UTC
        """
        starts = [request._clock_start(clock) for request in self for clock in CLOCKS]
        hours = max(request._clock_hours(clock) for request in self for clock in CLOCKS)
        begin, last = min(starts), max(starts)
        span = timedelta(days=HORIZON_DAYS)
        for _attempt in range(HORIZON_DOUBLINGS):
            work = self._work_of(calendar, begin, last + span)
            if due_at(work, last, hours) or not calendar:
                break
            span *= 2
        return work

    @api.model
    def _work_of(self, calendar, begin, end):
        """Return the working time of a calendar, without its public holidays.

        :param calendar: resource.calendar; empty: around the clock
        :return: list of (begin, end), naive UTC
        """
        if not calendar:
            return [(begin, end)]
        intervals = calendar.sudo()._work_intervals_batch(
            begin.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
        )[False]
        return [
            (
                start.astimezone(UTC).replace(tzinfo=None),
                stop.astimezone(UTC).replace(tzinfo=None),
            )
            for start, stop, _attendance in intervals
        ]

    def _pauses(self):
        """Return the pauses of the requests from their log.

        :return: dict request id -> list of (begin, end or None)
        """
        rows = (
            self.env["property.request.step"]
            .sudo()
            .search(
                [("request_id", "in", self.ids), ("event", "in", ("pause", "resume"))],
                order="request_id, at, id",
            )
        )
        pauses = {}
        for row in rows:
            spans = pauses.setdefault(row.request_id.id, [])
            if row.event == "pause":
                spans.append((row.at, None))
            elif spans:
                spans[-1] = (spans[-1][0], row.at)
        return pauses

    # What is late -----------------------------------------------------------------------------

    @api.depends("preferred_at", "finish_due_at", "raised_at")
    def _compute_calendar_at(self):
        for request in self:
            request.calendar_at = request.preferred_at or request.finish_due_at or request.raised_at

    @api.depends(
        *(f"{clock}_due_at" for clock in CLOCKS), *(f"{clock}_done_at" for clock in CLOCKS), "step"
    )
    def _compute_sla_due_at(self):
        for request in self:
            open_ones = (
                request[f"{clock}_due_at"]
                for clock in CLOCKS
                if request[f"{clock}_due_at"] and not request[f"{clock}_done_at"]
            )
            is_open = request.step in OPEN_STEPS
            request.sla_due_at = is_open and min(open_ones, default=False)

    @api.depends(
        *(f"{clock}_due_at" for clock in CLOCKS),
        *(f"{clock}_done_at" for clock in CLOCKS),
        "is_paused",
        "step",
    )
    def _compute_late(self):
        now = fields.Datetime.now()
        for request in self:
            for clock in CLOCKS:
                due = request[f"{clock}_due_at"]
                done = request[f"{clock}_done_at"]
                stands = request.is_paused or request.step == "cancelled"
                moment = done or (False if stands else now)
                request[f"is_{clock}_late"] = bool(due and moment and moment > due)

    def _search_respond_late(self, operator, value):
        return self._search_late("respond", operator, value)

    def _search_arrive_late(self, operator, value):
        return self._search_late("arrive", operator, value)

    def _search_finish_late(self, operator, value):
        return self._search_late("finish", operator, value)

    def _search_late(self, clock, operator, value):
        if operator != "in":
            return NotImplemented

        def late(model, alias, query):
            return SQL(
                "COALESCE(COALESCE(%(done)s, CASE WHEN %(paused)s OR %(step)s = 'cancelled'"
                " THEN NULL ELSE %(now)s END) > %(due)s, FALSE)",
                done=model._field_to_sql(alias, f"{clock}_done_at", query),
                due=model._field_to_sql(alias, f"{clock}_due_at", query),
                paused=model._field_to_sql(alias, "is_paused", query),
                step=model._field_to_sql(alias, "step", query),
                now=fields.Datetime.now(),
            )

        domain = Domain.custom(to_sql=late, predicate=lambda request: request[f"is_{clock}_late"])
        return domain if True in value else ~domain
