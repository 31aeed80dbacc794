from datetime import UTC, datetime, time

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.kpi_book import build_kpi_book

COUNT, HOURS, SHARE, STARS = "#,##0", "0.0", "0.0", "0.00"
#: field of the report -> aggregate, number format in the workbook
MEASURES = {
    "request_count": ("sum", COUNT),
    "finished_count": ("sum", COUNT),
    "open_count": ("sum", COUNT),
    "respond_median": ("avg", HOURS),
    "finish_median": ("avg", HOURS),
    "finish_p90": ("avg", HOURS),
    "sla_met": ("avg", SHARE),
    "first_fix": ("avg", SHARE),
    "rating": ("avg", STARS),
    "rating_speed": ("avg", STARS),
    "rating_quality": ("avg", STARS),
    "rating_attitude": ("avg", STARS),
    "rated_count": ("sum", COUNT),
    "reopen_count": ("sum", COUNT),
    "urge_count": ("sum", COUNT),
}


class PropertyRequestKpi(models.TransientModel):
    """Figures per person for a period, on the screen and as a workbook."""

    _name = "property.request.kpi"
    _description = "Figures per Person"

    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=-1, days=1),
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    site_ids = fields.Many2many("property.site", string="Sites", help="Empty: all your sites.")
    line_ids = fields.One2many(
        "property.request.kpi.line", "kpi_id", compute="_compute_line_ids", store=True
    )

    @api.depends("date_from")
    def _compute_display_name(self):
        self.display_name = self.env._("Figures per Person")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(kpi.date_from > kpi.date_to for kpi in self):
            raise UserError(
                self.env._("The period ends before it starts. Correct one of the days.")
            )

    @api.depends("date_from", "date_to", "site_ids")
    def _compute_line_ids(self):
        for kpi in self:
            kpi.line_ids = [fields.Command.clear()] + [
                fields.Command.create(vals) for vals in kpi._line_vals()
            ]

    def _line_vals(self):
        """Return the figures, one dict a person, the busiest first."""
        self.env["property.request.report"].check_access("read")
        if not self.date_from or not self.date_to:
            return []
        found = self.env["property.request.report"]._read_group(
            self._domain(),
            ["assignee_id"],
            [f"{name}:{how}" for name, (how, _format) in MEASURES.items()],
            order="request_count:sum desc",
        )
        return [
            {"assignee_id": employee.id, **dict(zip(MEASURES, values, strict=True))}
            for employee, *values in found
        ]

    def _domain(self):
        domain = (
            Domain("assignee_id", "!=", False)
            & Domain("raised_at", ">=", self._midnight(self.date_from))
            & Domain("raised_at", "<", self._midnight(self.date_to + relativedelta(days=1)))
        )
        return domain & Domain("site_id", "in", self.site_ids.ids) if self.site_ids else domain

    def _midnight(self, day):
        """Return when a day begins where the reader is, as naive UTC."""
        local = self.env.tz.localize(datetime.combine(day, time.min))
        return local.astimezone(UTC).replace(tzinfo=None)

    def action_export(self):
        """Download the figures as a workbook."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/property/kpi/{self.id}.xlsx"}

    def _workbook(self):
        """Return the workbook, with the rights of the caller.

        :return: (file name, bytes)
        :raise AccessError: for who may not read the analysis
        """
        self.ensure_one()
        if self.create_uid != self.env.user:
            raise AccessError(self.env._("Make your own list: this one is somebody else's."))
        line = self.env["property.request.kpi.line"]
        labels = {name: line._fields[name]._description_string(self.env) for name in MEASURES}
        columns = [(line._fields["assignee_id"]._description_string(self.env), None, 14)]
        columns += [(labels[name], style, 11) for name, (_how, style) in MEASURES.items()]
        rows = [
            [
                # sudo: a list names the people of its rows
                self.env["hr.employee"].sudo().browse(vals["assignee_id"]).name,
                *(vals[name] for name in MEASURES),
            ]
            for vals in self._line_vals()
        ]
        period = self.env._(
            "%(date_from)s to %(date_to)s",
            date_from=format_date(self.env, self.date_from),
            date_to=format_date(self.env, self.date_to),
        )
        sites = "、".join(self.site_ids.mapped("name")) or self.env._("All my sites")
        title = self.env._("Figures per Person")
        name = f"{title} {self.date_from} {self.date_to}.xlsx"
        return name, build_kpi_book(title, [period, sites], columns, rows)


class PropertyRequestKpiLine(models.TransientModel):
    """One person of the list."""

    _name = "property.request.kpi.line"
    _description = "Figures of a Person"

    kpi_id = fields.Many2one("property.request.kpi", required=True, ondelete="cascade")
    assignee_id = fields.Many2one("hr.employee", string="Person", readonly=True)
    request_count = fields.Integer(string="Requests", readonly=True)
    finished_count = fields.Integer(string="Finished", readonly=True)
    open_count = fields.Integer(string="Open", readonly=True)
    respond_median = fields.Float(string="Response (h, median)", readonly=True)
    finish_median = fields.Float(string="Finish (h, median)", readonly=True)
    finish_p90 = fields.Float(string="Finish (h, 90 %)", readonly=True)
    sla_met = fields.Float(string="In Time (%)", readonly=True)
    first_fix = fields.Float(string="Fixed at Once (%)", readonly=True)
    rating = fields.Float(readonly=True)
    rating_speed = fields.Float(string="Speed", readonly=True)
    rating_quality = fields.Float(string="Quality", readonly=True)
    rating_attitude = fields.Float(string="Attitude", readonly=True)
    rated_count = fields.Integer(string="Rated", readonly=True)
    reopen_count = fields.Integer(string="Reopened", readonly=True)
    urge_count = fields.Integer(string="Urged", readonly=True)
