from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .gate_common import GateHttpCase


@tagged("post_install", "-at_install")
class TestGateDoors(GateHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.door = cls.env["property.gate"].create(
            {
                "name": "Door 3-1",
                "kind": "door",
                "site_id": cls.site.id,
                "building_id": cls.building.id,
                "entrance": "1",
            }
        )
        cls.door_secret = cls.door._make_secret()
        cls.card = cls.new_access_card("04A2B9C1", cls.owner)
        cls.today = fields.Date.today()

    @classmethod
    def new_access_card(cls, number, partner, **vals):
        return cls.env["property.gate.card"].create(
            {
                "number": number,
                "partner_id": partner.id,
                "site_id": cls.site.id,
                "date_from": "2025-01-01",
                **vals,
            }
        )

    def hold(self, card="04A2B9C1", **values):
        """Hold a card to the door.

        :return: (whether it opens, the reason)
        """
        self.number = getattr(self, "number", 0) + 1
        value = {"message_id": self.number, "card": card, **values}
        answer = self.ask("events", value, gate=self.door, secret=self.door_secret).json()
        event = self.env["property.gate.event"].search([("gate_id", "=", self.door.id)], limit=1)
        self.assertEqual(answer["open"], event.is_open)
        return answer["open"], event.reason

    def test_who_lives_in_the_building_comes_in(self):
        self.assertEqual(self.hold(), (True, "resident"))

    def test_who_has_moved_out_does_not(self):
        self.owner_row.date_to = self.today - timedelta(days=2)
        self.assertEqual(self.hold(), (False, "stranger"))

    def test_who_lives_in_another_entrance_does_not(self):
        self.door.entrance = "2"
        self.assertEqual(self.hold(), (False, "stranger"))
        self.door.write({"building_id": False, "entrance": False})
        self.assertEqual(self.hold(), (True, "resident"), "the gate of the site")

    def test_a_lost_card_opens_nothing(self):
        self.card.is_lost = True
        self.assertEqual(self.hold(), (False, "lost"))

    def test_a_card_counts_between_its_days(self):
        self.card.date_to = self.today - timedelta(days=2)
        self.assertEqual(self.hold(), (False, "dates"))

    def test_a_reader_whose_clock_is_wrong_is_judged_by_ours(self):
        self.card.date_to = self.today - timedelta(days=2)
        self.assertEqual(self.hold(time="2025-06-01T08:00:00"), (False, "dates"))
        self.card.write({"date_from": self.today - timedelta(days=2), "date_to": False})
        self.assertEqual(self.hold(time="2025-06-01T08:00:00"), (True, "resident"))
        kept = {"message_id": "kept", "card": "04A2B9C1", "time": "2025-06-01T08:00:00"}
        kept.update(source="upload", opened=False)
        self.ask("events", kept, gate=self.door, secret=self.door_secret)
        event = self.env["property.gate.event"].search([("key", "=", "kept")])
        self.assertEqual(event.reason, "dates", "what a door kept has its own time")

    def test_staff_opens_every_door(self):
        self.new_access_card("5TAFF", self.buyer, is_staff=True)
        self.assertEqual(self.hold("5TAFF"), (True, "staff"))

    def test_unknown_cards_and_codes_are_written_down(self):
        self.assertEqual(self.hold("FFFF"), (False, "unknown"))
        self.assertEqual(self.hold(None, token="x"), (False, "unknown"))

    def test_the_same_message_again_makes_no_second_event(self):
        self.hold(message_id="again")
        self.hold(message_id="again")
        self.assertEqual(self.count("property.gate.event"), 1)

    def test_wrong_messages_are_refused_and_write_nothing(self):
        for value in ({}, {"message_id": 1}, {"card": "1"}, {"message_id": 1, "card": {}}):
            response = self.ask("events", value, gate=self.door, secret=self.door_secret)
            self.assertEqual(response.status_code, 422, value)
        late = {"message_id": 1, "card": "1", "time": "never"}
        response = self.ask("events", late, gate=self.door, secret=self.door_secret)
        self.assertEqual(response.json()["error"]["code"], "time")
        self.assertEqual(self.ask("events", {"message_id": 1, "card": "1"}).status_code, 422)
        self.assertFalse(self.count("property.gate.event"))

    def test_a_door_opens_by_hand_with_a_reason(self):
        guard = self.new_staff("door.guard", self.new_job("guard"), self.site)
        openings = self.env["property.gate.opening"].with_user(guard)
        no_lane = self.env["property.parking.lane"]
        openings._open(self.door.with_user(guard), no_lane, "resident", "Key forgotten")
        commands = self.ask("commands", gate=self.door, method="GET", secret=self.door_secret)
        self.assertEqual([c["command"] for c in commands.json()["commands"]], ["open"])

    def test_a_guard_does_not_see_the_number_of_a_card(self):
        guard = self.new_staff("card.guard", self.new_job("guard"), self.site)
        card = self.card.with_user(guard)
        self.assertEqual(card.label, "…B9C1")
        self.assertNotIn("number", card.fields_get())
