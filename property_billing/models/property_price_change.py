from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import FEN, round_step, to_decimal
from .billing_time_facts import Assumptions

PRICE_STEP = to_decimal("0.0001")


class PropertyPriceChange(models.Model):
    """New prices for many items from one day, with their effect shown before they are approved."""

    _name = "property.price.change"
    _description = "Price Change"
    _inherit = ["property.approval"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True, tracking=True)
    site_id = fields.Many2one(
        "property.site",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["property.site"]._property_only_site(),
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="New Prices from",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=1, months=1),
    )
    mode = fields.Selection(
        [
            ("percent", "Raise by per cent"),
            ("add", "Raise by an amount"),
            ("set", "Set the prices below"),
        ],
        required=True,
        default="percent",
        tracking=True,
    )
    value = fields.Float(
        digits=(16, 4),
        tracking=True,
        help="Per cent, or yuan per unit of price; negative lowers. New prices have four decimals.",
    )
    item_ids = fields.Many2many(
        "property.charge.item",
        string="Items",
        required=True,
        domain="[('site_id', '=', site_id), ('method', '!=', 'allocated')]",
    )
    reason = fields.Char(required=True, tracking=True, help="Filing, vote or contract behind it.")
    line_ids = fields.One2many("property.price.change.line", "change_id", string="Prices")
    amount_effect = fields.Monetary(
        compute="_compute_amount_effect",
        string="Effect a Month",
        help="What the last whole month before, for metered items the last one billed, would have "
        "cost more, or less, at the new prices.",
    )

    @api.depends("line_ids.amount_effect")
    def _compute_amount_effect(self):
        for change in self:
            change.amount_effect = sum(change.line_ids.mapped("amount_effect"))

    def write(self, vals):
        """Override: prices shown by another rule, or for another day, are not what is asked for."""
        result = super().write(vals)
        if {"date_from", "mode", "value"} & vals.keys():
            self.filtered(lambda change: change.mode != "set").line_ids.unlink()
        return result

    # Steps ------------------------------------------------------------------------------------

    def action_preview(self):
        """List the items with old and new prices, units and effect a month.

        :raise UserError: when an item has no price on the day before
        """
        self.check_access("write")
        for change in self:
            change._approval_expect("draft", "refused")
            change._fill_lines()
        return True

    def action_submit(self):
        """Override: bring the effects up to date before they are frozen."""
        self.check_access("write")
        for change in self:
            change._approval_expect("draft", "refused")
            if not change.line_ids or change.line_ids.item_id != change.item_ids:
                change._fill_lines()
            change._fill_effects()
        return super().action_submit()

    def _check_request(self):
        """Override: refuse prices that change nothing or would rewrite a tariff's first day."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Choose the items whose prices change, then look at them."))
        for line in self.line_ids:
            if line.tariff_id.date_from == self.date_from:
                raise UserError(
                    self.env._(
                        "%(item)s already has a price that starts on %(day)s. Change that tariff, "
                        "or choose another day.",
                        item=line.item_id.name,
                        day=self.date_from,
                    )
                )
            if (line.tariff_id.date_to or date.max) < self.date_from:
                raise UserError(
                    self.env._(
                        "The price of %(item)s has been changed meanwhile. Look at the effect "
                        "again.",
                        item=line.item_id.name,
                    )
                )
        if not any(line._is_changed() for line in self.line_ids):
            raise UserError(self.env._("No price changes. Enter the new prices."))

    def _approval_impact(self):
        """Override: bills of a month that change, and by how much in all."""
        self.ensure_one()
        effects = self._effects()
        return (
            sum(count for count, _amount in effects.values()),
            float(sum(amount for _count, amount in effects.values())),
        )

    def _on_approved(self):
        """Override: end the tariffs the day before and start the new ones."""
        self.ensure_one()
        for line in self.line_ids.filtered(lambda line: line._is_changed()):
            line._apply()

    # Effect -----------------------------------------------------------------------------------

    def _fill_lines(self):
        self.ensure_one()
        values = []
        for item in self.item_ids:
            tariff = item.tariff_ids.filtered(
                lambda row: (
                    row.date_from <= self.date_from
                    and (not row.date_to or row.date_to >= self.date_from)
                )
            )
            if not tariff:
                raise UserError(
                    self.env._(
                        "%(item)s has no tariff on %(day)s. Add one on the item, or take it out.",
                        item=item.name,
                        day=self.date_from,
                    )
                )
            values.append(self._prepare_line(item, tariff))
        self.line_ids.unlink()
        self.env["property.price.change.line"].create(values)
        self._fill_effects()

    def _prepare_line(self, item, tariff):
        return {
            "change_id": self.id,
            "item_id": item.id,
            "tariff_id": tariff.id,
            "price_new": float(self._new_price(tariff.price)),
            "tier_text": "; ".join(
                f"{tier._range_text()}: {tier.price:g} → "
                f"{self._new_price(tier.price).normalize():f}"
                for tier in tariff.tier_ids
            ),
        }

    def _new_price(self, price):
        """Return a price after the change, to four decimals, never below nothing."""
        price, value = to_decimal(price), to_decimal(self.value)
        if self.mode == "percent":
            price = price * (100 + value) / 100
        elif self.mode == "add":
            price += value
        return max(round_step(price, PRICE_STEP), to_decimal(0))

    def _fill_effects(self):
        """Write units and effect on the lines."""
        self.ensure_one()
        effects = self._effects()
        counts = dict(
            self.env["property.fee"]._read_group(
                [
                    ("item_id", "in", self.item_ids.ids),
                    ("date_from", "<=", self.date_from),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", self.date_from),
                ],
                ["item_id"],
                ["unit_id:count_distinct"],
            )
        )
        # sudo: the preview is written by this step only; the lines are the change's own
        for line in self.sudo().line_ids:
            line.write(
                {
                    "unit_count": counts.get(line.item_id, 0),
                    "amount_effect": float(effects.get(line.item_id.id, (0, 0))[1]),
                }
            )

    def _effects(self):
        """Bill a month before the change twice, at the old and at the new prices.

        It is the last whole month, and for metered items the last one that was billed: readings of
        a later one may be missing.

        :return: dict item id -> (number of bills that differ, difference)
        """
        self.ensure_one()
        effects = {}
        for day, lines in self._lines_by_month().items():
            self._add_effects(lines, day, effects)
        return effects

    def _lines_by_month(self):
        """Return dict day -> lines whose effect is computed on the month of that day."""
        last = self.date_from - relativedelta(day=1) - timedelta(days=1)
        metered = self.line_ids.filtered(lambda line: line.item_id.method == "metered")
        billed = dict(
            self.env["property.charge"]._read_group(
                [
                    ("item_id", "in", metered.item_id.ids),
                    ("site_id", "=", self.site_id.id),
                    ("state", "=", "posted"),
                    ("is_opening", "=", False),
                    ("date_to", "<=", last),
                ],
                ["item_id"],
                ["date_to:max"],
            )
        )
        return self.line_ids.grouped(lambda line: billed.get(line.item_id, last))

    def _add_effects(self, lines, day, effects):
        """Add what the lines change in the month of a day."""
        old, new = {}, {}
        for line in lines:
            facts = line.tariff_id._prepare_price_facts()
            facts["tax_id"] = line.tariff_id.tax_id._as_included(self.company_id).id
            old[line.item_id.id] = [(date.min, None, facts)]
            new[line.item_id.id] = [(date.min, None, line._new_facts(facts))]
        amounts = []
        for prices in (old, new):
            values = self.env["property.billing.run"]._simulate_month(
                self.site_id, lines.item_id, day, Assumptions(prices=prices, is_blank=True)
            )
            amounts.append(
                {
                    (v["item_id"], v["fee_id"], v["share"], v["date_from"]): to_decimal(
                        v["amount"]
                    ).quantize(FEN)
                    for v in values
                }
            )
        for key in {**amounts[0], **amounts[1]}:
            change = amounts[1].get(key, 0) - amounts[0].get(key, 0)
            if change:
                count, amount = effects.get(key[0], (0, to_decimal(0)))
                effects[key[0]] = count + 1, amount + change
