from datetime import date

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import BillingCommon

IGNORED_MOVE = {
    "id",
    "create_date",
    "write_date",
    "name",
    "payment_reference",
    "sequence_number",
    "sequence_prefix",
    "made_sequence_gap",
    "property_charge_id",
    "access_token",
}
IGNORED_LINE = {"id", "move_id", "create_date", "write_date", "move_name"}


@tagged("post_install", "-at_install")
class TestPosting(BillingCommon):
    def _columns(self, table, where, ids, order="id"):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT * FROM %s WHERE %s = ANY(%s) ORDER BY %s",
                SQL.identifier(table),
                SQL.identifier(where),
                list(ids),
                SQL(order),
            )
        )
        return self.env.cr.dictfetchall()

    def _run_posted(self, items=None):
        run = self.new_run(items=items)
        run.action_compute()
        run.action_post()
        return run

    def test_every_charge_has_one_posted_bill_of_the_same_amount(self):
        run = self._run_posted()
        self.assertEqual(run.state, "posted")
        self.assertEqual(len(run.charge_ids.move_id), len(run.charge_ids))
        for charge in run.charge_ids:
            move = charge.move_id
            self.assertEqual(
                (charge.state, move.state, move.amount_total, move.amount_residual),
                ("posted", "posted", charge.amount, charge.amount),
            )
            self.assertEqual(move.journal_id, self.site.billing_journal_id)
            self.assertEqual(move.property_charge_id, charge)
            self.assertEqual(
                (move.unit_id, move.site_id, move.charge_item_id, move.partner_id),
                (charge.unit_id, charge.site_id, charge.item_id, charge.payer_id),
            )
            self.assertEqual(move.line_ids.unit_id, charge.unit_id)
            self.assertEqual(move.line_ids.site_id, charge.site_id)
            self.assertEqual(move.invoice_date, date(2026, 9, 30))
        self.assertFalse(run.charge_ids.move_id.message_ids)
        numbers = sorted(run.charge_ids.move_id.mapped("sequence_number"))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    def test_a_bill_equals_one_odoo_makes_itself_column_by_column(self):
        run = self._run_posted()
        for charge in run.charge_ids:
            ours = charge.move_id
            stock = (
                self.env["account.move"]
                .with_context(lang=self.company._billing_lang())
                .create(
                    {
                        "move_type": "out_invoice",
                        "journal_id": ours.journal_id.id,
                        "partner_id": charge.payer_id.id,
                        "invoice_date": ours.invoice_date,
                        "invoice_date_due": ours.invoice_date_due,
                        "invoice_payment_term_id": False,
                        "fiscal_position_id": False,
                        "ref": ours.ref,
                        "billing_run_id": run.id,
                        "unit_id": charge.unit_id.id,
                        "is_opening": False,
                        "charge_item_id": charge.item_id.id,
                        "period_from": charge.date_from,
                        "period_to": charge.date_to,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": charge.item_id.product_id.id,
                                    "name": name,
                                    "quantity": 1,
                                    "price_unit": amount,
                                    "tax_ids": [Command.set(charge.tax_id.ids)],
                                }
                            )
                            for name, amount in charge._bill_lines()
                        ],
                    }
                )
            )
            stock.action_post()
            mine = self._columns("account_move", "id", ours.ids)[0]
            theirs = self._columns("account_move", "id", stock.ids)[0]
            self.assertEqual(
                {k: v for k, v in mine.items() if k not in IGNORED_MOVE},
                {k: v for k, v in theirs.items() if k not in IGNORED_MOVE},
            )
            order = "CASE display_type WHEN 'product' THEN 1 WHEN 'tax' THEN 2 ELSE 3 END, id"
            mine = self._columns("account_move_line", "move_id", ours.ids, order)
            theirs = self._columns("account_move_line", "move_id", stock.ids, order)
            self.assertEqual(len(mine), len(theirs))
            for my_line, their_line in zip(mine, theirs, strict=True):
                for line, move in ((my_line, ours), (their_line, stock)):
                    line["name"] = line["name"].replace(move.name, "NUMBER")
                self.assertEqual(
                    {k: v for k, v in my_line.items() if k not in IGNORED_LINE},
                    {k: v for k, v in their_line.items() if k not in IGNORED_LINE},
                )
            for field in ("tax_ids", "tax_tag_ids"):
                self.assertEqual(ours.line_ids[field], stock.line_ids[field])

    def test_vat_at_every_rate_totals_the_charge_to_the_fen(self):
        amounts = [
            fen / 100
            for fen in (
                1,
                2,
                7,
                16,
                17,
                49,
                50,
                51,
                99,
                101,
                333,
                1005,
                28530,
                99999,
                123457,
                1000001,
            )
        ]
        for rate in (3, 5, 6, 9, 13):
            item = self.new_item(f"V{rate}", "one_off", 1.0, rate)
            self.env["property.fee"].create(
                [
                    {
                        "unit_id": self.unit.id,
                        "item_id": item.id,
                        "date_from": date(2026, 9, 5),
                        "price": amount,
                    }
                    for amount in amounts
                ]
            )
            run = self._run_posted(item)
            self.assertEqual(sorted(run.charge_ids.mapped("amount")), sorted(amounts))
            for move in run.charge_ids.move_id:
                total = move.property_charge_id.amount
                tax = round(total * rate / (100 + rate) + 1e-9, 2)
                self.assertEqual(move.currency_id.compare_amounts(move.amount_total, total), 0)
                self.assertEqual(move.currency_id.compare_amounts(move.amount_tax, tax), 0)
                self.assertEqual(
                    move.currency_id.compare_amounts(move.amount_untaxed + move.amount_tax, total),
                    0,
                )

    def test_an_unusual_tax_takes_the_ordinary_way_to_the_same_total(self):
        tax = (
            self.env["account.tax"]
            ._vat_tax(self.company, 6)
            .copy(
                {
                    "name": "levy",
                    "amount_type": "division",
                    "price_include_override": "tax_included",
                }
            )
        )
        self.management.tariff_ids.write({"tax_id": tax.id})
        run = self._run_posted(self.management)
        self.assertEqual(set(run.charge_ids.move_id.mapped("amount_total")), {300.0})

    def test_the_stock_tax_of_the_chart_is_read_as_included(self):
        stock_tax = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 9),
                ("price_include", "=", False),
            ],
            limit=1,
        )
        self.management.tariff_ids.write({"tax_id": stock_tax.id})
        run = self._run_posted(self.management)
        self.assertEqual(set(run.charge_ids.move_id.mapped("amount_total")), {300.0})
        self.assertEqual(set(run.charge_ids.move_id.mapped("amount_tax")), {24.77})

    @mute_logger("odoo.sql_db")
    def test_a_taken_number_is_passed_over(self):
        first = self._run_posted(self.parking).charge_ids.move_id
        run = self.new_run(items=self.management)
        run.action_compute()
        charges = type(run.charge_ids)
        taken = first.name

        def same_name(self_, company, values):
            for vals in values:
                vals["name"] = taken
            return True

        self.patch(charges, "_assign_names", same_name)
        run.action_post()
        self.assertEqual(len(set(run.charge_ids.move_id.mapped("name"))), 2)
        self.assertNotIn(taken, run.charge_ids.move_id.mapped("name"))

    def test_a_payment_takes_the_site_and_unit_of_its_bill(self):
        run = self._run_posted(self.management)
        move = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit).move_id
        payment = self.pay(move)
        self.assertEqual((payment.site_id, payment.unit_id), (self.site, self.unit))
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertEqual(run.charge_ids.filtered(lambda c: c.move_id == move).amount_residual, 0)

    def test_posting_needs_a_fixed_number_of_queries_a_bill(self):
        units = [self.new_unit(f"{floor}01", entrance="2", floor=floor) for floor in range(1, 41)]
        for unit in units:
            self.occupy(unit, self.owner, "owner", date(2025, 1, 1))
        run = self.new_run(items=self.management)
        run.action_compute()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run.action_post()
        self.env.flush_all()
        self.assertLess((self.env.cr.sql_log_count - before) / len(run.charge_ids), 15)
