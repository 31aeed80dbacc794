from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.settlement import SettlementError, check_exact, match_credits, plan_payments


class PropertyCollectionPlan(models.AbstractModel):
    """What a taking of money is going to do, checked against the bills as they are now."""

    _name = "property.collection.plan"
    _description = "Plan of a Counter Taking"

    @api.model
    def _prepare(self, bills_amounts, tenders, date, options):
        """Lock what is settled, check that it is as the cashier saw it, and plan every step.

        :return: dict for `property.collection`
        :raise UserError: when the taking is not possible
        """
        wanted = {bill: amount for bill, amount in bills_amounts if amount}
        late_fees = {bill: fee for bill, fee in (options.get("late_fees") or {}).items() if fee}
        discounts = options.get("discounts") or {}
        advances = [one for one in options.get("advances") or () if one["amount"]]
        tenders = [one for one in tenders if one["amount"]]
        if not wanted and not late_fees and not advances:
            raise UserError(self.env._("Choose at least one bill, or an amount to pay ahead."))
        site = self._one_site([*wanted, *late_fees, *discounts], advances)
        plan = {
            "date": date,
            "site": site,
            "company": site.company_id,
            "unit": options.get("unit") or self.env["property.unit"],
            "shift": self._open_shift(options.get("shift"), site),
            "merged": options.get("merged", True),
            "advances": advances,
        }
        self._check_tenders(tenders, site)
        bills = self.env["account.move"].browse(
            dict.fromkeys(bill.id for bill in (*wanted, *late_fees, *discounts))
        )
        self._lock(bills)
        expected = options.get("expected") or {}
        self._check_unchanged(wanted, late_fees, expected, date, options.get("scan"))
        self._check_discounts(discounts, wanted, date)
        shares = self._with_late_fees(wanted, late_fees, date)
        self._grant_discounts(plan, discounts)
        for bill in shares:
            plan.setdefault("bill_ids", []).append(bill.id)
        plan["shares"] = shares
        plan["residuals"] = {bill: self._decimal(bill, bill.amount_residual) for bill in shares}
        self._plan_money(plan, tenders, options.get("unit"))
        self._plan_rows(plan)
        return plan

    # === Planning ===

    @api.model
    def _plan_money(self, plan, tenders, unit):
        """Say which tender pays what, what is changed, and which prepayments are used."""
        shares, zero = plan["shares"], Decimal(0)
        advance = sum((one["amount"] for one in plan["advances"]), zero)
        plan["total"] = sum(shares.values(), zero) + advance
        wanted_use = sum(
            (one["amount"] for one in tenders if one["method"].kind == "prepayment"), zero
        )
        plan["uses"] = self._match_prepayments(plan, wanted_use, unit)
        plan["used"] = sum((amount for _bill, _credit, amount in plan["uses"]), zero)
        if plan["used"] != wanted_use:
            raise UserError(
                self.env._(
                    "Only %(amount)s of the prepayments can be used for these bills. Correct the "
                    "amount and pay the rest another way.",
                    amount=plan["company"].currency_id.format(float(plan["used"])),
                )
            )
        money = [dict(one) for one in tenders if one["method"].kind != "prepayment"]
        due = plan["total"] - plan["used"]
        self._give_change(plan, money, due)
        remaining = dict(shares)
        for bill, _credit, amount in plan["uses"]:
            remaining[bill] -= amount
        plan["last_use"] = self._last_use(plan["uses"], remaining)
        cut = {bill for bill, _credit, _amount in plan["last_use"]}
        rows = [
            (
                bill,
                self._group(bill),
                share,
                bill not in cut and shares[bill] == plan["residuals"][bill],
            )
            for bill, share in remaining.items()
            if share
        ]
        purse = [[one, one["kept"]] for one in money]
        plan["advance_parts"] = self._cut_advances(plan["advances"], purse)
        plan["payments"] = plan_payments(rows, [(_Tender(one), left) for one, left in purse])
        for payment in plan["payments"]:
            payment.tender = payment.tender.values
        plan["money"] = money
        self._check_exact(plan)

    @api.model
    def _give_change(self, plan, money, due):
        """Give change out of cash; whatever else is too much or too little is refused."""
        received = sum((one["amount"] for one in money), Decimal(0))
        plan["change"] = received - due
        currency = plan["company"].currency_id
        cash = [one for one in money if one["method"].kind == "cash"]
        if received < due:
            raise UserError(
                self.env._(
                    "%(amount)s is missing. Add another way to pay, or pay less.",
                    amount=currency.format(float(due - received)),
                )
            )
        if plan["change"] > sum((one["amount"] for one in cash), Decimal(0)):
            raise UserError(
                self.env._(
                    "%(amount)s more than due: only cash can be changed. Lower the amount, or keep "
                    "the rest as a prepayment.",
                    amount=currency.format(float(plan["change"])),
                )
            )
        rest = plan["change"]
        for one in money:
            back = min(rest, one["amount"]) if one in cash else Decimal(0)
            one["change"] = back
            one["kept"] = one["amount"] - back
            rest -= back
        plan["received"] = due

    @api.model
    def _match_prepayments(self, plan, limit, unit):
        """Choose the prepayments to use for bills that are paid in full."""
        if not limit:
            return []
        units = (unit or self.env["property.unit"]) | self._bills(plan).unit_id
        units |= units.parent_id
        credits = self.env["property.prepayment"]._open(units)
        # sudo: using what a payer left is part of taking money; the line is the payer's own
        lines_sudo = credits.sudo().line_id
        self.env.cr.execute(
            SQL(
                "SELECT id FROM account_move_line WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                tuple(lines_sudo.ids or (0,)),
            ),
            log_exceptions=False,
        )
        lines_sudo.invalidate_recordset(["amount_residual", "reconciled"])
        credits.invalidate_recordset(["amount_left"])
        whole_first = sorted(
            plan["shares"].items(), key=lambda row: row[1] != plan["residuals"][row[0]]
        )
        accounts = {bill: self._group(bill)[1] for bill in plan["shares"]}
        return match_credits(
            limit,
            [
                (
                    bill,
                    (bill.commercial_partner_id, accounts[bill]),
                    bill.charge_item_id.id,
                    share,
                )
                for bill, share in whole_first
            ],
            [
                (
                    credit,
                    (
                        credit.partner_id.commercial_partner_id,
                        credit.sudo().line_id.account_id.sudo(self.env.su),
                    ),
                    credit.item_id.id or None,
                    self._decimal(credit, credit.amount_left),
                )
                for credit in credits.sorted(lambda one: (one.date, one.id))
            ],
        )

    @api.model
    def _last_use(self, uses, remaining):
        """Return the use of a prepayment that waits until money paid its share of the bill.

        Prepayments are used before money, each as far as it goes. One that is not to be used up
        finishes its bill instead: then it gives just what is left to pay.

        :param uses: list of (bill, credit, amount)
        :param dict remaining: bill -> what money pays
        :return: list of that use, or empty
        """
        if not uses:
            return []
        bill, credit, _amount = uses[-1]
        used = sum(amount for _bill, one, amount in uses if one == credit)
        is_cut = used < self._decimal(credit, credit.amount_left) and remaining[bill]
        return uses[-1:] if is_cut else []

    @api.model
    def _check_exact(self, plan):
        last = len(plan["uses"]) - len(plan["last_use"])
        uses = [
            (bill, credit, amount, self._decimal(credit, credit.amount_left))
            for bill, credit, amount in plan["uses"]
        ]
        parts = [
            (bill, ("payment", index), part, payment.amount)
            for index, payment in enumerate(plan["payments"])
            for bill, part in payment.parts
        ]
        parts = uses[:last] + parts + uses[last:]
        try:
            check_exact(plan["residuals"], parts)
        except SettlementError as error:
            raise UserError(
                self.env._(
                    "%(bill)s is paid in part only: use money for it, and the prepayment for bills "
                    "that are paid in full.",
                    bill=self._describe(error.args[0]),
                )
            ) from error

    @api.model
    def _cut_advances(self, advances, purse):
        """Take what is paid ahead out of the tenders, from the last one backwards."""
        parts = []
        for advance in advances:
            left = advance["amount"]
            for row in reversed(purse):
                part = min(left, row[1])
                if part:
                    parts.append({**advance, "amount": part, "tender": row[0]})
                    row[1] -= part
                    left -= part
            if left:
                raise UserError(
                    self.env._(
                        "What is paid ahead needs money: a prepayment cannot pay a prepayment."
                    )
                )
        return parts

    @api.model
    def _plan_rows(self, plan):
        """Prepare the evidence: a line for every bill and advance, a row for every tender."""
        plan["line_vals"] = [
            {
                "kind": "late_fee" if bill.charge_item_id.category == "late_fee" else "bill",
                "move_id": bill.id,
                "unit_id": bill.unit_id.id,
                "item_id": bill.charge_item_id.id,
                "partner_id": bill.partner_id.id,
                "period_from": bill.period_from,
                "period_to": bill.period_to,
                "amount": float(share),
            }
            for bill, share in plan["shares"].items()
        ] + [
            {
                "kind": "deposit" if one.get("deposit_type") else "advance",
                "unit_id": one["unit"].id,
                "item_id": one["item"].id if one["item"] else False,
                "partner_id": one["payer"].id,
                "amount": float(one["amount"]),
                "note": one.get("note"),
            }
            for one in plan["advance_parts"]
        ]
        plan["tender_vals"] = [
            {
                "method_id": one["method"].id,
                "amount": float(one["kept"]),
                "amount_given": float(one["amount"]),
                "amount_change": float(one["change"]),
                "reference": one.get("reference") or False,
            }
            for one in plan["money"]
        ]
        if plan["used"]:
            method = self.env["property.tender.method"]._for_site(plan["site"])
            plan["tender_vals"].append(
                {
                    "method_id": method.filtered(lambda one: one.kind == "prepayment")[:1].id,
                    "amount": float(plan["used"]),
                    "amount_given": float(plan["used"]),
                }
            )

    # === Helpers ===

    @api.model
    def _bills(self, plan):
        return self.env["account.move"].browse([bill.id for bill in plan["shares"]])

    @api.model
    def _group(self, bill):
        """Return the account a bill is owed on: payer, account, site."""
        return (
            bill.commercial_partner_id,
            bill._property_receivable_lines().account_id[:1],
            bill.site_id,
        )

    @api.model
    def _describe(self, bill):
        return " ".join(
            filter(None, (bill.unit_id.code, bill.charge_item_id.name, bill.name or ""))
        )

    @api.model
    def _decimal(self, record, amount):
        """Return an amount of a record's currency as Decimal, rounded."""
        currency = record.currency_id
        return Decimal(str(currency.round(float(amount)))).quantize(
            Decimal(1).scaleb(-currency.decimal_places)
        )


class _Tender:
    """A tender as a key: two tenders alike are still two."""

    def __init__(self, values):
        self.values = values
