"""What PostgreSQL reads for the pivots of reports, told by its plans."""

import re
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .report_common import MEASURES, ReportCommon


@tagged("post_install", "-at_install")
class TestReportPlans(ReportCommon):
    def questions(self, work):
        """Return what is asked of PostgreSQL meanwhile, as SQL objects."""
        execute = type(self.env.cr).execute
        with patch.object(
            type(self.env.cr), "execute", autospec=True, side_effect=execute
        ) as asked:
            work()
        queries = [call.args[1] for call in asked.call_args_list]
        return [query for query in queries if isinstance(query, SQL)]

    def plan(self, model, domain, groups, measures, explain="EXPLAIN"):
        """Return the plan of the question that a pivot asks with GROUPING SETS."""
        questions = self.questions(
            lambda: model.formatted_read_grouping_sets(domain, [[], groups], measures)
        )
        [query] = [one for one in questions if "GROUPING" in one.code]
        self.env.cr.execute(SQL("%s %s", SQL(explain), query))
        return "\n".join(row for (row,) in self.env.cr.fetchall())

    def test_a_pivot_finds_a_site_by_index(self):
        """With sequential scans switched off, only a plan without an index still has one.

        A pivot asks with GROUPING SETS, and filters that stay above such a question read all.
        """
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        domain = [("date", ">=", "2026-01-01"), ("date", "<=", "2026-12-31")]
        for name, measure in MEASURES.items():
            plan = self.plan(self.report(name, "manager"), domain, ["building_id"], [measure])
            with self.subTest(name):
                self.assertNotRegex(plan, r"Seq Scan on account_(move|payment\b|partial)")
                # what is asked reaches the tables: nothing is left to the finished rows
                self.assertNotRegex(
                    plan, r'Subquery Scan on "?(row|property_report_\w+)"?[^\n]*\n\s+Filter'
                )

    def test_a_group_adds_up_what_is_billed_and_owed_without_the_entries_behind_it(self):
        """Items and settlements say what is asked: half a million entries are not looked up."""
        asked = {
            "collection": ["amount_due:sum", "amount_collected:sum", "rate:avg"],
            "ageing": ["amount_open:sum", "amount_older:sum"],
            "arrears": ["amount_start:sum", "rate:avg"],
        }
        for name, measures in asked.items():
            model = self.report(name, "director")
            for groups in (["site_id", "building_id"], ["charge_item_id"], ["period_to:month"]):
                plan = self.plan(model, [("is_opening", "=", False)], groups, measures)
                with self.subTest(f"{name} {groups}"):
                    self.assertNotRegex(plan, r" on account_(move|payment|journal) ")

    def test_a_group_adds_up_its_income_from_what_one_index_knows(self):
        [(index,)] = self.env.execute_query(
            SQL(
                "SELECT indexdef FROM pg_indexes WHERE indexname = %s",
                "account_move_line_property_income_index",
            )
        )
        for groups in (["site_id", "charge_item_id"], ["month_earned:month"], ["unit_id"]):
            plan = self.plan(
                self.report("income", "director", property_as_of="2026-06-30"),
                [],
                groups,
                ["amount_earned:sum", "amount_deferred:sum"],
                explain="EXPLAIN (VERBOSE)",
            )
            asked = set(re.findall(r"\bline\.(\w+)", plan))
            with self.subTest(groups):
                self.assertIn("balance", asked)
                self.assertLessEqual(asked, set(re.findall(r"\w+", index)))
                self.assertNotRegex(plan, r" on public.account_(move|payment) ")

    def test_the_odd_fen_of_a_period_are_split_once_whatever_they_are_added_up_by(self):
        self.parking.unit_type_ids = self.type_parking | self.unit.type_id
        run = self.bill_a_year_ahead()
        amounts = run.charge_ids.move_id.mapped("amount_total")
        self.assertGreater(len(amounts), len(set(amounts)))
        for login in ("director", "manager"):
            split = {}
            for name in ("company_id", "unit_id", "move_id"):
                plan = self.plan(
                    self.report("income", login),
                    [],
                    [name],
                    ["amount_net:sum"],
                    explain="EXPLAIN (ANALYZE, TIMING OFF)",
                )
                split[name] = re.findall(r"on generate_series[^\n]* loops=(\d+)", plan)
            with self.subTest(login):
                self.assertEqual(split["unit_id"], split["company_id"])
                self.assertEqual(split["move_id"], split["company_id"])
                self.assertGreater(int(*split["move_id"]), 0)

    def test_a_page_splits_only_the_items_and_groups_it_shows(self):
        year = [("month_earned", ">=", "2026-01-01"), ("month_earned", "<=", "2026-12-31")]
        model = self.report("income", "director")
        shown = {"month_earned": {}, "amount_net": {}}
        for domain in ([], year, [("is_deferred", "=", False)]):
            for order in (None, "unit_id"):
                questions = self.questions(
                    lambda domain=domain, order=order: model.web_search_read(
                        domain, shown, limit=2, order=order, count_limit=3
                    )
                )
                split = [one.code for one in questions if "generate_series" in one.code]
                self.assertTrue(split)
                for code in split:
                    self.assertIn("line.id = ANY", code)
            questions = self.questions(
                lambda domain=domain: model.web_read_group(
                    domain, ["unit_id"], ["amount_net:sum"], limit=1
                )
            )
            [code] = [one.code for one in questions if "generate_series" in one.code]
            self.assertIn('"property_report_income"."unit_id" IN', code)

    def test_a_page_of_the_latest_days_looks_at_these_only(self):
        for name in ("cashier", "collection"):
            model = self.report(name, "director")
            domain = [("date", "<=", model.search([])[0].date)]
            questions = self.questions(
                lambda model=model, domain=domain: model.web_search_read(
                    domain, {"date": {}}, limit=1
                )
            )
            pages = [one for one in questions if " ORDER BY " in one.code and "LIMIT" in one.code]
            with self.subTest(name):
                self.assertTrue(pages)
                for page in pages:
                    self.assertIn(f'"property_report_{name}"."date" >=', page.code)
