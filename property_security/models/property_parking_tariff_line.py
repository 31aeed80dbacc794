from functools import reduce

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.parking_tariff import DAY, DAY_TYPES, HOLIDAY, WEEKDAY, WEEKEND, Rate, Step
from ..tools.parking_words import plain
from .property_parking_tariff import to_decimal


class PropertyParkingTariffLine(models.Model):
    _name = "property.parking.tariff.line"
    _description = "Rate of a Parking Tariff"
    _inherit = ["property.scoped", "property.audited"]
    _order = "tariff_id, sequence, id"
    _audit_parent = "tariff_id"

    tariff_id = fields.Many2one(
        "property.parking.tariff", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="tariff_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="tariff_id.company_id", store=True)
    currency_id = fields.Many2one(related="tariff_id.currency_id")
    sequence = fields.Integer(default=10, help="The first rate that covers a moment counts.")
    name = fields.Char(required=True, help="As a driver reads it, such as: day, night.")
    hour_from = fields.Float(string="Begins", help="Time of day, such as 7:00.")
    hour_to = fields.Float(
        string="Ends",
        help="At or before the beginning: of the next day. 0:00–0:00 is the whole day.",
    )
    on_weekday = fields.Boolean(string="Working Days", default=True)
    on_weekend = fields.Boolean(string="Weekends", default=True)
    on_holiday = fields.Boolean(string="Holidays", default=True)
    kind = fields.Selection(
        [("blocks", "By time"), ("flat", "Flat")],
        string="Charged",
        required=True,
        default="blocks",
        help="Flat: once for each day, night or other period of the rate.",
    )
    flat_price = fields.Monetary()
    first_minutes = fields.Integer(help="Minutes to which the first price applies; 0: none.")
    first_block_minutes = fields.Integer(
        string="First Block (min)", help="Unit of the first minutes; 0: all of them at once."
    )
    first_price = fields.Monetary(help="For each block of the first minutes.")
    block_minutes = fields.Integer(string="Block (min)", default=60)
    block_price = fields.Monetary(string="Price per Block")
    later_after_minutes = fields.Integer(
        string="Later Price After (min)",
        help="Minutes after which the later price applies; 0: none.",
    )
    later_block_minutes = fields.Integer(string="Later Block (min)")
    later_price = fields.Monetary(help="For each block after that.")
    cap = fields.Monetary(
        string="Limit", help="For each day, night or other period of the rate; 0: without limit."
    )

    price_text = fields.Char(compute="_compute_price_text", string="Price")

    _hours_of_a_day = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24)",
        "A time of day lies between 0:00 and 24:00. Correct the hours of the rate.",
    )
    _numbers_not_negative = models.Constraint(
        "CHECK(flat_price >= 0 AND first_minutes >= 0 AND first_block_minutes >= 0"
        " AND first_price >= 0 AND block_price >= 0 AND later_after_minutes >= 0"
        " AND later_price >= 0 AND cap >= 0)",
        "Prices, limits and minutes cannot be negative. Enter 0 or more.",
    )
    _block_lasts = models.Constraint(
        "CHECK(kind = 'flat' OR block_minutes >= 1)",
        "A block lasts at least one minute. Enter its minutes.",
    )

    @api.depends(
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
    )
    @api.depends_context("lang")
    def _compute_price_text(self):
        for line in self:
            if line.kind == "flat":
                line.price_text = self.env._(
                    "¥%(price)s each time", price=plain(to_decimal(line.flat_price))
                )
                continue
            line.price_text = reduce(line._add_text, map(line._step_text, line._steps()))

    @api.constrains("later_after_minutes", "later_block_minutes", "first_minutes", "kind")
    def _check_steps(self):
        for line in self.filtered(lambda line: line.kind == "blocks" and line.later_after_minutes):
            if line.later_block_minutes < 1:
                raise ValidationError(
                    self.env._("%(rate)s: enter the minutes of a later block.", rate=line.name)
                )
            if line.later_after_minutes <= line.first_minutes:
                raise ValidationError(
                    self.env._(
                        "%(rate)s: the later price must begin after the first %(minutes)s minutes.",
                        rate=line.name,
                        minutes=line.first_minutes,
                    )
                )

    @api.constrains("on_weekday", "on_weekend", "on_holiday")
    def _check_days(self):
        for line in self:
            if not (line.on_weekday or line.on_weekend or line.on_holiday):
                raise ValidationError(
                    self.env._("%(rate)s: choose the kinds of day it counts on.", rate=line.name)
                )

    def _values(self):
        """Return the rate as the kernel wants it."""
        self.ensure_one()
        days = {
            WEEKDAY: self.on_weekday,
            WEEKEND: self.on_weekend,
            HOLIDAY: self.on_holiday,
        }
        flat = self.kind == "flat"
        return Rate(
            self.name or "",
            round(self.hour_from * 60) % DAY,
            round(self.hour_to * 60) % DAY,
            steps=() if flat else self._steps(),
            flat=to_decimal(self.flat_price) if flat else None,
            cap=to_decimal(self.cap) if self.cap else None,
            day_types=frozenset(day for day, counts in days.items() if counts),
        )

    def _steps(self):
        """Return the prices by time: first, then, later. A block not typed yet lasts a minute."""
        steps, begin = [], 0
        if self.first_minutes:
            unit = self.first_block_minutes or self.first_minutes
            steps.append(Step(0, unit, to_decimal(self.first_price)))
            begin = self.first_minutes
        steps.append(Step(begin, max(self.block_minutes, 1), to_decimal(self.block_price)))
        if self.later_after_minutes > begin:
            later = max(self.later_block_minutes, 1)
            steps.append(Step(self.later_after_minutes, later, to_decimal(self.later_price)))
        return tuple(steps)

    def _add_text(self, price, later):
        return self.env._("%(price)s, %(later)s", price=price, later=later)

    def _step_text(self, step):
        price = plain(step.price)
        if not step.after:
            return self.env._("¥%(price)s per %(minutes)s min", price=price, minutes=step.block)
        return self.env._(
            "after %(after)s min ¥%(price)s per %(minutes)s min",
            after=step.after,
            price=price,
            minutes=step.block,
        )

    def _audit_text(self):
        rate = self._values()
        price = (
            f"{rate.flat}"
            if rate.flat is not None
            else ", ".join(f"{step.after}+: {step.price}/{step.block}" for step in rate.steps)
        )
        hours = (
            f"{rate.start // 60:02d}:{rate.start % 60:02d}-{rate.end // 60:02d}:{rate.end % 60:02d}"
        )
        days = "" if rate.day_types == DAY_TYPES else f" [{', '.join(sorted(rate.day_types))}]"
        return f"{rate.name} {hours}{days} {price}" + (f" <= {rate.cap}" if rate.cap else "")
