"""Receipts by INSERT … SELECT, proved against the ORM: one for each of many payments of a site.

Rows are made without a number; numbers are given in one go, as to all receipts. Before receipts of
a pattern are made as a set, up to three of them are made both ways, by the ORM and by the lane,
both undone and compared: receipt, lines, payment and the rows anywhere that refer to one of these.
Columns that the lane does not write itself are those of the ORM's receipt. Whatever is unusual
goes through the ORM.
"""

import json
import secrets
from collections import Counter
from decimal import Decimal

from odoo.tools import SQL

from . import payment_lane_proof, receipt_lane_sql
from .payment_lane import LANE_FROM
from .posting_lane import PostingLane

STAMPS = {"id", "create_date", "write_date"}
#: What each row has of its own: compared by where it points to, not by its value.
OWN = {
    "receipt": STAMPS | {"token"},
    "lines": STAMPS | {"receipt_id"},
    "payment": {"write_date", "receipt_id"},
}


class ReceiptLane(PostingLane):
    """Makes plain receipts of one site and day; remembers what it has proved."""

    DOCUMENT = "receipt"
    STAGED, KEY, LARGEST = "property_receipt_order", "payment_id", "lines DESC"
    MODELS = ("property.receipt", "property.receipt.line", "account.payment")

    def __init__(self, env, company, site, date=None):
        self.company_id, self.site_id, self.date = company.id, site.id, date
        self.reasons = Counter()
        super().__init__(env)

    def _attach_records(self):
        self.site = self.env["property.site"].browse(self.site_id)
        self.receipts = self.env["property.receipt"]

    def make(self, payments, least=LANE_FROM):
        """Make a receipt without a number for each payment, in the caller's transaction.

        The caller has checked the payments. Why some were left to the ORM is added to ``reasons``.

        :param payments: account.payment, in order
        :param least: number of payments below which the comparison is not worth its time
        :return: dict payment id -> receipt id
        """
        payments.check_access("write")
        made = self._make_as_set(payments, least)
        rest = payments.browse([one for one in payments.ids if one not in made])
        by_orm = self.receipts._create_each(self.company, self.site, rest, self.date)
        made.update(zip(rest.ids, by_orm.ids, strict=True))
        return made

    def _make_as_set(self, payments, least):
        closed = self.unknown and self.env._("Unknown modules take part in receipts")
        if not closed and len(payments) < least and not self.proved:
            closed = self.env._("Too few receipts to be worth it")
        if closed:
            self.reasons[closed] += len(payments)
            return {}
        self._stage(payments)
        self._gate()
        self._prove(payments)
        self.reasons.update(self._drop_refused())
        return self._post_staged()

    # Staging ----------------------------------------------------------------------------------

    def _stage(self, payments):
        cr, sql = self.cr, receipt_lane_sql
        self._prepare_staging()
        cr.execute(sql.drop(*sql.STAGED))
        # sudo: the name of the journal
        journals_sudo = payments.sudo().journal_id
        values = {
            "payments": payments.ids,
            "journals": journals_sudo.ids,
            "methods": journals_sudo.mapped("name"),
            "currency": self.company.currency_id.id,
            "late_fee": payments._property_late_fee_name("{item}"),
        }
        cr.execute(sql.STAGE_PART, values)
        cr.execute(sql.INDEX_PART)
        cr.execute(sql.STAGE_ORDER, values)

    def _gate(self):
        """Take out receipts that are not plain, and note why."""
        gates = [
            (SQL("is_online"), self.env._("Paid online")),
            (SQL("is_surplus"), self.env._("Money for something else than bills")),
            (SQL("is_foreign"), self.env._("Other currency")),
            (SQL("coalesce(payer_name, '') = ''"), self.env._("No name of the payer")),
        ]
        for condition, reason in gates:
            self.cr.execute(SQL("DELETE FROM property_receipt_order WHERE %s", condition))
            if self.cr.rowcount:
                self.reasons[reason] += self.cr.rowcount

    # Proof ------------------------------------------------------------------------------------

    def _make_by_orm(self, payments, keys, _numbers):
        some = payments.browse(keys)
        receipts = self.receipts._create_each(self.company, self.site, some, self.date)
        self.env.flush_all()
        return dict(zip(keys, [_capture(self.cr, one) for one in receipts.ids], strict=True))

    def _make_by_lane(self, keys, numbers):
        self.env.invalidate_all()
        self._insert(numbers)
        self.env.invalidate_all()
        made = self._posted()
        return {key: _capture(self.cr, made[key]) for key in keys}

    def _differences(self, one, other):
        return differences(one, other)

    # Making -----------------------------------------------------------------------------------

    def _numbers(self, ids=None, floors=()):
        """Prepare what staged receipts get besides what they are for: address and words.

        :param ids: payments; all that are staged when left out
        """
        self.cr.execute(
            "SELECT payment_id, amount FROM property_receipt_order"
            " WHERE %(ids)s::int[] IS NULL OR payment_id = ANY(%(ids)s) ORDER BY payment_id",
            {"ids": ids},
        )
        rows = self.cr.fetchall()
        currency = self.company.currency_id
        words = {amount: self.receipts._words(amount, currency) for _one, amount in rows}
        return {
            "payments": [payment_id for payment_id, _amount in rows],
            "tokens": [secrets.token_urlsafe(24) for _row in rows],
            "words": [words[amount] or None for _one, amount in rows],
        }

    def _taken(self):
        """Override: numbers are given later, and not by the journal."""
        return {}

    def _insert(self, numbers):
        cr, sql = self.cr, receipt_lane_sql
        count = len(numbers["payments"])
        values = {"uid": self.env.uid, "issued_on": self.date or self.receipts._day_of_issue()}
        cr.execute(sql.drop("number"))
        self._load_templates()
        cr.execute(sql.NUMBER, numbers)
        for text, table, columns in (
            (sql.INSERT_RECEIPT, "property_receipt", sql.RECEIPT),
            (sql.INSERT_LINE, "property_receipt_line", sql.LINE),
        ):
            names, expressions = self._lists(table, columns)
            cr.execute(text.format(columns=names, values=expressions), values)
        cr.execute(sql.INSERT_RELATION)
        cr.execute(sql.LINK, values)
        if cr.rowcount != count:
            raise AssertionError("the receipt lane found a payment that has a receipt")
        cr.execute(sql.CHECK)
        if cr.fetchone()[0]:
            raise AssertionError("the receipt lane made a receipt that does not add up")

    def _posted(self):
        self.cr.execute(
            "SELECT payment_id, receipt_id FROM property_receipt_number ORDER BY receipt_id"
        )
        return dict(self.cr.fetchall())

    def _load_templates(self):
        """Put the ORM's receipts of the proved patterns where the statements find them."""
        cr, sql = self.cr, receipt_lane_sql
        cr.execute(sql.drop(*sql.TEMPLATES))
        cr.execute(sql.TEMPLATE)
        found = [
            (number, pattern, made["receipt"][0], made["lines"][0])
            for number, (pattern, made) in enumerate(self.proved.items(), start=1)
        ]
        numbers, patterns, receipts, lines = (list(column) for column in zip(*found, strict=True))
        cr.execute(
            "INSERT INTO property_receipt_pattern SELECT * FROM unnest(%s::text[], %s::int[])",
            [patterns, numbers],
        )
        cr.execute(sql.LOAD.format(name="", table="property_receipt"), [numbers, receipts])
        cr.execute(sql.LOAD.format(name="_line", table="property_receipt_line"), [numbers, lines])


