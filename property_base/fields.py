"""Kinds of fields that the addons of the family share."""

from odoo import fields
from odoo.tools import sql


class CopiedMany2one(fields.Many2one):
    """A stored copy of what another field refers to, without a foreign key of its own.

    For a stored ``related`` field of a table with very many rows. The field that it copies has the
    key, and forbids to delete what it refers to: PostgreSQL would look up the same row once more
    for every copy, which is half of what inserting a row costs.
    """

    def update_db_foreign_key(self, model, column):
        """Override of `odoo` to drop the key that an earlier version made."""
        model.env.cr.execute(
            """
            SELECT conname FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum]
             WHERE contype = 'f' AND conrelid = %s::regclass AND attname = %s
            """,
            [model._table, self.name],
        )
        for (name,) in model.env.cr.fetchall():
            sql.drop_constraint(model.env.cr, model._table, name)
