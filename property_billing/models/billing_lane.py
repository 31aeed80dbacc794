"""The fast lane: plain bills posted by INSERT … SELECT, proved against the ORM.

One lane posts into the journal of one site. Before a pattern of bills is posted, up to three of
its bills are made by the ORM and by the lane, both undone, and compared: every column of the entry
and its lines, the taxes, the rows anywhere that refer to them. The columns that the lane does not
write itself are those of the ORM's bill. A pattern that differs, and all bills while an unknown
module has a say, are left to the ORM.
"""

import copy
import logging
import re
from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from . import billing_census, billing_lane_proof, billing_lane_sql
from .billing_lane_gates import BillingLaneGates
from .billing_lane_keys import BillingLaneKeys, MissingKey

_logger = logging.getLogger(__name__)

TRAITS = ("property_account_receivable_id", "property_inbound_payment_method_line_id")
ATTEMPTS = 5


class Lanes:
    """The lanes of one caller, by site, compared by identity: a context may hold it."""

    def __init__(self):
        self.by_site = {}


class BillingLane(BillingLaneGates, BillingLaneKeys):
    """Posts plain bills of one site; remembers what it has proved."""

    def __init__(self, env, company, site):
        self.company_id, self.site_id = company.id, site.id
        self.attach(env)
        self.census = billing_census.take(env)
        self.unknown = billing_census.unknown(self.census)
        self.proved, self.refused, self.cells = {}, {}, 0
        self.keys_note = self._choose_keys()

    def attach(self, env):
        """Go on in another environment."""
        self.env, self.cr = env, env.cr
        self.company = env["res.company"].browse(self.company_id)
        self.site = env["property.site"].browse(self.site_id)

    def post(self, charges, least=0):
        """Post what the lane may take of draft charges of its site.

        :param least: number of charges below which the comparison is not worth its time
        :return: (dict charge id -> move id, dict reason -> number of charges left to the ORM)
        """
        closed = self._closed()
        if not closed and len(charges) < least and not self.proved:
            closed = self.env._("Too few bills to be worth it")
        if closed:
            return {}, {closed: len(charges)}
        self._stage(charges)
        reasons = self._gate()
        self._prove(charges)
        reasons.update(self._drop_refused())
        posted = self._post_staged()
        left = len(charges) - len(posted) - sum(reasons.values())
        if left:
            reasons[self.env._("Numbers taken by others meanwhile")] = left
        return posted, reasons

    # Staging ----------------------------------------------------------------------------------

    def _stage(self, charges):
        self.ids = list(charges.ids)
        self.env.flush_all()
        rates = self._plain_rates()
        columns = self._columns("res_partner")
        traits = [
            f"{who}.{name} ->> '{self.company_id}'"
            for who in ("payer", "commercial")
            for name in TRAITS
            if name in columns
        ] + ["payer.user_id", "commercial.user_id"]
        traits = ", ".join(f"coalesce(({trait})::text, '')" for trait in traits)
        self.cr.execute("SET LOCAL jit = off")
        self.cr.execute("SET LOCAL work_mem = '64MB'")
        self.cr.execute(billing_lane_sql.DROP)
        self.cr.execute(
            billing_lane_sql.STAGE.replace("{traits}", traits),
            {
                "charges": self.ids,
                "digits": self.company.currency_id.decimal_places,
                "currency": self.company.currency_id.id,
                "tax_ids": list(rates),
                "rates": list(rates.values()),
            },
        )

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

    # Proof ------------------------------------------------------------------------------------

    def _prove(self, charges):
        """Make bills of every new pattern both ways, undo both and compare them."""
        self.cr.execute(
            """
            SELECT pattern, min(charge_id), max(charge_id),
                   (array_agg(charge_id ORDER BY total DESC, charge_id))[1]
              FROM property_lane_bill GROUP BY pattern
            """
        )
        samples = {
            pattern: list(dict.fromkeys(ids))
            for pattern, *ids in self.cr.fetchall()
            if pattern not in self.proved and pattern not in self.refused
        }
        if not samples:
            return
        self._make_masters()
        by_orm, by_lane = self._make_both(charges, samples)
        for pattern, some in samples.items():
            self._judge(pattern, some, by_orm, by_lane)

    def _make_both(self, charges, samples):
        """Make the samples by the ORM and by the lane, both undone.

        :return: (bills of the ORM, bills of the lane) as captured, by charge
        """
        ids = sorted(charge_id for some in samples.values() for charge_id in some)
        floors, attempts = {}, 0
        while True:
            numbers = self._numbers(ids, floors)
            try:
                with self._undone():
                    moves = charges.browse(ids)._post_batch(self.company, numbers["by_charge"])
                    self.env.flush_all()
                    by_orm = billing_lane_proof.capture(self.env, moves)
                self.proved.update((pattern, by_orm[some[0]]) for pattern, some in samples.items())
                with self._undone():
                    self._insert(numbers, may_prove_keys=False)
                    moves = self.env["account.move"].browse(self._posted().values())
                    return by_orm, billing_lane_proof.capture(self.env, moves)
            except UniqueViolation:
                # somebody took the numbers meanwhile: take the next ones, as for all the bills
                attempts += 1
                if attempts == ATTEMPTS:
                    for pattern in samples:
                        self.proved.pop(pattern, None)
                    raise
                floors = self._taken()

    def _make_masters(self):
        """Create what the first bill creates, outside of what is undone."""
        self.cr.execute("SELECT 1 FROM property_lane_bill WHERE is_opening LIMIT 1")
        if self.cr.fetchone():
            self.company._billing_opening_account()
        self.env.flush_all()

    def _judge(self, pattern, some, by_orm, by_lane):
        for charge_id in some:
            if charge_id not in by_lane:
                found, cells = ["no bill"], 0
            else:
                found, cells = billing_lane_proof.differences(by_orm[charge_id], by_lane[charge_id])
            self.cells += cells
            if found:
                _logger.warning("fast lane: charge %s differs in %s", charge_id, ", ".join(found))
                self.refused[pattern] = ", ".join(found)
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
        """Take out bills of refused patterns.

        :return: dict reason -> number
        """
        reasons = {}
        for pattern, names in self.refused.items():
            self.cr.execute("DELETE FROM property_lane_bill WHERE pattern = %s", [pattern])
            if self.cr.rowcount:
                reason = self.env._("Differs from Odoo's own in %(columns)s", columns=names)
                reasons[reason] = reasons.get(reason, 0) + self.cr.rowcount
        return reasons

    # Numbers ----------------------------------------------------------------------------------

    def _journal(self):
        return self.site._billing_journal().sudo()

    def _probe(self, day):
        moves_sudo = self.env["account.move"].sudo().with_company(self.company)
        return moves_sudo.new(
            {
                "move_type": "out_invoice",
                "journal_id": self._journal().id,
                "company_id": self.company_id,
                "date": day,
                "invoice_date": day,
            }
        )

    def _numbers(self, ids=None, floors=()):
        """Give numbers to staged bills, in the order of their charges.

        :param ids: charges; all that are staged when left out
        :param floors: dict prefix -> last number known to be taken by somebody else
        """
        floors = dict(floors)
        self.cr.execute(
            "SELECT charge_id, day FROM property_lane_bill"
            " WHERE %(ids)s::int[] IS NULL OR charge_id = ANY(%(ids)s) ORDER BY day, charge_id",
            {"ids": ids},
        )
        rows, formats, last = self.cr.fetchall(), {}, {}
        result = {key: [] for key in ("charges", "names", "prefixes", "numbers", "gaps")}
        for charge_id, day in rows:
            if day not in formats:
                text, parts = self._probe(day)._get_next_sequence_format()
                key = text.format(**{**parts, "seq": 0})
                formats[day] = text, parts, key
                last.setdefault(key, max(parts["seq"], floors.get(key, 0)))
            text, parts, key = formats[day]
            last[key] += 1
            name = text.format(**{**parts, "seq": last[key]})
            found = re.search(r"(\d+)\D*$", name)
            result["charges"].append(charge_id)
            result["names"].append(name)
            result["prefixes"].append(name[: found.start(1)])
            result["numbers"].append(int(found.group(1)))
            result["gaps"].append(False)
        result["by_charge"] = dict(zip(result["charges"], result["names"], strict=True))
        result["keys"] = {key for _text, _parts, key in formats.values()}
        return result

    # Posting ----------------------------------------------------------------------------------

    def _post_staged(self):
        """Insert the bills; when somebody took the numbers meanwhile, take the next ones.

        :return: dict charge id -> move id
        """
        self.cr.execute("SELECT count(*) FROM property_lane_bill")
        if not self.cr.fetchone()[0]:
            return {}
        floors = {}
        for _attempt in range(ATTEMPTS):
            try:
                with self.cr.savepoint():
                    self._insert(self._numbers(floors=floors))
                posted = self._posted()
                self.env.invalidate_all()
                return posted
            except UniqueViolation:
                floors = self._taken()
            except MissingKey as missing:
                _logger.warning("fast lane: a key of %s is missing; keys row by row", missing)
                self.keys_as_sets = False
                self.keys_note = self.env._("Looked up row by row: a key was missing")
        return {}

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

    def _insert(self, numbers, may_prove_keys=True):
        cr = self.cr
        cr.execute(billing_lane_sql.DROP_ROWS)
        self._load_templates()
        cr.execute(billing_lane_sql.NUMBER, {k: numbers[k] for k in numbers if k != "keys"})
        cr.execute(billing_lane_sql.CHECK)
        if cr.fetchone()[0]:
            raise AssertionError("the fast lane made a bill that does not balance")
        with self._checked_keys(may_prove_keys and self.keys_as_sets):
            self._insert_rows(len(numbers["charges"]))
        cr.execute(billing_lane_sql.RANK)
        cr.execute(billing_lane_sql.LINK, {"uid": self.env.uid})
        if cr.rowcount != len(numbers["charges"]):
            raise AssertionError("the fast lane billed a charge twice")

    def _insert_rows(self, count):
        same = {"site_id": "bill.site_id", "charge_item_id": "bill.item_id"}
        values = {**billing_lane_sql.MOVE, **same}
        self.cr.execute(self._statement(billing_lane_sql.INSERT_MOVE, "account_move", values))
        if self.cr.rowcount != count:
            raise AssertionError("the fast lane lost a bill")
        values = {**billing_lane_sql.LINE, **same}
        self.cr.execute(self._statement(billing_lane_sql.INSERT_LINE, "account_move_line", values))
        self.cr.execute(billing_lane_sql.INSERT_TAX, self._template_taxes)

    def _posted(self):
        self.cr.execute("SELECT charge_id, move_id FROM property_lane_number ORDER BY number")
        return dict(self.cr.fetchall())

    def _statement(self, text, table, values):
        columns = self._columns(table)
        return text.format(
            columns=", ".join(f'"{name}"' for name in columns),
            values=", ".join(values.get(name) or f'template."{name}"' for name in columns),
        )

    def _load_templates(self):
        """Put the ORM's bills of the proved patterns where the statements find them."""
        cr = self.cr
        cr.execute(
            """
            DROP TABLE IF EXISTS pg_temp.property_lane_pattern,
                pg_temp.property_lane_template_move, pg_temp.property_lane_template_line;
            CREATE TEMP TABLE property_lane_pattern (pattern text, move_id int) ON COMMIT DROP;
            CREATE TEMP TABLE property_lane_template_move (LIKE account_move) ON COMMIT DROP;
            CREATE TEMP TABLE property_lane_template_line (LIKE account_move_line, place int)
                ON COMMIT DROP
            """
        )
        moves, lines, places, line_ids, tax_ids, keys = [], [], [], [], [], []
        for number, (pattern, bill) in enumerate(self.proved.items(), start=1):
            keys.append((pattern, number))
            moves.append((number, bill["move"]))
            for place, (line_id, (text, taxes)) in enumerate(
                zip(bill["ids"], bill["lines"], strict=True), start=1
            ):
                lines.append((number, text))
                places.append(place)
                line_ids += [line_id] * len(taxes)
                tax_ids += taxes
        self._template_taxes = {"lines": line_ids, "taxes": tax_ids}
        cr.execute(
            "INSERT INTO property_lane_pattern SELECT * FROM unnest(%s::text[], %s::int[])",
            [[key for key, _n in keys], [n for _key, n in keys]],
        )
        cr.execute(
            """
            INSERT INTO property_lane_template_move
            SELECT made.* FROM unnest(%s::int[], %s::text[]) AS given (number, row)
            CROSS JOIN LATERAL jsonb_populate_record(null::account_move,
                given.row::jsonb || jsonb_build_object('id', given.number)) made
            """,
            [[number for number, _text in moves], [text for _number, text in moves]],
        )
        cr.execute(
            """
            INSERT INTO property_lane_template_line
            SELECT made.*, given.place
              FROM unnest(%s::int[], %s::text[], %s::int[]) AS given (number, row, place)
            CROSS JOIN LATERAL jsonb_populate_record(null::account_move_line,
                given.row::jsonb || jsonb_build_object('move_id', given.number)) made
            """,
            [[n for n, _text in lines], [text for _n, text in lines], places],
        )
