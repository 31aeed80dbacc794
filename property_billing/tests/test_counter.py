"""What the screen of the counter asks for."""

from unittest.mock import patch
from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestCounter(CounterCommon):
    def found(self, text, user=None):
        return [row["id"] for row in self.counter(user).search_households(text)]

    def test_a_household_is_found_by_everything_people_say(self):
        for text in (
            "3-1-1502",
            "3-1502",
            "1502",
            "３－１－１５０２",
            "3栋1单元1502室",
            "B1-017",
            "Test Owner",
            "Tenant Wu",
            "child",
            "13800001111",
            "138 0000 1111",
            "1111",
            "浙A·8K888",
            "8k888",
        ):
            with self.subTest(text):
                self.assertEqual(self.found(text)[:1], [self.unit.id])

    def test_the_surest_match_comes_first(self):
        self.new_unit("15020", floor=15)
        found = self.found("3-1-1502")
        self.assertEqual(found[0], self.unit.id)
        self.assertEqual(len(found), 2)

    def test_a_part_of_a_name_finds_its_people(self):
        for name, texts in (("王伟英", ("伟英", "英", "王伟")), ("欧阳伟英", ("阳伟", "阳伟英"))):
            self.owner.name = name
            for text in texts:
                with self.subTest(text):
                    self.assertEqual(self.found(text), [self.unit.id])
            self.assertEqual(self.found("伟王"), [])

    def test_parts_of_names_have_an_index(self):
        for setting in ("seqscan", "indexscan", "indexonlyscan"):
            self.env.cr.execute(f"SET LOCAL enable_{setting} = off")
        for pattern in ("%owner%", "%伟英"):
            question = "EXPLAIN SELECT id FROM res_partner WHERE name ILIKE %s"
            self.env.cr.execute(question, [pattern])
            plan = "\n".join(row for (row,) in self.env.cr.fetchall())
            with self.subTest(pattern):
                self.assertIn("res_partner_name_trigram_index", plan)

    def test_nonsense_and_foreign_sites_find_nothing(self):
        for text in (
            None,
            7,
            "\0",
            "",
            "  ",
            "%",
            "_",
            "\\",
            "'; --",
            "----",
            "Foreign Owner",
            "39900004444",
        ):
            with self.subTest(text):
                self.assertEqual(self.found(text), [])
        self.assertNotIn(self.other_unit.id, self.found("101"))

    def test_people_who_left_do_not_find_the_household(self):
        self.tenant_row.date_to = "2026-03-31"
        self.assertEqual(self.found("Tenant Wu"), [])

    def test_a_result_says_who_where_and_how_much(self):
        [row] = self.counter().search_households("3-1502")
        self.assertEqual(row["open"], 410.50)
        self.assertEqual(row["spaces"], ["B1-017"])
        self.assertIn("Test Owner Li", row["names"])
        self.assertIn("*", row["phone"])
        self.assertNotIn("13800001111", str(row))

    def test_the_household_shows_everybodys_bills_with_live_late_fees(self):
        self.prepay(self.owner, 88.00)
        with self.late_fees({self.bill: "3.21"}):
            household = self.counter().open_household(self.space.id)
        self.assertEqual(household["unit"]["id"], self.unit.id)
        self.assertEqual(
            {row["id"]: (row["residual"], row["late_fee"]) for row in household["bills"]},
            {
                self.bill.id: ("200.50", "3.21"),
                self.space_bill.id: ("150.00", "0.00"),
                self.tenant_bill.id: ("60.00", "0.00"),
            },
        )
        self.assertEqual(household["prepayments"][0]["left"], "88.00")
        self.assertNotIn("13800001111", str(household))

    def test_an_amount_is_shared_out_by_the_order_of_the_site(self):
        with self.late_fees({self.bill: "3.21", self.tenant_bill: "1.00"}):
            shown = self.counter().preview(self.spec(amount="50"))
            self.assertEqual(
                shown["late"], {str(self.bill.id): "3.21", str(self.tenant_bill.id): "1.00"}
            )
            self.assertEqual(shown["due"], "50.00")
            self.assertEqual(sum(map(float, shown["pays"].values())), 45.79)
            self.site.settlement_order = "principal"
            shown = self.counter().preview(self.spec(amount="50"))
            self.assertEqual((shown["late"], shown["due_bills"]), ({}, "50.00"))

    def test_cash_is_filled_in_and_changed(self):
        shown = self.counter().preview(self.spec(tenders=(("pos", "400"), ("cash", ""))))
        self.assertEqual(shown["tenders"], ["400.00", "10.50"])
        shown = self.counter().preview(self.spec(tenders=(("pos", "400"), ("cash", "100"))))
        self.assertEqual((shown["change"], shown["missing"]), ("89.50", "0.00"))
        shown = self.counter().preview(self.spec(tenders=(("pos", "500"),)))
        self.assertEqual((shown["too_much"], shown["change"]), ("89.50", "0.00"))

    def test_amounts_are_read_as_people_type_and_paste_them(self):
        for text in ("１２８．５０", "128。50", "￥128.50", "128.5元"):
            with self.subTest(text):
                self.assertEqual(self.counter().preview(self.spec(amount=text))["due"], "128.50")
        for text in ("128,50", "1e2", "1_0", "-5", "NaN", "١٢٨", "0.001", "9" * 40):
            with self.subTest(text), self.assertRaisesRegex(UserError, "is no amount"):
                self.counter().preview(self.spec(amount=text))

    def test_taking_what_was_shown_settles_it_and_prints(self):
        token = str(uuid4())
        seen = {
            str(bill.id): [f"{bill.amount_residual:.2f}", "0.00"]
            for bill in self.bill | self.space_bill | self.tenant_bill
        }
        taken = self.take(self.spec(tenders=(("cash", "500"),), seen=seen), token)
        self.assertEqual((taken["amount"], taken["change"]), ("410.50", "89.50"))
        self.assertIn("/report/pdf/", taken["print_url"])
        again = self.take(self.spec(tenders=(("cash", "500"),), seen=seen), token)
        self.assertEqual(again["id"], taken["id"])
        self.assertEqual(self.counter().open_household(self.unit.id)["bills"], [])

    def test_what_is_more_than_everything_owed_is_kept(self):
        self.take(self.spec(amount="500", tenders=(("pos", "500"),)))
        household = self.counter().open_household(self.unit.id)
        self.assertEqual([row["left"] for row in household["prepayments"]], ["89.50"])
        self.assertEqual(household["prepayments"][0]["payer"], self.tenant.name)

    def test_months_are_paid_ahead_and_say_how_they_are_reckoned(self):
        item = self.new_standing_fee()
        shown = self.counter().preview(self.spec(bills=self.bill.browse(), months=3))
        self.assertEqual(shown["due"], "750.00")
        self.assertIn("2.5 × 100 m²", shown["ahead"][0]["name"])
        self.take(self.spec(bills=self.bill.browse(), months=3, tenders=(("wechat", ""),)))
        kept = self.env["property.prepayment"]._open(self.unit)
        self.assertEqual((kept.amount, kept.item_id, kept.partner_id), (750, item, self.owner))

    def test_bad_input_is_refused_with_what_to_do(self):
        foreign = self.new_bill(self.other_unit, self.other_owner, 9.0)
        none = self.bill.browse()
        cases = (
            (self.spec(amount="12.345"), "no amount"),
            (self.spec(amount="abc"), "no amount"),
            (self.spec(amount="-5"), "no amount"),
            (self.spec(amount="NaN"), "no amount"),
            (self.spec(amount="690123456789012345678901234567"), "no amount"),
            (self.spec(amount="1e309"), "no amount"),
            (7, "repeat"),
            (self.spec(bill_ids="12"), "repeat"),
            (self.spec(bill_ids=[[1]]), "repeat"),
            ({**self.spec(), "tenders": [7]}, "repeat"),
            ({**self.spec(), "deposit": "key"}, "repeat"),
            ({**self.spec(), "tenders": [{"method_id": "cash", "amount": "1"}]}, "repeat"),
            (self.spec(bills=foreign), "settled meanwhile"),
            (self.spec(months=99), "months ahead"),
            (self.spec(bills=none, months=2), "no monthly fee"),
            (self.spec(bills=none), "Choose at least one bill"),
            (self.spec(tenders=()), "is missing"),
            (self.spec(unit_id="x"), "no longer there"),
        )
        for spec, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self.take(spec)
        with self.assertRaisesRegex(UserError, "repeat"):
            self.take(self.spec(), token="short")
        with self.assertRaises(AccessError):
            self.take(self.spec(unit_id=self.other_unit.id, bill_ids=[]))

    def test_without_an_open_shift_no_money_is_taken(self):
        self.shift._close({"100": 2}, {}, {})
        with self.assertRaisesRegex(UserError, "Open your shift"):
            self.take()

    def test_the_counter_is_for_cashiers(self):
        user = self.new_staff("counter.service", self.new_job("service"), self.site)
        calls = (
            ("start", ()),
            ("search_households", ("1502",)),
            ("open_household", (self.unit.id,)),
            ("preview", (self.spec(),)),
            ("take", (self.spec(), str(uuid4()))),
            ("undo", (1, "why")),
            ("last_takings", ()),
            ("open_shift", (self.site.id, "0")),
            ("shift_figures", ()),
            ("close_shift", ({}, {}, {})),
            ("print_url", (1,)),
        )
        for name, arguments in calls:
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(self.counter(user), name)(*arguments)

    def test_undoing_at_the_counter_opens_the_bills(self):
        taken = self.take()
        shown = self.counter().undo(taken["id"], "Wrong room")
        self.assertEqual(shown["state"], "undone")
        self.assertEqual(len(self.counter().open_household(self.unit.id)["bills"]), 3)

    def test_the_household_needs_the_same_queries_for_many_bills(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.counter().open_household(self.unit.id)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for _index in range(20):
            self.new_bill(self.unit, self.owner, 10.0)
        self.assertLessEqual(queries(), few + 2)

    def test_searching_reads_indexes_not_tables(self):
        """With sequential scans switched off, only a question no index answers still scans."""
        tables = "property_unit|property_occupancy|res_partner|property_vehicle"
        cursor = type(self.env.cr)
        execute = cursor.execute
        execute(self.env.cr, "SET LOCAL enable_seqscan = off")
        for text in ("3-1502", "1502", "B1-017", "13800001111", "1111", "Test Owner", "浙A8K888"):
            self.env.invalidate_all()
            with patch.object(cursor, "execute", autospec=True, side_effect=execute) as asked:
                self.assertEqual(self.found(text)[:1], [self.unit.id])
            for call in asked.call_args_list:
                query = call.args[1]
                code = getattr(query, "code", query)
                params = getattr(query, "params", call.args[2] if len(call.args) > 2 else None)
                if not code.lstrip().upper().startswith("SELECT"):
                    continue
                execute(self.env.cr, "EXPLAIN " + code, params)
                plan = "\n".join(row[0] for row in self.env.cr.fetchall())
                with self.subTest(text):
                    self.assertNotRegex(plan, rf"Seq Scan on ({tables})\b", code)
