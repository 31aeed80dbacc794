from odoo import models


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    def _property_persons_on(self, day):
        """Return how many people live in each unit on a day, in one query.

        Where a tenant lives, the owners do not count; agents never do.

        :return: dict unit id -> number
        """
        rows = self.env["property.occupancy"].search_fetch(
            [
                ("unit_id", "in", self.ids),
                ("role", "!=", "agent"),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            ["unit_id", "partner_id", "role"],
        )
        result = {}
        for unit, people in rows.grouped("unit_id").items():
            if any(row.role == "tenant" for row in people):
                people = people.filtered(lambda row: row.role not in ("owner", "co_owner"))
            result[unit.id] = len(people.partner_id)
        return result
