"""Turns facts into charges and problems. No query happens here but those of BillingFacts."""

from ..tools import plan
from .billing_meters import BillingMeters
from .billing_one_off import BillingOneOff
from .billing_percent import BillingPercent
from .billing_pools import BillingPools
from .billing_problems import BillingProblems
from .billing_time import BillingTime
from .billing_words import Words

WHO = ("payers", "tariff_ids", "tax")  # of a whole charge, what neither amount nor text says


class BillingBatch(
    BillingTime, BillingOneOff, BillingPercent, BillingMeters, BillingPools, BillingProblems
):
    """One computation of a run: fills ``charges`` and ``problems`` with values to create."""

    def __init__(self, run, facts):
        self.run = run
        self.facts = facts
        self.env = run.with_context(lang=run.company_id._billing_lang()).env
        self.words = Words(self.env)
        self.charges = []
        self.problems = []
        self._place_names = {}
        self._said = {}
        self._alike = {}
        self._payer_segments = {}
        self._cut_items = set()
        self._billed_percents = None

    def compute(self):
        """Bill every fee, pool and contract, then percentages of them; nothing is billed twice."""
        methods = {
            "area": self._bill_time,
            "fixed": self._bill_time,
            "formula": self._bill_time,
            "metered": self._bill_meter,
            "one_off": self._bill_one_off,
        }
        for fee in self.facts.fees:
            bill = methods.get(fee["method"])
            if bill:
                bill(fee, self.facts.items[fee["item_id"]])
        for pool in self.facts.pools:
            self._bill_pool(pool)
        self._report_missed_pools()
        self.charges += self.run._contract_charges(self.facts)
        self._drop_billed()
        self._bill_percents()

    # Collecting -------------------------------------------------------------------------------

    def _charge(self, fee, item, basis, payer, first, last, tax_id, share=0, result=None):
        if result:
            said = self._say(item, basis, result, first, last)
        else:
            said = self._derived(item, basis, first, last)
        if not said["amount"]:
            return
        self.charges.append(
            {
                "run_id": self.run.id,
                "fee_id": fee["id"],
                "share": share,
                "unit_id": fee["unit_id"],
                "item_id": fee["item_id"],
                "payer_id": payer,
                "meter_id": fee["meter_id"],
                "allocation_id": basis.get("allocation") or False,
                "date_from": first,
                "date_to": last,
                "tax_id": tax_id or False,
                "basis": basis,
                **said,
            }
        )

    def _derived(self, item, basis, first, last):
        """Derive a charge and phrase it; once only where many homes have the very same facts."""
        if basis["kind"] != "time" or basis.get("part") is not None:
            return self._say(item, basis, plan.derive(basis), first, last)
        facts = [pair for pair in basis.items() if pair[0] not in WHO]
        key = repr((item["id"], first, last, facts))
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._say(item, basis, plan.derive(basis), first, last)
        return said

    def _say(self, item, basis, result, first, last):
        """Return the values that follow from a derived amount: numbers, lines and texts."""
        if not result["amount"]:
            return {"amount": 0.0}
        lines = self.words.lines(item, basis, result)
        names = [line[0] for line in lines]
        return {
            "quantity": float(result["quantity"]),
            "amount": float(result["amount"]),
            "explanation": self.words.explain(item, basis, result, names, first, last),
            "line_ids": self._line_commands(lines, result),
        }

    def _line_commands(self, lines, result):
        """Prepare the lines; what VAT on top or a payer's part makes of their sum is a line."""
        commands = [
            (0, 0, {"sequence": i, "name": n, "quantity": q, "price": p, "amount": a})
            for i, (n, q, p, a) in enumerate(lines, start=1)
        ]
        rest = result["amount"] - result["net"]
        if rest:
            name = (
                self.env._("VAT on top")
                if result["amount"] == result["gross"]
                else self.env._("Part of the other payers, taken off")
            )
            commands.append(
                (
                    0,
                    0,
                    {
                        "sequence": 99,
                        "name": name,
                        "quantity": 1,
                        "price": float(rest),
                        "amount": float(rest),
                    },
                )
            )
        return commands

    def _drop_billed(self):
        """Leave out charges whose days another run, or an opening bill, already covers."""
        if not self.charges:
            return
        first = min(vals["date_from"] for vals in self.charges)
        last = max(vals["date_to"] for vals in self.charges)
        billed = self.facts.billed(first, last)
        kept, reported = [], set()
        for vals in self.charges:
            others = vals["basis"]["kind"] != "time" and [
                row
                for row in billed.get((vals["fee_id"], vals["share"]), ())
                if row[0] <= vals["date_to"] and row[1] >= vals["date_from"]
            ]
            if not others:
                kept.append(vals)
            elif vals["fee_id"] not in reported:
                reported.add(vals["fee_id"])
                self._report_billed(vals, others[0])
        self.charges = kept
