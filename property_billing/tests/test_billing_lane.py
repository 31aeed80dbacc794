"""The fast lane and the ORM make the same bills, cell by cell, and the same of them later."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import billing_lane, property_charge_post
from .common import BillingStaffCommon
from .lane_common import AMOUNTS, LaneCommon


@tagged("post_install", "-at_install")
class TestBillingLane(LaneCommon):
    def test_an_ordinary_month_is_posted_by_the_fast_lane_alone(self):
        run = self._computed()
        self._assert_both_lanes_agree(run)
        self.assertGreater(run.lane_cells, 1000)
        self.assertFalse(run.lane_unknown)
        self.assertIn("account", run.lane_census)
        for charge in run.charge_ids:
            self.assertEqual(charge.move_id.amount_total, charge.amount)

    def test_tiers_are_lines_of_the_bill_that_sum_to_the_charge(self):
        run = self._computed(self.water)
        self._assert_both_lanes_agree(run)
        bill = run.charge_ids.move_id
        lines = bill.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines.mapped("price_unit"), run.charge_ids.line_ids.mapped("amount"))
        self.assertTrue(run.charge_ids.explanation.startswith(lines[0].name))
        self.assertEqual(lines[1:].mapped("name"), run.charge_ids.line_ids[1:].mapped("name"))

    def test_ties_and_odd_amounts_split_like_the_tax_engine(self):
        for rate in (0, 1, 3, 4, 5, 6, 9, 12, 13, 20, 25, 60):
            with self.subTest(rate=rate):
                item = self._one_off(rate, [*AMOUNTS, *(fen / 100 for fen in range(3, 60, 3))])
                self._assert_both_lanes_agree(self._computed(item))

    def test_rebates_and_zero_lines_are_lines_too(self):
        run = self._computed(self.management)
        for index, charge in enumerate(run.charge_ids):
            amount = charge.amount
            parts = [[amount + 50, -50.0], [amount, 0.0], [amount - 0.07, 0.1, -0.03]][index % 3]
            charge.sudo().line_ids = [
                (5,),
                *(
                    (0, 0, {"sequence": n, "name": f"part {n}", "quantity": 1, "amount": part})
                    for n, part in enumerate(parts)
                ),
            ]
        self._assert_both_lanes_agree(run)
        self.assertEqual(
            sorted({len(bill.invoice_line_ids) for bill in run.charge_ids.move_id}), [2, 3]
        )

    def test_a_zero_charge_makes_a_paid_bill(self):
        run = self._computed(self.management)
        run.charge_ids.sudo().write({"amount": 0.0, "line_ids": [(5,)]})
        bills = self._assert_both_lanes_agree(run)
        self.assertEqual(set(bills.mapped("payment_state")), {"paid"})

    def test_opening_bills_of_many_days_take_the_lane(self):
        rows = [
            {
                "unit_id": self.unit.id,
                "item_id": self.management.id,
                "date_from": date(year, month, 1),
                "date_to": date(year, month, 28),
                "amount": 100.0 + month,
            }
            for year in (2024, 2025)
            for month in range(1, 13)
        ]
        lane = billing_lane.BillingLane
        seen = []
        post = lane.post

        def spy(self_, charges, least=0):
            result = post(self_, charges, least)
            seen.append((len(result[0]), result[1]))
            return result

        self.patch(lane, "post", spy)
        charges = self.env["property.charge"]._create_opening_bills(rows)
        self.assertEqual(seen, [(24, {})])
        self.assertEqual(len(set(charges.move_id.mapped("name"))), 24)
        self.assertEqual(charges.move_id.mapped("invoice_date"), charges.mapped("date_to"))
        for year in (2024, 2025):
            numbers = [m.sequence_number for m in charges.move_id if m.date.year == year]
            self.assertEqual(sorted(numbers), list(range(1, 13)))

    def test_paying_part_paying_and_recomputing_end_alike(self):
        def steps(bills):
            self.pay(bills[0])
            self.pay(bills[1], bills[1].amount_total / 2)
            bills[2]._compute_amount()
            for line in bills[2].line_ids:
                line._compute_totals()
                line._compute_amount_residual()

        run = self._computed(self.management)
        with mute_logger("odoo.models.unlink"):
            bills = self._assert_both_lanes_agree_on_money(run, steps)
        self.assertEqual(bills[1].payment_state, "partial")

    def test_undoing_crediting_hashing_and_printing_end_alike(self):
        texts = []

        def steps(bills):
            self.pay(bills[0])
            bills[1]._hash_moves(force_hash=True)
            self.assertTrue(bills[1].inalterable_hash)
            form = bills[1].web_read({"name": {}, "tax_totals": {}, "line_ids": {"fields": {}}})
            texts.append(str(form[0]["tax_totals"]["total_amount"]))
            texts.append(bills[1]._get_name_invoice_report())
            texts.append(
                len(
                    self.env["ir.actions.report"]._render_qweb_html(
                        "account.report_invoice", bills[1].ids
                    )[0]
                )
            )
            bills.property_charge_id._undo()

        run = self._computed(self.management)
        bills = self._assert_both_lanes_agree_on_money(run, steps)
        half = len(texts) // 2
        self.assertEqual(texts[:half], texts[half:])
        self.assertEqual(bills[0].property_charge_id.state, "reversed")
        self.assertEqual(bills[1].payment_state, "reversed")
        self.assertEqual(bills[-1].state, "cancel")

    def test_a_foreign_addon_that_overrides_posting_stops_the_lane(self):
        model = type(self.env["account.move"])
        inherited, seen = model._post, []

        def _post(move, soft=True):
            seen.extend(move.ids)
            return inherited(move, soft=soft)

        _post.__module__ = "odoo.addons.stamp_everything.models.account_move"
        self.patch(model, "_post", _post)
        run = self._computed(self.management)
        run.action_post()
        self.assertEqual((run.fast_count, run.orm_count), (0, run.charge_count))
        self.assertEqual(run.lane_unknown, "stamp_everything")
        self.assertLessEqual(set(run.charge_ids.move_id.ids), set(seen))
        self.assertIn("stamp_everything", run.lane_census)

    @mute_logger("odoo.addons.property_billing.models.posting_lane")
    def test_a_pattern_that_differs_goes_through_the_orm_and_the_run_says_so(self):
        values = {**billing_lane.billing_lane_sql.LINE, "price_total": "template.price_total + 1"}
        self.patch(billing_lane.billing_lane_sql, "LINE", values)
        run = self._computed(self.management)
        run.action_post()
        self.assertEqual((run.fast_count, run.orm_count), (0, run.charge_count))
        self.assertIn("account_move_line.price_total", run.lane_note)
        self.assertEqual(set(run.charge_ids.mapped("state")), {"posted"})
        for charge in run.charge_ids:
            lines = charge.move_id.invoice_line_ids
            self.assertEqual(sum(lines.mapped("price_total")), charge.amount)

    def test_rows_elsewhere_count_as_a_difference(self):
        run = self._computed(self.management)
        move = type(self.env["account.move"])
        post = move._post

        def _post(moves, soft=True):
            posted = post(moves, soft=soft)
            for one in posted:
                one.message_post(body="noted")
            return posted

        _post.__module__ = "odoo.addons.account.models.account_move"
        self.patch(move, "_post", _post)
        with mute_logger("odoo.addons.property_billing.models.posting_lane"):
            run.action_post()
        self.assertEqual(run.fast_count, 0)
        self.assertIn("mail_message", run.lane_note)
        self.assertTrue(all(bill.message_ids for bill in run.charge_ids.move_id))

    def test_an_unusual_tax_and_a_locked_period_are_left_to_the_orm(self):
        tax = self.env["account.tax"]._vat_tax(self.company, 6)
        odd = tax.copy(
            {"name": "levy", "amount_type": "division", "price_include_override": "tax_included"}
        )
        self.management.tariff_ids.write({"tax_id": odd.id})
        run = self._computed(self.management | self.parking)
        run.action_post()
        self.assertEqual(run.orm_count, len(run.charge_ids.filtered(lambda c: c.tax_id == odd)))
        self.assertEqual(run.fast_count, run.charge_count - run.orm_count)
        self.assertTrue(run.lane_note)

    @mute_logger("odoo.sql_db")
    def test_a_number_taken_meanwhile_is_passed_over_without_a_gap(self):
        first = self._computed(self.parking)
        first.action_post()
        last = max(first.charge_ids.move_id.mapped("sequence_number"))
        numbers = billing_lane.BillingLane._numbers
        calls = []

        def stale(self_, ids=None, floors=()):
            result = numbers(self_, ids, floors)
            if ids is None and not calls:
                calls.append(1)
                shift = result["numbers"][0] - last
                result["numbers"] = [number - shift for number in result["numbers"]]
                result["names"] = [
                    f"{prefix}{number:05d}"
                    for prefix, number in zip(result["prefixes"], result["numbers"], strict=True)
                ]
            return result

        self.patch(billing_lane.BillingLane, "_numbers", stale)
        run = self._computed(self.management)
        run.action_post()
        self.assertTrue(calls)
        self.assertEqual(run.orm_count, 0, run.lane_note)
        taken = sorted(run.charge_ids.move_id.mapped("sequence_number"))
        self.assertEqual(taken, list(range(last + 1, last + 1 + len(taken))))

    def test_a_lane_that_goes_on_after_bills_were_taken_back_leaves_no_gap(self):
        charges = self._computed(self.management).charge_ids.sorted("id")
        lanes = billing_lane.Lanes()
        first = charges[:3].with_context(billing_lanes=lanes)._post()
        last = max(first.mapped("sequence_number"))
        with self.env.cr.savepoint() as trial:
            charges[3:5].with_context(billing_lanes=lanes)._post()
            trial.rollback()
        self.env.invalidate_all(flush=False)
        rest = charges[3:].with_context(billing_lanes=lanes)._post()
        self.assertEqual(
            sorted(rest.mapped("sequence_number")), list(range(last + 1, last + 1 + len(rest)))
        )

    def test_a_bill_made_by_hand_goes_on_with_the_numbers(self):
        run = self._computed(self.management)
        run.action_post()
        bill = run.charge_ids.move_id[:1]
        other = bill.copy({"invoice_date": bill.invoice_date})
        other.action_post()
        self.assertEqual(
            other.sequence_number, max(run.charge_ids.move_id.mapped("sequence_number")) + 1
        )
        self.assertFalse(other.made_sequence_gap)

    def test_posting_again_posts_nothing_again(self):
        run = self._computed(self.management)
        run.action_post()
        before = self.env["account.move"].search_count([])
        run.charge_ids._post()
        self.assertEqual(self.env["account.move"].search_count([]), before)
        with self.assertRaises(UserError):
            run.action_post()

    def test_the_lane_needs_as_many_queries_for_many_bills_as_for_few(self):
        few = self._computed(self.management)
        few.action_post()
        few.action_undo()
        counts = []
        for more in (0, 40):
            for index in range(more):
                unit = self.new_unit(f"{index}09", entrance="5", floor=index + 1)
                self.occupy(unit, self.owner, "owner", date(2025, 1, 1))
            run = self._computed(self.management)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_post()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            run.action_undo()
        self.assertLessEqual(counts[1], counts[0] + 10)

    def test_a_chunk_after_the_first_is_not_proved_again(self):
        run = self._computed(self.management)
        charges = run.charge_ids.with_context(billing_lanes=billing_lane.Lanes())
        charges[:4]._post()
        cells = run.lane_cells
        charges[4:]._post()
        self.assertGreater(cells, 0)
        self.assertEqual(run.lane_cells, cells)
        self.assertEqual(run.fast_count, run.charge_count)

    def test_each_site_has_a_journal_of_its_own(self):
        journal = self.site._billing_journal()
        self.assertEqual(journal, self.site._billing_journal())
        self.assertNotEqual(journal, self.other_site._billing_journal())
        self.assertEqual(journal.company_id, self.site.company_id)


@tagged("post_install", "-at_install")
class TestBillingLaneAccess(BillingStaffCommon):
    def test_a_manager_without_accounting_rights_posts_by_the_lane(self):
        self.patch(property_charge_post, "LANE_FROM", 0)
        run = self.new_run(items=self.management).with_user(self.users["manager"])
        run.action_compute()
        run.action_post()
        self.assertEqual((run.state, run.orm_count), ("posted", 0), run.lane_note)
        self.assertEqual(run.fast_count, run.charge_count)
        with self.assertRaises(AccessError):
            run.with_user(self.users["cashier"]).action_post()
