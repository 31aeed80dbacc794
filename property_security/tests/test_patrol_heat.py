import doctest
import io

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, HttpCase, tagged

from ..tools import patrol_heat
from ..tools.patrol_heat import LEVELS, level
from .patrol_common import NOW, PatrolCommon, local

DAYS = ("2026-03-01", "2026-03-02")


@tagged("post_install", "-at_install")
class TestHeatKernel(BaseCase):
    def test_documented_examples_hold(self):
        self.assertFalse(doctest.testmod(patrol_heat).failed)

    @given(st.lists(st.integers(0, 500), min_size=1))
    def test_more_is_never_colder_and_something_is_never_white(self, numbers):
        most = max(numbers)
        steps = [level(number, most) for number in sorted(numbers)]
        self.assertEqual(steps, sorted(steps))
        self.assertEqual([step == 0 for step in steps], [n == 0 for n in sorted(numbers)])
        self.assertEqual(steps[-1], LEVELS if most else 0)


class HeatCommon(PatrolCommon):
    """The first patrol visited the gate and the pump; nobody walked the second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.new_round(local("2026-03-01 23:50"))
        cls.missed = cls.new_round(local("2026-03-02 02:00"), shift_id=cls.night.id)
        cls.visit(cls.first, cls.gate, 5)
        cls.visit(cls.first, cls.pump, 15)


@tagged("post_install", "-at_install")
class TestPatrolCoverage(HeatCommon):
    def points(self, *domain):
        return (
            self.env["property.patrol.point"]
            .with_user(self.manager)
            .search([("route_id", "=", self.route.id), *domain], order="id")
        )

    def test_every_required_point_is_visited_or_missed(self):
        self.assertEqual(
            self.points().mapped("outcome"),
            ["visited", "visited", "missed_point", *["missed_round"] * 3],
        )

    def test_the_day_is_that_of_the_site_and_of_the_planned_start(self):
        first, *_others = self.points(("round_id", "=", self.first.id))
        self.assertEqual((str(first.day), first.hour), ("2026-03-01", 23))
        self.assertEqual(first.employee_id, self.guard)

    def test_coverage_of_a_route_is_the_share_of_its_points(self):
        [(coverage, missed)] = self.env["property.patrol.point"]._read_group(
            [("route_id", "=", self.route.id)], [], ["coverage:avg", "missed_count:sum"]
        )
        self.assertAlmostEqual(coverage, 2 / 6)
        self.assertEqual(missed, 4)

    def test_a_patrol_under_way_or_cancelled_has_missed_nothing(self):
        running = self.new_round(NOW)
        self.visit(running, self.gate, 0)
        cancelled = self.new_round(local("2026-03-02 05:00"))
        cancelled._cancel("Typhoon")
        self.assertFalse(self.points(("round_id", "in", (running | cancelled).ids)))

    def test_a_check_in_that_does_not_count_covers_nothing(self):
        self.visit(self.missed, self.gate, 5, code="SOMETHING")
        [gate] = self.points(
            ("round_id", "=", self.missed.id), ("checkpoint_id", "=", self.gate.id)
        )
        self.assertEqual(gate.outcome, "missed_point")

    def test_a_point_laid_out_later_was_not_required_of_a_patrol_that_had_begun(self):
        self.gate.copy({"name": "New"})
        self.assertEqual(len(self.points(("round_id", "=", self.first.id))), 3)


@tagged("post_install", "-at_install")
class TestPatrolHeat(HeatCommon):
    def table(self, user=None, site=None, route=False, days=DAYS, measure="visits"):
        heat = self.env["property.patrol.heat"].with_user(user or self.manager)
        return heat.table((site or self.site).id, route, *days, measure)

    def cells(self, table, name):
        [row] = [row for row in table["rows"] if row["name"] == name]
        return {hour: cell for hour, cell in enumerate(row["cells"]) if cell[0]}

    def test_visits_are_counted_by_the_clock_of_the_site(self):
        table = self.table()
        self.assertEqual(self.cells(table, "Gate"), {23: [1, 5]})
        self.assertEqual(self.cells(table, "Pump Room"), {0: [1, 5]})
        self.assertEqual(self.cells(table, "Roof"), {})
        self.assertEqual((table["total"], table["hours"][23]), (2, 1))

    def test_a_visit_after_midnight_belongs_to_the_next_day(self):
        self.assertEqual(self.table(days=("2026-03-01", "2026-03-01"))["total"], 1)

    def test_misses_are_counted_in_the_hour_in_which_the_patrol_was_due(self):
        table = self.table(measure="missed")
        self.assertEqual(self.cells(table, "Roof"), {2: [1, 5], 23: [1, 5]})
        self.assertEqual(self.cells(table, "Gate"), {2: [1, 5]})

    def test_a_cell_opens_what_it_counts(self):
        heat = self.env["property.patrol.heat"].with_user(self.manager)
        for hour, point, measure, count in (
            (23, self.gate, "visits", 1),
            (0, self.gate, "visits", 0),
            (0, self.pump, "visits", 1),
            (23, self.roof, "missed", 1),
        ):
            action = heat.cell(self.site.id, point.id, hour, *DAYS, measure)
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(found), count)
        with self.assertRaises(UserError):
            heat.cell(self.other_site.id, self.gate.id, 23, *DAYS, "visits")

    def test_a_route_is_shown_alone(self):
        other = self.new_route("Other", self.site, points=("Far Gate",))
        names = [row["name"] for row in self.table(route=other.id)["rows"]]
        self.assertEqual(names, ["Far Gate"])
        self.assertEqual(len(self.table()["rows"]), 4)

    def test_the_screen_knows_the_sites_and_routes_of_its_user(self):
        self.new_route("Foreign", self.other_site)
        start = self.env["property.patrol.heat"].with_user(self.manager).start()
        [site] = start["sites"]
        self.assertEqual((site["id"], site["routes"][0]["name"]), (self.site.id, "Ground Floor"))

    def test_a_foreign_site_and_senseless_days_are_refused(self):
        for values in (
            {"site": self.other_site},
            {"days": ("2026-03-02", "2026-03-01")},
            {"days": ("2024-01-01", "2026-03-01")},
            {"days": ("yesterday", "2026-03-01")},
            {"days": ("9999-12-31", "9999-12-31")},
            {"days": ("0001-01-01", "0001-01-01")},
            {"days": (False, "2026-03-01")},
            {"measure": "money"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.table(**values)

    def test_guards_and_engineers_have_no_heat_table(self):
        for role in ("guard", "engineer", "service"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.table(user=self.users[role])

    def test_a_year_needs_as_many_queries_as_a_day(self):
        self.table()
        day = self.count_queries(lambda: self.table(days=DAYS[:1] * 2))
        year = self.count_queries(lambda: self.table(days=("2025-06-01", DAYS[1])))
        self.assertLessEqual(year, day)


@tagged("post_install", "-at_install")
class TestPatrolHeatBook(HttpCase, HeatCommon):
    freeze = False

    def book(self, **query):
        query = {
            "site": self.site.id,
            "date_from": DAYS[0],
            "date_to": DAYS[1],
            "measure": "visits",
            **query,
        }
        return self.url_open("/property/patrol/heat.xlsx", params=query)

    def test_a_manager_takes_the_table_home(self):
        self.authenticate(self.manager.login, self.manager.login)
        response = self.book()
        self.assertEqual(response.status_code, 200)
        page = openpyxl.load_workbook(io.BytesIO(response.content)).active
        values = [[cell.value for cell in row] for row in page.iter_rows()]
        [gate] = [row for row in values if row[1] == "Gate"]
        self.assertEqual((gate[0], gate[2 + 23], gate[-1]), ("Ground Floor", 1, 1))
        self.assertEqual(values[-1][-1], 2)

    def test_bad_input_gives_a_clear_page(self):
        self.authenticate(self.manager.login, self.manager.login)
        for query in (
            {"site": ""},
            {"site": "1 OR 1=1"},
            {"site": self.other_site.id},
            {"site": "²"},
            {"date_from": "x"},
            {"measure": "../etc"},
        ):
            with self.subTest(query):
                self.assertEqual(self.book(**query).status_code, 400)

    def test_a_guard_and_a_resident_get_nothing(self):
        for user in (self.users["guard"], self.portal_user):
            self.authenticate(user.login, user.login)
            with self.subTest(user.login):
                self.assertEqual(self.book().status_code, 404)

    def test_strangers_are_asked_to_log_in(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.book().url)
