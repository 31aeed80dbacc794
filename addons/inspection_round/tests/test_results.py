from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import InspectionCommon


@tagged("post_install", "-at_install")
class TestResults(InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump.item_ids = [
            Command.create(
                {
                    "name": "Pressure",
                    "item_type": "number",
                    "unit": "bar",
                    "has_low": True,
                    "limit_low": 2,
                    "has_high": True,
                    "limit_high": 6,
                    "is_required": False,
                }
            ),
            Command.create({"name": "Leaks?", "good_answer": "no", "is_required": False}),
            Command.create(
                {
                    "name": "Lamp",
                    "item_type": "choice",
                    "is_required": False,
                    "choice_ids": [
                        Command.create({"name": "Green"}),
                        Command.create({"name": "Red", "is_bad": True}),
                    ],
                }
            ),
        ]
        cls.pressure, cls.leaks, cls.lamp = cls.pump.item_ids
        cls.green, cls.red = cls.lamp.choice_ids
        cls.round = cls.new_round()

    def answer(self, minutes=0, one=None, **values):
        """Check in at the pump with answers by the names of items."""
        results = [{"item": getattr(self, name), "value": value} for name, value in values.items()]
        return self.check(one or self.round, self.pump, minutes, results=results)

    def test_what_is_not_as_expected_is_abnormal(self):
        for values, is_abnormal in (
            ({"pressure": 4.2}, False),
            ({"pressure": 6.0}, False),
            ({"pressure": 6.1}, True),
            ({"pressure": 1.9}, True),
            ({"leaks": False}, False),
            ({"leaks": True}, True),
            ({"lamp": self.green.id}, False),
            ({"lamp": self.red.id}, True),
        ):
            with self.subTest(values):
                checkin = self.answer(**values)
                self.assertEqual(checkin.result_ids.is_abnormal, is_abnormal)

    def test_an_answer_reads_like_one(self):
        checkin = self.answer(pressure=4.25, leaks=True, lamp=self.red.id)
        values = checkin.result_ids.sorted("item_id").mapped("value")
        self.assertEqual(set(values), {"4.25 bar", "Yes", "Red"})
        self.assertEqual((checkin.abnormal_count, self.round.abnormal_count), (2, 2))

    def test_the_limits_of_that_time_stay_with_the_result(self):
        result = self.answer(pressure=5.0).result_ids
        self.pressure.limit_high = 4
        self.assertEqual((result.is_abnormal, result.limit_high), (False, 6.0))

    def test_abnormal_results_are_told_once(self):
        results = type(self.env["inspection.result"])
        told = []
        sent = self.sent(self.round, self.pump, results=[{"item": self.pressure, "value": 9.0}])
        with patch.object(results, "_on_abnormal", lambda self: told.append(self)):
            self.take(sent)
            self.take(sent)
            self.answer(1, pressure=3.0)
            conflict = self.take({**sent, "note": "other"})
            self.assertEqual([result.number for found in told for result in found], [9.0])
            conflict._decide("accepted", "It was the right one")
        self.assertEqual(len(told), 2)

    def test_readings_are_lines_of_one_chart(self):
        self.answer(pressure=4.0)
        self.answer(1, pressure=5.0)
        rejected = self.answer(2, pressure=50.0)
        rejected._decide("rejected", "Wrong gauge")
        self.env.flush_all()
        readings = self.env["inspection.reading"].search([("item_id", "=", self.pressure.id)])
        lines = {(one.series, one.number): (one.checkpoint_id, one.route_id) for one in readings}
        self.assertEqual(set(lines), {("value", 4.0), ("value", 5.0), ("low", 2.0), ("high", 6.0)})
        self.assertEqual(set(lines.values()), {(self.pump, self.route)})
        action = self.pressure.action_history()
        self.assertEqual(len(self.env["inspection.reading"].search(action["domain"])), 6)

    def test_what_is_expected_reads_like_it(self):
        self.assertEqual(self.pressure.limits, "2 – 6 bar")
        self.pressure.has_low = False
        self.assertEqual(self.pressure.limits, "≤ 6 bar")
        self.assertEqual((self.leaks.limits, self.lamp.limits), ("No", "Green"))

    def test_limits_and_choices_that_make_no_sense_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "above"):
            self.pressure.limit_low = 7
        with self.assertRaisesRegex(ValidationError, "choices"):
            self.env["inspection.item"].create(
                {"name": "Empty", "item_type": "choice", "checkpoint_id": self.gate.id}
            )

    def test_a_tag_in_another_spelling_is_the_same_tag(self):
        self.gate.nfc_uid = "04:a2:2b:1c"
        self.assertEqual(self.gate.nfc_uid, "04A22B1C")
        with self.assertRaisesRegex(ValidationError, "hexadecimal"):
            self.pump.nfc_uid = "tag"

    def test_labels_hold_the_address_of_the_app_with_the_code(self):
        label = self.gate._labels()[0]
        self.assertEqual(label["name"], "Gate")
        self.assertTrue(label["qr"].startswith("data:image/png;base64,"))
        self.assertTrue(self.gate._label_url().endswith(f"/field/?c={self.gate.code}"))
        before = self.gate.code
        self.gate.action_new_code()
        self.assertNotEqual(self.gate.code, before)

    def test_labels_are_twelve_to_a_sheet_and_one_to_a_length_of_the_roll(self):
        route = self.new_route("Long", [f"P{number}" for number in range(13)])
        reports = self.env["ir.actions.report"]
        for name, pages in (("sheet", 2), ("roll", 13)):
            with self.subTest(name):
                report = f"inspection_round.report_route_labels_{name}"
                html, _kind = reports._render_qweb_html(report, route.ids)
                self.assertEqual(html.count(f'o_inspection_{name}"'.encode()), pages)
                self.assertEqual(html.count(b"data:image/png"), 13)

    def test_a_copy_of_a_route_has_its_own_codes_and_the_same_checklists(self):
        copy = self.route.copy()
        self.assertEqual(copy.name, "Ground floor (copy)")
        self.assertEqual(copy.checkpoint_ids.mapped("name"), ["Gate", "Pump room", "Roof"])
        self.assertFalse(set(copy.checkpoint_ids.mapped("code")) & set(self.pump.mapped("code")))
        self.assertEqual(len(copy.checkpoint_ids.item_ids.choice_ids), 2)
