"""What a posted bill consists of, cell by cell, so that two ways to make it can be compared."""

import json
from decimal import Decimal

from odoo.tools import SQL

IGNORED = {"id", "move_id", "create_date", "write_date"}
REFERENCES = """
SELECT conrelid::regclass::text, attname, confrelid::regclass::text
  FROM pg_constraint
  JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
 WHERE contype = 'f' AND array_length(conkey, 1) = 1
   AND confrelid IN ('account_move'::regclass, 'account_move_line'::regclass)
   AND conrelid NOT IN ('account_move_line'::regclass, 'property_charge'::regclass)
 ORDER BY 1, 2
"""
LOOSE = ("mail_message", "mail_followers", "mail_activity", "ir_attachment")


def capture(env, moves):
    """Read posted bills as PostgreSQL keeps them.

    :param moves: account.move, already flushed
    :return: dict charge id -> dict: ``move`` and ``lines`` (JSON text of the rows), ``taxes``
        (of each line) and ``others`` (rows elsewhere that refer to the bill, by table and column)
    """
    cr, ids = env.cr, list(moves.ids)
    cr.execute(
        "SELECT id, property_charge_id, to_jsonb(m)::text FROM account_move m WHERE id = ANY(%s)",
        [ids],
    )
    bills, by_move = {}, {}
    for move_id, charge_id, text in cr.fetchall():
        by_move[move_id] = bills[charge_id] = {"move": text, "lines": [], "ids": [], "others": {}}
    cr.execute(
        """
        SELECT line.move_id, line.id, to_jsonb(line)::text,
               (SELECT coalesce(array_agg(account_tax_id ORDER BY account_tax_id), '{}')
                  FROM account_move_line_account_tax_rel rel
                 WHERE rel.account_move_line_id = line.id)
          FROM account_move_line line WHERE line.move_id = ANY(%s)
      ORDER BY line.move_id, CASE line.display_type WHEN 'product' THEN 1 WHEN 'tax' THEN 2
                             ELSE 3 END, line.sequence, line.id
        """,
        [ids],
    )
    for move_id, line_id, text, taxes in cr.fetchall():
        by_move[move_id]["lines"].append((text, taxes))
        by_move[move_id]["ids"].append(line_id)
    _count_others(cr, by_move)
    return bills


def _count_others(cr, by_move):
    lines = {line_id: bill for bill in by_move.values() for line_id in bill["ids"]}
    cr.execute(REFERENCES)
    for table, column, target in cr.fetchall():
        owners = by_move if target == "account_move" else lines
        cr.execute(
            SQL(
                "SELECT %(column)s, count(*) FROM %(table)s WHERE %(column)s = ANY(%(ids)s)"
                " GROUP BY 1",
                column=SQL.identifier(column),
                table=SQL.identifier(table),
                ids=list(owners),
            )
        )
        _add(owners, f"{table}.{column}", cr.fetchall())
    for table in LOOSE:
        model = "res_model" if table != "mail_message" else "model"
        cr.execute(
            SQL(
                "SELECT res_id, count(*) FROM %s WHERE %s = 'account.move' AND res_id = ANY(%s)"
                " GROUP BY 1",
                SQL.identifier(table),
                SQL.identifier(model),
                list(by_move),
            )
        )
        _add(by_move, table, cr.fetchall())


def _add(owners, name, counts):
    for owner, count in counts:
        others = owners[owner]["others"]
        others[name] = others.get(name, 0) + count


def differences(one, other):
    """Compare two captured bills.

    :return: (names of what differs, number of cells compared)
    """
    found, cells = _row("account_move", one["move"], other["move"])
    if len(one["lines"]) != len(other["lines"]):
        return [*found, "number of lines"], cells
    for (mine, my_taxes), (theirs, their_taxes) in zip(one["lines"], other["lines"], strict=True):
        more, count = _row("account_move_line", mine, theirs)
        found += more
        cells += count + 1
        if my_taxes != their_taxes:
            found.append("account_move_line_account_tax_rel")
    names = one["others"].keys() | other["others"].keys()
    found += [
        name for name in sorted(names) if one["others"].get(name) != other["others"].get(name)
    ]
    return list(dict.fromkeys(found)), cells + len(names)


def _row(table, mine, theirs):
    mine, theirs = (json.loads(text, parse_float=Decimal) for text in (mine, theirs))
    keys = mine.keys() - IGNORED
    return [f"{table}.{key}" for key in sorted(keys) if mine[key] != theirs[key]], len(keys)
