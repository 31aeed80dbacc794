"""Pages without login: how often a client may ask is counted for all workers together."""

import doctest
import hashlib

from odoo import SUPERUSER_ID, api, sql_db
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged

from ..tools import client_key
from ..tools.limit import Limit


@tagged("post_install", "-at_install")
class TestLimitsOfWorkers(BaseCase):
    """What one worker counts counts for the others: nothing is kept in its memory."""

    def setUp(self):
        super().setUp()
        self.limit, self.digests = Limit("test_of_workers", 2, 600), []
        self.addCleanup(self.sql, "DELETE FROM property_knock WHERE digest = ANY(%s)")

    def knocks(self, method, key="198.51.100.7 RECEIPT"):
        with db_connect(get_db_name()).cursor() as cr:
            knocks = api.Environment(cr, SUPERUSER_ID, {})["property.knock"]
            self.digests.append(knocks._digest(self.limit, key))
            if method == "_allows":
                result = knocks._allows([(self.limit, key)])
            else:
                result = knocks._is_full(self.limit, key)
            cr.rollback()  # as a request that fails
        return result

    def sql(self, query, *values):
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute(query, [*values, self.digests])
            return cr.fetchall() if cr.description else None

    def test_a_budget_is_used_up_for_all_workers_whatever_became_of_the_requests(self):
        self.assertEqual([self.knocks("_allows") for _time in range(3)], [True, True, False])
        self.assertTrue(self.knocks("_is_full"))
        self.assertTrue(self.knocks("_allows", "203.0.113.9 RECEIPT"))
        # another worker takes back what this one counted
        self.sql("DELETE FROM property_knock WHERE digest = ANY(%s)")
        self.assertFalse(self.knocks("_is_full"))
        self.assertTrue(self.knocks("_allows"))

    def test_several_limits_are_counted_up_to_the_first_that_is_full_and_asked_at_once(self):
        wide, narrow = Limit("test_of_many", 9, 600), Limit("test_of_few", 1, 600)
        asked = [(wide, "198.51.100.7 "), (narrow, "198.51.100.7 A"), (self.limit, "A")]
        with db_connect(get_db_name()).cursor() as cr:
            knocks = api.Environment(cr, SUPERUSER_ID, {})["property.knock"]
            self.digests += [knocks._digest(*one) for one in asked]
            before = sql_db.sql_counter
            self.assertTrue(knocks._allows(asked))
            self.assertEqual(sql_db.sql_counter - before, 1)
            self.assertFalse(knocks._allows(asked))
        counts = dict(
            self.sql(
                "SELECT digest, COUNT(*) FROM property_knock WHERE digest = ANY(%s) GROUP BY 1"
            )
        )
        self.assertEqual([counts[digest] for digest in self.digests], [2, 1, 1])

    def test_a_window_is_over_in_time_and_forgotten_later(self):
        for seconds, full, left in ((500, True, 2), (700, False, 2), (100_000, False, 0)):
            with self.subTest(seconds):
                self.knocks("_allows")
                self.knocks("_allows")
                self.sql(
                    "UPDATE property_knock SET at = CLOCK_TIMESTAMP() AT TIME ZONE 'UTC'"
                    " - %s * INTERVAL '1 second' WHERE digest = ANY(%s)",
                    seconds,
                )
                self.assertEqual(self.knocks("_is_full"), full)
                with db_connect(get_db_name()).cursor() as cr:
                    api.Environment(cr, SUPERUSER_ID, {})["property.knock"]._gc_knocks()
                rows = self.sql("SELECT id FROM property_knock WHERE digest = ANY(%s)")
                self.assertEqual(len(rows), left)
                self.sql("DELETE FROM property_knock WHERE digest = ANY(%s)")

    def test_nothing_tells_who_asked_about_what(self):
        self.knocks("_allows")
        [(row,)] = self.sql("SELECT to_jsonb(k) FROM property_knock k WHERE digest = ANY(%s)")
        self.assertEqual(set(row), {"id", "digest", "at"})
        self.assertRegex(row["digest"], "^[0-9a-f]{64}$")
        key, name = "198.51.100.7 RECEIPT", f"{self.limit.name} 198.51.100.7 RECEIPT"
        plain = {hashlib.sha256(text.encode()).hexdigest() for text in (key, name)}
        self.assertNotIn(row["digest"], plain, "whoever reads it could try keys")

    def test_documented_examples_of_clients_hold(self):
        failed, attempted = doctest.testmod(client_key)
        self.assertEqual(failed, 0)
        self.assertTrue(attempted)
