import json
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PropertyCommon, PropertyStaffCommon


@tagged("post_install", "-at_install")
class TestAudit(PropertyStaffCommon):
    def last(self, event):
        return self.env["property.audit"].search([("event", "=", event)], limit=1)

    def test_entries_say_who_when_what_before_and_after(self):
        env = self.env(user=self.users["manager"])
        entry = env["property.audit"]._log(
            "config", self.site.with_env(env), {"a": 1}, {"a": 2}, "because"
        )
        entry = entry.sudo()
        self.assertEqual(entry.user_id, self.users["manager"])
        self.assertEqual(entry.user_login, "staff.manager")
        self.assertEqual((entry.before, entry.after), ({"a": 1}, {"a": 2}))
        self.assertEqual((entry.reason, entry.site_id), ("because", self.site))
        self.assertEqual((entry.res_name, entry.after_text), ("Test Garden", "a: 2"))
        self.assertLess(datetime.now() - entry.at, timedelta(minutes=1))

    def test_keys_and_codes_of_an_entry_read_as_the_fields_of_its_record(self):
        entry = self.env["property.audit"]._log(
            "config", self.site, {"kind": self.site.kind}, {"kind": "x", "property.unit": 3}
        )
        field = self.site._fields["kind"]
        label = dict(field._description_selection(self.env))[self.site.kind]
        name = field._description_string(self.env)
        self.assertEqual(entry.before_text, f"{name}: {label}")
        unit = self.env["ir.model"]._get("property.unit").name
        self.assertEqual(entry.after_text, f"{name}: x\n{unit}: 3")

    def test_what_was_switched_on_or_off_reads_as_yes_or_no(self):
        entry = self.env["property.audit"]._log(
            "config", self.site, {"active": True}, {"active": False}
        )
        name = self.site._fields["active"]._description_string(self.env)
        self.assertEqual((entry.before_text, entry.after_text), (f"{name}: Yes", f"{name}: No"))
        entry = self.env["property.audit"]._log("config", self.site, after={"switch": True})
        self.assertEqual(entry.after_text, "switch: Yes")

    def test_nobody_changes_deletes_copies_or_adds_entries(self):
        entry = self.env["property.audit"]._log("config", self.site)
        for env in (self.env, self.env(user=self.users["director"])):
            one = entry.with_env(env)
            for attempt in (
                lambda one=one: one.write({"reason": "x"}),
                lambda one=one: one.unlink(),
                lambda one=one: one.copy(),
                lambda one=one: one.create({"event": "money"}),
                lambda one=one: one.sudo().create({"event": "money"}),
                lambda one=one: (
                    one.with_context(property_audit_log=True)
                    .with_user(self.users["director"])
                    .create({"event": "money"})
                ),
                lambda one=one: one.load(["event"], [["money"]]),
            ):
                with self.assertRaises(UserError):
                    attempt()
        entry.invalidate_recordset()
        self.assertFalse(entry.reason)

    def test_only_managers_read_and_only_their_sites(self):
        audit = self.env["property.audit"]
        mine = audit._log("config", self.site)
        foreign = audit._log("config", self.other_site)
        company_wide = audit._log("config")
        entries = mine | foreign | company_wide
        domain = [("id", "in", entries.ids)]
        for role, user in self.users.items():
            with self.subTest(role):
                if role == "director":
                    self.assertEqual(audit.with_user(user).search(domain), entries)
                elif role == "manager":
                    self.assertEqual(audit.with_user(user).search(domain), mine)
                else:
                    with self.assertRaises(AccessError):
                        audit.with_user(user).search(domain)

    def test_a_deleted_occupancy_leaves_its_facts_but_no_name(self):
        self.owner_row.with_user(self.users["manager"]).unlink()
        entry = self.last("personal_data")
        self.assertEqual(entry.before["unit"], "3-1-1502")
        self.assertEqual(entry.before["date_from"], "2025-01-01")
        self.assertEqual(entry.site_id, self.site)
        self.assertNotIn("Owner Li", str(entry.read()))

    def test_exports_are_logged(self):
        units = self.unit.with_user(self.users["manager"])
        units.export_data(["code", "owner_id/name"])
        entry = self.last("export")
        self.assertEqual((entry.model, entry.after["count"]), ("property.unit", 1))
        self.assertEqual(entry.user_id, self.users["manager"])

    def test_retention_is_at_least_six_months_and_removes_only_older_entries(self):
        audit = self.env["property.audit"]
        old, young = audit._log("config"), audit._log("config")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE property_audit SET at = now() - interval '200 days' WHERE id = %s", [old.id]
        )
        parameters = self.env["ir.config_parameter"]
        for months, left in (("1", young), ("", young)):
            parameters.set_param("property_base.audit_months", "24")
            self.assertEqual(audit._retention_months(), 24)
            parameters.set_param("property_base.audit_months", months or "0")
            self.assertEqual(audit._retention_months(), 6)
            with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
                audit._cron_remove_expired()
            self.assertEqual((old | young).exists(), left)

    def test_the_retention_setting_refuses_less_than_six_months_and_is_logged(self):
        settings = self.env["res.config.settings"]
        with self.assertRaises(UserError):
            settings.create({"property_audit_months": 3})
        settings.create({"property_audit_months": 36}).execute()
        self.assertEqual(audit_months(self.env), 36)
        self.assertEqual(self.last("config").after, {"audit_months": 36})


