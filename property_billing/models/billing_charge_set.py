"""Draft charges of a run written by COPY, and compared with what the ORM writes.

The first charge of every shape is also made by the ORM, undone, and compared column by column with
the row that COPY wrote; so are its lines. Any difference, and any module that has a say in how
charges come to be and is not known, leaves all of them to the ORM.
"""

import json
import logging
from itertools import islice

from odoo.tools import SQL, float_repr, float_round, split_every

from . import billing_census
from .posting_lane import keys_by_index

_logger = logging.getLogger(__name__)

SET_FROM = 100  # below this the comparison costs more than the ORM
CREATE_BATCH = 1000
ROWS_AT_ONCE = 50
MODELS = ("property.charge", "property.charge.line")
NULL = r"\N"  # how COPY reads NULL; a text has its backslashes doubled
LOG = ("create_uid", "create_date", "write_uid", "write_date")
CHARGE_COLUMNS = (
    *("id", "run_id", "fee_id", "share", "unit_id", "item_id", "payer_id", "meter_id"),
    *("allocation_id", "date_from", "date_to", "quantity", "amount", "tax_id", "basis"),
    *("explanation", "state", "is_estimated", "site_id", "company_id", "currency_id"),
    *("unit_sort_key", "building_id", "category", *LOG),
)
LINE_COLUMNS = (
    *("id", "charge_id", "sequence", "name", "quantity", "price", "amount"),
    *("site_id", "company_id"),
)
GIVEN = {
    *("run_id", "fee_id", "share", "unit_id", "item_id", "payer_id", "meter_id", "allocation_id"),
    *("date_from", "date_to", "quantity", "amount", "tax_id", "basis", "explanation", "line_ids"),
}
GIVEN_LINE = {"sequence", "name", "quantity", "price", "amount"}


def create(charges, values):
    """Create draft charges from the values of a ``BillingBatch``.

    :param charges: property.charge, the model in the environment of the creator
    :param list values: vals of ``create``
    :return: whether they were written as a set
    """
    reason = "few charges" if len(values) < SET_FROM else closed(charges.env, values)
    if not reason:
        reason = _by_copy(charges, values)
    if not reason:
        return True
    _logger.info("%s charges are created by the ORM: %s", len(values), reason)
    for some in split_every(CREATE_BATCH, values):
        charges.create(list(some))
    charges.flush_model()
    return False


def closed(env, values):
    """Say why charges cannot be written as a set, or return an empty text."""
    unknown = billing_census.unknown(billing_census.take(env, MODELS))
    fields = [field for model in MODELS for field in env[model]._fields.values()]
    for field in fields:
        # what is stored elsewhere and follows from charges is recomputed by the ORM alone
        followers = [one for one in env.registry.get_dependent_fields(field) if one.store]
        for one in (field, *followers):
            if one.store and not _stays_empty(one):
                unknown += set(one._modules) - billing_census.KNOWN
    if unknown:
        return f"unknown modules {', '.join(sorted(set(unknown)))}"
    if any(env[model]._constraint_methods for model in MODELS):
        return "constraints in Python"
    if any(vals.keys() != GIVEN for vals in values):
        return "other values than a batch computes"
    if any(line[2].keys() != GIVEN_LINE for vals in values for line in vals["line_ids"]):
        return "other values of lines than a batch computes"
    return ""


def _stays_empty(field):
    """Say whether nothing fills a column of a new record: then COPY leaves it NULL as well."""
    return not (field.compute or field.default or field.required or field.company_dependent)


def _by_copy(charges, values):
    """Write charges by COPY; take them back when an exemplar differs.

    :return: why they were taken back, or an empty text
    """
    env = charges.env
    samples = _exemplars(values)
    with env.cr.savepoint() as trial:
        made = charges.create([values[index] for index in samples])
        charges.flush_model()
        by_orm = _capture(env, made.ids)
        trial.rollback()
    with env.cr.savepoint() as trial:
        ids = _copy(env, values)
        by_copy = _capture(env, [ids[index] for index in samples])
        found = differences(by_orm, by_copy)
        if found:
            trial.rollback()
    env.invalidate_all(flush=False)
    return f"they differ in {', '.join(found)}" if found else ""


