"""Foreign keys proved as sets: the same bills, and the same refusals, where it was granted."""

import os

import psycopg2
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from ..models import billing_lane, billing_lane_keys
from .lane_common import LaneCommon

PRIVILEGE = "SET ON PARAMETER session_replication_role"


def administer(statement):
    """Run a statement as the administrator of the tests' own server.

    :return: whether there is such an administrator
    """
    if not os.environ.get("PGPASSFILE"):
        return False
    try:
        connection = psycopg2.connect(
            host=config["db_host"],
            port=config["db_port"],
            user="administrator",
            dbname="postgres",
            passfile=os.environ["PGPASSFILE"],
        )
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True
    with connection.cursor() as cr:
        cr.execute(statement)
    connection.close()
    return True


def grant(case, is_given=True):
    """Let the test's role switch off triggers, or forbid it; skip where nobody can decide that."""
    role = config["db_user"] or os.environ.get("PGUSER")
    forbid = f'REVOKE {PRIVILEGE} FROM "{role}"'
    if administer(f'GRANT {PRIVILEGE} TO "{role}"' if is_given else forbid):
        case.addCleanup(administer, forbid)
        return
    if not (is_given and billing_lane_keys.may_switch_off(case.env.cr)):
        case.skipTest("this PostgreSQL has no administrator whom the tests can ask")


@tagged("post_install", "-at_install")
class TestBillingLaneKeys(LaneCommon):
    def _switch_on(self):
        self.env["ir.config_parameter"].set_param(billing_lane_keys.PARAMETER, "True")

    def _role(self):
        self.env.cr.execute("SHOW session_replication_role")
        return self.env.cr.fetchone()[0]

    def _after_proof(self, change):
        """Do something once the bills of every pattern are compared, before the rows go in."""
        prove = billing_lane.BillingLane._prove

        def _prove(lane, charges):
            prove(lane, charges)
            change()

        self.patch(billing_lane.BillingLane, "_prove", _prove)

    def _break_a_key(self):
        values = {**billing_lane.billing_lane_sql.MOVE, "invoice_incoterm_id": "999999999"}
        self.patch(billing_lane.billing_lane_sql, "MOVE", values)

    def test_keys_are_looked_up_row_by_row_unless_it_is_switched_on(self):
        grant(self)
        run = self._computed(self.management)
        run.action_post()
        self.assertEqual(run.fast_count, run.charge_count)
        self.assertEqual(run.lane_keys, "Looked up row by row")

    def test_the_switch_alone_without_the_grant_changes_nothing_and_the_run_says_why(self):
        self._switch_on()
        self.patch(billing_lane_keys, "may_switch_off", lambda cr: False)
        run = self._computed(self.management)
        run.action_post()
        self.assertEqual(run.fast_count, run.charge_count)
        self.assertIn("may not set session_replication_role", run.lane_keys)

    def test_the_grant_is_seen_when_it_is_given(self):
        def may():
            # a connection learns of a grant between two of its transactions
            with db_connect(self.env.cr.dbname).cursor() as cr:
                return billing_lane_keys.may_switch_off(cr)

        self.env.cr.execute("SELECT current_setting('is_superuser') = 'on'")
        if not self.env.cr.fetchone()[0]:
            grant(self, is_given=False)
            self.assertFalse(may())
            grant(self)
        self.assertTrue(may())

    def test_bills_with_keys_proved_as_sets_equal_those_of_the_orm(self):
        grant(self)
        self._switch_on()
        run = self._computed()
        self._assert_both_lanes_agree(run)
        self.assertEqual(run.lane_keys, "Proved as sets")
        self.assertEqual(self._role(), "origin")

    def test_the_look_ups_are_off_only_while_the_rows_go_in(self):
        grant(self)
        self._switch_on()
        roles = {}
        insert = billing_lane.BillingLane._insert_rows

        def _insert_rows(lane, count):
            roles.setdefault("rows", []).append(self._role())
            insert(lane, count)

        self.patch(billing_lane.BillingLane, "_insert_rows", _insert_rows)
        run = self._computed(self.management)
        run.action_post()
        # the compared bills are looked up; then come all
        self.assertEqual(roles["rows"], ["origin", "replica"])
        self.assertEqual(self._role(), "origin")

    @mute_logger("odoo.sql_db", "odoo.addons.property_billing.models.billing_lane")
    def test_a_row_with_a_broken_key_is_refused_in_either_mode(self):
        grant(self)
        run = self._computed(self.management)
        self._after_proof(self._break_a_key)
        for is_on in (False, True):
            with self.subTest(is_on=is_on):
                if is_on:
                    self._switch_on()
                with (
                    self.assertRaises(psycopg2.errors.ForeignKeyViolation),
                    self.env.cr.savepoint(),
                ):
                    run.action_post()
                self.env.invalidate_all(flush=False)
                self.assertEqual(set(run.charge_ids.mapped("state")), {"draft"})
                self.assertFalse(run.charge_ids.move_id)
                self.assertEqual(self._role(), "origin")

    def test_the_sets_find_every_key_that_is_missing(self):
        grant(self)
        self._switch_on()
        run = self._computed(self.management)
        lane = billing_lane.BillingLane(self.env, self.company, self.site)
        self.assertTrue(lane.keys_as_sets)
        lane._stage(run.charge_ids)
        lane._gate()
        lane._prove(run.charge_ids)
        lane._insert(lane._numbers())
        tables = {"account_move": 0, "account_move_line": 0}
        keys = [key for key in lane._keys() if key[0] in tables]
        self.assertGreater(len(keys), 40)
        self.env.cr.execute("SAVEPOINT keys")
        try:
            self.env.cr.execute("SET LOCAL session_replication_role = replica")
            for table, column, target, _key, _length in keys:
                self.env.cr.execute("SAVEPOINT one")
                rows = billing_lane_keys.ROWS[table]
                self.env.cr.execute(
                    f"UPDATE {table} SET {column} = 999999999"  # noqa: S608 names of the catalogue
                    f" WHERE id = (SELECT max(id) FROM {table} WHERE {rows})"
                )
                with self.subTest(column=column):
                    with self.assertRaises(billing_lane_keys.MissingKey) as caught:
                        lane._prove_keys()
                    self.assertEqual(str(caught.exception), target)
                self.env.cr.execute("ROLLBACK TO SAVEPOINT one")
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT keys")
        lane._prove_keys()

    def test_a_trigger_of_somebody_keeps_the_look_ups_on(self):
        grant(self)
        self._switch_on()
        self.env.cr.execute(
            """
            CREATE FUNCTION pg_temp.lane_noop() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER lane_noop BEFORE INSERT ON account_move_line
                FOR EACH ROW EXECUTE FUNCTION pg_temp.lane_noop()
            """
        )
        lane = billing_lane.BillingLane(self.env, self.company, self.site)
        self.assertFalse(lane.keys_as_sets)
        self.assertIn("lane_noop", lane.keys_note)
        # and so does nothing of the lane run: a trigger may change what the rows say
        self.assertIn("PostgreSQL", lane.unknown)
