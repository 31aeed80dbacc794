"""Connecting meters in one go."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import IotCommon


@tagged("post_install", "-at_install")
class TestConnect(IotCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create = cls.env["property.meter"].create
        cls.by_number = create({"code": "W-20", "site_id": cls.site.id, "kind": "cold_water"})
        cls.by_place = create(
            {"code": "Meter X", "unit_id": cls.unit_2.id, "kind": "cold_water", "digits": 0}
        )
        cls.power = create({"code": "E-20", "site_id": cls.site.id, "kind": "electricity"})

    def setUp(self):
        super().setUp()
        self.new_device("0W20")
        self.new_device("77").name = f"Water {self.unit_2.code}"
        self.new_device("mute")
        for code, value in (("0W20", 4), ("77", 8), ("WM-01", 30)):
            self.hear(value, "2026-10-31 10:00:00", code=code)

    def wizard(self, user="manager", **values):
        form = Form(
            self.env["property.meter.connect"]
            .with_user(self.users[user])
            .with_context(default_site_id=self.site.id, default_telegram_id=self.telegram.id)
        )
        for name, value in values.items():
            form[name] = value
        return form

    def lines(self, wizard):
        return {
            line.device_id.code: (line.meter_id.code, line.match, line.value)
            for line in wizard.line_ids
        }

    def test_devices_that_speak_are_paired_with_meters_by_number_and_name(self):
        wizard = self.wizard().save()
        self.assertEqual(
            self.lines(wizard),
            {
                "0W20": ("W-20", "code", 4),
                "77": ("Meter X", "name", 8),
                "WM-01": (False, False, 30),
            },
        )
        self.assertEqual((wizard.matched_count, wizard.unmatched_count), (2, 1))
        action = wizard.action_connect()
        self.assertEqual(self.by_number.device_id.code, "0W20")
        self.assertEqual(self.by_place.telegram_id, self.telegram)
        self.assertEqual(self.by_place.device_id.unit_id, self.unit_2)
        found = self.env["property.meter"].search(action["domain"])
        self.assertEqual(found, self.by_number | self.by_place)
        self.tell(5, "2026-11-01 10:00:00", code="0W20")
        self.assertEqual(self.by_number.telegram_value, 5)

    def test_what_is_connected_is_not_offered_again(self):
        self.wizard().save().action_connect()
        self.assertEqual(list(self.lines(self.wizard().save())), ["WM-01"])

    def test_rows_of_a_worksheet_go_before_all_else(self):
        wizard = self.wizard(pasted="W1\tWM-01\nW-20\t77\nnonsense\nNONE\t0W20").save()
        lines = self.lines(wizard)
        self.assertEqual(lines["WM-01"], ("W1", "pasted", 30))
        self.assertEqual(lines["77"], ("W-20", "pasted", 8))
        self.assertEqual(wizard.wrong.splitlines(), ["nonsense", "NONE\tW20"])

    def test_a_device_that_shows_less_than_was_read_is_marked(self):
        self.read_meter(self.by_place, "2026-10-01", 9)
        wizard = self.wizard().save()
        self.assertEqual(wizard.line_ids.filtered("is_odd").meter_id, self.by_place)

    def test_people_choose_the_meter_of_what_is_left(self):
        form = self.wizard()
        place = [line["device_id"] for line in form.line_ids._records].index(self.device.id)
        with form.line_ids.edit(place) as line:
            line.meter_id = self.meter
        form.save().action_connect()
        self.assertEqual(self.meter.device_id, self.device)

    def test_a_meter_cannot_have_two_devices(self):
        wizard = self.wizard().save()
        wizard.line_ids.meter_id = self.meter
        with self.assertRaises(UserError):
            wizard.action_connect()

    def test_meters_of_a_gateway_are_found_in_its_messages(self):
        self.telegram.write(
            {
                "metric_id": False,
                "list_path": "$.meters",
                "address_path": "$.addr",
                "reading_path": "$.r",
            }
        )
        rows = [{"addr": "W20", "r": 3}, {"addr": 15, "r": 6}, {"r": 1}, {"addr": "n", "r": "x"}]
        self.hear(0, "2026-10-31 11:00:00", meters=rows)
        wizard = self.wizard().save()
        found = {line.address: (line.meter_id.code, line.value) for line in wizard.line_ids}
        self.assertEqual(found, {"W20": ("W-20", 3), "15": (False, 6)})
        wizard.action_connect()
        self.assertEqual(self.by_number.device_address, "W20")

    def test_devices_of_another_site_are_not_offered(self):
        self.env["mqtt.device"].search([("code", "=", "77")]).site_id = self.other_site
        self.assertEqual(set(self.lines(self.wizard().save())), {"0W20", "WM-01"})
        self.assertEqual(set(self.lines(self.wizard("director").save())), {"0W20", "WM-01"})

    def test_only_managers_connect(self):
        with self.assertRaises(AccessError):
            self.wizard("engineer")

    def test_nothing_to_connect_says_what_to_do(self):
        wizard = self.wizard().save()
        wizard.line_ids.meter_id = False
        with self.assertRaises(UserError):
            wizard.action_connect()