def capture(env, receipts):
    """Read receipts as PostgreSQL keeps them.

    :param receipts: property.receipt, already flushed, with one payment each
    :return: list, in the order of the receipts, of dict: rows as JSON text under ``receipt``,
        ``lines`` and ``payment``; ``others`` (rows elsewhere that refer to them)
    """
    return [_capture(env.cr, receipt_id) for receipt_id in receipts.ids]


def _capture(cr, receipt_id):
    def rows(query, argument):
        cr.execute(query, [argument])
        return [text for (text,) in cr.fetchall()]

    found = {
        "receipt": rows(
            "SELECT to_jsonb(r)::text FROM property_receipt r WHERE id = %s", receipt_id
        ),
        "lines": rows(
            "SELECT to_jsonb(l)::text FROM property_receipt_line l WHERE receipt_id = %s"
            " ORDER BY sequence, id",
            receipt_id,
        ),
        "payment": rows(
            "SELECT to_jsonb(p)::text FROM account_payment p WHERE receipt_id = %s ORDER BY id",
            receipt_id,
        ),
    }
    ids = {kind: [json.loads(text)["id"] for text in texts] for kind, texts in found.items()}
    owners = {
        "property_receipt": ids["receipt"],
        "property_receipt_line": ids["lines"],
        "account_payment": ids["payment"],
    }
    found["others"] = payment_lane_proof.others(cr, owners)
    return found


def differences(one, other):
    """Compare two captured receipts.

    :return: (names of what differs, number of cells compared)
    """
    found, cells = [], 0
    for kind, own in OWN.items():
        mine, theirs = (
            [json.loads(text, parse_float=Decimal) for text in made[kind]] for made in (one, other)
        )
        if len(mine) != len(theirs):
            found.append(f"number of {kind}")
            continue
        for left, right in zip(mine, theirs, strict=True):
            keys = (left.keys() | right.keys()) - own
            cells += len(keys)
            found += [f"{kind}.{key}" for key in sorted(keys) if left.get(key) != right.get(key)]
    mine, theirs = one["others"], other["others"]
    names = sorted(mine.keys() | theirs.keys())
    found += [name for name in names if mine.get(name) != theirs.get(name)]
    return list(dict.fromkeys(found)), cells + len(names)
