"""How a charge item counts: base, formula, cycle, percentage, and who pays before handover."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.formula import VARIABLES, FormulaError, evaluate, names
from .billing_time_problems import formula_message

AREA_BASES = ("billable", "gross", "net")
HEAD_BASES = ("unit", "person", "space", "vehicle")
CYCLES = [
    ("1", "Every month"),
    ("2", "Every 2 months"),
    ("3", "Every quarter"),
    ("6", "Every half-year"),
    ("12", "Every year"),
    ("custom", "Other"),
]
ANCHORS = [("calendar", "Calendar"), ("handover", "Handover day")]
TIMINGS = [
    ("arrears", "In arrears, when the cycle ends"),
    ("advance", "In advance, when it begins"),
]
SAMPLE = {
    "area_gross": Decimal(100),
    "area_net": Decimal(80),
    "area_billable": Decimal(100),
    "persons": Decimal(3),
    "spaces": Decimal(1),
    "vehicles": Decimal(1),
    "floor_number": Decimal(8),
    "units_building": Decimal(60),
    "months": Decimal(1),
    "price": Decimal(2),
    "coefficient": Decimal(1),
}


class PropertyChargeItem(models.Model):
    _inherit = "property.charge.item"

    base = fields.Selection(
        [
            ("billable", "Billable area"),
            ("gross", "Gross area"),
            ("net", "Net area"),
            ("unit", "Unit"),
            ("person", "Person"),
            ("space", "Parking space"),
            ("vehicle", "Vehicle"),
        ],
        string="Per",
        compute="_compute_base",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="What the price is multiplied with. People, spaces and vehicles are those of the "
        "first charged day of every month; where a tenant lives, the owners are not counted.",
    )
    cycle = fields.Selection(
        CYCLES, compute="_compute_cycle", inverse="_inverse_cycle", string="Billing Cycle"
    )
    cycle_months = fields.Integer(
        string="Months per Cycle", default=1, required=True, tracking=True, aggregator=False
    )
    cycle_anchor = fields.Selection(
        ANCHORS,
        string="Cycle Begins",
        required=True,
        default="calendar",
        tracking=True,
        help="Calendar: with January, April and so on. Handover day: on the day of the month the "
        "unit was handed over; months then count from that day too.",
    )
    cycle_timing = fields.Selection(
        TIMINGS, string="Billed When", required=True, default="arrears", tracking=True
    )
    formula = fields.Char(tracking=True, help="Amount a month; with “months” in it, of the cycle.")
    formula_help = fields.Html(compute="_compute_formula_help", string="Variables")
    formula_result = fields.Char(compute="_compute_formula_result", string="Trial")
    percent_base_ids = fields.Many2many(
        "property.charge.item",
        "property_charge_item_percent_rel",
        "item_id",
        "base_id",
        string="Percentage of",
        domain="[('company_id', '=', company_id), ('method', '!=', 'one_off'), ('id', '!=', id)]",
        help="The price is a percentage of what these items charge the same unit and payer.",
    )
    developer_pays = fields.Boolean(
        string="Developer Pays before Handover",
        tracking=True,
        help="Units not handed over are charged to the developer, from the completion of their "
        "building or the day on the unit.",
    )
    developer_percent = fields.Float(
        string="Developer's Share (%)",
        default=100.0,
        digits=(16, 2),
        tracking=True,
        help="Part of the price the developer pays, such as 70.",
    )
    share_ids = fields.One2many("property.fee.share", "item_id", string="Shares of the Payers")

    _cycle_months_range = models.Constraint(
        "CHECK(cycle_months BETWEEN 1 AND 120)", "A cycle has 1 to 120 months."
    )
    _developer_percent_range = models.Constraint(
        "CHECK(developer_percent > 0 AND developer_percent <= 100)",
        "The developer's share lies above 0 and up to 100 per cent.",
    )

    @api.model
    def _audit_fields(self):
        """Override: what the price is multiplied with, and for which months."""
        return [
            *super()._audit_fields(),
            "base",
            "cycle_months",
            "cycle_anchor",
            "cycle_timing",
            "formula",
            "percent_base_ids",
            "developer_pays",
            "developer_percent",
        ]

    @api.depends("method")
    def _compute_base(self):
        for item in self:
            if item.method == "area":
                item.base = item.base if item.base in AREA_BASES else "billable"
            else:
                item.base = item.base if item.base in HEAD_BASES else "unit"

    @api.depends("cycle_months")
    def _compute_cycle(self):
        known = {key for key, _label in CYCLES}
        for item in self:
            text = str(item.cycle_months)
            item.cycle = text if text in known else "custom"

    def _inverse_cycle(self):
        for item in self:
            if item.cycle and item.cycle != "custom":
                item.cycle_months = int(item.cycle)

    @api.onchange("cycle")
    def _onchange_cycle(self):
        self._inverse_cycle()

    def _compute_formula_help(self):
        labels = self._formula_labels()
        rows = "".join(
            f"<tr><td><code>{name}</code></td><td><code>{chinese}</code></td>"
            f"<td>{labels[name]}</td></tr>"
            for name, chinese in VARIABLES.items()
        )
        text = self.env._(
            "Allowed: + − × ÷, comparisons, min, max, round, floor, ceil, abs and "
            "IF(condition, value, other value)."
        )
        for item in self:
            item.formula_help = f"<p>{text}</p><table class='table table-sm'>{rows}</table>"

    @api.depends("formula", "method")
    def _compute_formula_result(self):
        for item in self:
            item.formula_result = item._formula_trial() if item.method == "formula" else False

    def _formula_trial(self):
        """Say what the formula gives for an invented flat, or why it gives nothing."""
        self.ensure_one()
        try:
            used = names(self.formula)
            result = evaluate(self.formula, SAMPLE)
        except FormulaError as error:
            return self.env._("Not computable: %(why)s", why=formula_message(self.env, error))
        values = ", ".join(f"{name} = {SAMPLE[name]}" for name in VARIABLES if name in used)
        return self.env._(
            "%(amount)s for a flat with %(values)s",
            amount=f"{float(result):.2f}",
            values=values or "–",
        )

    def _formula_labels(self):
        env = self.env
        return {
            "area_gross": env._("gross area, m²"),
            "area_net": env._("net area, m²"),
            "area_billable": env._("billable area, m²"),
            "persons": env._("people living there"),
            "spaces": env._("parking spaces of the household"),
            "vehicles": env._("vehicles of the household"),
            "floor_number": env._("floor"),
            "units_building": env._("homes, shops and offices of the building"),
            "months": env._("months charged; the amount is then not multiplied with them again"),
            "price": env._("price of the tariff"),
            "coefficient": env._("quantity on the fee"),
        }

    @api.constrains("method", "formula")
    def _check_formula(self):
        for item in self.filtered(lambda item: item.method == "formula"):
            try:
                names(item.formula)
            except FormulaError as error:
                raise ValidationError(
                    self.env._(
                        "The formula of %(item)s cannot be used: %(why)s.",
                        item=item.code,
                        why=formula_message(self.env, error),
                    )
                ) from error

    @api.constrains("method", "base")
    def _check_base(self):
        for item in self:
            allowed = AREA_BASES if item.method == "area" else HEAD_BASES
            if item.base not in allowed:
                raise ValidationError(
                    self.env._(
                        "Item %(item)s: choose an area for items by area, and units, people, "
                        "spaces or vehicles for the others.",
                        item=item.code,
                    )
                )

    @api.constrains("method", "percent_base_ids")
    def _check_percent_bases(self):
        for item in self.filtered(lambda item: item.method == "percent"):
            if not item.percent_base_ids:
                raise ValidationError(
                    self.env._(
                        "Item %(item)s is a percentage: choose the items it is taken of.",
                        item=item.code,
                    )
                )
        self.search([("method", "=", "percent")])._by_dependency()

    @api.constrains("method", "payer_role", "share_ids")
    def _check_shares(self):
        for item in self.filtered(lambda item: item.payer_role == "split"):
            item.share_ids._check_sum(item, item.method)

    def write(self, vals):
        """Let the fees start where the developer's days start."""
        result = super().write(vals)
        if "developer_pays" in vals:
            self.fee_ids.unit_id._sync_fee_dates()
            self._sync_fees()
        return result

    def _by_dependency(self):
        """Return percentage items so that each comes after those it rests on.

        :raise ValidationError: when an item rests on itself
        """
        ordered, open_items = self.browse(), []

        def visit(item):
            nonlocal ordered
            if item in open_items:
                raise ValidationError(
                    self.env._(
                        "%(items)s are percentages of each other. Take one out.",
                        items=", ".join(one.code for one in open_items),
                    )
                )
            if item in ordered or item.method != "percent":
                return
            open_items.append(item)
            for base in item.percent_base_ids:
                visit(base)
            open_items.remove(item)
            ordered |= item

        for item in self:
            visit(item)
        return ordered & self
