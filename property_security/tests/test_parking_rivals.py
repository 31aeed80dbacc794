"""The same message on many real connections at once: one stay, whoever comes first."""

import os
import threading
from datetime import datetime

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, common, tagged
from odoo.tools import mute_logger

NOON = datetime(2026, 2, 2, 4)
#: Cameras, or repeated deliveries, that tell the same passage at the same moment.
RIVALS = int(os.environ.get("PROPERTY_PARKING_RIVALS", "8"))
TABLES = ("anomaly", "passage", "session", "presence", "tariff_line", "tariff", "lane", "area")


@tagged("post_install", "-at_install")
class TestParkingRivals(BaseCase):
    def setUp(self):
        super().setUp()
        self.database = common.get_db_name()
        Registry(self.database)
        with self._env() as env:
            site = env["property.site"].create({"name": "Rivals", "code": "RIVALS"})
            area = env["property.parking.area"].create({"name": "Deck", "site_id": site.id})
            lane = env["property.parking.lane"].create({"name": "In", "area_id": area.id})
            self.site_id, self.lane_id = site.id, lane.id
        self.addCleanup(self._clean)

    def _env(self):
        return _Connection(self.database)

    def _clean(self):
        with db_connect(self.database).cursor() as cr:
            for table in TABLES:
                cr.execute(
                    f"DELETE FROM property_parking_{table} WHERE site_id = %s",  # noqa: S608
                    [self.site_id],
                )
            cr.execute("DELETE FROM property_site WHERE id = %s", [self.site_id])

    def _tell(self, gate, answers):
        with self._env() as env:
            lane = env["property.parking.lane"].browse(self.lane_id)
            lane.read(["direction"])  # the snapshot is taken before anybody has written
            gate.wait(60)
            read = {"key": "once", "plate": "浙A12345", "at": NOON, "received_at": NOON}

            def take():
                passage = env["property.parking.passage"]._take(lane, [read])
                return passage.id, passage.session_id.id, passage.action

            answers.append(retrying(take, env))

    def test_the_same_message_many_times_at_once_makes_one_stay(self):
        gate, answers = threading.Barrier(RIVALS), []
        threads = [
            threading.Thread(target=self._tell, args=(gate, answers)) for _rival in range(RIVALS)
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        self.assertEqual(len(answers), RIVALS, "every one is answered")
        self.assertEqual(len(set(answers)), 1, "and all in the same way")
        with self._env() as env:
            domain = [("site_id", "=", self.site_id)]
            self.assertEqual(env["property.parking.session"].search_count(domain), 1)
            self.assertEqual(env["property.parking.passage"].search_count(domain), 1)


class _Connection:
    """An environment on a connection of its own; what it wrote is committed at its end."""

    def __init__(self, database):
        self.cr = db_connect(database).cursor()

    def __enter__(self):
        self.cr.__enter__()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, *error):
        return self.cr.__exit__(*error)
