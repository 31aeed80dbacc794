"""The same message of a camera on many connections at once: one passage, one stay, one command."""

import os
import threading
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, common, tagged
from odoo.tools import mute_logger

from ..tools.gate_message import Message
from .test_parking_rivals import TABLES

#: Connections that tell the same passage at the same moment.
RIVALS = int(os.environ.get("PROPERTY_GATE_RIVALS", "50"))


@tagged("post_install", "-at_install")
class TestGateRivals(BaseCase):
    def setUp(self):
        super().setUp()
        self.database = common.get_db_name()
        Registry(self.database)
        with self.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            site = env["property.site"].create({"name": "Gate rivals", "code": "GATERIVALS"})
            area = env["property.parking.area"].create({"name": "Deck", "site_id": site.id})
            gate = env["property.gate"].create({"name": "South", "site_id": site.id})
            env["property.parking.lane"].create(
                {"name": "In", "area_id": area.id, "gate_id": gate.id}
            )
            self.site_id, self.gate_id = site.id, gate.id
        self.addCleanup(self._clean)

    def cursor(self):
        return db_connect(self.database).cursor()

    def _clean(self):
        with self.cursor() as cr:
            tables = [
                *("property_gate_command", "property_gate_nonce"),
                *(f"property_parking_{name}" for name in TABLES),
                "property_gate",
            ]
            for table in tables:
                cr.execute(
                    f"DELETE FROM {table} WHERE site_id = %s",  # noqa: S608
                    [self.site_id],
                )
            cr.execute(
                "DELETE FROM mail_message WHERE model = 'property.gate' AND res_id = %s",
                [self.gate_id],
            )
            cr.execute("DELETE FROM property_site WHERE id = %s", [self.site_id])

    def _tell(self, ready, number, answers):
        with self.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            gate = env["property.gate"].browse(self.gate_id)
            gate.read(["name"])  # the snapshot is taken before anybody has written
            ready.wait(60)
            with gate._turn():
                answers.append(retrying(partial(self._once, gate, number), env))

    @staticmethod
    def _once(gate, number):
        gate._use_nonce(f"rival-number-{number}")
        answer = gate._take_messages([Message("once", "浙A12345")])[0]
        return answer["passage"], answer["open"], answer["command"]

    def test_the_same_message_on_fifty_connections_makes_one_stay(self):
        ready, answers = threading.Barrier(RIVALS), []
        threads = [
            threading.Thread(target=self._tell, args=(ready, number, answers))
            for number in range(RIVALS)
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        self.assertEqual(len(answers), RIVALS, "every one is answered")
        self.assertEqual(len(set(answers)), 1, "and all in the same way")
        with self.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for model in ("parking.session", "parking.passage", "gate.command"):
                domain = [("site_id", "=", self.site_id)]
                self.assertEqual(env[f"property.{model}"].search_count(domain), 1, model)
