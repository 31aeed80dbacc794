from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .equipment_common import TODAY, EquipmentCommon


@tagged("post_install", "-at_install")
class TestCertificate(EquipmentCommon):
    def usable(self, equipment):
        """Tell by the field, and check that searching agrees."""
        found = self.env["maintenance.equipment"].search(
            [("id", "=", equipment.id), ("is_usable", "=", True)]
        )
        self.assertEqual(bool(found), equipment.is_usable)
        return equipment.is_usable

    def test_a_lapsed_certificate_forbids_use_from_the_day_after_its_last(self):
        self.new_certificate(0)
        self.assertTrue(self.usable(self.lift))
        with freeze_time(datetime(2026, 6, 16, 4)):
            self.env.invalidate_all()
            self.assertFalse(self.usable(self.lift))
            self.assertEqual(self.lift.unusable_reason, "Test Inspection lapsed on 2026-06-15")

    def test_a_kind_that_does_not_forbid_use_only_warns(self):
        self.new_certificate(-5, kind_id=self.harmless_kind.id)
        self.assertTrue(self.usable(self.lift))
        self.assertEqual(self.lift.certificate_standing, "lapsed")

    def test_faulty_and_scrapped_equipment_is_not_used_either(self):
        self.lift.action_change_state("standby")
        self.assertTrue(self.usable(self.lift))
        self.lift.action_change_state("faulty", "Noise")
        self.assertFalse(self.usable(self.lift))

    def test_a_renewal_makes_it_usable_again_and_replaces_the_old(self):
        old = self.new_certificate(-5)
        self.assertFalse(self.usable(self.lift))
        new = self.new_certificate(360)
        self.assertTrue(self.usable(self.lift))
        self.assertEqual((old.standing, new.standing), ("replaced", "valid"))
        new.unlink()
        self.assertEqual(old.standing, "lapsed")
        self.assertFalse(self.usable(self.lift))

    def test_standings_follow_the_days_left_and_can_be_searched(self):
        wanted = {-1: "lapsed", 0: "7", 7: "7", 8: "30", 30: "30", 31: "60", 60: "60", 61: "valid"}
        made = {
            days: self.new_certificate(days, self.new_equipment(f"Lift {days}")) for days in wanted
        }
        for days, standing in wanted.items():
            certificate = made[days]
            with self.subTest(days):
                self.assertEqual(certificate.standing, standing)
                self.assertEqual(certificate.equipment_id.certificate_standing, standing)
                others = set(wanted.values()) - {standing}
                domain = [("id", "=", certificate.id)]
                self.assertTrue(certificate.search([*domain, ("standing", "=", standing)]))
                self.assertFalse(certificate.search([*domain, ("standing", "in", list(others))]))
                equipment = certificate.equipment_id
                domain = [("id", "=", equipment.id)]
                self.assertTrue(
                    equipment.search([*domain, ("certificate_standing", "=", standing)])
                )
                self.assertFalse(
                    equipment.search([*domain, ("certificate_standing", "in", list(others))])
                )

    def test_the_last_day_is_suggested_by_the_kind(self):
        certificate = self.env["property.equipment.certificate"].create(
            {
                "equipment_id": self.lift.id,
                "kind_id": self.kind.id,
                "number": "S1",
                "issued_date": date(2026, 3, 1),
            }
        )
        self.assertEqual(certificate.expiry_date, date(2027, 2, 28))

    def test_certificates_the_class_needs_are_missed(self):
        self.assertEqual(self.lift.missing_kind_ids, self.kind)
        self.new_certificate(100)
        self.assertFalse(self.lift.missing_kind_ids)

    def test_a_certificate_does_not_end_before_it_was_issued(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.new_certificate(10, issued_date=TODAY + timedelta(days=11))

    def test_the_manager_is_warned_60_30_and_7_days_ahead_and_when_it_lapsed_once_each(self):
        self.site.manager_id = self.users["manager"].employee_id
        certificate = self.new_certificate(62)
        told = []
        for days in range(66):
            with freeze_time(datetime(2026, 6, 15, 4) + timedelta(days=days)):
                before = certificate.warned
                for _twice in range(2):
                    self.env["property.equipment.certificate"]._cron_warn()
                if certificate.warned != before:
                    told.append((62 - days, certificate.warned))
                    [activity] = certificate.activity_ids
                    self.assertEqual(activity.user_id, self.users["manager"])
        self.assertEqual(told, [(60, "60"), (30, "30"), (7, "7"), (-1, "lapsed")])

    def test_after_a_standstill_only_the_tightest_warning_is_given(self):
        certificate = self.new_certificate(5)
        certificates = self.env["property.equipment.certificate"]
        certificates._cron_warn()
        self.assertEqual(certificate.warned, "7")
        self.assertEqual(len(certificate.activity_ids), 1)

    def test_a_renewal_closes_the_warning_and_a_new_day_warns_anew(self):
        certificate = self.new_certificate(5)
        self.env["property.equipment.certificate"]._cron_warn()
        self.new_certificate(300)
        self.assertFalse(certificate.activity_ids)
        second = self.new_certificate(6, self.new_equipment("Lift 2"))
        self.env["property.equipment.certificate"]._cron_warn()
        second.expiry_date = TODAY + timedelta(days=29)
        self.assertFalse(second.warned or second.activity_ids)
        self.env["property.equipment.certificate"]._cron_warn()
        self.assertEqual(second.warned, "30")

    def test_scrapped_equipment_is_not_warned_about(self):
        certificate = self.new_certificate(5)
        self.lift.action_change_state("scrapped", "Old")
        self.env["property.equipment.certificate"]._cron_warn()
        self.assertFalse(certificate.warned)
