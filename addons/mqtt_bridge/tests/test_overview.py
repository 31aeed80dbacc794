"""The first page says at one look whether anything is amiss."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BridgeCommon


@tagged("post_install", "-at_install")
class TestOverview(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Alone"})
        cls.broker.company_id = cls.company
        cls.reader = cls.env["res.users"].create(
            {
                "name": "Reader",
                "login": "overview_reader",
                "lang": "en_US",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("mqtt_bridge.group_reader").ids)],
            }
        )

    def overview(self):
        return self.env["mqtt.overview"].with_user(self.reader).get_overview()

    def test_the_account_of_a_day_balances_on_the_page(self):
        self.subscription.sequence_path = "$.n"
        self.store(
            self.delivery({"id": 1, "n": 20}),
            self.delivery({"id": 1, "n": 20}),
            self.delivery({"id": 2, "n": 25}),
            self.delivery(b"{"),
        )
        self.store(self.delivery({"id": 3}, seconds=-3 * 86400))
        data = self.overview()
        account = data["account"]
        self.assertEqual(
            [account[name] for name in ("received", "stored", "duplicate", "dead", "queued")],
            [4, 2, 1, 1, 0],
        )
        self.assertEqual((account["difference"], account["unsound"]), (0, 0))
        self.assertEqual(len(data["hours"]), 24)
        self.assertEqual(sum(hour["received"] for hour in data["hours"]), 4)
        self.assertEqual(data["hours"][-1]["dead"], 1)
        [subscription] = [one for one in data["subscriptions"] if one["id"]]
        self.assertEqual((subscription["received"], subscription["difference"]), (4, 0))
        self.assertEqual(data["letters"][0]["reason"], "not_json")
        self.assertEqual([one["count"] for one in data["missing"]], [4])

    def test_a_lost_message_is_seen(self):
        self.store(self.delivery({"id": 1}))
        tally = self.env["mqtt.tally"].search([("broker_id", "=", self.broker.id)])
        self.env.cr.execute(
            "DELETE FROM mqtt_inbox WHERE subscription_id = %s", [tally.subscription_id.id]
        )
        tally._check()
        self.assertEqual(self.overview()["account"]["unsound"], 1)
        self.env.cr.execute("UPDATE mqtt_tally SET received = 5 WHERE id = %s", [tally.id])
        self.env.invalidate_all()
        self.assertEqual(self.overview()["account"]["difference"], 4)

    def test_an_hour_that_goes_on_after_it_was_counted_is_no_loss(self):
        self.store(self.delivery({"id": 1}))
        tally = self.env["mqtt.tally"].search([("broker_id", "=", self.broker.id)])
        self.assertFalse(tally._check())
        self.assertTrue(self.overview()["account"]["checked"])
        self.store(self.delivery({"id": 2}))
        account = self.overview()["account"]
        self.assertEqual((account["unsound"], account["checked"]), (0, False))
        self.assertTrue(tally.is_sound)

    def test_devices_are_counted_by_status_and_those_away_are_named(self):
        self.store(self.delivery({"id": 1}), self.delivery({"id": 2}, "up/LF-02", -7200))
        devices = self.overview()["devices"]
        self.assertEqual((devices["online"], devices["silent"], devices["never"]), (1, 1, 0))
        self.assertEqual([one["name"] for one in devices["away"]], ["LF-02"])

    def test_it_says_whether_a_bridge_runs(self):
        [broker] = self.overview()["brokers"]
        self.assertEqual((broker["state"], broker["seconds"]), ("absent", None))
        self.env["mqtt.process"].create(
            {
                "broker_id": self.broker.id,
                "role": "ingest",
                "client_id": "x",
                "heartbeat_at": self.at,
                "is_connected": True,
                "queue_length": 3,
            }
        )
        [broker] = self.overview()["brokers"]
        self.assertEqual((broker["state"], broker["queue"]), ("online", 3))

    def test_what_belongs_to_another_company_is_not_in_it(self):
        other = self.env["mqtt.broker"].create({"name": "B", "code": "b"})
        other.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertNotIn(other.id, [one["id"] for one in self.overview()["brokers"]])

    def test_only_readers_see_it(self):
        clerk = self.env["res.users"].create(
            {"name": "Clerk", "login": "overview_clerk", "lang": "en_US"}
        )
        with self.assertRaises(AccessError):
            self.env["mqtt.overview"].with_user(clerk).get_overview()
