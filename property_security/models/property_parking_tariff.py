from datetime import datetime, time, timedelta
from decimal import Decimal

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.parking import Stay, quote
from ..tools.parking_tariff import Book, Calendar, Tariff
from ..tools.parking_words import duration, plain
from .parking_class import VEHICLE_CLASSES

SAMPLES = (15, 30, 60, 120, 240, 480, 720, 1440, 2880)


def to_decimal(number):
    """Return a price of the database as the cents it means."""
    return Decimal(str(round(number, 2)))


class PropertyParkingTariff(models.Model):
    _name = "property.parking.tariff"
    _description = "Parking Tariff"
    _inherit = ["property.parking.scoped", "property.audited", "mail.thread"]
    _order = "area_id, vehicle_class, date_from desc, id"

    name = fields.Char(required=True)
    area_id = fields.Many2one(
        "property.parking.area", required=True, index=True, ondelete="restrict", tracking=True
    )
    site_id = fields.Many2one(related="area_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="area_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    vehicle_class = fields.Selection(
        [("any", "All vehicles"), *VEHICLE_CLASSES],
        required=True,
        default="any",
        tracking=True,
        help="A class with a tariff of its own does not have the one of all vehicles.",
    )
    date_from = fields.Date(
        string="In Force From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="First day; it lasts until the next tariff of the area and class begins.",
    )
    line_ids = fields.One2many(
        "property.parking.tariff.line", "tariff_id", string="Rates", copy=True
    )
    entry_price = fields.Monetary(
        string="Per Entry", tracking=True, help="Charged once for each stay, by itself or on top."
    )
    free_minutes = fields.Integer(default=15, tracking=True)
    free_rule = fields.Selection(
        [("within", "Only within"), ("deducted", "Deducted")],
        string="Free Minutes Are",
        required=True,
        default="within",
        tracking=True,
        help="Only within: a longer stay pays for them. Deducted: they are never charged.",
    )
    rounding = fields.Selection(
        [("up", "Started blocks"), ("completed", "Completed blocks only")],
        string="Charge",
        required=True,
        default="up",
        tracking=True,
    )
    steps_restart = fields.Selection(
        [
            ("stay", "Once per stay"),
            ("period", "Every 24 hours from entry"),
            ("segment", "In each period of a rate"),
        ],
        string="First Block Comes",
        required=True,
        default="stay",
        tracking=True,
    )
    cap_period = fields.Monetary(
        string="Limit per 24 Hours", tracking=True, help="From entry; 0: without limit."
    )
    cap_day = fields.Monetary(
        string="Limit per Calendar Day", tracking=True, help="0: without limit."
    )
    cap_stay = fields.Monetary(string="Limit per Stay", tracking=True, help="0: without limit.")
    leave_minutes = fields.Integer(
        string="Minutes to Leave",
        default=15,
        tracking=True,
        help="Time to drive out after paying before more is due.",
    )
    sample_table = fields.Html(compute="_compute_sample_table", sanitize=False)
    active = fields.Boolean(default=True)
    note = fields.Text(string="Notes")

    _date_unique = models.UniqueIndex(
        "(area_id, vehicle_class, date_from) WHERE active",
        "The area has another tariff of this class from the same day. Change its first day.",
    )
    _numbers_not_negative = models.Constraint(
        "CHECK(entry_price >= 0 AND free_minutes >= 0 AND leave_minutes >= 0"
        " AND cap_period >= 0 AND cap_day >= 0 AND cap_stay >= 0)",
        "Prices, limits and minutes cannot be negative. Enter 0 or more.",
    )

    @api.depends("area_id", "vehicle_class", "date_from", "name")
    def _compute_display_name(self):
        for tariff in self:
            tariff.display_name = f"{tariff.name or ''} {tariff.date_from or ''}".strip()

    @api.depends(
        "date_from",
        "entry_price",
        "free_minutes",
        "free_rule",
        "rounding",
        "steps_restart",
        "cap_period",
        "cap_day",
        "cap_stay",
        "line_ids",
        *(
            f"line_ids.{name}"
            for name in [
                "sequence",
                "name",
                "hour_from",
                "hour_to",
                "on_weekday",
                "on_weekend",
                "on_holiday",
                "kind",
                "flat_price",
                "first_minutes",
                "first_block_minutes",
                "first_price",
                "block_minutes",
                "block_price",
                "later_after_minutes",
                "later_block_minutes",
                "later_price",
                "cap",
            ]
        ),
    )
    def _compute_sample_table(self):
        for tariff in self:
            tariff.sample_table = tariff._render_samples()

    @api.constrains("line_ids", "entry_price")
    def _check_priced(self):
        for tariff in self:
            if not tariff.line_ids and not tariff.entry_price:
                raise ValidationError(
                    self.env._(
                        "%(tariff)s has no price. Add a rate, or a price per entry; for free "
                        "parking add a rate with the price 0.",
                        tariff=tariff.name,
                    )
                )

    @api.model
    def _audit_fields(self):
        """Override: all that decides a fee."""
        return [
            "name",
            "area_id",
            "vehicle_class",
            "date_from",
            "entry_price",
            "free_minutes",
            "free_rule",
            "rounding",
            "steps_restart",
            "leave_minutes",
            "active",
            "cap_period",
            "cap_day",
            "cap_stay",
        ]

    def _audit_values(self):
        """Override to tell the rates too."""
        rates = "; ".join(line._audit_text() for line in self.line_ids.sorted("sequence"))
        return {**super()._audit_values(), "line_ids": rates}

    def _values(self):
        """Return the tariff as the kernel wants it."""
        self.ensure_one()
        limits = {
            name: to_decimal(self[name]) if self[name] else None
            for name in ("cap_period", "cap_day", "cap_stay")
        }
        return Tariff(
            self.name or "",
            rates=tuple(line._values() for line in self.line_ids.sorted("sequence")),
            entry_price=to_decimal(self.entry_price),
            free_minutes=self.free_minutes,
            free_rule=self.free_rule,
            rounding=self.rounding,
            steps_restart=self.steps_restart,
            leave_minutes=self.leave_minutes,
            **limits,
        )

    def _sample_fees(self):
        """Return what sample stays cost.

        :return: [(minutes, fee from 08:00 on a working day, from 20:00, from 10:00 on a holiday)]
        """
        self.ensure_one()
        first = self.date_from or fields.Date.context_today(self)
        monday = first + timedelta(days=-first.weekday() % 7)
        holidays = frozenset(monday + timedelta(days=n) for n in range(5, 8))
        book = Book(((datetime.combine(first, time()), self._values()),), Calendar(holidays))
        starts = [
            datetime.combine(monday, time(8)),
            datetime.combine(monday, time(20)),
            datetime.combine(monday + timedelta(days=5), time(10)),
        ]
        return [
            (minutes, *(quote(book, Stay(t, t + timedelta(minutes=minutes))).total for t in starts))
            for minutes in SAMPLES
        ]

    def _render_samples(self):
        heads = (
            self.env._("Parked"),
            self.env._("Working day from 8:00"),
            self.env._("Working day from 20:00"),
            self.env._("Holiday from 10:00"),
        )
        sentences = self.env["property.parking.words"]._sentences()
        cell = Markup("<td class='text-end'>%s</td>")
        rows = Markup().join(
            Markup("<tr><td>%s</td>%s</tr>")
            % (duration(minutes, sentences), Markup().join(cell % f"¥{plain(f)}" for f in fees))
            for minutes, *fees in self._sample_fees()
        )
        head = Markup().join(
            Markup("<th class='%s'>%s</th>") % ("text-end" if number else "", text)
            for number, text in enumerate(heads)
        )
        return Markup(
            "<table class='table table-sm table-striped'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>"
        ) % (head, rows)