def _exemplars(values):
    """Return the place of the first charge of every shape."""
    places = {}
    for index, vals in enumerate(values):
        basis = vals["basis"]
        shape = (
            *(basis.get("kind"), len(vals["line_ids"]), vals["share"] < 0),
            *(bool(vals[name]) for name in ("meter_id", "allocation_id", "tax_id", "explanation")),
            bool(basis.get("estimated")),
        )
        places.setdefault(shape, index)
    return list(places.values())


def _capture(env, ids):
    """Read charges and their lines as PostgreSQL keeps them, in the order of ``ids``."""
    env.cr.execute(
        """
        SELECT to_jsonb(charge)::text, (
               SELECT coalesce(array_agg(to_jsonb(line)::text ORDER BY sequence, line.id), '{}')
                 FROM property_charge_line line WHERE line.charge_id = charge.id)
          FROM property_charge charge WHERE charge.id = ANY(%s)
      ORDER BY array_position(%s, charge.id)
        """,
        [ids, ids],
    )
    return [
        [_row(charge, {"id"}), *(_row(line, {"id", "charge_id"}) for line in lines)]
        for charge, lines in env.cr.fetchall()
    ]


def _row(text, ignored):
    """Read a row; numbers stay as written, so that 1.50 is not 1.5."""
    row = json.loads(text, parse_float=str)
    return {name: value for name, value in row.items() if name not in ignored}


def differences(mine, theirs):
    """Name the columns in which captured charges differ.

    :return: sorted names; ``lines`` when one has more of them
    """
    found = set()
    if len(mine) != len(theirs):
        return ["number of charges"]
    for one, other in zip(mine, theirs, strict=True):
        if len(one) != len(other):
            found.add("lines")
            continue
        for row, twin in zip(one, other, strict=True):
            names = row.keys() | twin.keys()
            found |= {name for name in names if row.get(name, NULL) != twin.get(name, NULL)}
    return sorted(found)


def _copy(env, values):
    """Write charges and lines.

    :return: ids of the charges, in the order of ``values``
    """
    env.flush_all()
    writer = _Writer(env, values)
    pairs = list(zip(_next_ids(env.cr, "property_charge", len(values)), values, strict=True))
    count = sum(len(vals["line_ids"]) for vals in values)
    line_ids = iter(_next_ids(env.cr, "property_charge_line", count))
    charges = (writer.charge(charge_id, vals) for charge_id, vals in pairs)
    lines = (row for charge_id, vals in pairs for row in writer.lines(charge_id, vals, line_ids))
    with keys_by_index(env.cr):
        _copy_rows(env.cr, "property_charge", CHARGE_COLUMNS, charges)
        _copy_rows(env.cr, "property_charge_line", LINE_COLUMNS, lines)
    return [charge_id for charge_id, _vals in pairs]


def _next_ids(cr, table, count):
    cr.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    cr.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [*cr.fetchone(), count])
    return [number for (number,) in cr.fetchall()]


class _Rows:
    """Rows as a file that COPY reads: made while PostgreSQL takes in those before."""

    def __init__(self, rows):
        self.lines = ("\t".join(row) + "\n" for row in rows)

    def read(self, _size):  # pylint: disable=method-required-super  # a file
        """Return the next lines; an empty text after the last one."""
        return "".join(islice(self.lines, ROWS_AT_ONCE))


def _copy_rows(cr, table, columns, rows):
    statement = SQL(
        "COPY %s (%s) FROM STDIN",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, columns)),
    )
    cr.copy_expert(cr.mogrify(statement.code, statement.params), _Rows(rows))


