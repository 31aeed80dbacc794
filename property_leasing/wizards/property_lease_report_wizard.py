from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

#: report -> (model, action that shows it)
REPORTS = {
    "rent_roll": ("property.lease.rent.roll", "property_lease_rent_roll_action"),
    "expiry": ("property.lease.rent.roll", "property_lease_rent_roll_action_expiry"),
    "rent_m2": ("property.lease.rent.roll", "property_lease_rent_roll_action_rent_m2"),
    "arrears": ("property.lease.report.arrears", "property_lease_report_arrears_action"),
    "forecast": ("property.lease.report.forecast", "property_lease_report_forecast_action"),
}
FORECAST_MONTHS = 24


class PropertyLeaseReportWizard(models.TransientModel):
    """A report of leasing as of a day, in the past or the future: on the screen or a workbook."""

    _name = "property.lease.report.wizard"
    _description = "Report of Leasing as of a Day"

    report = fields.Selection(
        [
            ("rent_roll", "Rent Roll"),
            ("expiry", "Expiry Ladder"),
            ("rent_m2", "Rent per m²"),
            ("arrears", "Arrears of Tenants"),
            ("forecast", "Rent Forecast"),
        ],
        required=True,
        default="rent_roll",
    )
    date = fields.Date(
        string="As of",
        required=True,
        default=fields.Date.context_today,
        help="Any day, also to come: with what is known today. Forecast: its first month.",
    )
    site_ids = fields.Many2many(
        "property.site", string="Sites", help="Empty: every site you may see."
    )
    space_count = fields.Integer(string="Spaces", compute="_compute_totals")
    let_count = fields.Integer(string="Let", compute="_compute_totals")
    area_let = fields.Float(string="Let Area", digits=(16, 2), compute="_compute_totals")
    vacancy_area = fields.Float(string="Vacancy by Area", compute="_compute_totals")
    vacancy_count = fields.Float(string="Vacancy by Spaces", compute="_compute_totals")
    wale_area = fields.Float(string="WALE by Area", digits=(16, 2), compute="_compute_totals")
    wale_rent = fields.Float(string="WALE by Rent", digits=(16, 2), compute="_compute_totals")
    amount_month = fields.Monetary(string="Rent a Month", compute="_compute_totals")
    currency_id = fields.Many2one("res.currency", compute="_compute_totals")

    @api.depends("report", "date", "site_ids")
    @api.depends_context("allowed_company_ids")
    def _compute_totals(self):
        self.currency_id = self.env.company.currency_id
        for wizard in self:
            totals = wizard._rent_roll()._totals(wizard.date) if wizard.date else None
            wizard.space_count = totals.count if totals else 0
            wizard.let_count = totals.count_let if totals else 0
            wizard.area_let = float(totals.area_let) if totals else 0.0
            wizard.amount_month = float(totals.rent) if totals else 0.0
            for name in ("vacancy_area", "vacancy_count", "wale_area", "wale_rent"):
                wizard[name] = float(getattr(totals, name) or 0) if totals else 0.0

    def action_open(self):
        """Show the report on the screen."""
        self.ensure_one()
        model, xmlid = REPORTS[self.report]
        self.env[model].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(f"property_leasing.{xmlid}")
        name = f"{self._title()} · {format_date(self.env, self.date)}"
        action["name"] = action["display_name"] = name
        action["domain"] = list(self._domain())
        # the day stands in for the filter that an action opens with
        action["context"] = {"property_as_of": fields.Date.to_string(self.date)}
        return action

    def action_export(self):
        """Download the report as a workbook."""
        self.ensure_one()
        self.env[REPORTS[self.report][0]].check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/property/lease/report/{self.id}.xlsx",
            "target": "download",
        }

    def _title(self):
        return dict(self._fields["report"]._description_selection(self.env))[self.report]

    def _report_model(self):
        """Return the model of the report as of the day, with the rights of the caller."""
        model = self.env[REPORTS[self.report][0]]
        return model.with_context(property_as_of=fields.Date.to_string(self.date))

    def _domain(self):
        """Return the domain of the rows asked for; the caller's rules come on top."""
        self.ensure_one()
        domain = Domain("site_id", "in", self.site_ids.ids) if self.site_ids else Domain.TRUE
        if self.report == "expiry":
            domain &= Domain("lease_id", "!=", False)
        elif self.report == "rent_m2":
            domain &= Domain("amount_month", ">", 0)
        elif self.report == "forecast":
            first = self.date.replace(day=1)
            last = first + relativedelta(months=FORECAST_MONTHS)
            domain &= Domain("date", ">=", first) & Domain("date", "<", last)
        return domain

    def _rent_roll(self):
        """Return the rent roll of the sites and the day."""
        roll = self.env["property.lease.rent.roll"].with_context(
            property_as_of=fields.Date.to_string(self.date)
        )
        return roll._roll([("site_id", "in", self.site_ids.ids)] if self.site_ids else [])
