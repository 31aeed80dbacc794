from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

#: report -> action that shows it
ACTIONS = {
    "collection": "property_billing.property_report_collection_action",
    "ageing": "property_billing.property_report_ageing_action",
    "arrears": "property_billing.property_report_arrears_action",
    "income": "property_billing.property_report_income_action",
    "cashier": "property_billing.property_report_cashier_action",
}


class PropertyReportWizard(models.TransientModel):
    """A report as of a day: on the screen, as a workbook, or on paper."""

    _name = "property.report.wizard"
    _description = "Report as of a Day"

    report = fields.Selection(
        [
            ("collection", "Collection Rate"),
            ("ageing", "Arrears Ageing"),
            ("arrears", "Arrears Cleared"),
            ("cashier", "Cashier Daily"),
            ("income", "Income by Month"),
            ("price_list", "Price List"),
        ],
        required=True,
        default="collection",
    )
    site_ids = fields.Many2many(
        "property.site", string="Sites", help="Empty: every site you may see."
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
        help="Collection rate: bills dated since. Arrears cleared: what was open before it. "
        "Cashier daily and income: first day or month shown.",
    )
    date_to = fields.Date(
        string="As of",
        required=True,
        default=fields.Date.context_today,
        help="Last day: what was billed, credited and settled up to it.",
    )
    rows_by = fields.Selection(
        [
            ("building_item", "Building and item"),
            ("building", "Building"),
            ("unit", "Unit"),
            ("item", "Charge item"),
            ("payer", "Payer"),
            ("period", "Billed month"),
            ("collector", "Collector"),
        ],
        string="Rows",
        required=True,
        default="building_item",
        help="Of the workbook.",
    )
    with_opening = fields.Boolean(
        string="With Opening Arrears",
        help="Also arrears taken over from an earlier ledger.",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(wizard.date_from > wizard.date_to for wizard in self):
            raise ValidationError(
                self.env._("The first day must not be after the last. Correct the dates.")
            )

    @api.onchange("report")
    def _onchange_report(self):
        today = fields.Date.context_today(self)
        self.date_from = (
            today.replace(day=1) if self.report == "cashier" else today.replace(month=1, day=1)
        )
        self.rows_by = "unit" if self.report in ("ageing", "arrears") else "building_item"

    def action_open(self):
        """Show the report on the screen."""
        self.ensure_one()
        self._check_report_access()
        action = self.env["ir.actions.act_window"]._for_xml_id(ACTIONS[self.report])
        names = dict(self._fields["report"]._description_selection(self.env))
        name = f"{names[self.report]} · {format_date(self.env, self.date_to)}"
        action["name"] = action["display_name"] = name
        action["domain"] = list(self._domain())
        # as the menus do: items and buildings of the same name on two sites are told apart
        action["context"] = {
            **self._report_context(),
            "property_item_with_site": True,
            "property_show_site": True,
        }
        return action

    def action_export(self):
        """Download the report as a workbook."""
        self.ensure_one()
        self._check_report_access()
        return {
            "type": "ir.actions.act_url",
            "url": f"/property/report/{self.id}.xlsx",
            "target": "download",
        }

    def action_print(self):
        """Print the price list of the sites, one page a site."""
        self.ensure_one()
        return (
            self.env.ref("property_billing.action_report_price_list")
            .with_context(property_as_of=fields.Date.to_string(self.date_to))
            .report_action(self._sites())
        )

    def _sites(self):
        sites = self.site_ids or self.env["property.site"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        if not sites:
            raise UserError(
                self.env._("You see no site. Ask a manager to add you to one, then try again.")
            )
        return sites

    def _check_report_access(self):
        """Refuse reports the user may not read.

        :raise UserError: when the report is for others
        """
        if self.report != "price_list" and not self._report_model().has_access("read"):
            raise UserError(
                self.env._("This report is for finance and managers. Choose another one.")
            )

    def _report_context(self):
        return {
            "property_from": fields.Date.to_string(self.date_from),
            "property_as_of": fields.Date.to_string(self.date_to),
        }

    def _report_model(self):
        """Return the model of the report, as of the days asked for."""
        return self.env[f"property.report.{self.report}"].with_context(**self._report_context())

    def _domain(self):
        """Return the domain of the rows asked for; the caller's rules come on top."""
        self.ensure_one()
        domain = Domain("site_id", "in", self.site_ids.ids) if self.site_ids else Domain.TRUE
        if self.report == "collection":
            domain &= Domain("bill_date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        elif self.report == "cashier":
            domain &= Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        elif self.report == "income":
            # Bills after the day are not part of what the ledger showed then.
            domain &= Domain("date", "<=", self.date_to + relativedelta(day=31))
        if self.report == "collection" and not self.with_opening:
            domain &= Domain("is_opening", "=", False)
        return domain
