"""Bills of one journal posted over several connections at once.

Most of the time that posting takes is PostgreSQL's, row by row, and a connection keeps one
processor busy. So charges are parted: the caller takes the first part in its transaction, helpers
take one each over a connection of their own. All stage their part, the caller gives out the numbers
of all parts together, and all insert.

The parts become valid in the order of their numbers: a helper commits after the one before it has,
and the caller, whose numbers are the last, keeps its part only when all of them have. Whatever dies
at whatever moment, what is left is a beginning of the numbers given out, without a gap, and a bill
is linked to its charge in the transaction that made it. What was not posted is still a draft.
"""

import copy
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg2
from odoo.sql_db import PoolError

from .billing_lane_keys import MissingKey
from .posting_lane import keys_by_index

_logger = logging.getLogger(__name__)

PARAMETER = "property_billing.posting_connections"
USUAL, MOST = 2, 8
# A helper waits for a rival, and the rival for the caller, who waits for the helper: PostgreSQL
# does not see the last step, so the helper gives up.
PATIENCE = "10s"
# Money left in advance is used in the transaction that makes the bill, by the caller.
DROP_PREPAID = """
DELETE FROM property_lane_bill bill
 USING property_prepayment prepayment, account_move_line line
 WHERE prepayment.commercial_partner_id = bill.commercial_id
   AND line.id = prepayment.line_id AND line.amount_residual < 0
"""


def connections(env):
    """Return over how many connections a run in the background is posted.

    As many as the parameter says, 8 at most; without it two, or one on a single processor.
    """
    # sudo: whoever posts, the setting of the administrator holds
    text = env["ir.config_parameter"].sudo().get_param(PARAMETER) or ""
    wanted = int(text) if text.isdigit() else min(USUAL, os.cpu_count() or 1)
    return min(max(wanted, 1), MOST)


class BeforeFailed(Exception):
    """The part with the numbers before was not posted, so this one is undone."""


class BillingLaneTogether:
    """How several connections share the work of a lane; a mixin of it."""

    def post_together(self, charges, width):
        """Post plain bills of proved patterns over several connections; leave the others alone.

        :param charges: draft charges of the lane's site, committed before, so that others see them
        :param int width: number of connections, the caller's among them
        :return: dict charge id -> move id, False where a helper made the bill, which the caller's
            transaction does not see; None when it was not tried
        """
        if not self.proved or self._closed():
            return None
        size = -(-len(charges) // width)
        mine, *others = (
            charges.ids[start : start + size] for start in range(0, len(charges), size)
        )
        self._lock_numbers()
        with ExitStack() as stack:
            try:
                helpers = [self._helper(stack) for _ids in others]
            except (psycopg2.Error, PoolError) as error:
                _logger.warning("fast lane: no connection for a helper: %s", error)
                return None
            pool = stack.enter_context(ThreadPoolExecutor(len(helpers)))
            staging = [
                pool.submit(helper._stage_for_helper, ids)
                for helper, ids in zip(helpers, others, strict=True)
            ]
            rows = self._stage_part(mine)
            failures = [one.exception() for one in staging if one.exception()]  # waits for them
            if failures:
                _logger.warning("fast lane: a helper could not begin: %s", failures[0])
            if failures or len(rows) * 2 < len(mine):
                return None
            parts = self._numbered([*(one.result() for one in staging), rows])
            return self._post_parts(pool, helpers, parts)

    def _lock_numbers(self):
        """Let one lane at a time give out numbers of the journal, until its transaction ends."""
        self.cr.execute(
            "SELECT pg_advisory_xact_lock(hashtext('property_billing.lane'), %s)",
            [self._journal().id],
        )

    def _helper(self, stack):
        """Return a lane that knows what this one has proved, with a connection of its own.

        :param stack: ExitStack that closes the connection; what is not committed is undone then
        """
        helper = copy.copy(self)
        helper.attach(self.env(cr=stack.enter_context(closing(self.env.registry.cursor()))))
        return helper

    # Staging ----------------------------------------------------------------------------------

    def _stage_part(self, ids):
        """Stage what is plain and proved of charges.

        :return: list of (charge id, day)
        """
        self._stage(self.env["property.charge"].browse(ids))
        self._gate()
        self.cr.execute(
            "DELETE FROM property_lane_bill WHERE pattern <> ALL(%s)", [list(self.proved)]
        )
        return self._staged_days()

    def _stage_for_helper(self, ids):
        threading.current_thread().dbname = self.cr.dbname  # what the log says
        self.cr.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        self._stage_part(ids)
        self.cr.execute(DROP_PREPAID)
        return self._staged_days()

    def _staged_days(self):
        self.cr.execute("SELECT charge_id, day FROM property_lane_bill ORDER BY day, charge_id")
        return self.cr.fetchall()

    def _numbered(self, parts):
        """Give numbers to parts, in their order.

        :param parts: lists of (charge id, day)
        :return: list of dicts of lists, as `_numbers` returns them
        """
        given = self._next_numbers([day for part in parts for _charge_id, day in part])
        result, start = [], 0
        for part in parts:
            end = start + len(part)
            result.append({name: values[start:end] for name, values in given.items()})
            result[-1]["charges"] = [charge_id for charge_id, _day in part]
            start = end
        return result

    # Posting ----------------------------------------------------------------------------------

    def _post_parts(self, pool, helpers, parts):
        """Insert every part over its own connection.

        :return: dict as of `post_together`, of the parts that were posted
        """
        posting = []
        for helper, part in zip(helpers, parts, strict=False):
            before = posting[-1] if posting else None
            posting.append(pool.submit(helper._post_for_caller, part, before))
        mine = self._post_last(parts[-1], posting)
        posted = {}
        for part, one in zip(parts, posting, strict=False):
            if not one.exception():
                posted.update(dict.fromkeys(part["charges"], False))
        posted.update(mine)
        self._rank(list(posted))
        return posted

    def _post_last(self, part, posting):
        """Insert the caller's part, and keep it when all the numbers before it are valid.

        :param posting: futures of the helpers
        :return: dict charge id -> move id, empty when it was undone
        """
        try:
            with self.cr.savepoint(), keys_by_index(self.cr):
                self._insert(part)
                for one in posting:
                    one.result()
            posted = self._posted()
        except (psycopg2.Error, MissingKey, BeforeFailed) as error:
            _logger.warning("fast lane: not over several connections now: %s", error)
            posted = {}
        self.env.invalidate_all()
        return posted

    def _post_for_caller(self, part, before):
        """Insert a part and commit it after the part before it.

        :param before: future of the helper of that part, if there is one
        :raise BeforeFailed: when that part was not posted
        """
        with keys_by_index(self.cr):
            self._insert(part)
        if before and before.exception():  # waits for it
            raise BeforeFailed
        # the helper's own connection, on which nobody else works
        self.cr.commit()  # pylint: disable=invalid-commit
