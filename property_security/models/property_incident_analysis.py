from odoo import models
from odoo.tools import SQL

#: Averages of times, and the moment without which there is none.
HAPPENED = {"respond_minutes:avg": "responded_at", "close_hours:avg": "closed_at"}


class PropertyIncident(models.Model):
    _inherit = "property.incident"

    def _read_group_select(self, aggregate_spec, query):
        """Override of `base`: averages leave out what has not happened yet."""
        average = super()._read_group_select(aggregate_spec, query)
        name = HAPPENED.get(aggregate_spec)
        if not name:
            return average
        moment = self._field_to_sql(self._table, name, query)
        return SQL("%s FILTER (WHERE %s IS NOT NULL)", average, moment)
