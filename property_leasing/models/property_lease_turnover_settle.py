"""From confirmed months to settlements: what is complete is settled, what changed is put right."""

from odoo import fields, models

from ..tools import turnover, turnover_rules
from .property_lease_turnover import KNOWN_STATES
from .turnover_words import TurnoverWords


class PropertyLeaseTurnoverTerm(models.Model):
    _inherit = "property.lease.turnover.term"

    def _settle(self, reason):
        """Settle what is complete, and put right what was settled otherwise.

        :param reason: why figures changed, for credits and later charges
        """
        # sudo: settlements follow from what finance confirmed
        settlements_sudo = self.env["property.lease.turnover.settlement"].sudo()
        for term in self.sudo():
            terms, rules = term._terms(), term._rules()
            term.settlement_ids.invalidate_recordset(["charge_id", "state"])
            for first, last in turnover.spans(terms, terms.months):
                if not turnover_rules.is_charged(rules, first, last):
                    continue
                facts = term._settlement_facts(terms, first, last)
                known = term.settlement_ids.filtered(
                    lambda one, first=first, last=last: (
                        (one.date_from, one.date_to) == (first, last)
                    )
                )
                if not facts:
                    continue
                if not known:
                    settlements_sudo.create(
                        {"term_id": term.id, "lease_id": term.lease_id.id, **facts}
                    )
                elif not known.charge_id and not known.is_credited and not known.amount_difference:
                    known.write(facts)
                elif not term._is_closed(terms, known):
                    term._put_right(known, facts, reason)

    def _is_closed(self, terms, settlement):
        """Tell whether a later settlement has closed the year, and takes every change of it."""
        year = self._year_of(settlement)
        return terms.is_trued_up and bool((year - settlement).filtered("is_true_up"))

    def _year_of(self, settlement):
        """Return the settlements of the turnover year of one."""
        first, last = turnover.year_of(self.sudo()._terms(), settlement.date_from)
        return self.sudo().settlement_ids.filtered(
            lambda one: first <= one.date_from and one.date_to <= last
        )

    def _settlement_facts(self, terms, first, last):
        """Work a settlement out.

        :return: values of the settlement, None while a month of it is not known
        """
        self.ensure_one()
        year = turnover.year_of(terms, first)
        is_true_up = terms.is_trued_up and last == year[1]
        span = year if is_true_up else (first, last)
        rows = self.turnover_ids.filtered(
            lambda row: span[0] <= row.date_from and row.date_to <= span[1]
        )
        known = rows.filtered(lambda row: row.state in KNOWN_STATES)
        rules, declared = self._rules(), known._declared()
        if not turnover_rules.is_complete(rules, *span, declared):
            return None
        decimal = self.lease_id._decimal
        before = decimal(0)
        if is_true_up:
            earlier = self.settlement_ids.filtered(
                lambda one: span[0] <= one.date_from and one.date_to < first
            )
            before = sum(
                (decimal(one.amount_rent) + decimal(one.rent_difference) for one in earlier), before
            )
        result = turnover_rules.owed(terms, rules, *span, declared, self._base_rent)
        return self._prepare_settlement_vals(
            first, last, result, before, is_true_up, "estimated" in known.mapped("state")
        )

    def _prepare_settlement_vals(self, first, last, result, before, is_true_up, is_estimated):
        lease = self.lease_id
        amount = result.due - before
        words = TurnoverWords(self.with_context(lang=lease.company_id._billing_lang()).env)
        explanation, parts = words.settlement(result, before, is_true_up, is_estimated)
        gross = self.env["property.lease.instalment"]._with_vat(amount, self._rent_line())
        return {
            "partner_id": lease._tenant_on(first).id,
            "date_from": first,
            "date_to": last,
            "due_date": fields.Date.add(last, days=self.pay_days),
            "turnover": float(result.turnover),
            "amount_percentage": float(result.percentage),
            "amount_base": float(result.base),
            "amount_before": float(before),
            "is_true_up": is_true_up,
            "is_estimated": is_estimated,
            "amount_rent": float(amount),
            "amount": float(gross),
            "explanation": explanation,
            "parts": parts,
        }

    def _put_right(self, settlement, facts, reason):
        """Charge or credit what a settlement that was billed owes more or less by now."""
        decimal = self.lease_id._decimal
        known = decimal(settlement.amount_rent) + decimal(settlement.rent_difference)
        difference = decimal(facts["amount_rent"]) - known
        if not difference:
            return
        line = self._rent_line()
        gross = self.env["property.lease.instalment"]._with_vat(difference, line)
        settlement.write(
            {
                "rent_difference": settlement.rent_difference + float(difference),
                "amount_difference": settlement.amount_difference + float(gross),
                "is_estimated": facts["is_estimated"],
            }
        )
        if gross < 0:
            settlement._credit(-gross, reason)
            return
        charge = self.env["property.charge"]._create_single(
            line.unit_id,
            self.company_id._lease_item("one_off"),
            settlement.partner_id,
            fields.Date.context_today(self),
            float(gross),
            f"{settlement.display_name}: {reason}. {facts['explanation']}",
            tax=line.tax_id,
        )
        charge.sudo()._post()  # sudo: finance confirmed the turnover it follows from
        settlement.extra_ids |= charge
