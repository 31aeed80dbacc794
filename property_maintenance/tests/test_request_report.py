"""What managers read: true medians, shares of what they are shares of, and a workbook."""

import io
import statistics
from datetime import timedelta

from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestReport(HttpCase, RequestCommon):
    def finished(self, *hours, employee=None):
        """Make finished requests that took so many hours."""
        requests = self.env["maintenance.request"]
        for number in hours:
            request = self.new_request()
            request.action_assign(employee or self.employee)
            request.action_accept()
            request.action_arrive()
            request.action_done()
            request.raised_at = request.finish_done_at - timedelta(hours=number)
            requests += request
        self.env.flush_all()
        return requests

    def figures(self, requests, *measures, groupby=()):
        return self.env["property.request.report"]._read_group(
            [("id", "in", requests.ids)], list(groupby), list(measures)
        )

    def test_the_median_and_the_ninetieth_percentile_are_those_of_the_rows(self):
        hours = [1, 2, 3, 50, 100]
        requests = self.finished(*hours)
        [(median, p90, mean)] = self.figures(
            requests, "finish_median:avg", "finish_p90:avg", "finish_hours:avg"
        )
        self.assertAlmostEqual(median, statistics.median(hours), 2)
        self.assertAlmostEqual(p90, 80, 2)
        self.assertAlmostEqual(mean, statistics.mean(hours), 2)

    def test_percentiles_are_taken_in_each_group(self):
        requests = self.finished(1, 3, 9) + self.finished(4, employee=self.employee_2)
        found = dict(self.figures(requests, "finish_median:avg", groupby=["assignee_id"]))
        self.assertAlmostEqual(found[self.employee], 3, 2)
        self.assertAlmostEqual(found[self.employee_2], 4, 2)

    def test_shares_count_what_they_are_shares_of(self):
        requests = self.finished(1, 2, 3, 1)
        requests[0].action_reopen("Again")
        running = self.new_request()
        free = self.new_category("Free", respond_hours=0, arrive_hours=0, finish_hours=0)
        self.new_request(free)
        late = self.back(self.new_request(), days=9)
        requests[1].action_rate(5, 4, 3)
        self.env.flush_all()
        group = requests + running + late
        [(fixed, rating, rated, done, count)] = self.figures(
            group,
            "first_fix:avg",
            "rating:avg",
            "rated_count:sum",
            "finished_count:sum",
            "request_count:sum",
        )
        self.assertEqual((fixed, rating, rated, done, count), (100, 4, 1, 3, 6))
        self.assertEqual(self.figures(late, "sla_met:avg"), [(0,)])
        self.assertEqual(self.figures(running, "sla_met:count"), [(0,)])

    def test_planned_work_is_raised_ahead_and_has_no_response_time(self):
        requests = self.finished(1, 90)
        requests[1].maintenance_type = "preventive"
        self.env.flush_all()
        [(median, count)] = self.figures(requests, "finish_median:avg", "request_count:sum")
        self.assertAlmostEqual(median, 1, 2)
        self.assertEqual(count, 2)

    def test_cancelled_requests_are_not_counted(self):
        request = self.new_request()
        request.action_cancel("x")
        self.env.flush_all()
        self.assertEqual(self.figures(request, "__count"), [(0,)])

    def test_the_list_of_persons_is_a_workbook(self):
        self.finished(2, 4)
        manager = self.users["manager"]
        kpi = (
            self.env["property.request.kpi"].with_user(manager).create({"site_ids": self.site.ids})
        )
        self.assertEqual(kpi.line_ids.assignee_id, self.employee)
        self.assertAlmostEqual(kpi.line_ids.finish_median, 3, 2)
        self.authenticate(manager.login, manager.login)
        answer = self.url_open(kpi.action_export()["url"])
        self.assertEqual(answer.status_code, 200)
        page = load_workbook(io.BytesIO(answer.content)).active
        cells = [[cell.value for cell in row] for row in page.iter_rows()]
        [row] = [row for row in cells if row[0] == "staff.engineer"]
        self.assertEqual(row[1:3], [2, 2])

    def test_nobody_else_gets_the_workbook(self):
        kpi = self.env["property.request.kpi"].with_user(self.users["manager"]).create({})
        url = kpi.action_export()["url"]
        for login in ("staff.director", "staff.engineer", "portal.owner"):
            self.authenticate(login, login)
            with self.subTest(login):
                self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open("/property/kpi/999999999.xlsx").status_code, 404)

    def test_the_period_of_the_list_is_inclusive(self):
        today = self.finished(0).raised_at.date()
        kpi = self.env["property.request.kpi"]
        for day, count in ((today, 1), (today - timedelta(days=2), 0)):
            found = kpi.create({"date_from": day, "date_to": day, "site_ids": self.site.ids})
            self.assertEqual(len(found.line_ids), count)
