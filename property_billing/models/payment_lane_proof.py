"""What a payment leaves behind, cell by cell, so that two ways to make it can be compared.

The payment, its entry and lines, how it is matched, the bills it settles with all their lines, and
how many rows anywhere refer to one of these.
"""

import json
from decimal import Decimal

from odoo.tools import SQL

STAMPS = {"id", "create_date", "write_date"}
#: Ids given to each row: compared by where they point to, not by their value.
OWN = {
    "payment": STAMPS | {"move_id"},
    "move": STAMPS | {"origin_payment_id"},
    "lines": STAMPS | {"move_id", "payment_id"},
    "partials": STAMPS | {"credit_move_id"},
    "fulls": STAMPS,
    "bills": {"write_date"},
    "bill_lines": {"write_date"},
}
REFERENCES = """
SELECT conrelid::regclass::text, attname, confrelid::regclass::text
  FROM pg_constraint
  JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
 WHERE contype = 'f' AND array_length(conkey, 1) = 1
   AND confrelid = ANY(%s::regclass[])
 ORDER BY 1, 2
"""
LOOSE = ("mail_message", "mail_followers", "mail_activity", "ir_attachment")


def capture(env, payments):
    """Read posted payments as PostgreSQL keeps them.

    :param payments: account.payment, already flushed
    :return: list, in the order of the payments, of dict: rows as JSON text under ``payment``,
        ``move``, ``lines``, ``partials``, ``fulls``, ``bills`` and ``bill_lines``; ``relations``
        (bills linked) and ``others`` (rows elsewhere that refer to them, by table and column)
    """
    return [_capture(env.cr, payment_id) for payment_id in payments.ids]


def _capture(cr, payment_id):
    def rows(query, *args):
        cr.execute(query, args)
        return [text for (text,) in cr.fetchall()]

    found = {
        "payment": rows("SELECT to_jsonb(p)::text FROM account_payment p WHERE id = %s", payment_id)
    }
    found["move"] = rows(
        "SELECT to_jsonb(m)::text FROM account_move m WHERE origin_payment_id = %s", payment_id
    )
    moves = [json.loads(text)["id"] for text in found["move"]]
    found["lines"] = rows(
        "SELECT to_jsonb(l)::text FROM account_move_line l WHERE move_id = ANY(%s)"
        " ORDER BY balance DESC, id",
        moves,
    )
    lines = [json.loads(text)["id"] for text in found["lines"]]
    found["partials"] = rows(
        "SELECT to_jsonb(p)::text FROM account_partial_reconcile p"
        " WHERE credit_move_id = ANY(%s) OR debit_move_id = ANY(%s) ORDER BY debit_move_id",
        lines,
        lines,
    )
    partials = [json.loads(text) for text in found["partials"]]
    fulls = list({one["full_reconcile_id"] for one in partials} - {None})
    found["fulls"] = rows(
        "SELECT to_jsonb(f)::text FROM account_full_reconcile f WHERE id = ANY(%s) ORDER BY id",
        fulls,
    )
    cr.execute(
        "SELECT invoice_id FROM account_move__account_payment WHERE payment_id = %s ORDER BY 1",
        [payment_id],
    )
    found["relations"] = [bill for (bill,) in cr.fetchall()]
    debts = [one["debit_move_id"] for one in partials]
    cr.execute("SELECT DISTINCT move_id FROM account_move_line WHERE id = ANY(%s)", [debts])
    bills = [move_id for (move_id,) in cr.fetchall()]
    found["bills"] = rows(
        "SELECT to_jsonb(m)::text FROM account_move m WHERE id = ANY(%s) ORDER BY id", bills
    )
    found["bill_lines"] = rows(
        "SELECT to_jsonb(l)::text FROM account_move_line l WHERE move_id = ANY(%s) ORDER BY id",
        bills,
    )
    bill_lines = [json.loads(text)["id"] for text in found["bill_lines"]]
    owners = {
        "account_payment": [payment_id],
        "account_move": moves + bills,
        "account_move_line": lines + bill_lines,
        "account_partial_reconcile": [one["id"] for one in partials],
        "account_full_reconcile": fulls,
    }
    found["others"] = others(cr, owners)
    return found


def others(cr, owners):
    """Count the rows anywhere that refer to some rows.

    :param owners: dict table -> ids
    :return: dict "table.column" or "table of table" -> number
    """
    cr.execute(REFERENCES, [list(owners)])
    counts = [
        SQL(
            "SELECT %s, count(*) FROM %s WHERE %s = ANY(%s)",
            f"{table}.{column}",
            SQL.identifier(table.strip('"')),
            SQL.identifier(column),
            owners[target],
        )
        for table, column, target in cr.fetchall()
    ]
    counts += [
        SQL(
            "SELECT %s, count(*) FROM %s WHERE %s = %s AND res_id = ANY(%s)",
            f"{table} of {name}",
            SQL.identifier(table),
            SQL.identifier("model" if table == "mail_message" else "res_model"),
            name.replace("_", "."),
            ids,
        )
        for table in LOOSE
        for name, ids in owners.items()
    ]
    cr.execute(SQL(" UNION ALL ").join(counts))
    return dict(cr.fetchall())


def differences(one, other, ignored=()):
    """Compare two captured payments.

    :param ignored: names like ``move.unit_id`` that are not compared
    :return: (names of what differs, number of cells compared)
    """
    found, cells = [], 0
    for kind, own in OWN.items():
        mine, theirs = _read(one, kind), _read(other, kind)
        if len(mine) != len(theirs):
            found.append(f"number of {kind}")
            continue
        for left, right in zip(mine, theirs, strict=True):
            keys = (left.keys() | right.keys()) - own
            cells += len(keys)
            found += [
                f"{kind}.{key}"
                for key in sorted(keys)
                if left.get(key) != right.get(key) and f"{kind}.{key}" not in ignored
            ]
    if one["relations"] != other["relations"]:
        found.append("account_move__account_payment")
    names = one["others"].keys() | other["others"].keys()
    found += [
        name
        for name in sorted(names - set(ignored))
        if one["others"].get(name) != other["others"].get(name)
    ]
    return list(dict.fromkeys(found)), cells + len(names) + 1


def _read(found, kind):
    """Parse rows; ids of matchings become where they point to."""
    fulls = {json.loads(text)["id"] for text in found["fulls"]}
    first = min((json.loads(text)["id"] for text in found["partials"]), default=0)
    rows = [json.loads(text, parse_float=Decimal) for text in found[kind]]
    payments = {json.loads(text)["id"] for text in found["payment"]}
    for row in rows:
        if row.get("settling_payment_id") in payments:
            row["settling_payment_id"] = "own"
        if row.get("full_reconcile_id") in fulls:
            row["full_reconcile_id"] = "own"
        number = row.get("matching_number")
        if number and number.isdigit() and int(number) in fulls:
            row["matching_number"] = "own full"
        elif number == f"P{first}":
            row["matching_number"] = "own first partial"
    return rows
