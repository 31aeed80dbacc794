"""Turnover rent that is to be expected (预计营业额租金): a named assumption, never a claim."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models

from ..tools import turnover, turnover_forecast, turnover_rules
from ..tools.schedule import rent_between
from ..tools.turnover import Month
from ..tools.turnover_rules import Declared
from .property_lease_turnover import KNOWN_STATES
from .res_company import ASSUMPTIONS


class ExpectedSettlement(NamedTuple):
    """What a settlement to come is expected to owe."""

    date_from: date
    date_to: date
    turnover: Decimal
    rent: Decimal
    amount: Decimal


class PropertyLeaseTurnoverExpected(models.Model):
    """What a settlement of turnover that is not declared yet is expected to owe."""

    _name = "property.lease.turnover.expected"
    _description = "Expected Turnover Rent"
    _inherit = ["property.scoped"]
    _order = "date_from, id"

    term_id = fields.Many2one(
        "property.lease.turnover.term",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    lease_id = fields.Many2one(
        "property.lease", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Tenant", required=True, readonly=True)
    unit_id = fields.Many2one("property.unit", string="Space", required=True, readonly=True)
    item_id = fields.Many2one(related="term_id.item_id", store=True, precompute=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    due_date = fields.Date(string="Due", required=True, readonly=True)
    turnover = fields.Monetary(string="Expected Turnover", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Beyond the base rent, VAT included; negative when a year is trued up."
    )
    assumption = fields.Selection(ASSUMPTIONS, required=True, readonly=True)


class PropertyLeaseTurnoverTerm(models.Model):
    _inherit = "property.lease.turnover.term"

    expected_ids = fields.One2many("property.lease.turnover.expected", "term_id", readonly=True)

    def _settle(self, reason):
        """Override: what is known now changes what is expected."""
        result = super()._settle(reason)
        self._expect()
        return result

    def _expect(self):
        """Work out anew what settlements to come are expected to owe."""
        # sudo: expectations follow from what finance confirmed
        rows_sudo, vals_list = self.env["property.lease.turnover.expected"].sudo(), []
        for term in self.sudo():
            assumption = term.company_id.lease_turnover_assumption
            line = term._rent_line()
            vals_list += [
                {
                    "term_id": term.id,
                    "lease_id": term.lease_id.id,
                    "partner_id": term.lease_id._tenant_on(one.date_from).id,
                    "unit_id": line.unit_id.id,
                    "date_from": one.date_from,
                    "date_to": one.date_to,
                    "due_date": fields.Date.add(one.date_to, days=term.pay_days),
                    "turnover": float(one.turnover),
                    "amount": float(one.amount),
                    "assumption": assumption,
                }
                for one in term._expected()
            ]
        self.sudo().expected_ids.unlink()
        rows_sudo.create(vals_list)

    def _expected(self, rules=None):
        """Work out what the settlements that are not known yet are expected to owe.

        Months that are declared count as they are, the others as expected; a true-up counts the
        year's settlements, known and expected ones.

        :param rules: tools.turnover_rules.Rule as an amendment would set them
        :return: list of ExpectedSettlement; empty while nothing was ever declared
        """
        self.ensure_one()
        terms, rules = self._terms(), rules or self._rules()
        declared = self._with_expected_months(terms, rules)
        if declared is None:
            return []
        decimal, gross = self.lease_id._decimal, self.env["property.lease.instalment"]._with_vat
        line, found = self._rent_line(), []
        settled = {
            one.date_from: (one.date_to, decimal(one.amount_rent) + decimal(one.rent_difference))
            for one in self.settlement_ids
        }
        base_rent = self._base_rents()
        rents = {}
        for first, last in turnover.spans(terms, int(terms.months)):
            if first in settled:
                rents[first] = settled[first][1]
                continue
            if not turnover_rules.is_charged(rules, first, last):
                continue
            year = turnover.year_of(terms, first)
            is_true_up = terms.is_trued_up and last == year[1]
            span = year if is_true_up else (first, last)
            result = turnover_rules.owed(terms, rules, *span, declared, base_rent)
            before = sum(
                (rent for day, rent in rents.items() if year[0] <= day < first), Decimal(0)
            )
            rents[first] = result.due - before if is_true_up else result.due
            sold = turnover_rules.owed(terms, rules, first, last, declared, base_rent).turnover
            found.append(
                ExpectedSettlement(
                    first, last, Decimal(float(sold)), rents[first], gross(rents[first], line)
                )
            )
        return found

    def _with_expected_months(self, terms, rules):
        """Return what is declared of every month of the term, expected where it is not yet.

        :return: list of Declared; None while nothing was ever declared
        """
        known = self.turnover_ids.filtered(lambda row: row.state in KNOWN_STATES)._declared()
        if not known:
            return None
        assumption = self.company_id.lease_turnover_assumption
        history = {}
        for one in known:
            history.setdefault(one.kind, []).append(one.month)
        found = list(known)
        for first, last, kind in turnover_rules.expected(terms, rules):
            if any(
                one.month.date_from <= last and one.month.date_to >= first
                for one in known
                if one.kind == kind
            ):
                continue
            months = history.get(kind) or self._shared_history(history, rules, first)
            amount = turnover_forecast.expect(months, first, last, assumption)
            found.append(Declared(kind, Month(first, last, amount or Decimal(0))))
        return found

    def _shared_history(self, history, rules, day):
        """Share what was declared of all goods among kinds that were never declared, equally."""
        rule = turnover_rules.cut(rules, day, day)[0][2]
        count = len([kind for kind, _tiers in rule.kinds if kind not in history]) or 1
        other = [one for kind, months in history.items() for one in months]
        spans = {}
        for one in other:
            spans[one.date_from, one.date_to] = spans.get(
                (one.date_from, one.date_to), Decimal(0)
            ) + Decimal(one.turnover)
        return [Month(*span, amount / count) for span, amount in spans.items()]

    def _base_rents(self):
        """Return a function that tells the base rent of days; the terms are read once."""
        lines = [line._terms() for line in self.lease_id.line_ids.filtered("is_rent")]

        def base(first, last):
            return sum((rent_between(terms, first, last) for terms in lines), Decimal(0))

        return base
