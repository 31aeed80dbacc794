"""Foreign keys of the lane's rows proved as sets, where the database's administrator allows it.

PostgreSQL looks up every key of every row: most of the time that posting takes. Here the rows are
inserted without these look-ups, then every referred row is locked FOR KEY SHARE, which is the lock
of the look-up, and counted: all of the keys or none. Whatever is missing sends the rows through the
ordinary INSERT, which names the key. Off unless the parameter below is set and
``GRANT SET ON PARAMETER session_replication_role TO <role>`` was given.
"""

from contextlib import contextmanager

from odoo.tools import SQL, str2bool

PARAMETER = "property_billing.prove_keys_as_sets"
ROWS = {
    "account_move": "id IN (SELECT move_id FROM property_lane_number)",
    "account_move_line": "id IN (SELECT id FROM property_lane_row)",
    "account_move_line_account_tax_rel": "account_move_line_id IN"
    " (SELECT id FROM property_lane_row)",
}
KEYS = """
SELECT conrelid::regclass::text, attname, confrelid::regclass::text,
       (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]),
       array_length(conkey, 1)
  FROM pg_constraint
  JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
 WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
 ORDER BY 3, 1, 2
"""
# what the switched off triggers do besides looking up keys
OTHER_WORK = """
SELECT tgname FROM pg_trigger
 WHERE NOT tgisinternal AND tgrelid = ANY(%(tables)s::regclass[])
UNION ALL
SELECT conname FROM pg_constraint
 WHERE contype <> 'f' AND condeferrable AND conrelid = ANY(%(tables)s::regclass[])
"""


class MissingKey(Exception):
    """A row refers to something that is not there."""


def may_switch_off(cr):
    """Tell whether the role of a cursor was granted what the sets need."""
    cr.execute("SELECT current_setting('is_superuser') = 'on'")
    if cr.fetchone()[0]:
        return True
    if cr.connection.server_version < 150000:  # nothing to grant before
        return False
    cr.execute("SELECT has_parameter_privilege(current_user, 'session_replication_role', 'SET')")
    return cr.fetchone()[0]


class BillingLaneKeys:
    """How the foreign keys of inserted rows are checked; a mixin of the lane."""

    def _choose_keys(self):
        """Decide how keys are checked.

        :return: what the run says about it; ``keys_as_sets`` is set
        """
        self.keys_as_sets = False
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        if not str2bool(parameters_sudo.get_param(PARAMETER) or "", False):
            return self.env._("Looked up row by row")
        if not may_switch_off(self.cr):
            return self.env._(
                "Looked up row by row: the database role may not set session_replication_role"
            )
        self.cr.execute(OTHER_WORK, {"tables": list(ROWS)})
        names = [name for (name,) in self.cr.fetchall()]
        if names or any(length != 1 for *_key, length in self._keys()):
            return self.env._(
                "Looked up row by row: triggers or keys that are not plain (%(names)s)",
                names=", ".join(names),
            )
        self.keys_as_sets = True
        return self.env._("Proved as sets")

    def _keys(self):
        self.cr.execute(KEYS, [list(ROWS)])
        return self.cr.fetchall()

    @contextmanager
    def _checked_keys(self, as_sets):
        """Check the keys of the rows inserted inside.

        :param as_sets: whether by the sets; else PostgreSQL looks them up
        :raise MissingKey: when a set of keys is not complete
        """
        if not as_sets:
            yield
            return
        # undone with the savepoint around it when an INSERT fails
        self.cr.execute("SET LOCAL session_replication_role = replica")
        yield
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self._prove_keys()

    def _prove_keys(self):
        """Lock every row that the inserted ones refer to, as the look-ups would.

        :raise MissingKey: when one is not there
        """
        wanted, by_table = {}, {}
        for table, column, target, key, _length in self._keys():
            by_table.setdefault(table, []).append((column, (target, key)))
        for table, columns in by_table.items():
            used = SQL(", ").join(
                SQL("array_agg(DISTINCT %s)", SQL.identifier(column)) for column, _target in columns
            )
            self.cr.execute(
                SQL("SELECT %s FROM %s WHERE %s", used, SQL.identifier(table), SQL(ROWS[table]))
            )
            for (_column, target), values in zip(columns, self.cr.fetchone(), strict=True):
                found = {value for value in values or () if value is not None}
                wanted.setdefault(target, set()).update(found)
        for (target, key), values in sorted(wanted.items()):
            if not values:
                continue
            self.cr.execute(
                SQL(
                    "SELECT 1 FROM ONLY %(table)s WHERE %(key)s = ANY(%(values)s)"
                    " ORDER BY %(key)s FOR KEY SHARE",
                    table=SQL.identifier(target),
                    key=SQL.identifier(key),
                    values=sorted(values),
                )
            )
            if self.cr.rowcount != len(values):
                raise MissingKey(target)
