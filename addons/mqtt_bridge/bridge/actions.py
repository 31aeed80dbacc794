"""The role that runs server actions: each in a transaction of its own, never in that of a message.

A try is counted and committed before the action runs: an action that takes the process with it has
used up a try too. What the action did and that it is done are one transaction: a process that dies
in between leaves neither.
"""

import logging
import time
import traceback

from odoo import SUPERUSER_ID, api

from ..tools import patience
from .inbox import printable
from .limits import GRACE, TooLong, limit
from .role import DATABASE, first_line, is_passing
from .worker import RIVALS, ROUNDS, Worker, pause_for_others

_logger = logging.getLogger(__name__)

LEASE = GRACE + 20  # seconds after its limit when a running action belongs to nobody any more
CANCELLED = "57014"  # PostgreSQL's code for a statement that took too long
LONGEST = 4000  # characters of a fault
FRAMES = 6


class Actions(Worker):
    """The role that acts."""

    role, channel = "actions", "mqtt_event"
    places = 16

    def __init__(self, registry, code):
        """Prepare.

        :param registry: Odoo's, with the models
        :param code: of the broker
        """
        super().__init__(registry, code)
        self.next_look = 0.0

    def _state(self):
        with self.database.cursor() as cr:
            cr.execute(LENGTH, [self.broker_id])
            return {"is_connected": True, "queue_length": cr.fetchone()[0]}

    def _recover(self):
        self._give_back(self.place.client_id)

    def _sweep(self):
        self._give_back(None)

    def _give_back(self, worker):
        """Let others have what was running at our place, or runs for too long.

        :param worker: name of our place, when we have just taken it
        """
        values = {"broker": self.broker_id, "worker": worker}
        for row in self._transact(GIVE_BACK, values):
            _logger.warning("mqtt: the process of event %(id)s ended: it is %(state)s", row)

    def _work(self):
        if time.monotonic() >= self.next_look:
            self.database = self.database.check_signaling()
            self.next_look = time.monotonic() + 1
        values = {"broker": self.broker_id, "worker": self.place.client_id, "lease": LEASE}
        jobs = self._transact(CLAIM, values)
        for job in jobs:
            self._try(job)
        return bool(jobs)

    def _try(self, job):
        """Run an event's action, and write down how it ended.

        :param job: row of CLAIM
        """
        try:
            for left in reversed(range(ROUNDS)):
                try:
                    self._perform(job)
                    return
                except RIVALS:
                    if not left:
                        raise
                    pause_for_others()
        except TooLong:
            fault = "time", traceback.format_exc(limit=-FRAMES)
        except DATABASE as error:
            if getattr(error, "pgcode", None) == CANCELLED:
                fault = "time", summary(error)
            elif is_passing(error) and not isinstance(error, RIVALS):
                raise  # the database went away; the event is given back when it is there again
            else:
                fault = "error", summary(error)
        except Exception as error:  # noqa: BLE001  (whatever code of others may raise)
            fault = "error", summary(error)
        self._fail(job, *fault)

    def _perform(self, job):
        registry = self.database
        with registry.cursor() as cr:
            # not LOCAL: an action that commits is no reason to wait for ever
            cr.execute("SET statement_timeout = %s", [job["action_seconds"] * 1000])
            env = api.Environment(cr, SUPERUSER_ID, {})
            try:
                with limit(job["action_seconds"]):
                    env["mqtt.event"].browse(job["id"])._perform(job["tries"])
                    # here, for what runs after a commit is limited too
                    cr.commit()  # pylint: disable=invalid-commit
            except BaseException:
                registry.reset_changes()
                raise
            registry.signal_changes()

    def _fail(self, job, fault, text):
        values = {
            **{name: job[name] for name in ("id", "tries")},
            "most": job["action_tries"],
            "pause": patience.pause(job["tries"]),
            "fault": fault,
            "error": printable(text)[-LONGEST:],
        }
        for row in self._transact(FAIL, values):
            _logger.warning("mqtt: event %(id)s failed: it is %(state)s", row)


def summary(error):
    """Write down an error with the lines of code that led to it, the last ones."""
    lines = traceback.format_exception(type(error), error, error.__traceback__, limit=-FRAMES)
    return "".join(lines) or first_line(error)


LENGTH = "SELECT count(*) FROM mqtt_event WHERE broker_id = %s AND state = 'waiting'"
NOW = "clock_timestamp() AT TIME ZONE 'UTC'"
# in the order in which they came; what an alarm's raising starts, before what its clearing does
CLAIM = f"""
UPDATE mqtt_event e SET state = 'running', tries = e.tries + 1, worker = %(worker)s,
    started_at = {NOW}, lease_until = {NOW} + (b.action_seconds + %(lease)s) * interval '1 s'
FROM mqtt_broker b
WHERE b.id = e.broker_id AND e.id = (
    SELECT w.id FROM mqtt_event w
    WHERE w.broker_id = %(broker)s AND w.state = 'waiting' AND w.due <= {NOW}
        AND NOT EXISTS (
            SELECT 1 FROM mqtt_event former
            WHERE former.alarm_id = w.alarm_id AND former.id < w.id AND former.kind <> w.kind
                AND former.state IN ('waiting', 'running'))
    ORDER BY w.id LIMIT 1 FOR UPDATE OF w SKIP LOCKED
)
RETURNING e.id, e.tries, b.action_seconds, b.action_tries
"""  # noqa: S608
FAIL = f"""
UPDATE mqtt_event SET state = CASE WHEN tries >= %(most)s THEN 'dead' ELSE 'waiting' END,
    due = {NOW} + %(pause)s * interval '1 s', fault = %(fault)s, error = %(error)s,
    done_at = {NOW}, worker = NULL, lease_until = NULL
WHERE id = %(id)s AND state = 'running' AND tries = %(tries)s
RETURNING id, state
"""  # noqa: S608
GIVE_BACK = f"""
UPDATE mqtt_event e
SET state = CASE WHEN e.tries >= b.action_tries THEN 'dead' ELSE 'waiting' END,
    due = {NOW} + least(5 * 3 ^ least(e.tries - 1, 20), 3600) * interval '1 s',
    fault = 'ended', error = NULL, done_at = {NOW}, worker = NULL, lease_until = NULL
FROM mqtt_broker b
WHERE b.id = e.broker_id AND e.broker_id = %(broker)s AND e.state = 'running'
    AND (e.worker = %(worker)s OR e.lease_until < {NOW})
RETURNING e.id, e.state
"""  # noqa: S608
