"""Engineers who take one order at the same moment, on real connections."""

import threading
from contextlib import contextmanager
from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, common, tagged
from odoo.tools import SQL, mute_logger

RIVALS = 6


@tagged("post_install", "-at_install")
class TestPoolRivals(BaseCase):
    """Rows are committed here, and removed again."""

    def setUp(self):
        super().setUp()
        self.database = common.get_db_name()
        self.registry = Registry(self.database)
        with self.env_of() as env:
            site = env["property.site"].create({"name": "Rush Hour", "code": "RUSH"})
            job = env["hr.job"].create(
                {
                    "name": "Rival",
                    "property_group_ids": [
                        Command.set(env.ref("property_base.group_engineer").ids)
                    ],
                }
            )
            users = env["res.users"].create(
                [
                    {"name": f"rival.{n}", "login": f"rival.{n}", "company_id": site.company_id.id}
                    for n in range(RIVALS)
                ]
            )
            employees = env["hr.employee"].create(
                [
                    {
                        "name": user.name,
                        "user_id": user.id,
                        "job_id": job.id,
                        "company_id": site.company_id.id,
                        "date_version": date(2025, 1, 1),
                        "site_ids": [Command.set(site.ids)],
                    }
                    for user in users
                ]
            )
            team = env["maintenance.team"].create({"name": "Rivals"})
            request = env["maintenance.request"].create(
                {"name": "One order", "site_id": site.id, "maintenance_team_id": team.id}
            )
            request._happen("reject", {"is_pool": True, "assignee_id": False})
            self.request_id, self.user_ids = request.id, users.ids
            self.rows = [(record._table, record.ids) for record in (request, team, employees, job)]
            self.people = users.ids, users.partner_id.ids, site.ids
        self.addCleanup(self.remove)

    @contextmanager
    def env_of(self, uid=SUPERUSER_ID):
        with db_connect(self.database).cursor() as cr:
            yield api.Environment(cr, uid, {"tracking_disable": True})

    def remove(self):
        users, partners, sites = self.people
        with self.env_of() as env:
            env["maintenance.request"].browse(self.request_id).unlink()
            for table, ids in self.rows[1:]:
                env[table.replace("_", ".", 1)].browse(ids).unlink()
            for table, column, ids in (
                ("property_audit", "site_id", sites),
                ("property_audit", "user_id", users),
            ):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s IN %s",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        tuple(ids),
                    )
                )
            env["res.users"].browse(users).unlink()
            env["res.partner"].browse(partners).exists().unlink()
            env["property.site"].browse(sites).unlink()

    def test_one_gets_the_order_and_the_others_a_clear_message(self):
        gate = threading.Barrier(RIVALS)
        results = []

        def take(uid):
            with self.env_of(uid) as env:
                request = env["maintenance.request"].browse(self.request_id)
                self.assertEqual(request.step, "new")  # all see it in the pool
                gate.wait(60)
                try:
                    retrying(request.action_take, env)
                    results.append("got it")
                except UserError as error:
                    env.cr.rollback()
                    results.append(str(error))

        threads = [threading.Thread(target=take, args=(uid,)) for uid in self.user_ids]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        self.assertEqual(len(results), RIVALS)
        self.assertEqual(results.count("got it"), 1)
        for message in set(results) - {"got it"}:
            self.assertRegex(message, "already taken by|working on this request")
        with self.env_of() as env:
            request = env["maintenance.request"].browse(self.request_id)
            self.assertEqual(request.step, "accepted")
            self.assertEqual(request.step_ids.mapped("event").count("take"), 1)
