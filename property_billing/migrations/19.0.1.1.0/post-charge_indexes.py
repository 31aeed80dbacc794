"""Drop indexes of charges that others serve: each was paid for twice a bill."""

from odoo.tools import SQL

FIELDS = ("company_id", "is_opening", "site_id", "state")


def migrate(cr, version):
    """Drop what Odoo keeps of a field that is no longer indexed."""
    for name in FIELDS:
        index = SQL.identifier(f"property_charge__{name}_index")
        cr.execute(SQL("DROP INDEX IF EXISTS %s", index))
