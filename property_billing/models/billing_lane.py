"""The fast lane: plain bills posted by INSERT … SELECT, proved against the ORM.

One lane posts into the journal of one site. Before a pattern of bills is posted, up to three of
its bills are made by the ORM and by the lane, both undone, and compared: every column of the entry
and its lines, the taxes, the rows anywhere that refer to them. The columns that the lane does not
write itself are those of the ORM's bill. A pattern that differs, and all bills while an unknown
module has a say, are left to the ORM.
"""

import logging

from . import billing_lane_proof, billing_lane_sql
from .billing_lane_gates import BillingLaneGates
from .billing_lane_keys import BillingLaneKeys, MissingKey
from .billing_lane_together import BillingLaneTogether
from .posting_lane import PostingLane

_logger = logging.getLogger(__name__)


class Lanes:
    """The lanes of one caller, by site, compared by identity: a context may hold it.

    Its ``width`` is the number of connections that the next chunks are posted over: one until a
    chunk went as it should, and again after several connections met a rival.
    """

    def __init__(self, connections=1):
        self.by_site, self.connections, self.width = {}, connections, 1

    def count(self, chunk, first):
        """Return how many charges the next step takes.

        :param int chunk: number for each connection
        :param int first: at most so many as long as helpers only wait for what a chunk proves
        """
        if self.width < self.connections:
            return min(chunk, first)
        return chunk * self.width


class BillingLane(BillingLaneGates, BillingLaneKeys, BillingLaneTogether, PostingLane):
    """Posts plain bills of one site; remembers what it has proved."""

    DOCUMENT = "bill"
    STAGED, KEY, LARGEST = "property_lane_bill", "charge_id", "total DESC"

    def __init__(self, env, company, site):
        self.company_id, self.site_id = company.id, site.id
        super().__init__(env)
        self.keys_note = self._choose_keys()

    def _attach_records(self):
        self.site = self.env["property.site"].browse(self.site_id)

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
        self._lock_numbers()
        posted = self._post_staged()
        left = len(charges) - len(posted) - sum(reasons.values())
        if left:
            reasons[self.env._("Numbers taken by others meanwhile")] = left
        return posted, reasons

    # Staging ----------------------------------------------------------------------------------

    def _stage(self, charges):
        self.ids = list(charges.ids)
        traits = self._prepare_staging()
        rates = self._plain_rates()
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

    # Proof ------------------------------------------------------------------------------------

    def _make_masters(self):
        """Create what the first bill creates, outside of what is undone."""
        self.cr.execute("SELECT 1 FROM property_lane_bill WHERE is_opening LIMIT 1")
        if self.cr.fetchone():
            self.company._billing_opening_account()
        self.env.flush_all()

    def _make_by_orm(self, charges, ids, numbers):
        names = dict(zip(numbers["charges"], numbers["names"], strict=True))
        moves = charges.browse(ids)._post_batch(self.company, names)
        self.env.flush_all()
        return billing_lane_proof.capture(self.env, moves)

    def _make_by_lane(self, _ids, numbers):
        self._insert(numbers, may_prove_keys=False)
        moves = self.env["account.move"].browse(self._posted().values())
        return billing_lane_proof.capture(self.env, moves)

    def _differences(self, one, other):
        return billing_lane_proof.differences(one, other)

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
        self.cr.execute(
            "SELECT charge_id, day FROM property_lane_bill"
            " WHERE %(ids)s::int[] IS NULL OR charge_id = ANY(%(ids)s) ORDER BY day, charge_id",
            {"ids": ids},
        )
        rows = self.cr.fetchall()
        return {
            "charges": [charge_id for charge_id, _day in rows],
            **self._next_numbers([day for _charge_id, day in rows], floors),
        }

    # Posting ----------------------------------------------------------------------------------

    def _post_staged(self):
        """Extend: bills whose keys are not all there are inserted again, keys row by row."""
        try:
            posted = super()._post_staged()
        except MissingKey as missing:
            _logger.warning("fast lane: a key of %s is missing; keys row by row", missing)
            self.keys_as_sets = False
            self.keys_note = self.env._("Looked up row by row: a key was missing")
            posted = super()._post_staged()
        self._rank(list(posted))
        return posted

    def _insert(self, numbers, may_prove_keys=True):
        cr = self.cr
        cr.execute(billing_lane_sql.DROP_ROWS)
        self._load_templates()
        cr.execute(billing_lane_sql.NUMBER, numbers)
        cr.execute(billing_lane_sql.CHECK)
        if cr.fetchone()[0]:
            raise AssertionError("the fast lane made a bill that does not balance")
        with self._checked_keys(may_prove_keys and self.keys_as_sets):
            self._insert_rows(len(numbers["charges"]))
        cr.execute(billing_lane_sql.LINK, {"uid": self.env.uid})
        if cr.rowcount != len(numbers["charges"]):
            raise AssertionError("the fast lane billed a charge twice")

    def _rank(self, charge_ids):
        """Count the bills of payers who had none, as Odoo does after posting."""
        self.cr.execute(billing_lane_sql.RANK, {"charges": charge_ids})
        self.env["res.partner"].invalidate_model(["customer_rank"])

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
        columns, expressions = self._lists(table, values)
        return text.format(columns=columns, values=expressions)

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
