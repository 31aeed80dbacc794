"""Charges of late fees: the evidence of one piece, and the undoing of it with its bill."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang

from ..tools.late_fee import DAY


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    late_fee_bill_id = fields.Many2one(
        "account.move",
        string="Late Fee of",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    late_fee_run_id = fields.Many2one(
        "property.late.fee.run",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    amount_late_fee = fields.Monetary(related="move_id.amount_late_fee")
    late_fee_text = fields.Char(related="move_id.late_fee_text")

    @api.model
    def _create_late_fees(self, company, bills, facts, run=None):
        """Create the draft charges of late fees.

        :param company: res.company of the bills
        :param bills: account.move with a live late fee
        :param dict facts: as from `account.move._property_late_fee_facts`
        :param run: property.late.fee.run
        """
        item = company._late_fee_item()
        fees = self._late_fee_fees(item, bills)
        env = self.with_context(lang=company._billing_lang()).env
        # sudo: staff may not create charges; who may crystallise was checked by the caller
        return (
            self.sudo()
            .with_context(tracking_disable=True)
            .create(
                [
                    {
                        **env["property.charge"]._prepare_late_fee_vals(bill, facts[bill.id]),
                        "item_id": item.id,
                        "fee_id": fees[bill.unit_id.id],
                        "late_fee_run_id": run.id if run else False,
                    }
                    for bill in bills.with_env(env)
                ]
            )
            .with_env(self.env)
        )

    @api.model
    def _prepare_late_fee_vals(self, bill, facts):
        """Prepare the charge of one piece of a late fee, with the facts it follows from."""
        rule = facts["rule"]
        first = facts["due"] + DAY * (rule.grace_days + 1)
        if facts["billed_until"]:
            first = facts["billed_until"] + DAY
        amount = facts["live"]
        text = self.env._(
            "Late fee of %(bill)s (%(item)s %(period)s): %(why)s = %(amount)s",
            bill=bill.name,
            item=bill.charge_item_id.name,
            period=self.env["property.statement"]._period(bill.period_from, bill.period_to),
            why=bill._property_late_fee_text(facts),
            amount=formatLang(self.env, float(amount), digits=2),
        )
        policy = bill._property_late_fee_policy()
        taxes = bill.invoice_line_ids.tax_ids if policy.has_vat else self.env["account.tax"]
        return {
            "late_fee_bill_id": bill.id,
            # One bill's late fees may not overlap: PostgreSQL refuses a day billed twice.
            "share": bill.id,
            "unit_id": bill.unit_id.id,
            "payer_id": bill.partner_id.id,
            "date_from": min(first, facts["until"]),
            "date_to": facts["until"],
            "quantity": 1.0,
            "amount": float(amount),
            "tax_id": taxes.id if len(taxes) == 1 else False,
            "basis": {
                "kind": "sum",
                "amount": str(amount),
                "late_fee": {
                    "principal": str(facts["principal"]),
                    "due": facts["due"].isoformat(),
                    "changes": [[day.isoformat(), str(sum_)] for day, sum_ in facts["changes"]],
                    "rates": [[day.isoformat(), str(rate)] for day, rate in rule.rates],
                    "grace_days": rule.grace_days,
                    "cap_rate": str(rule.cap_rate),
                    "capped_on": str(facts["capped_on"]),
                    "until": facts["until"].isoformat(),
                    "settled": str(facts["settled"]),
                },
            },
            "explanation": text,
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "name": text,
                        "quantity": 1.0,
                        "price": float(amount),
                        "amount": float(amount),
                    },
                )
            ],
        }

    @api.model
    def _late_fee_fees(self, item, bills):
        """Return dict unit id -> id of the fee its late fees hang on, created where missing."""
        fees_sudo = self.env["property.fee"].sudo().with_context(active_test=False)
        units = bills.unit_id
        found = fees_sudo.search([("item_id", "=", item.id), ("unit_id", "in", units.ids)])
        fees = {fee.unit_id.id: fee.id for fee in found}
        missing = units.filtered(lambda unit: unit.id not in fees)
        today = fields.Date.context_today(self)
        created = fees_sudo.with_context(tracking_disable=True, mail_create_nolog=True).create(
            [
                {"unit_id": unit.id, "item_id": item.id, "date_from": today, "date_to": today}
                for unit in missing
            ]
        )
        fees.update(zip(missing.ids, created.ids, strict=True))
        return fees

    def _prepare_move_vals(self, company, journal):
        """Extend with the bill a late fee is for."""
        vals = super()._prepare_move_vals(company, journal)
        if self.late_fee_bill_id:
            vals["late_fee_bill_id"] = self.late_fee_bill_id.id
        return vals

    def _prepare_replacement_vals(self, *args, **changes):
        """Extend: what stands in for a late fee settles the same bill's, else it is billed anew."""
        vals = super()._prepare_replacement_vals(*args, **changes)
        if self.late_fee_bill_id:
            vals["late_fee_bill_id"] = self.late_fee_bill_id.id
        return vals

    def _undo(self):
        """Extend to the late fees of the bills that are taken back."""
        bills = self.filtered(lambda charge: charge.state == "posted").move_id
        # sudo: the late fees follow the access of the charges they belong to
        late_sudo = self.sudo().search(
            [("late_fee_bill_id", "in", bills.ids), ("state", "=", "posted")]
        )
        return super(PropertyCharge, self | late_sudo.with_env(self.env))._undo()

    def _late_fee_of_basis(self):
        """Compute the piece again from the facts it was frozen with, or None for others.

        :return: Decimal
        """
        self.ensure_one()
        facts = (self.basis or {}).get("late_fee")
        if not facts:
            return None
        return self.env["property.late.fee.policy"]._fee_of_facts(facts) - Decimal(facts["settled"])
