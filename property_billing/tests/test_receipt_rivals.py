"""Many cashiers at once, on real connections: numbers without gap and without twin."""

import threading
from contextlib import contextmanager
from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, common, tagged
from odoo.tools import SQL, mute_logger

CASHIERS = 20


class Jam(Exception):
    """A printer that fails after the number was taken."""


@tagged("post_install", "-at_install")
class TestReceiptRivals(BaseCase):
    """Rows are committed here, and removed again."""

    def setUp(self):
        super().setUp()
        self.database = common.get_db_name()
        self.registry = Registry(self.database)
        with self.env_of_its_own() as env:
            site = env["property.site"].create({"name": "Rush Hour", "code": "RUSH"})
            self.site_id, self.company_id = site.id, site.company_id.id
            self.currency_id = site.company_id.currency_id.id
            book = env["property.receipt.book"].create(
                {
                    "prefix": "RUSH",
                    "number_from": 1,
                    "number_to": CASHIERS + 5,
                    "digits": 3,
                    "site_id": site.id,
                }
            )
            book._step(state="issued", holder_id=SUPERUSER_ID)
            self.book_id = book.id
        self.addCleanup(self.remove)

    @contextmanager
    def env_of_its_own(self):
        with db_connect(self.database).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def remove(self):
        with self.env_of_its_own() as env:
            for table, column in (
                ("property_receipt", "site_id"),
                ("property_receipt_book_move", "site_id"),
                ("property_receipt_book", "site_id"),
                ("property_audit", "site_id"),
                ("property_site", "id"),
            ):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        self.site_id,
                    )
                )

    def new_receipt(self, env):
        return env["property.receipt"].create(
            {
                "company_id": self.company_id,
                "site_id": self.site_id,
                "currency_id": self.currency_id,
                "date": date(2026, 10, 1),
                "issued_on": date(2026, 10, 1),
                "amount_total": 1.0,
            }
        )

    def number_one(self, env):
        receipt = self.new_receipt(env)
        site = env["property.site"].browse(self.site_id)
        env["property.receipt"]._number(receipt, site, site.company_id)
        return receipt

    def taken(self):
        with self.env_of_its_own() as env:
            receipts = env["property.receipt"].search([("site_id", "=", self.site_id)])
            return sorted(receipts.mapped("name"))

    def rush(self, count):
        """Issue a receipt in each of many threads that all began before the first was issued."""
        gate, errors = threading.Barrier(count), []

        def work():
            tries = []
            try:
                with self.env_of_its_own() as env:
                    env.cr.execute("SELECT count(*) FROM property_receipt")  # the snapshot

                    def once():
                        if not tries:
                            tries.append(1)
                            gate.wait(60)
                        self.number_one(env)

                    retrying(once, env)
            except Exception as error:  # noqa: BLE001  a thread cannot fail the test itself
                errors.append(error)

        threads = [threading.Thread(target=work) for _index in range(count)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        self.assertEqual(errors, [])

    def test_twenty_cashiers_at_once_get_twenty_numbers_in_a_row(self):
        with self.env_of_its_own() as env:
            self.number_one(env)  # the book is in use from now on
        self.rush(CASHIERS)
        wanted = [f"RUSH{number:03d}" for number in range(1, CASHIERS + 2)]
        self.assertEqual(self.taken(), wanted)

    def test_the_book_on_demand_stands_a_rush_too(self):
        with self.env_of_its_own() as env:
            env["property.receipt.book"].browse(self.book_id)._step(state="stock", holder_id=False)
        self.rush(4)
        self.rush(8)
        self.assertEqual(self.taken(), [f"SJ-RUSH-{number:07d}" for number in range(1, 13)])

    def test_a_number_that_was_rolled_back_is_the_next_one(self):
        with self.assertRaises(Jam), self.env_of_its_own() as env:
            self.assertEqual(self.number_one(env).name, "RUSH001")
            raise Jam
        with self.env_of_its_own() as env:
            self.assertEqual(self.number_one(env).name, "RUSH001")
        self.assertEqual(self.taken(), ["RUSH001"])

    def test_who_waits_gets_the_number_of_one_that_is_rolled_back(self):
        names, started = [], threading.Event()

        def wait():
            with self.env_of_its_own() as env:
                env.cr.execute("SELECT count(*) FROM property_receipt")
                started.set()
                names.append(self.number_one(env).name)

        with self.env_of_its_own() as env:
            self.number_one(env)
            env.cr.commit()
            self.assertEqual(self.number_one(env).name, "RUSH002")
            thread = threading.Thread(target=wait)
            thread.start()
            started.wait(30)
            env.cr.rollback()
        thread.join(60)
        self.assertEqual(names, ["RUSH002"])
