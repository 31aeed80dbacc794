"""Charges outside of billing runs: replacing what was billed, crediting part of it, single ones."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import plan
from ..tools.rounding import to_decimal
from ..tools.tariffs import tariff_on
from .billing_words import Words
from .property_charge import NO_MAIL


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    replaces_id = fields.Many2one(
        "property.charge",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The charge that was taken back for this one.",
    )
    replaced_by_ids = fields.One2many("property.charge", "replaces_id", string="Replaced by")
    adjustment_ids = fields.One2many("property.adjustment", "charge_id", string="Adjustments")
    bill_date = fields.Date(
        string="Date of the Bill",
        readonly=True,
        copy=False,
        help="Where it is not that of the billing run, nor the last day of the period.",
    )
    due_date = fields.Date(
        string="Pay until",
        readonly=True,
        copy=False,
        help="Where it is later than the date of the bill and not that of the billing run.",
    )

    # Dates of the bill ------------------------------------------------------------------------

    def _bill_day(self):
        """Override: a charge made afterwards is billed on its own day."""
        return self.bill_date or super()._bill_day()

    def _due_date(self, day):
        """Override: one that stands in for another leaves as much time; its own day is no run's."""
        if self.due_date or self.bill_date:
            return max(day, self.due_date or day)
        return super()._due_date(day)

    # Making -----------------------------------------------------------------------------------

    @api.model
    def _create_single(self, unit, item, payer, day, amount, note, tax=None):
        """Create a draft charge of a one-off item that no standing fee brings.

        :param item: property.charge.item, one-off
        :param amount: yuan, VAT included
        :param note: what it is for, in the words of the bill
        :param tax: account.tax of what it belongs to, empty for none; left out: that of the item
        :return: the draft charge
        """
        fee = {
            "unit_id": unit.id,
            "item_id": item.id,
            "date_from": day,
            "date_to": day,
            "payer_role": "owner",
            "price": amount,
            "note": note,
            # a run bills active fees: this one is billed here
            "active": False,
        }
        # sudo: the step that charges was checked; nobody makes charges by hand
        fee_sudo = self.env["property.fee"].sudo().create(fee)
        if tax is None:
            tariffs = [(one.date_from, one.date_to or None, one) for one in item.tariff_ids]
            tariff = tariff_on(day, tariffs)
            tax = tariff.tax_id if tariff else self.env["account.tax"]
        basis = {
            "kind": "sum",
            "amount": f"{amount:.2f}",
            "rate": f"{tax.amount:g}" if tax else "",
            "note": note,
        }
        vals = {
            "fee_id": fee_sudo.id,
            "unit_id": unit.id,
            "item_id": item.id,
            "payer_id": payer.id,
            "date_from": day,
            "date_to": day,
            "bill_date": day,
            "tax_id": tax._as_included(unit.company_id).id,
        }
        charges_sudo = self.sudo()
        charge = charges_sudo.create(
            {**vals, **charges_sudo._prepare_text_vals(unit.company_id, item, vals, basis, note)}
        )
        return charge.sudo(self.env.su)

    @api.model
    def _prepare_text_vals(self, company, item, vals, basis, note=None):
        """Prepare what follows from facts: quantity, amount, lines and the explanation.

        :param vals: dict with ``date_from`` and ``date_to``
        :param note: words for facts that only say an amount
        """
        words = Words(self.with_context(lang=company._billing_lang()).env)
        result = plan.derive(basis)
        item_facts = {"id": item.id, "code": item.code, "name": item.name}
        lines = words.lines(item_facts, basis, result)
        if basis["kind"] == "sum" and note:
            text = words.env._(
                "%(what)s = %(amount)s", what=note, amount=words.money(result["amount"])
            )
            lines = [(text, *lines[0][1:])]
        names = [line[0] for line in lines]
        rest = result["amount"] - result["net"]
        if rest:
            is_vat = result["amount"] == result["gross"]
            text = (
                words.env._("VAT on top")
                if is_vat
                else words.env._("Part of the other payers, taken off")
            )
            lines.append((text, 1, float(rest), float(rest)))
        return {
            "basis": basis,
            "quantity": float(result["quantity"]),
            "amount": float(result["amount"]),
            "explanation": words.explain(
                item_facts, basis, result, names, vals["date_from"], vals["date_to"]
            ),
            "line_ids": [
                (0, 0, {"sequence": i, "name": n, "quantity": q, "price": p, "amount": a})
                for i, (n, q, p, a) in enumerate(lines, start=1)
            ],
        }

    def _prepare_replacement_vals(self, basis, note=None, bill_date=None, **changes):
        """Prepare the charge that stands in for this one.

        :param basis: its facts
        :param note: words for facts that only say an amount
        :param changes: other payer or days
        """
        self.ensure_one()
        vals = {
            "fee_id": self.fee_id.id,
            "share": self.share,
            "unit_id": self.unit_id.id,
            "item_id": self.item_id.id,
            "payer_id": self.payer_id.id,
            "meter_id": self.meter_id.id,
            "allocation_id": self.allocation_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "tax_id": self.tax_id.id,
            "is_opening": self.is_opening,
            "replaces_id": self.id,
            "bill_date": bill_date or fields.Date.context_today(self),
            # sudo: whoever bills anew need not read the bill
            "due_date": self.sudo().move_id.invoice_date_due,
            **changes,
        }
        return {**vals, **self._prepare_text_vals(self.company_id, self.item_id, vals, basis, note)}

    def _prepare_rest_vals(self, amount, payer, note, bill_date=None):
        """Prepare a charge for what is still owed of this one, addressed to another payer.

        The days of this charge stay billed by it: the new one hangs on an ended fee of its own.
        """
        self.ensure_one()
        fee_sudo = (
            self.env["property.fee"]
            .sudo()
            .create(
                {
                    "unit_id": self.unit_id.id,
                    "item_id": self.item_id.id,
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                    "payer_role": "owner",
                    "is_automatic": False,
                    "active": False,
                    "note": note,
                }
            )
        )
        basis = {
            "kind": "sum",
            "amount": str(amount),
            "rate": (self.basis or {}).get("rate") or "",
            "note": note,
        }
        return self._prepare_replacement_vals(
            basis,
            note,
            bill_date,
            fee_id=fee_sudo.id,
            payer_id=payer.id,
            share=0,
            allocation_id=False,
        )

    # Taking back ------------------------------------------------------------------------------

    def _lock_bills(self):
        """Keep others from settling the bills until the transaction ends."""
        moves_sudo = self.move_id.sudo()
        if moves_sudo:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM account_move WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    tuple(moves_sudo.ids),
                ),
                log_exceptions=False,
            )
            moves_sudo.invalidate_recordset(["amount_residual", "payment_state", "state"])

    def _amount_standing(self):
        """Return what of the bill no credit note has taken back: Decimal."""
        self.ensure_one()
        # sudo: whoever sees the charge may know what is left of it
        move_sudo = self.move_id.sudo()
        credited = sum(move_sudo._property_credit_notes().mapped("amount_total"))
        return to_decimal(move_sudo.currency_id.round(move_sudo.amount_total - credited)).quantize(
            Decimal("0.01")
        )

    def _paying_lines(self):
        """Return what paid the bill: dict credit line -> Decimal; credit notes left out."""
        self.ensure_one()
        # sudo: the step that takes the bill back was checked
        owed_sudo = self.move_id.sudo().line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        paid = {}
        for partial_sudo in owed_sudo.matched_credit_ids:
            line_sudo = partial_sudo.credit_move_id
            if line_sudo.move_id.move_type != "out_refund":
                amount = to_decimal(partial_sudo.amount).quantize(Decimal("0.01"))
                paid[line_sudo] = paid.get(line_sudo, Decimal(0)) + amount
        return paid

    def _credit_whole(self):
        """Credit everything that still stands of the bill and mark the charge reversed.

        :return: dict credit line -> Decimal that the payer has open again
        """
        self.ensure_one()
        self._lock_bills()
        freed = self._paying_lines()
        self._credit_bills()
        self.flush_recordset(["state"])
        return freed

    def _credit_part(self, amount, reason, day=None):
        """Credit part of the bill; what was paid beyond the rest becomes open again.

        The latest payments are freed first, and only as far as needed.

        :param amount: Decimal, less than what stands
        :return: (credit note, dict credit line -> Decimal that the payer has open again)
        :raise UserError: when no such part stands
        """
        self.ensure_one()
        self._lock_bills()
        if not 0 < amount < self._amount_standing():
            raise UserError(
                self.env._(
                    "Only %(amount)s of the bill stands. Credit less than that, or all of it.",
                    amount=self.currency_id.format(float(self._amount_standing())),
                )
            )
        move_sudo = self.move_id.sudo().with_context(**NO_MAIL, property_undo=True)
        owed_sudo = move_sudo.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        freed = self._free_payments(owed_sudo, amount)
        vals = move_sudo.property_charge_id._prepare_credit_vals(move_sudo)
        if day:
            day = max(day, move_sudo.date)
            vals.update(date=day, invoice_date=day, invoice_date_due=day)
        note_sudo = move_sudo._reverse_moves([vals])
        line_sudo = note_sudo.invoice_line_ids[:1]
        (note_sudo.invoice_line_ids - line_sudo).unlink()
        line_sudo.write(
            {"quantity": 1.0, "price_unit": float(amount), "discount": 0.0, "name": reason}
        )
        note_sudo._post(soft=False)
        credit_sudo = note_sudo.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        # posting the note may have reconciled it already
        pairs = [one + owed_sudo for one in (credit_sudo, *freed) if not one.reconciled]
        if not owed_sudo.reconciled:
            self.env["account.move.line"].sudo()._reconcile_plan(pairs)
        paid = self._paying_lines()
        before = freed
        freed = {}
        for line_sudo, (was, _taken) in before.items():
            left = was - paid.get(line_sudo, Decimal(0))
            if left > 0:
                freed[line_sudo] = left
        return note_sudo, freed

    def _free_payments(self, owed_sudo, amount):
        """Take payments off a bill, the latest first, until it owes an amount.

        :return: dict credit line -> (Decimal it had paid, Decimal taken off)
        """
        missing = amount - to_decimal(owed_sudo.amount_residual).quantize(Decimal("0.01"))
        paid = self._paying_lines()
        partials_sudo = owed_sudo.matched_credit_ids.filtered(
            lambda one: one.credit_move_id.move_id.move_type != "out_refund"
        )
        freed, doomed_sudo = {}, partials_sudo.browse()
        for partial_sudo in partials_sudo.sorted(lambda one: (one.max_date, one.id), reverse=True):
            if missing <= 0:
                break
            taken = to_decimal(partial_sudo.amount).quantize(Decimal("0.01"))
            line_sudo = partial_sudo.credit_move_id
            freed[line_sudo] = (paid[line_sudo], freed.get(line_sudo, (0, Decimal(0)))[1] + taken)
            doomed_sudo |= partial_sudo
            missing -= taken
        doomed_sudo.unlink()
        return freed
