"""Awkward bills of the fast lane live the same life as the ORM's: nothing tells them apart."""

import random
import re
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models import billing_lane_proof
from .lane_common import AMOUNTS, LaneCommon

RATES = (0, 3, 6, 9, 13, 25)
# numbers that the database hands out, a hash of some of them, and a secret made by chance
COUNTERS = {
    "account_move.inalterable_hash",
    "account_move.access_token",
    "account_move_line.full_reconcile_id",
    "account_move_line.matching_number",
}


@tagged("post_install", "-at_install")
class TestBillingLaneLife(LaneCommon):
    def setUp(self):
        super().setUp()
        # ids are taken out of texts below: they must look like no year, day or amount in them
        self.env.cr.execute(
            "SELECT setval('account_move_id_seq',"
            " greatest(nextval('account_move_id_seq'), 9000000))"
        )

    def _awkward(self, seed):
        """Compute a run and give its charges ties, rebates, zero lines and long prices."""
        pick = random.Random(seed)  # noqa: S311 no secret, but a repeatable test
        run = self._computed(self.management)
        for charge in run.charge_ids:
            parts = [pick.choice([*AMOUNTS, 0.0, -0.01, -1.37]) for _n in range(pick.randint(1, 6))]
            parts = [round(part, 2) for part in parts]
            if sum(parts) < 0:
                parts.append(round(abs(sum(parts)) + pick.choice(AMOUNTS), 2))
            tax = self.env["account.tax"]._vat_tax(self.company, pick.choice(RATES))
            charge.sudo().write(
                {
                    "amount": round(sum(parts), 2),
                    "tax_id": tax.id,
                    "basis": {
                        **charge.basis,
                        "rate": f"{tax.amount:g}" if tax else "",
                        "price_include": pick.random() < 0.7,
                    },
                    "line_ids": [
                        (5,),
                        *(
                            (
                                0,
                                0,
                                {
                                    "sequence": number,
                                    "name": f"part {number}",
                                    "quantity": 3.0001,
                                    "price": round(part / 3.0001, 4),
                                    "amount": part,
                                },
                            )
                            for number, part in enumerate(parts)
                        ),
                    ],
                }
            )
        return run

    def test_awkward_bills_are_the_same_in_every_column(self):
        for seed in range(4):
            with self.subTest(seed=seed):
                run = self._awkward(seed)
                bills = self._assert_both_lanes_agree(run)
                self.assertEqual(
                    [Decimal(str(round(bill.amount_total, 2))) for bill in bills],
                    [
                        Decimal(str(round(charge.amount, 2)))
                        for charge in run.charge_ids.sorted("id")
                    ],
                )
                run.action_undo()

    def _live(self, steps):
        """Live through steps with the bills of both lanes and compare every column after.

        :param steps: function of bills; what it returns is compared too
        """
        told = []
        run = self._awkward(7)

        def told_steps(bills):
            told.append(steps(bills))

        with self.env.cr.savepoint() as trial, self._only_orm():
            _bills, by_orm = self._life(run, told_steps)
            self.assertEqual(run.orm_count, len(run.charge_ids))
            trial.rollback()
        self.env.invalidate_all(flush=False)
        _bills, by_lane = self._life(run, told_steps)
        self.assertEqual(run.fast_count, len(run.charge_ids), run.lane_note)
        for charge_id, bill in by_orm.items():
            found, cells = billing_lane_proof.differences(bill, by_lane[charge_id])
            self.assertEqual(set(found) - COUNTERS, set())
            self.assertGreater(cells, 100)
        self.assertEqual(told[0], told[1])
        return told[0]

    def _told(self, bills, act):
        """Do something that may be refused, and return the refusal, without ids, or nothing."""
        try:
            with self.env.cr.savepoint():
                act()
        except UserError as error:
            return re.sub(rf"(?<!\d)({'|'.join(map(str, bills.ids))})(?!\d)", "id", str(error))
        return ""

    def test_opened_in_a_form_and_saved(self):
        def steps(bills):
            shown = []
            for bill in bills:
                form = Form(bill)
                form.save()
                shown.append((str(bill.tax_totals), bill.amount_total_words))
            return shown

        self.assertTrue(self._live(steps))

    def test_every_stored_value_computed_again(self):
        def steps(bills):
            before = billing_lane_proof.capture(self.env, bills)
            for records in (bills, bills.line_ids):
                for field in records._fields.values():
                    # what a person may change is not computed again by itself
                    if field.store and field.compute and field.readonly:
                        self.env.add_to_compute(field, records)
            self.env.flush_all()
            self.env.invalidate_all()
            after = billing_lane_proof.capture(self.env, bills)
            return [billing_lane_proof.differences(before[key], after[key])[0] for key in before]

        moved = self._live(steps)
        self.assertEqual(moved, [[]] * len(moved))

    def test_paid_part_paid_and_paid_together(self):
        def steps(bills):
            owing = bills.filtered(lambda bill: bill.amount_residual > 0.02)
            self.pay(owing[0])
            self.pay(owing[1], round(owing[1].amount_total / 2, 2))
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=owing[2:5].ids
            )
            wizard.create({"group_payment": True})._create_payments()
            return [(bill.payment_state, bill.amount_residual) for bill in bills]

        states = [state for state, _residual in self._live(steps)]
        self.assertIn("partial", states)

    @mute_logger("odoo.models.unlink")
    def test_credited_reset_and_cancelled(self):
        def steps(bills):
            some = bills.filtered("amount_total")
            wizard = self.env["account.move.reversal"].with_context(
                active_model="account.move", active_ids=some[0].ids
            )
            told = [
                self._told(
                    bills,
                    lambda: wizard.create(
                        {"journal_id": some[0].journal_id.id, "reason": "wrong"}
                    ).refund_moves(),
                ),
                self._told(bills, some[1].button_draft),
                self._told(bills, some[1].action_post),
                self._told(bills, some[2].button_draft),
                self._told(bills, some[2].button_cancel),
            ]
            some[3].property_charge_id._undo()
            return [*told, [(bill.name, bill.state, bill.payment_state) for bill in bills]]

        self._live(steps)

    def test_hashed_and_printed(self):
        def steps(bills):
            bills._hash_moves(force_hash=True)
            pages = self.env["ir.actions.report"]._render_qweb_html(
                "account.report_invoice", bills.ids
            )[0]
            text = pages.decode() if isinstance(pages, bytes) else str(pages)
            text = re.sub(r'data-oe-[a-z-]+="[^"]*"', "", text)
            for place, bill in enumerate(bills):
                text = re.sub(rf"\b{bill.id}\b", f"bill {place}", text)
            journal = bills.journal_id.name
            checked = self.company._check_hash_integrity()["results"]
            statuses = [one["status"] for one in checked if journal in one["journal_name"]]
            return [all(bills.mapped("inalterable_hash")), statuses, text]

        is_hashed, statuses, text = self._live(steps)
        self.assertTrue(is_hashed)
        self.assertEqual(statuses, ["verified"])
        self.assertGreater(len(text), 1000)

    def test_a_charge_with_a_tax_on_top_is_billed_alike(self):
        tax = self.env["account.tax"]._vat_tax(self.company, 9)
        run = self._computed(self.management)
        run.charge_ids.sudo().tax_id = tax.copy(
            {"name": "on top", "price_include_override": "tax_excluded"}
        )
        bills = self._assert_both_lanes_agree(run)
        self.assertEqual(bills.invoice_line_ids.tax_ids, tax)

    def test_vat_on_top_of_several_lines_is_the_vat_of_their_sum(self):
        """One line a bill: VAT rounded line by line would sum to another total than the charge."""
        self.water.tariff_ids.price_include = False
        run = self._computed(self.water)
        bills = self._assert_both_lanes_agree(run)
        charge = run.charge_ids
        lines = charge.line_ids.sorted("sequence")
        self.assertEqual(len(lines), 4)  # three tiers and the VAT
        net = sum(Decimal(str(round(line.amount, 2))) for line in lines[:3])
        vat = (net * 3 / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        self.assertEqual(len(bills.invoice_line_ids), 1)
        self.assertEqual(bills.invoice_line_ids.name, charge.explanation)
        for line in lines[:3]:
            self.assertIn(line.name, bills.invoice_line_ids.name)
        self.assertAlmostEqual(bills.amount_untaxed, float(net), 2)
        self.assertAlmostEqual(bills.amount_tax, float(vat), 2)
        self.assertAlmostEqual(bills.amount_total, charge.amount, 2)
