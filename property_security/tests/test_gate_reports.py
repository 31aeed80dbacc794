from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import utc
from .gate_common import GateCommon


@tagged("post_install", "-at_install")
class TestGateReports(GateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_staff("gate.manager", cls.new_job("manager"), cls.site)

    def new_stay(self, entered_at, left_at=False, state=None):
        self.number = getattr(self, "number", 0) + 1
        return self.env["property.parking.session"].create(
            {
                "plate": f"浙A{self.number:05d}",
                "area_id": self.area.id,
                "vehicle_class": "small",
                "entered_at": entered_at,
                "left_at": left_at,
                "state": state or ("left" if left_at else "inside"),
            }
        )

    def test_the_curve_counts_the_cars_inside_at_each_full_hour(self):
        self.env.cr.execute("SELECT date_trunc('hour', now() AT TIME ZONE 'UTC')")
        now = self.env.cr.fetchone()[0]
        hours = lambda ago: now - timedelta(hours=ago)  # noqa: E731
        self.new_stay(hours(0))
        self.new_stay(hours(2) + timedelta(minutes=1), hours(1))  # between two full hours
        self.new_stay(hours(3), hours(1) + timedelta(seconds=1))
        self.new_stay(hours(5000), hours(2))  # since before the curve begins
        self.new_stay(hours(5000), hours(4000))
        self.new_stay(hours(3), state="lost")
        self.env.flush_all()
        rows = self.env["property.parking.occupancy"].search(
            [("area_id", "=", self.area.id), ("at", ">=", hours(4))], order="at"
        )
        self.assertEqual(rows.mapped("inside"), [1, 2, 1, 1, 1])
        self.assertEqual((rows[1].capacity, rows[1].percent), (100, 2.0))

    def test_a_manager_ends_a_stay_whose_way_out_was_not_read(self):
        stay = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        wizards = self.env["property.parking.close"].with_user(self.manager)
        with Form(wizards.with_context(default_session_id=stay.id)) as form:
            form.left_at, form.reason = utc("2026-02-02 10:00"), "Camera was dark"
        form.record.action_close()
        self.assertEqual((stay.state, stay.minutes, stay.amount), ("left", 120, 10))
        entry = self.env["property.audit"].search([("res_id", "=", stay.id)], limit=1)
        self.assertEqual(entry.reason, "Camera was dark")

    def test_a_stay_ends_after_it_began_and_not_in_the_future(self):
        stay = self.drive(self.lane_in, "2026-02-02 08:00").session_id.with_user(self.manager)
        with freeze_time(utc("2026-02-03 08:00")):
            for time in ("2026-02-02 07:59", "2026-02-03 08:01"):
                with self.assertRaises(UserError):
                    stay._close_by_hand(utc(time), "x")

    def test_nobody_but_a_manager_ends_a_stay(self):
        stay = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        guard = self.new_staff("close.guard", self.new_job("guard"), self.site)
        with self.assertRaises(AccessError):
            stay.with_user(guard)._close_by_hand(utc("2026-02-02 10:00"), "x")

    def test_a_booked_stay_is_not_ended_again(self):
        stay = self.stay("2026-02-02 08:00", "2026-02-02 10:00").with_user(self.manager)
        with self.assertRaises(UserError):
            stay._close_by_hand(utc("2026-02-02 11:00"), "x")

    def keep(self, now):
        with (
            freeze_time(now),
            patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 60),
        ):
            self.env["property.parking.passage"]._cron_retention()

    def test_old_pictures_and_passages_go_and_what_is_needed_stays(self):
        self.company.write({"gate_image_days": 30, "gate_passage_days": 365})
        picture = {"image": "/9j/AAAA"}
        stay = self.stay("2026-02-02 08:00", "2026-02-02 10:00")
        plain, out = stay.passage_ids.sorted("at")
        (plain | out).image = picture["image"]
        odd = self.drive(self.lane_out, "2026-02-02 12:00", "浙B22222", **picture)  # missed in
        inside = self.drive(self.lane_in, "2026-02-02 13:00", "浙C33333", **picture)
        recent = self.drive(self.lane_in, "2026-05-01 13:00", "浙D44444", **picture)
        self.keep(date(2026, 5, 5))
        kept = (plain | out | odd | inside | recent).filtered("image")
        self.assertEqual(kept, odd | inside | recent)
        odd.anomaly_ids.action_done()
        self.keep(date(2027, 3, 1))
        self.assertFalse(odd.image)
        self.assertFalse((plain | out).exists())
        self.assertEqual((odd | inside | recent).exists(), odd | inside | recent)
        self.assertEqual((stay.state, stay.amount), ("left", 10))

    def test_the_passage_of_an_incident_stays(self):
        self.company.write({"gate_image_days": 30, "gate_passage_days": 365})
        passage = self.stay("2026-02-02 08:00", "2026-02-02 10:00").passage_ids[0]
        self.env["property.incident"].create(
            {
                "name": "Scratched a bollard",
                "site_id": self.site.id,
                "type_id": self.env["property.incident.type"].search([], limit=1).id,
                "passage_id": passage.id,
            }
        )
        self.keep(date(2027, 3, 1))
        self.assertTrue(passage.exists())

    def test_nothing_goes_where_everything_is_kept(self):
        self.company.write({"gate_image_days": 0, "gate_passage_days": 0})
        passage = self.drive(self.lane_out, "2026-02-02 12:00", image="/9j/AAAA")
        self.keep(date(2099, 1, 1))
        self.assertTrue(passage.image)
