from datetime import date

from odoo.tests import HttpCase, tagged

from .common import BillingCommon
from .test_metering_access import PHOTO


@tagged("post_install", "-at_install")
class TestMeterPhotos(BillingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reading = cls.meter.reading_ids.filtered(lambda row: row.date == date(2026, 9, 30))
        cls.reading.photo = PHOTO
        cls.other_reading = cls.read_meter(cls.meter, date(2026, 7, 31), 99985)
        cls.other_reading.photo = PHOTO
        run = cls.new_run(items=cls.water)
        run.action_compute()
        run.action_post()
        cls.bill = run.charge_ids.move_id
        cls.new_portal_user(cls.tenant, "photo.tenant")
        cls.new_portal_user(cls.other_owner, "photo.stranger")

    def url(self, reading=None):
        return f"/my/bills/{self.bill.id}/photo/{(reading or self.reading).id}"

    def test_who_sees_the_bill_sees_the_photo_of_its_reading_and_no_other(self):
        self.authenticate("photo.tenant", "photo.tenant")
        page = self.url_open("/my/bills").text
        self.assertIn(self.url(), page)
        self.assertNotIn(self.url(self.other_reading), page)
        response = self.url_open(self.url())
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertIn("private", response.headers["Cache-Control"])
        self.assertEqual(self.url_open(self.url(self.other_reading)).status_code, 404)

    def test_nobody_else_sees_the_photo(self):
        self.authenticate("photo.stranger", "photo.stranger")
        self.assertEqual(self.url_open(self.url()).status_code, 404)
        self.authenticate(None, None)
        response = self.url_open(self.url(), allow_redirects=False)
        self.assertIn(response.status_code, (302, 303))

    def test_an_engineer_enters_a_round_of_readings(self):
        user = self.new_staff("tour.engineer", self.new_job("engineer"), self.site)
        self.start_tour("/odoo/reading-round", "property_meter_entry", login=user.login)
        reading = self.meter.reading_ids.sorted("date")[-1]
        self.assertEqual((reading.value, reading.create_uid), (31, user))
