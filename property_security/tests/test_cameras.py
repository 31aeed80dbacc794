from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from ..models import property_camera_online
from ..tools.camera_fetch import FetchError
from .camera_server import PASSWORD, USER, CameraServer, picture
from .common import ParkingCommon, utc
from .incident_common import IncidentCommon

NOON = datetime(2026, 3, 2, 4, 0)
NONE = dict.fromkeys(ROLES, "")
LOOK = {**NONE, "guard": "r", "service": "r", "engineer": "r", "manager": "r", "director": "r"}


class CameraCommon(IncidentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cameras = cls.env["property.camera"]
        cls.shots = cls.env["property.camera.snapshot"]
        cls.camera = cls.new_camera()
        cls.other_camera = cls.new_camera(name="Far", site_id=cls.other_site.id)
        cls.classPatch(cls.env.registry["ir.cron"], "_commit_progress", lambda *a, **k: 60.0)
        property_camera_online.SHOWN.clear()

    @classmethod
    def new_camera(cls, **vals):
        return cls.cameras.create(
            {
                "name": "South gate",
                "site_id": cls.site.id,
                "host": "192.168.1.64",
                "snapshot_url": "http://192.168.1.64/picture",
                **vals,
            }
        )

    def answering(self, outcome):
        """Let cameras answer a picture or a fault."""

        def fetch(target):
            if isinstance(outcome, bytes):
                return outcome
            raise FetchError(outcome)

        return patch.object(property_camera_online, "fetch", fetch)


@tagged("post_install", "-at_install")
class TestCameras(CameraCommon):
    def test_addresses_hold_no_login_and_lead_to_the_camera(self):
        for vals in (
            {"snapshot_url": "http://u:p@192.168.1.64/picture"},
            {"snapshot_url": "http://192.168.1.65/picture"},
            {"snapshot_url": "file:///etc/passwd"},
            {"snapshot_url": "javascript:alert(1)"},
            {"hls_url": "javascript:alert(1)"},
            {"rtsp_url": "http://192.168.1.64/"},
            {"playback_url": "javascript:alert(1)//{start}"},
            {"host": "192.168.1.70"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.camera.write(vals)

    def test_the_addresses_of_a_maker_are_filled_in(self):
        camera = self.new_camera(vendor="dahua", snapshot_url=False, channel=3)
        camera.action_fill_urls()
        self.assertEqual(camera.snapshot_url, "http://192.168.1.64/cgi-bin/snapshot.cgi?channel=3")
        self.assertIn("channel=3", camera.rtsp_url)

    def test_a_serial_number_is_one_camera(self):
        self.camera.serial = "SN1"
        self.new_camera(serial="SN1", channel=2)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.new_camera(serial="SN1")

    def test_logins_are_the_administrators(self):
        login = self.env["property.camera.credential"].create(
            {"name": "All", "username": USER, "password": PASSWORD}
        )
        self.camera.credential_id = login
        manager = self.camera.with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            manager.read(["credential_id"])
        with self.assertRaises(AccessError):
            login.with_user(self.users["manager"]).read(["username"])
        for vals in ({"host": "192.168.1.9"}, {"snapshot_url": "http://192.168.1.64/x"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                manager.write(vals)
        manager.name = "Gate"

    def test_cameras_that_answer_are_online(self):
        with self.answering(picture()):
            self.cameras._cron_check_online()
        self.assertEqual(self.camera.online_state, "online")
        self.assertTrue(self.camera.last_seen_at)
        with self.answering("timeout"):
            self.cameras._cron_check_online()
        self.assertEqual(self.camera.online_state, "offline")
        self.assertTrue(self.camera.last_error)

    def test_a_recording_is_found_by_camera_and_time(self):
        self.camera.playback_url = "https://video.example.com/?from={start}&to={end}&c={channel}"
        one = self.new_incident(camera_id=self.camera.id, occurred_at=NOON)
        self.assertEqual(
            one.playback_link,
            "https://video.example.com/?from=20260302T035800Z&to=20260302T040200Z&c=1",
        )
        one.camera_at = NOON - timedelta(hours=1)
        self.assertIn("20260302T025800Z", one.playback_link)

    def test_cameras_stay_on_their_site(self):
        with self.assertRaises(ValidationError):
            self.new_incident(camera_id=self.other_camera.id)
        with self.assertRaises(ValidationError):
            self.camera.building_id = self.other_building


@tagged("post_install", "-at_install")
class TestSnapshots(CameraCommon):
    def order(self, record=None, at=None):
        return self.camera._snapshot_for(record or self.camera, at)

    def fetch(self, outcome):
        with self.answering(outcome):
            self.shots._cron_fetch()

    def test_an_incident_with_a_camera_gets_a_picture(self):
        one = self.new_incident(camera_id=self.camera.id)
        self.assertEqual(one.snapshot_ids.state, "queued")
        self.fetch(picture())
        shot = one.snapshot_ids
        self.assertEqual((shot.state, shot.tries), ("done", 1))
        self.assertTrue(shot.image)
        self.assertEqual(self.camera.online_state, "online")
        self.assertTrue(shot.with_user(self.users["guard"]).image)

    def test_the_same_moment_is_ordered_once(self):
        self.assertEqual(self.order(at=NOON), self.order(at=NOON))
        self.assertNotEqual(self.order(at=NOON), self.order(at=NOON + timedelta(seconds=1)))

    def test_a_camera_without_pictures_gets_no_order(self):
        self.camera.snapshot_url = False
        self.assertFalse(self.order())

    def test_a_camera_that_fails_is_asked_again_later_and_then_given_up(self):
        with freeze_time(NOON):
            shot = self.order(at=NOON)
        at, waits = NOON, []
        for _ in range(3):
            with freeze_time(at):
                self.fetch("timeout")
                self.fetch("timeout")
            self.assertEqual(shot.state, "queued")
            waits.append((shot.next_try_at - at).total_seconds() / 60)
            at = shot.next_try_at
        self.assertEqual((waits, shot.tries), ([1, 2, 4], 3))
        with freeze_time(at):
            self.fetch("timeout")
        self.assertEqual((shot.state, shot.tries), ("failed", 4))
        self.assertTrue(shot.error)

    def test_a_picture_of_long_ago_is_not_fetched(self):
        with freeze_time(NOON):
            shot = self.order(at=NOON)
        with freeze_time(NOON + timedelta(hours=1)):
            self.fetch(picture())
        self.assertEqual((shot.state, shot.image), ("failed", False))

    def test_what_only_looks_like_a_picture_is_not_kept(self):
        shot = self.order()
        self.fetch(b"\xff\xd8\xff\xe0 but no picture")
        self.assertEqual((shot.state, shot.image), ("failed", False))

    def test_old_pictures_go_and_those_of_open_incidents_stay(self):
        with freeze_time(NOON):
            loose = self.order()
            over = self.new_incident(camera_id=self.camera.id)
            still = self.new_incident(camera_id=self.camera.id)
            over._cancel("A drill")
        kept = still.snapshot_ids
        days = self.company.camera_snapshot_days
        with freeze_time(NOON + timedelta(days=days, hours=-1)):
            self.shots._cron_forget()
        self.assertEqual(len((loose | over.snapshot_ids).exists()), 2)
        gone = loose | over.snapshot_ids
        with freeze_time(NOON + timedelta(days=days, hours=1)):
            self.shots._cron_forget()
        self.assertFalse(gone.exists())
        self.assertTrue(kept.exists())

    def test_demonstration_cameras_use_no_network(self):
        self.camera.write({"vendor": "demo", "snapshot_url": False, "host": False})
        shot = self.order()
        with self.answering("network"):
            self.shots._cron_fetch()
        self.assertEqual(shot.state, "done")


@tagged("post_install", "-at_install")
class TestSnapshotsAtLanes(CameraCommon, ParkingCommon):
    def setUp(self):
        super().setUp()
        self.lane_in.camera_id = self.camera

    def test_a_car_that_waits_is_taken_and_one_that_passes_is_not(self):
        with freeze_time(utc("2026-02-02 08:00")):
            waits = self.drive(self.lane_in, "2026-02-02 08:00", "浙A8K88B", confidence=60)
            passes = self.drive(self.lane_in, "2026-02-02 08:00")
        self.assertEqual(waits.snapshot_ids.camera_id, self.camera)
        self.assertFalse(passes.snapshot_ids)

    def test_what_was_uploaded_later_is_not_taken(self):
        with freeze_time(utc("2026-02-02 12:00")):
            late = self.drive(self.lane_in, "2026-02-02 08:00", "浙A8K88B", confidence=60)
        self.assertFalse(late.snapshot_ids)

    def test_the_incident_of_a_passage_has_its_camera_and_keeps_its_picture(self):
        with freeze_time(utc("2026-02-02 08:00")):
            waits = self.drive(self.lane_in, "2026-02-02 08:00", "浙A8K88B", confidence=60)
            one = self.new_incident(passage_id=waits.id)
            self.assertEqual(one.camera_id, self.camera)
        self.shots._cron_forget()
        self.assertTrue(waits.snapshot_ids)

    def test_who_sees_no_cameras_still_reads_passages_and_lanes(self):
        passage = self.drive(self.lane_in, "2026-02-02 08:00")
        for record in (passage, self.lane_in):
            for role, sees in (("cashier", False), ("guard", True)):
                [values] = record.with_user(self.users[role]).read()
                self.assertEqual("camera_id" in values, sees, role)
        form = self.env["property.parking.passage"].with_user(self.users["cashier"]).get_view()
        self.assertNotIn("playback_link", form["arch"])

    def test_a_lane_has_a_camera_of_its_site(self):
        with self.assertRaises(ValidationError):
            self.lane_in.camera_id = self.other_camera


@tagged("post_install", "-at_install")
class TestCameraAccess(AccessMatrixMixin, CameraCommon):
    MATRIX = {
        "property.camera": {**LOOK, "manager": "rwc", "director": "rwcu"},
        "property.camera.snapshot": LOOK,
        "property.camera.credential": NONE,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = {
            "property.camera": (cls.camera, cls.other_camera),
            "property.camera.snapshot": tuple(
                camera._snapshot_for(camera) for camera in (cls.camera, cls.other_camera)
            ),
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.records)

    def test_another_company_sees_nothing(self):
        self.assert_other_company_sees_nothing()


@tagged("post_install", "-at_install")
class TestCameraPictures(CameraCommon, HttpCase):
    """The picture of a real server, through ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(CameraServer())
        cls.env["ir.config_parameter"].set_param("property_security.camera_networks", "127.0.0.1/8")
        login = cls.env["property.camera.credential"].create(
            {"name": "All", "username": USER, "password": PASSWORD}
        )
        cls.camera.write(
            {
                "host": "127.0.0.1",
                "snapshot_url": cls.server.url("digest"),
                "credential_id": login.id,
            }
        )

    def ask(self, camera_id, role="guard"):
        property_camera_online.SHOWN.clear()
        self.authenticate(role and f"staff.{role}", role and f"staff.{role}")
        with mute_logger("odoo.http"):
            return self.url_open(f"/property/camera/{camera_id}/picture", allow_redirects=False)

    def test_a_guard_sees_a_picture_of_the_own_site(self):
        answer = self.ask(self.camera.id)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
        self.assertTrue(answer.content.startswith(b"\xff\xd8\xff"))

    def test_others_see_nothing(self):
        for camera_id, role in (
            (self.other_camera.id, "guard"),
            (self.camera.id, "cashier"),
            (10**12, "guard"),
            (0, "guard"),
        ):
            with self.subTest(role):
                self.assertEqual(self.ask(camera_id, role).status_code, 404)
        self.authenticate("portal.owner", "portal.owner")
        answer = self.url_open(f"/property/camera/{self.camera.id}/picture")
        self.assertEqual(answer.status_code, 404)
        self.assertIn(self.ask(self.camera.id, None).status_code, (302, 303))

    def test_a_camera_that_fails_shows_the_last_picture_and_is_not_asked_again(self):
        self.camera.snapshot_url = self.server.url("html")
        self.assertEqual(self.ask(self.camera.id).status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(self.camera.online_state, "offline")
        shot = self.camera._snapshot_for(self.camera)
        shot.sudo()._keep(picture("PNG"), fields.Datetime.now())
        before = len(self.server.asked)
        answer = self.ask(self.camera.id)
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertEqual(len(self.server.asked), before)
