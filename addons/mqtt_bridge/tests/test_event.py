"""What a server action sees of its event, and whose rights it has."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.mqtt_event import Superseded
from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestPerform(EventCommon):
    """What an action sees and may do, without the process."""

    def perform(self, action, **values):
        """Claim an event and run it."""
        event = self.event(action, **values)
        event.write({"state": "running", "tries": 1})
        event._perform(1)
        return event

    def test_code_sees_the_event_its_device_and_the_message(self):
        action = self.action(
            "env['res.partner'].create({'name': '%s %s %s %s %s' % ("
            "event.kind, device.code, payload['temperature'], record == event, rule)})"
        )
        event = self.perform(action)
        self.assertEqual(event.state, "done")
        partner = self.env["res.partner"].search([], order="id desc", limit=1)
        self.assertTrue(partner.name.startswith("matched LF-01 91.5 True"))
        self.assertEqual(partner.create_uid, self.runner)

    def test_a_message_that_is_no_json_is_a_text(self):
        action = self.action("env['res.partner'].create({'name': payload})")
        self.perform(action, payload="OPEN DOOR")
        self.assertTrue(self.partners("OPEN DOOR"))

    def test_code_has_the_rights_of_the_user_and_no_more(self):
        action = self.action("env['res.users'].create({'name': 'x', 'login': 'x'})")
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.perform(action)

    def test_the_parts_of_an_action_have_these_rights_too(self):
        part = self.action(
            "env['res.users'].create({'name': 'x', 'login': 'x'})", usage="ir_actions_server"
        )
        action = self.action(state="multi", child_ids=[Command.set(part.ids)])
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.perform(action)
        inner = self.action(
            usage="ir_actions_server", state="multi", child_ids=[Command.set(part.ids)]
        )
        action.child_ids = inner
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.perform(action)
        part.code = "env['res.partner'].create({'name': device.code + ' part'})"
        self.perform(action)
        self.assertTrue(self.partners("LF-01 part"))

    def test_nobody_runs_an_action_for_events_by_hand(self):
        action = self.action("env['res.partner'].create({'name': 'by hand'})")
        event = self.event(action)
        event.state = "done"
        for context in ({}, {"mqtt_event_id": event.id}):
            found = action.with_user(self.runner).with_context(**context)
            with self.subTest(**context), self.assertRaisesRegex(AccessError, "only when a device"):
                found.run()
        event.state = "running"
        stranger = self.user("stranger", "group_operator")
        found = action.with_user(stranger).with_context(mqtt_event_id=event.id)
        with self.assertRaisesRegex(AccessError, "only when a device"):
            found.run()

    def test_an_action_of_the_device_has_the_device_as_its_record(self):
        action = self.action("record.write({'note': 'hot'})", model="mqtt.device")
        self.perform(action)
        self.assertEqual(self.device.note, "hot")

    def test_an_action_without_code_updates_the_device(self):
        action = self.action(
            model="mqtt.device", state="object_write", update_path="note", value="seen"
        )
        self.perform(action)
        self.assertEqual(self.device.note, "seen")

    def test_an_action_of_another_model_needs_code(self):
        with self.assertRaisesRegex(UserError, "no record to act on"):
            self.perform(
                self.action(
                    model="res.partner", state="object_write", update_path="name", value="x"
                )
            )
        self.perform(self.action("model.create({'name': 'by code'})", model="res.partner"))
        self.assertTrue(self.partners("by code"))

    def test_an_action_of_another_usage_is_not_run(self):
        action = self.action("raise UserError('ran')", usage="ir_actions_server")
        with self.assertRaisesRegex(UserError, "no action for device messages"):
            self.perform(action)

    def test_who_may_do_everything_runs_no_actions(self):
        admin = self.env.ref("base.user_admin")
        for user in (self.env.ref("base.user_root"), admin):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(ValidationError, "do everything"),
            ):
                self.broker.user_id = user
        self.runner.group_ids += self.env.ref("base.group_system")
        with self.assertRaisesRegex(UserError, "do everything"):
            self.perform(self.action("pass"))

    def test_who_may_not_read_events_runs_no_actions(self):
        with self.assertRaisesRegex(ValidationError, "Reader"):
            self.broker.user_id = self.user("stranger")

    def test_without_a_user_the_error_says_what_to_do(self):
        self.broker.user_id = False
        with self.assertRaisesRegex(UserError, "Choose one at the broker"):
            self.perform(self.action("pass"))

    def test_a_user_of_another_company_is_refused(self):
        self.broker.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "does not belong to Other"):
            self.perform(self.action("pass"))

    def test_records_are_made_in_the_company_of_the_broker(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.runner.company_ids += company
        self.broker.company_id = company
        self.perform(self.action("env['res.partner'].create({'name': env.company.name + '!'})"))
        self.assertTrue(self.partners("Other!"))

    def test_what_is_done_once_is_not_done_by_a_replay(self):
        action = self.action(
            "if once('order'):\n    env['res.partner'].create({'name': 'order'})\n"
            "if once('other'):\n    env['res.partner'].create({'name': 'other'})"
        )
        event = self.perform(action)
        event.write({"state": "running", "tries": 2})
        event._perform(2)
        self.assertEqual((len(self.partners("order")), len(self.partners("other"))), (1, 1))
        self.assertEqual(event.marks, "order\nother")

    def test_an_event_that_another_process_has_by_now_is_not_marked(self):
        event = self.event(self.action("pass"))
        event.write({"state": "running", "tries": 2})
        with self.assertRaises(Superseded):
            event._perform(1)

    def test_a_payload_is_cut_and_holds_no_nul(self):
        event = self.event(self.action("pass"), payload="a\0" + "x" * 100_000)
        self.assertEqual(len(event.payload), 65536)
        self.assertNotIn("\0", event.payload)

    def test_a_row_of_the_bridge_gets_what_it_leaves_out(self):
        self.env.cr.execute(
            "INSERT INTO mqtt_event (kind, broker_id) VALUES ('raised', %s) RETURNING id",
            [self.broker.id],
        )
        event = self.env["mqtt.event"].browse(self.env.cr.fetchone()[0])
        self.assertEqual((event.state, event.tries), ("waiting", 0))
        self.assertTrue(event.due)

    def test_an_action_for_events_goes_into_no_menu_and_no_other_action(self):
        action = self.action("pass")
        with self.assertRaises(ValidationError):
            action.create_action()
        self.assertNotIn(
            action,
            self.env["ir.actions.server"].search([("usage", "!=", "mqtt"), ("name", "=", "Act")]),
        )
