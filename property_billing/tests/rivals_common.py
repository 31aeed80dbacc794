"""Sessions at work at the same moment, on real connections: rows are committed and taken away."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import common
from odoo.tools import SQL, mute_logger


class RivalsMixin:
    """For a `BaseCase`: real connections, races and the removal of what was committed."""

    CONTEXT = {}
    QUIET = ("odoo.sql_db", "odoo.service.model")
    PATIENCE = 120  # seconds that a race may take

    def connect(self):
        """Set up what the other methods need."""
        self.database = common.get_db_name()
        self.registry = Registry(self.database)

    @contextmanager
    def _env(self):
        with db_connect(self.database).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, dict(self.CONTEXT))

    def _together(self, count, begin):
        """Run work in threads that start together, the way the server runs requests.

        :param begin: function of (env, index) that reads what the session saw before, and returns
            the function to run
        :return: list of results; a refusal counts as its message
        """
        gate = threading.Barrier(count)
        results = []

        def run(index):
            with self._env() as env:
                work = begin(env, index)
                gate.wait(60)
                try:
                    results.append(retrying(work, env))
                except UserError as error:
                    env.cr.rollback()
                    results.append(str(error))

        threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
        with mute_logger(*self.QUIET):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(self.PATIENCE)
        self.assertEqual(len(results), count)
        return results

    def _wait_until_blocked(self, pid):
        """Wait until a connection waits for a lock; a waiting thread has nothing else to tell."""
        pause = threading.Event()
        with db_connect(self.database).cursor() as cr:
            for _attempt in range(20 * self.PATIENCE):
                cr.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
                if cr.fetchone()[0]:
                    return
                cr.rollback()
                pause.wait(0.05)
        self.fail("the second session never waited for the first")

    def _purge(self, cr, table, ids, path=()):
        """Take rows away with whatever refers to them; the tables refuse to unlink."""
        if not ids or table in path:
            return
        cr.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname, c.confdeltype
              FROM pg_constraint c JOIN pg_attribute a
                   ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.confrelid = %s::regclass
            """,
            [table],
        )
        for other, column, on_delete in cr.fetchall():
            names = {"t": SQL.identifier(other), "c": SQL.identifier(column), "ids": tuple(ids)}
            if on_delete == "n" or other in (table, *path):
                cr.execute(SQL("UPDATE %(t)s SET %(c)s = NULL WHERE %(c)s IN %(ids)s", **names))
                continue
            cr.execute(
                "SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id'",
                [other],
            )
            if cr.fetchone():
                cr.execute(SQL("SELECT id FROM %(t)s WHERE %(c)s IN %(ids)s", **names))
                self._purge(cr, other, [row[0] for row in cr.fetchall()], (*path, table))
            else:
                cr.execute(SQL("DELETE FROM %(t)s WHERE %(c)s IN %(ids)s", **names))
        cr.execute(SQL("DELETE FROM %s WHERE id IN %s", SQL.identifier(table), tuple(ids)))
        # an alias of mail knows its owner by a number, and is checked with it by later tests
        cr.execute(
            """
            DELETE FROM mail_alias alias USING ir_model model
             WHERE model.id = alias.alias_parent_model_id AND replace(model.model, '.', '_') = %s
               AND alias.alias_parent_thread_id IN %s
            """,
            [table, tuple(ids)],
        )