def audit_months(env):
    return env["property.audit"]._retention_months()


@tagged("post_install", "-at_install")
class TestAuditHttp(HttpCase, PropertyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls.new_staff("audit.director", cls.new_job("director"))

    def logins(self):
        return self.env["property.audit"].search(
            [("event", "=", "login"), ("user_login", "in", ("audit.director", "nobody.there"))]
        )

    def test_logins_are_logged_also_those_that_fail(self):
        for login, password in (
            ("audit.director", "audit.director"),
            ("audit.director", "wrong"),
            ("nobody.there", "wrong"),
        ):
            self.authenticate(None, None)
            form = {
                "login": login,
                "password": password,
                "csrf_token": http.Request.csrf_token(self),
            }
            with mute_logger("odoo.addons.base.models.res_users"):
                self.url_open("/web/login", data=form)
        results = {(entry.user_login, entry.after["result"]) for entry in self.logins()}
        self.assertEqual(
            results,
            {
                ("audit.director", "success"),
                ("audit.director", "failed"),
                ("nobody.there", "failed"),
            },
        )
        self.assertEqual(self.logins().user_id, self.director)

    def test_remote_calls_cannot_touch_the_log(self):
        entry = self.env["property.audit"]._log("config", self.site)
        key = self.env(user=self.director)["res.users.apikeys"]._generate(
            "rpc", "test", datetime.now() + timedelta(days=1)
        )
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        for method, body in {
            "write": {"ids": entry.ids, "vals": {"reason": "x"}},
            "unlink": {"ids": entry.ids},
            "copy": {"ids": entry.ids},
            "create": {"vals_list": [{"event": "money"}]},
            "load": {"fields": ["event"], "data": [["money"]]},
            "web_save": {"ids": entry.ids, "vals": {"reason": "x"}, "specification": {}},
            "_write": {"ids": entry.ids, "vals": {"reason": "x"}},
            "_log": {"event": "money"},
        }.items():
            with self.subTest(method), mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/json/2/property.audit/{method}", data=json.dumps(body), headers=headers
                )
                self.assertGreaterEqual(answer.status_code, 400, answer.text)
        answer = self.url_open(
            "/json/2/property.audit/read",
            data=json.dumps({"ids": entry.ids, "fields": ["reason"]}),
            headers=headers,
        )
        self.assertEqual(answer.json(), [{"id": entry.id, "reason": False}])
