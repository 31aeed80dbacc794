"""What the lanes have in common: rows by INSERT … SELECT, proved against the ORM.

A lane stages what it is asked to make. It makes up to three samples of every new pattern by the ORM
and by itself, undoes both and compares them; what is equal is made as a set, without gaps.
"""

import copy
import logging
import re
from contextlib import contextmanager

from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

from . import billing_census

_logger = logging.getLogger(__name__)

TRAITS = ("property_account_receivable_id", "property_inbound_payment_method_line_id")
ATTEMPTS = 5


@contextmanager
def keys_by_index(cr):
    """Have foreign keys looked up by index, however small their tables were a moment ago.

    A session keeps its plans of these look-ups. One made when a table was still empty reads all of
    it for every row, and goes on to as it grows: forget it, and offer no such plan. To be used in a
    savepoint, which undoes the setting when something fails inside.
    """
    cr.execute("DISCARD PLANS")
    cr.execute("SET LOCAL enable_seqscan = off")
    yield
    cr.execute("SET LOCAL enable_seqscan TO DEFAULT")


class PostingLane:
    """Makes plain documents of one journal; remembers what it has proved.

    A lane says what it stages (the constants below), how two documents are compared
    (`_differences`), how samples are made (`_make_by_orm`, `_make_by_lane`), how they are numbered
    (`_probe`, `_numbers`), and how all of them are inserted (`_insert`, `_posted`).
    """

    DOCUMENT = ""  # what it makes, in the log
    STAGED = ""  # temporary table of what is asked for, with its pattern
    KEY = ""  # column of it that names a document
    LARGEST = ""  # order in which the largest document of a pattern comes first
    MODELS = billing_census.MODELS

    def __init__(self, env):
        self.attach(env)
        self.census = billing_census.take(env, self.MODELS)
        self.unknown = billing_census.unknown(self.census)
        self.proved, self.refused, self.cells = {}, {}, 0
        self._doubtful = set()  # refused while others took numbers: Odoo saw a gap before its own
        self._formats = {}

    def attach(self, env):
        """Go on in another environment."""
        self.env, self.cr = env, env.cr
        self.company = env["res.company"].browse(self.company_id)
        self._attach_records()

    # Staging ----------------------------------------------------------------------------------

    def _prepare_staging(self):
        """Write what waits and set up the session for large sets.

        :return: SQL text of what makes payers differ from each other, by company
        """
        self.env.flush_all()
        columns = self._columns("res_partner")
        traits = [
            f"{who}.{name} ->> '{self.company_id}'"
            for who in ("payer", "commercial")
            for name in TRAITS
            if name in columns
        ] + ["payer.user_id", "commercial.user_id"]
        self.cr.execute("SET LOCAL jit = off")
        self.cr.execute("SET LOCAL work_mem = '64MB'")
        return ", ".join(f"coalesce(({trait})::text, '')" for trait in traits)

    def _columns(self, table):
        self.cr.execute(
            """
            SELECT attname FROM pg_attribute
             WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
               AND attgenerated = '' ORDER BY attnum
            """,
            [table],
        )
        return [name for (name,) in self.cr.fetchall()]

    def _lists(self, table, values):
        """Return the columns of a table, and for each the value given or the template's own."""
        columns = self._columns(table)
        return (
            ", ".join(f'"{name}"' for name in columns),
            ", ".join(values.get(name) or f'template."{name}"' for name in columns),
        )

    # Proof ------------------------------------------------------------------------------------

    def _prove(self, source):
        """Make documents of every new pattern both ways, undo both and compare them.

        :param source: what `_make_by_orm` makes them from
        """
        self.cr.execute(
            SQL(
                """
                SELECT pattern, min(%(key)s), max(%(key)s),
                       (array_agg(%(key)s ORDER BY %(largest)s, %(key)s))[1]
                  FROM %(staged)s GROUP BY pattern
                """,
                key=SQL.identifier(self.KEY),
                largest=SQL(self.LARGEST),
                staged=SQL.identifier(self.STAGED),
            )
        )
        samples = {
            pattern: list(dict.fromkeys(keys))
            for pattern, *keys in self.cr.fetchall()
            if pattern not in self.proved and pattern not in self.refused
        }
        if not samples:
            return
        self._make_masters()
        by_orm, by_lane = self._make_both(source, samples)
        for pattern, some in samples.items():
            self._judge(pattern, some, by_orm, by_lane)

    def _make_masters(self):
        """Create what the first document creates, outside of what is undone."""

    def _make_both(self, source, samples):
        """Make the samples by the ORM and by the lane, both undone.

        :return: (documents of the ORM, documents of the lane) as captured, by key
        """
        keys = sorted(key for some in samples.values() for key in some)
        floors, attempts = {}, 0
        while True:
            numbers = self._numbers(keys, floors)
            try:
                with self._undone():
                    by_orm = self._make_by_orm(source, keys, numbers)
                self.proved.update((pattern, by_orm[some[0]]) for pattern, some in samples.items())
                with self._undone():
                    return by_orm, self._make_by_lane(keys, numbers)
            except UniqueViolation:
                # somebody took the numbers meanwhile: take the next ones, as for all of them
                attempts += 1
                self._doubtful.update(samples)
                if attempts == ATTEMPTS:
                    for pattern in samples:
                        self.proved.pop(pattern, None)
                    raise
                floors = self._taken()

    def _judge(self, pattern, some, by_orm, by_lane):
        for key in some:
            if key not in by_lane:
                found, cells = [f"no {self.DOCUMENT}"], 0
            else:
                found, cells = self._differences(by_orm[key], by_lane[key])
            self.cells += cells
            if found:
                names = ", ".join(found)
                _logger.warning("lane: %s %s differs in %s", self.DOCUMENT, key, names)
                self.refused[pattern] = names
                del self.proved[pattern]
                return

    @contextmanager
    def _undone(self):
        """Undo what is done inside, also what it wanted done after the commit."""
        after = self.cr.postcommit
        functions, data = list(after._funcs), copy.deepcopy(after.data)
        try:
            with self.cr.savepoint() as savepoint:
                yield
                savepoint.rollback()
        finally:
            after.clear()
            for function in functions:
                after.add(function)
            after.data.update(data)

    def _drop_refused(self):
        """Take out documents of refused patterns; doubtful ones are compared again next time.

        :return: dict reason -> number
        """
        reasons = {}
        for pattern, names in self.refused.items():
            self.cr.execute(
                SQL("DELETE FROM %s WHERE pattern = %s", SQL.identifier(self.STAGED), pattern)
            )
            if self.cr.rowcount:
                reason = self.env._("Differs from Odoo's own in %(columns)s", columns=names)
                reasons[reason] = reasons.get(reason, 0) + self.cr.rowcount
        for pattern in self._doubtful:
            self.refused.pop(pattern, None)
        self._doubtful.clear()
        return reasons

    # Numbers ----------------------------------------------------------------------------------

    def _next_numbers(self, days, floors=()):
        """Give the journal's next numbers.

        :param days: the day of each document, in their order
        :param floors: dict prefix -> last number known to be taken by somebody else
        :return: dict of lists: ``names``, ``prefixes`` and ``numbers``
        """
        floors, last = dict(floors), {}
        result = {"names": [], "prefixes": [], "numbers": []}
        for day in days:
            text, parts, key, prefix = self._format_of(day)
            if key not in last:
                last[key] = max(self._last_number(prefix), floors.get(key, 0))
            last[key] += 1
            name = text.format(**{**parts, "seq": last[key]})
            result["names"].append(name)
            result["prefixes"].append(prefix)
            result["numbers"].append(last[key])
        return result

    def _format_of(self, day):
        """Ask Odoo, once, how the numbers of a day look: it reads a year of entries for that.

        :return: (format, its values, the key of its floor, what stands before the number)
        """
        if day not in self._formats:
            text, parts = self._probe(day)._get_next_sequence_format()
            key = text.format(**{**parts, "seq": 0})
            prefix = key[: re.search(r"\d{1,9}\D*$", key).start()]
            self._formats[day] = text, parts, key, prefix
        return self._formats[day]

    def _last_number(self, prefix):
        """Return the last number of the journal with a prefix, as this transaction sees it."""
        self.cr.execute(
            """
            SELECT sequence_number FROM account_move
             WHERE journal_id = %s AND sequence_prefix = %s
          ORDER BY sequence_number DESC LIMIT 1
            """,
            [self._journal().id, prefix],
        )
        return (self.cr.fetchone() or [0])[0] or 0

    def _taken(self):
        """Read the last numbers of the journal as they are now, outside this transaction."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                SELECT sequence_prefix, max(sequence_number), (array_agg(name))[1]
                  FROM account_move WHERE journal_id = %s AND name <> '/'
              GROUP BY sequence_prefix
                """,
                [self._journal().id],
            )
            rows = cr.fetchall()
        floors = {}
        for prefix, number, name in rows:
            digits = len(name) - len(prefix)
            floors[f"{prefix}{0:0{digits}}"] = number
        return floors

    # Making -----------------------------------------------------------------------------------

    def _count(self):
        self.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(self.STAGED)))
        return self.cr.fetchone()[0]

    def _post_staged(self):
        """Insert what is staged; when somebody took the numbers meanwhile, take the next ones.

        :return: dict key -> id of the document
        """
        if not self._count():
            return {}
        floors = {}
        for _attempt in range(ATTEMPTS):
            try:
                with self.cr.savepoint(), keys_by_index(self.cr):
                    self._insert(self._numbers(floors=floors))
                posted = self._posted()
                self.env.invalidate_all()
                return posted
            except UniqueViolation:
                floors = self._taken()
        return {}
