"""The board asks the database the same number of questions for one request and for fifty."""

from odoo.tests import Form, tagged

from .common import RequestCommon

CARD = {
    "name": {},
    "code": {},
    "site_id": {"fields": {"display_name": {}}},
    "place_shown": {},
    "request_category_id": {"fields": {"display_name": {}}},
    "assignee_id": {"fields": {"display_name": {}}},
    "is_urgent": {},
    "is_pool": {},
    "is_paused": {},
    "urge_count": {},
    "reopen_count": {},
    "rating_last_value": {},
    "sla_state": {},
    "sla_text": {},
    "stage_id": {"fields": {"display_name": {}}},
}


@tagged("post_install", "-at_install")
class TestBoard(RequestCommon):
    def opened(self, user):
        """Open the board as the web client does; return the number of queries."""
        requests = self.env["maintenance.request"].with_user(user)
        requests = requests.with_context(property_steps=True)
        domain = [("site_id", "=", self.site.id)]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        requests.web_read_group(domain, ["stage_id"], ["__count"])
        requests.read_progress_bar(
            domain, "stage_id", {"field": "sla_state", "colors": {"late": "danger"}}
        )
        requests.web_search_read(domain, CARD, limit=80)
        return self.env.cr.sql_log_count - before

    def fill(self, count):
        """Raise requests of the kinds a board has: in the pool, assigned, at two units."""
        for number in range(count):
            request = self.new_request(unit_id=(self.unit | self.unit_2)[number % 2].id)
            if number % 3 == 0:
                request.action_assign(self.employee)

    def test_queries_do_not_grow_with_the_rows(self):
        self.fill(6)
        before = {}
        for role in ("service", "engineer", "manager"):
            self.opened(self.users[role])  # caches of rules and views
            before[role] = self.opened(self.users[role])
        self.fill(48)
        for role, count in before.items():
            with self.subTest(role):
                self.assertEqual(self.opened(self.users[role]), count)

    def test_the_board_has_a_column_for_every_step_and_none_of_the_stock_stages(self):
        requests = self.env["maintenance.request"].with_context(property_steps=True)
        stages = requests._read_group_stage_ids(self.env["maintenance.stage"], [])
        self.assertEqual(
            stages.mapped("step"),
            ["new", "assigned", "accepted", "on_site", "done", "confirmed", "closed", "cancelled"],
        )

    def test_the_desk_raises_a_request_in_the_form(self):
        view = "property_maintenance.maintenance_request_view_form"
        with Form(
            self.env["maintenance.request"].with_user(self.users["service"]), view=view
        ) as form:
            form.unit_id = self.unit
            form.request_category_id = self.leak
            form.name = "Leak"
            form.assignee_id = self.employee
        request = form.record
        self.assertEqual((request.site_id, request.step), (self.site, "assigned"))
        self.assertEqual(request.contact_id, self.tenant)
        self.assertEqual(request.step_ids.mapped("event"), ["create", "assign"])

    def test_the_overview_counts_in_the_same_queries_for_one_site_and_for_many(self):
        self.fill(3)
        self.back(self.new_request(), days=9)
        self.new_done()
        manager = self.users["director"]
        names = ["request_open_count", "request_late_count", "request_unconfirmed_count"]
        sites = self.site.with_user(manager)
        self.assertEqual([sites[name] for name in names], [4, 1, 1])
        self.assertEqual(sites.request_raised_count, 5)
        counts = []
        for some in (self.site, self.site | self.other_site):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(manager).mapped("request_open_count")
            some.with_user(manager).mapped("request_rating")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        action = sites.with_context(tile="late").action_view_requests()
        self.assertEqual(self.env["maintenance.request"].search_count(action["domain"]), 1)

    def test_a_service_request_opens_in_its_own_form(self):
        view = self.env.ref("property_maintenance.maintenance_request_view_form")
        self.assertEqual(self.new_request().get_formview_id(), view.id)
        stock = self.env["maintenance.request"].create({"name": "Printer"})
        self.assertNotEqual(stock.get_formview_id(), view.id)
