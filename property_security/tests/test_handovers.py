from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .incident_common import IncidentCommon
from .test_incident_field import GuardPhoneCommon

NOON = datetime(2026, 3, 2, 4, 0)
NONE = dict.fromkeys(ROLES, "")


class HandoverCommon(IncidentCommon):
    """The south gate with four radios, and guards Ann and Bob."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handovers = cls.env["property.handover"]
        cls.post, cls.foreign_post = cls.env["property.handover.post"].create(
            [
                {
                    "name": "South gate",
                    "site_id": site.id,
                    "item_ids": [Command.create({"name": "Radio", "expected": 4})],
                }
                for site in (cls.site, cls.other_site)
            ]
        )
        cls.ann = cls.users["guard"]
        cls.bob = cls.new_staff("staff.bob", cls.new_job("guard"), cls.site)

    def written(self, giver=None, taker=None, post=None, counted=4, **vals):
        """Write a hand-over that is ready to be given."""
        giver, taker = giver or self.ann, taker or self.bob
        one = self.handovers.with_user(giver).create(
            {
                "post_id": (post or self.post).id,
                "from_employee_id": giver.employee_id.id,
                "to_employee_id": taker.employee_id.id,
                **vals,
            }
        )
        one.item_ids.write({"counted": counted, "is_counted": True})
        return one

    def give(self, at, **values):
        one = self.written(**values)
        one._give(at)
        return one


@tagged("post_install", "-at_install")
class TestHandovers(HandoverCommon):
    def test_a_post_goes_from_one_guard_to_the_next(self):
        incident = self.new_incident()
        with freeze_time(NOON):
            one = self.written(note="Plumber comes at nine")
            one.action_give()
        self.assertEqual((one.state, one.end_at), ("given", NOON))
        self.assertEqual(one.start_at, NOON - timedelta(hours=12))
        self.assertEqual(one.incident_ids, incident)
        self.assertEqual(one.sudo().activity_ids.user_id, self.bob)
        with freeze_time(NOON + timedelta(minutes=5)):
            one.with_user(self.bob).action_take()
        self.assertEqual((one.state, one.sudo().taken_uid), ("taken", self.bob))
        self.assertFalse(one.sudo().activity_ids)
        self.assertEqual(self.post.holder_id.user_id, self.bob)

    def test_the_next_shift_begins_where_the_last_ended(self):
        first = self.give(NOON)
        second = self.give(NOON + timedelta(hours=8), giver=self.bob, taker=self.ann)
        third = self.give(NOON + timedelta(hours=9), giver=self.bob, taker=self.ann)
        self.assertEqual((second.start_at, second.previous_id), (first.end_at, first))
        self.assertEqual((third.start_at, third.previous_id), (second.end_at, second))
        self.assertFalse(second.is_other_giver)
        self.assertTrue(third.is_other_giver)

    def test_nothing_is_given_before_what_was_given_already(self):
        self.give(NOON)
        with self.assertRaises(UserError):
            self.give(NOON - timedelta(minutes=1), giver=self.bob, taker=self.ann)

    def test_the_database_keeps_the_chain(self):
        first, second = self.give(NOON), self.give(NOON + timedelta(hours=1))
        third = self.give(NOON + timedelta(hours=2))
        for one, vals in (
            (third, {"previous_id": first.id}),
            (second, {"previous_id": False}),
            (third, {"end_at": third.start_at}),
            (third, {"to_employee_id": third.from_employee_id.id}),
        ):
            with (
                self.subTest(vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                one.sudo().write(vals)
                one.flush_recordset()

    def test_everything_is_counted_before_it_is_given(self):
        one = self.written()
        one.item_ids.is_counted = False
        with self.assertRaisesRegex(UserError, "Radio"):
            one.action_give()

    def test_what_is_missing_is_shown(self):
        one = self.give(NOON, counted=3)
        self.assertEqual(one.short_count, 1)
        self.assertIn(one, self.handovers.search([("item_ids.is_short", "=", True)]))

    def test_a_guard_does_not_lower_what_a_post_has_to_have(self):
        one = self.written(counted=3)
        with self.assertRaisesRegex(UserError, "listed at the post"):
            one.item_ids.write({"expected": 3})
        self.assertTrue(one.item_ids.is_short)

    def test_who_enters_a_number_has_counted(self):
        one = self.handovers.with_user(self.ann).create({"post_id": self.post.id})
        with Form(one) as form, form.item_ids.edit(0) as item:
            item.counted = 4
        self.assertTrue(one.item_ids.is_counted)

    def test_others_neither_give_nor_take(self):
        one = self.written()
        with self.assertRaises(AccessError):
            one.with_user(self.bob).action_give()
        with self.assertRaises(AccessError):
            one.with_user(self.users["service"]).action_give()
        one.action_give()
        with self.assertRaises(AccessError):
            one.action_take()
        one.with_user(self.users["manager"]).action_take()
        self.assertEqual(one.state, "taken")

    def test_nobody_hands_over_to_himself_or_to_nobody(self):
        one = self.written(taker=self.ann)
        with self.assertRaises(UserError):
            one.action_give()
        one.to_employee_id = False
        with self.assertRaises(UserError):
            one.action_give()

    def test_an_objection_is_kept_and_shown(self):
        one = self.give(NOON)
        action = one.with_user(self.bob).action_dispute()
        wizards = self.env["property.handover.objection"].with_user(self.bob)
        wizard = wizards.with_context(**action["context"]).create({"text": "Three radios"})
        wizard.action_apply()
        self.assertEqual((one.state, one.is_disputed), ("taken", True))
        self.assertEqual(one.dispute_note, "Three radios")

    def test_what_is_signed_stays(self):
        one = self.give(NOON)
        for record, vals in ((one, {"note": "x"}), (one.item_ids, {"counted": 1})):
            with self.subTest(record._name), self.assertRaises(UserError):
                record.with_user(self.users["manager"]).write(vals)
        with self.assertRaises(UserError):
            one.with_user(self.users["director"]).unlink()
        with self.assertRaises(UserError):
            self.written().write({"state": "taken"})

    def test_one_hand_over_is_written_at_a_time(self):
        draft = self.written()
        self.assertEqual(self.post.with_user(self.ann).action_hand_over()["res_id"], draft.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.written()

    def test_missing_and_unsigned_hand_overs_are_seen_and_told_once(self):
        self.patch(self.env.registry["ir.cron"], "_commit_progress", lambda *a, **k: 60.0)
        self.assertEqual(self.post.post_state, "new")
        with freeze_time(NOON):
            one = self.give(NOON)
            self.assertEqual(self.post.post_state, "unsigned")
            one.with_user(self.bob).action_take()
            self.post.invalidate_recordset()
            self.assertEqual(self.post.post_state, "on_time")
        with freeze_time(NOON + timedelta(hours=14)):
            self.post.invalidate_recordset()
            self.assertEqual(self.post.post_state, "missing")
            posts = self.env["property.handover.post"]
            self.assertIn(self.post, posts.search([("post_state", "=", "missing")]))
            for _ in range(2):
                posts._cron_tell_missing()
            mine = self.post.activity_ids.filtered(lambda a: a.user_id == self.users["manager"])
            self.assertEqual(len(mine), 1)
            self.give(fields.Datetime.now(), giver=self.bob, taker=self.ann)
            self.assertFalse(self.post.activity_ids)


@tagged("post_install", "-at_install")
class TestHandoverAccess(AccessMatrixMixin, HandoverCommon):
    MATRIX = {
        "property.handover.post": {
            **NONE,
            "guard": "r",
            "service": "r",
            "manager": "rwc",
            "director": "rwcu",
        },
        "property.handover.post.item": {
            **NONE,
            "guard": "r",
            "service": "r",
            "manager": "rwcu",
            "director": "rwcu",
        },
        "property.handover": {
            **NONE,
            "guard": "rwc",
            "service": "r",
            "manager": "rwc",
            "director": "rwcu",
        },
        "property.handover.item": {
            **NONE,
            "guard": "rwc",
            "service": "r",
            "manager": "rwc",
            "director": "rwcu",
        },
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pair = cls.handovers.create(
            [
                {"post_id": post.id, "from_employee_id": cls.ann.employee_id.id}
                for post in (cls.post, cls.foreign_post)
            ]
        )
        cls.records = {
            "property.handover.post": (cls.post, cls.foreign_post),
            "property.handover.post.item": (cls.post.item_ids, cls.foreign_post.item_ids),
            "property.handover": tuple(pair),
            "property.handover.item": tuple(one.item_ids for one in pair),
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.records)

    def test_another_company_sees_nothing(self):
        self.assert_other_company_sees_nothing()

    def test_nobody_moves_equipment_to_a_foreign_post(self):
        item = self.records["property.handover.post.item"][0].with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            item.post_id = self.foreign_post


@tagged("post_install", "-at_install")
class TestHandoverField(GuardPhoneCommon, HandoverCommon):
    def payload(self, **changes):
        return {
            "event": "give",
            "post": self.post.id,
            "to": self.bob.employee_id.id,
            "text": "Quiet night",
            "items": [{"id": self.post.item_ids.id, "counted": 4}],
            **changes,
        }

    def test_a_post_is_given_and_taken_on_phones(self):
        answer = self.send("handover", self.payload())
        self.assertEqual(answer.status_code, 200, answer.text)
        one = self.handovers.search([("post_id", "=", self.post.id)])
        self.assertEqual((one.state, one.note), ("given", "Quiet night"))
        self.assertEqual(one.from_employee_id, self.guard)
        self.authenticate("staff.bob", "staff.bob")
        self.assertEqual([row["id"] for row in self.data("handover")["waiting"]], one.ids)
        answer = self.send("handover", {"event": "take", "handover": one.id, "text": "No keys"})
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual((one.state, one.dispute_note), ("taken", "No keys"))
        self.assertEqual(self.data("handover")["posts"][0]["holder"], "staff.bob")

    def test_the_same_hand_over_sent_again_happens_once(self):
        body = self.phone.body(self.payload())
        statuses = [self.ask("/field/sync/handover", body).json()["status"] for _ in range(2)]
        self.assertEqual(statuses, ["accepted", "repeated"])
        self.assertEqual(self.handovers.search_count([("post_id", "=", self.post.id)]), 1)

    def test_colleagues_are_guards_of_the_own_site(self):
        self.new_staff("far.guard", self.new_job("guard"), self.other_site)
        names = [one["name"] for one in self.data("handover")["colleagues"]]
        self.assertIn("staff.bob", names)
        for name in ("far.guard", "staff.guard", "staff.cashier", "staff.manager"):
            self.assertNotIn(name, names)

    def test_foreign_and_senseless_ones_are_refused_and_write_nothing(self):
        other = self.give(NOON, giver=self.bob, taker=self.users["manager"])
        before = self.handovers.search_count([])
        for status, values in (
            (404, {"post": self.foreign_post.id}),
            (404, {"to": self.users["cashier"].employee_id.id}),
            (422, {"items": []}),
            (422, {"items": [{"id": 10**8, "counted": 1}]}),
            (422, {"items": [{"id": self.post.item_ids.id, "counted": -1}]}),
            (422, {"items": "x"}),
            (422, {"to": self.guard.id}),
            (422, {"event": "unlink"}),
            (404, {"event": "take", "handover": 10**8}),
            (403, {"event": "take", "handover": other.id}),
        ):
            answer = self.send("handover", self.payload(**values))
            with self.subTest(values):
                self.assertEqual(answer.status_code, status, answer.text)
                self.assertTrue(answer.json()["error"])
        self.assertEqual(self.handovers.search_count([]), before)
