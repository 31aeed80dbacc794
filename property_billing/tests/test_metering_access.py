from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BillingStaffCommon
from .test_metering import MeterMixin

PHOTO = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@tagged("post_install", "-at_install")
class TestMeteringAccess(MeterMixin, BillingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far_meter = cls.new_meter("F1", unit=cls.other_unit)

    def test_somebody_else_accepts_a_held_reading(self):
        reading = self.env["property.meter.reading"].with_user(self.users["finance"])
        held = reading.create({"meter_id": self.meter.id, "date": date(2026, 10, 31), "value": 3})
        self.assertEqual(held.state, "held")
        for user in ("finance", "service", "engineer"):
            with self.subTest(user), self.assertRaises(UserError):
                held.with_user(self.users[user]).action_accept()
        held.with_user(self.users["manager"]).action_accept()
        self.assertEqual((held.state, held.decided_by_id), ("accepted", self.users["manager"]))
        entry = self.env["property.audit"].search(
            [("model", "=", held._name), ("res_id", "=", held.id)], limit=1
        )
        self.assertEqual(entry.after["state"], "accepted")
        held.value = 99
        self.assertEqual(held.state, "ok", "a corrected value is judged again")

    def test_the_state_of_a_reading_is_not_written_by_hand(self):
        reading = self.meter.reading_ids[0].with_user(self.users["director"])
        for vals in ({"state": "accepted"}, {"entered_by_id": self.users["service"].id}):
            with self.assertRaises(UserError):
                reading.write(vals)
        with self.assertRaises(UserError):
            reading.create(
                {"meter_id": self.meter.id, "date": "2026-10-31", "value": 3, "state": "ok"}
            )

    def test_nobody_enters_a_reading_in_the_name_of_somebody_else(self):
        readings = self.env["property.meter.reading"].with_user(self.users["finance"])
        held = readings.with_context(default_entered_by_id=self.users["service"].id).create(
            {"meter_id": self.meter.id, "date": date(2026, 10, 31), "value": 3}
        )
        self.assertEqual(held.entered_by_id, self.users["finance"])
        with self.assertRaises(UserError):
            held.action_accept()

    def test_the_round_enters_corrects_and_holds(self):
        readings = self.env["property.meter.reading"].with_user(self.users["engineer"])
        choices = readings.entry_choices()
        self.assertEqual([site["id"] for site in choices["sites"]], self.site.ids)
        # only buildings that have a meter of the kind are offered for it
        kinds = {one["id"]: one["kinds"] for one in choices["buildings"]}
        self.assertEqual(kinds[self.meter.building_id.id], ["cold_water"])
        self.assertNotIn(self.far_meter.building_id.id, kinds)
        sheet = readings.entry_sheet(self.site.id, "cold_water", False, "2026-10-31")
        row = sheet["meters"][0]
        self.assertEqual((row["place"], row["previous"]), ("3-1-1502", 17))
        first = readings.enter_reading(self.meter.id, "2026-10-31", 30, PHOTO)
        self.assertEqual((first["consumption"], first["has_photo"]), (13, True))
        again = readings.enter_reading(self.meter.id, "2026-10-31", 9)
        self.assertEqual((again["id"], again["state"]), (first["id"], "held"))
        for value in (100000, -1, "12", None, True, float("inf"), float("nan")):
            with self.subTest(value), self.assertRaises(UserError):
                readings.enter_reading(self.meter.id, "2026-10-31", value)
        with self.assertRaises(UserError):
            readings.enter_reading(self.meter.id, "2999-10-31", 50)

    def test_the_round_does_not_reach_a_foreign_site(self):
        readings = self.env["property.meter.reading"].with_user(self.users["engineer"])
        sheet = readings.entry_sheet(self.other_site.id, "cold_water", False, "2026-10-31")
        self.assertFalse(sheet["meters"])
        with self.assertRaises(AccessError):
            readings.enter_reading(self.far_meter.id, "2026-10-31", 5)

    def test_the_sheet_takes_the_same_queries_for_many_meters(self):
        readings = self.env["property.meter.reading"]
        many = [self.new_meter(f"Q{n}") for n in range(30)]
        for meter in many:
            self.read_meter(meter, date(2026, 1, 31), 5)
        self.env.flush_all()
        self.env.invalidate_all()
        readings.entry_sheet(self.site.id, "cold_water", False, "2026-10-31")
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            readings.entry_sheet(self.site.id, "cold_water", False, "2026-10-31")

    def test_an_engineer_replaces_meters_of_his_site_only(self):
        replacements = self.env["property.meter.replacement"].with_user(self.users["engineer"])
        vals = {"date": "2026-10-31", "final_value": 40, "new_code": "N1"}
        with self.assertRaises(AccessError):
            replacements.create({**vals, "meter_id": self.far_meter.id})
        done = replacements.create({**vals, "meter_id": self.meter.id})
        done.action_replace()
        self.assertEqual(done.new_meter_id.unit_id, self.unit)
        with self.assertRaises(UserError):
            done.write({"final_value": 41})
        with self.assertRaises(UserError):
            replacements.create({**vals, "meter_id": self.meter.id, "state": "done"})

    def test_losses_of_a_foreign_site_are_out_of_sight(self):
        for site, meter in ((self.site, self.meter), (self.other_site, self.far_meter)):
            master = self.env["property.meter"].create(
                {
                    "code": "M",
                    "site_id": site.id,
                    "kind": "cold_water",
                    "install_date": "2025-12-31",
                }
            )
            meter.master_id = master
            self.read_meter(master, date(2026, 1, 31), 20)
        self.env.flush_all()
        loss = self.env["property.meter.loss"].with_user(self.users["manager"])
        self.assertEqual(loss.search([]).site_id, self.site)
        self.assert_site_scoped(
            "property.meter.loss",
            "property.zone",
            "property.allocation.exception",
            "property.meter.replacement",
        )
