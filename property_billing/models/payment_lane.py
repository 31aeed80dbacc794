"""Payments by INSERT … SELECT, proved against the ORM: many payments of one journal and day.

A payment settles one bill or many. Before payments of a pattern are made as a set, up to three of
them are made both ways, by the ORM and by the lane, both undone and compared: payment, entry,
lines, matching, the bills settled and the rows anywhere that refer to one of these. Where a payment
settles many bills, a few of them do: nothing depends on their number. Columns that
the lane does not write itself are those of the ORM's payment. Whatever is unusual goes through
the ORM.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from . import payment_lane_orm, payment_lane_proof, payment_lane_sql
from .payment_lane_gates import PaymentLaneGates
from .posting_lane import PostingLane

LANE_FROM = 20  # below this the comparison costs more than the ordinary way
SAMPLE_PARTS = 4  # bills that a payment settles when it is made for the comparison


@dataclass(frozen=True)
class PaymentOrder:
    """A payment to be made: ``parts`` is a tuple of (bill id, Decimal), first settled first."""

    key: int
    partner_id: int
    unit_id: int
    site_id: int
    amount: Decimal
    memo: str
    parts: tuple


class PaymentLane(PaymentLaneGates, PostingLane):
    """Makes plain payments of one journal and day; remembers what it has proved."""

    DOCUMENT = "payment"
    STAGED, KEY, LARGEST = "property_pay_order", "order_id", "parts DESC, amount DESC"
    MODELS = (
        "account.move",
        "account.move.line",
        "account.payment",
        "account.partial.reconcile",
        "account.full.reconcile",
    )

    def __init__(self, env, journal, method, day):
        self.journal_id, self.method_id, self.day = journal.id, method.id, day
        self.company_id = journal.company_id.id
        self.receipt_lanes = {}  # of those that issue receipts for its payments
        super().__init__(env)

    def _attach_records(self):
        self.journal = self.env["account.journal"].browse(self.journal_id)
        self.method = self.env["account.payment.method.line"].browse(self.method_id)

    def pay(self, orders, least=LANE_FROM):
        """Make payments and settle their bills exactly as told, in the caller's transaction.

        The caller has locked the bills and checked the rights.

        :param orders: list of PaymentOrder
        :param least: number of orders below which the comparison is not worth its time
        :return: (dict key -> payment id, dict reason -> number left to the ORM)
        """
        orders = sorted(orders, key=lambda order: order.key)
        paid, reasons = self._pay_as_set(orders, least)
        rest = [order for order in orders if order.key not in paid]
        payments = payment_lane_orm.pay(self, rest)
        paid.update((order.key, payment.id) for order, payment in zip(rest, payments, strict=True))
        return paid, reasons

    def _pay_as_set(self, orders, least):
        closed = self._closed()
        if not closed and len(orders) < least and not self.proved:
            closed = self.env._("Too few payments to be worth it")
        if closed:
            return {}, {closed: len(orders)} if orders else {}
        self._stage(orders)
        reasons = self._gate()
        left = len(orders) - sum(reasons.values()) - self._count()
        if left:
            reasons[self.env._("No open bill left")] = left
        self._prove({order.key: order for order in orders})
        reasons.update(self._drop_refused())
        paid = self._post_staged()
        missing = len(orders) - len(paid) - sum(reasons.values())
        if missing:
            reasons[self.env._("Numbers taken by others meanwhile")] = missing
        return paid, reasons

    # Staging ----------------------------------------------------------------------------------

    def _stage(self, orders):
        cr = self.cr
        traits = self._prepare_staging()
        cr.execute(payment_lane_sql.drop(*payment_lane_sql.TABLES))
        parts = [(order.key, *part) for order in orders for part in order.parts]
        times = Counter(bill for _key, bill, _amount in parts)
        cr.execute(
            payment_lane_sql.STAGE_PART,
            {
                "orders": [key for key, _bill, _amount in parts],
                "bills": [bill for _key, bill, _amount in parts],
                "amounts": [amount for _key, _bill, amount in parts],
                "twice": [bill for bill, number in times.items() if number > 1],
                "currency": self.company.currency_id.id,
                "company": self.company_id,
            },
        )
        cr.execute(
            payment_lane_sql.STAGE_ORDER.replace("{traits}", traits),
            {
                "ids": [order.key for order in orders],
                "partners": [order.partner_id for order in orders],
                "units": [order.unit_id or None for order in orders],
                "sites": [order.site_id or None for order in orders],
                "totals": [order.amount for order in orders],
                "memos": [order.memo for order in orders],
                "counts": [len(order.parts) for order in orders],
            },
        )

    # Proof ------------------------------------------------------------------------------------

    def _make_both(self, source, samples):
        """Override: of a payment for many bills, which takes the ORM long, some are settled."""
        with self._undone():
            return super()._make_both(self._shorten(source, samples), samples)

    def _shorten(self, orders, samples):
        """Leave bills out of the samples: the last, which may be settled in part, stays.

        :param orders: dict key -> PaymentOrder
        :return: dict of the same keys; the staged samples are like them
        """
        shorter = {}
        for key in (key for keys in samples.values() for key in keys):
            parts = orders[key].parts
            if len(parts) > SAMPLE_PARTS:
                parts = (*parts[: SAMPLE_PARTS - 1], parts[-1])
                amount = sum(part for _bill, part in parts)
                shorter[key] = replace(orders[key], parts=parts, amount=amount)
        for order in shorter.values():
            bills = [bill for bill, _part in order.parts]
            self.cr.execute(
                "DELETE FROM property_pay_part WHERE order_id = %s AND bill_id <> ALL(%s)",
                [order.key, bills],
            )
            self.cr.execute(
                "UPDATE property_pay_order SET amount = %s WHERE order_id = %s",
                [order.amount, order.key],
            )
        return {**orders, **shorter}

    def _make_by_orm(self, orders, keys, _numbers):
        payments = payment_lane_orm.pay_in_order(self, [orders[key] for key in keys])
        found = payment_lane_proof.capture(self.env, payments)
        return dict(zip(keys, found, strict=True))

    def _make_by_lane(self, keys, numbers):
        self.env.invalidate_all()
        self._insert(numbers)
        self.env.invalidate_all()
        made = self._posted()
        payments = self.env["account.payment"].browse([made[key] for key in keys])
        found = payment_lane_proof.capture(self.env, payments)
        return dict(zip(keys, found, strict=True))

    def _differences(self, one, other):
        return payment_lane_proof.differences(one, other)

    # Numbers ----------------------------------------------------------------------------------

    def _journal(self):
        # sudo: its sequence, by whoever may book payments
        return self.journal.sudo()

    def _probe(self, day):
        moves_sudo = self.env["account.move"].sudo().with_company(self.company)
        return moves_sudo.with_context(is_payment=True).new(
            {
                "move_type": "entry",
                "journal_id": self.journal_id,
                "company_id": self.company_id,
                "date": day,
            }
        )

    def _numbers(self, ids=None, floors=()):
        """Give numbers to staged payments, in the order of their keys.

        :param ids: keys; all that are staged when left out
        :param floors: dict prefix -> last number known to be taken by somebody else
        """
        self.cr.execute(
            "SELECT order_id FROM property_pay_order"
            " WHERE %(ids)s::int[] IS NULL OR order_id = ANY(%(ids)s) ORDER BY order_id",
            {"ids": ids},
        )
        keys = [key for (key,) in self.cr.fetchall()]
        return {"orders": keys, **self._next_numbers([self.day] * len(keys), floors)}

    # Paying -----------------------------------------------------------------------------------

    def _insert(self, numbers):
        cr, sql = self.cr, payment_lane_sql
        count = len(numbers["orders"])
        cr.execute(sql.drop("number", "match", "matching"))
        self._load_templates()
        cr.execute(sql.NUMBER, numbers)
        cr.execute(self._payment_statement())
        if cr.fetchone() != (count, count):
            raise AssertionError("the payment lane lost a payment")
        cr.execute(sql.INSERT_FULL, {"uid": self.env.uid})
        cr.execute(self._statement(sql.INSERT_LINE, "account_move_line", sql.LINE))
        cr.execute(self._statement(sql.INSERT_PARTIAL, "account_partial_reconcile", sql.PARTIAL))
        matched = cr.rowcount
        cr.execute(sql.INSERT_RELATION)
        cr.execute(sql.SETTLE_LINE, {"uid": self.env.uid})
        if cr.rowcount != matched:
            raise AssertionError("the payment lane settled a bill that changed meanwhile")
        cr.execute(sql.SETTLE_BILL, {"uid": self.env.uid})
        cr.execute(sql.CHECK)
        if cr.fetchone()[0]:
            raise AssertionError("the payment lane made a payment that does not balance")

    def _posted(self):
        self.cr.execute("SELECT order_id, payment_id FROM property_pay_number ORDER BY number")
        return dict(self.cr.fetchall())

    def _payment_statement(self):
        payment_columns, payment_values = self._lists("account_payment", payment_lane_sql.PAYMENT)
        move_columns, move_values = self._lists("account_move", payment_lane_sql.MOVE)
        return payment_lane_sql.INSERT_PAYMENT.format(
            payment_columns=payment_columns,
            payment_values=payment_values,
            move_columns=move_columns,
            move_values=move_values,
            source=payment_lane_sql.FROM,
        )

    def _statement(self, text, table, values):
        columns, expressions = self._lists(table, values)
        return text.format(columns=columns, values=expressions, source=payment_lane_sql.FROM)

    def _load_templates(self):
        """Put the ORM's payments of the proved patterns where the statements find them."""
        cr, sql = self.cr, payment_lane_sql
        cr.execute(sql.drop(*sql.TEMPLATES))
        cr.execute(sql.TEMPLATE)
        rows, patterns = defaultdict(list), []
        for number, (pattern, found) in enumerate(self.proved.items(), start=1):
            bills = [json.loads(text) for text in found["bills"]]
            settled = [bill for bill in bills if not bill["amount_residual"]]
            state = settled[0]["payment_state"] if settled else "paid"
            patterns.append((pattern, number, state, bills[0]["is_manually_modified"]))
            rows["payment"].append((number, found["payment"][0], 1))
            rows["move"].append((number, found["move"][0], 1))
            rows["line"] += [
                (number, text, place) for place, text in enumerate(found["lines"], start=1)
            ]
            rows["partial"].append((number, found["partials"][0], 1))
        cr.execute(
            "INSERT INTO property_pay_pattern"
            " SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], %s::bool[])",
            [list(column) for column in zip(*patterns, strict=True)],
        )
        tables = {
            "payment": "account_payment",
            "move": "account_move",
            "line": "account_move_line",
            "partial": "account_partial_reconcile",
        }
        for name, table in tables.items():
            is_line = name == "line"
            statement = sql.LOAD.format(
                name=name,
                table=table,
                place=", given.place" if is_line else "",
                key="move_id" if is_line else "id",
            )
            cr.execute(statement, [list(column) for column in zip(*rows[name], strict=True)])