def _escape(text):
    """Write a text so that COPY reads it as it is."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text


class _Writer:
    """Turns values into rows of text, as the ORM's fields would convert them.

    Homes share most of what their charges say: a number or a text is converted once.
    """

    def __init__(self, env, values):
        now = env.cr.now().isoformat(sep=" ")
        self.log = (str(env.uid), now, str(env.uid), now)
        self.places, self.money = self._read_places(env, {vals["unit_id"] for vals in values})
        items = env["property.charge.item"].browse({vals["item_id"] for vals in values})
        self.categories = {item.id: item.category or NULL for item in items}
        self.texts, self.escaped = {}, {}
        self.encode = json.JSONEncoder(ensure_ascii=False).encode
        charge, line = env["property.charge"], env["property.charge.line"]
        self.digits = {
            "charge": charge._fields["quantity"].get_digits(env)[1],
            "quantity": line._fields["quantity"].get_digits(env)[1],
            "price": line._fields["price"].get_digits(env)[1],
        }

    @staticmethod
    def _read_places(env, unit_ids):
        """Return what charges repeat of their units, and (decimals, step) of its money."""
        env.cr.execute(
            """
            SELECT unit.id, unit.site_id, unit.company_id, company.currency_id, unit.sort_key,
                   unit.building_id
              FROM property_unit unit JOIN res_company company ON company.id = unit.company_id
             WHERE unit.id = ANY(%s)
            """,
            [list(unit_ids)],
        )
        rows = env.cr.fetchall()
        currencies = env["res.currency"].browse({row[3] for row in rows})
        money = {one.id: (one.decimal_places, one.rounding) for one in currencies}
        places = {
            row[0]: tuple(NULL if value is None else _escape(str(value)) for value in row[1:])
            for row in rows
        }
        return places, {row[0]: money[row[3]] for row in rows}

    def number(self, value, digits, step=None):
        """Write a number as the ORM rounds it.

        :param int digits: decimals written
        :param float step: what money is rounded to
        """
        key = value, digits, step
        text = self.texts.get(key)
        if text is None:
            if step:
                value = float_round(value, precision_rounding=step)
            else:
                value = float_round(value, precision_digits=digits)
            text = self.texts[key] = float_repr(value, precision_digits=digits)
        return text

    def text(self, value):
        """Write a text, or that there is none."""
        if value in (None, False):
            return NULL
        text = self.escaped.get(value)
        if text is None:
            text = self.escaped[value] = _escape(value)
        return text

    def charge(self, charge_id, vals):
        """Return the row of a charge, in the order of ``CHARGE_COLUMNS``."""
        unit_id, item_id, basis = vals["unit_id"], vals["item_id"], vals["basis"]
        return (
            str(charge_id),
            str(vals["run_id"] or NULL),
            str(vals["fee_id"]),
            str(vals["share"]),
            str(unit_id),
            str(item_id),
            str(vals["payer_id"]),
            str(vals["meter_id"] or NULL),
            str(vals["allocation_id"] or NULL),
            str(vals["date_from"]),
            str(vals["date_to"]),
            self.number(vals["quantity"], self.digits["charge"]),
            self.number(vals["amount"], *self.money[unit_id]),
            str(vals["tax_id"] or NULL),
            _escape(self.encode(basis)) if basis else NULL,
            self.text(vals["explanation"]),
            "draft",
            "t" if basis.get("estimated") else "f",
            *self.places[unit_id],
            self.categories[item_id],
            *self.log,
        )

    def lines(self, charge_id, vals, line_ids):
        """Return the rows of a charge's lines, in the order of ``LINE_COLUMNS``."""
        unit_id = vals["unit_id"]
        return [
            (
                str(next(line_ids)),
                str(charge_id),
                str(line["sequence"]),
                self.text(line["name"]),
                self.number(line["quantity"], self.digits["quantity"]),
                self.number(line["price"], self.digits["price"]),
                self.number(line["amount"], *self.money[unit_id]),
                *self.places[unit_id][:2],
            )
            for _command, _zero, line in vals["line_ids"]
        ]
