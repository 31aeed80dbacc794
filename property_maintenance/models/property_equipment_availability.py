from odoo import fields, models
from odoo.tools import SQL


class PropertyEquipmentAvailability(models.Model):
    """Hours of each month that equipment was there, and how many of them it was faulty."""

    _name = "property.equipment.availability"
    _description = "Availability of Equipment"
    _auto = False
    _order = "month desc, equipment_id"
    _rec_name = "equipment_id"
    _depends = {
        "property.equipment.state.log": ["equipment_id", "to_state", "at"],
        "maintenance.equipment": ["site_id", "company_id", "class_id"],
    }

    month = fields.Date(readonly=True)
    equipment_id = fields.Many2one("maintenance.equipment", readonly=True)
    class_id = fields.Many2one("property.equipment.class", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    hours = fields.Float(string="Hours in All", readonly=True)
    hours_faulty = fields.Float(readonly=True)
    fault_count = fields.Integer(string="Faults", readonly=True)
    availability = fields.Float(
        readonly=True, aggregator="avg", help="Share of the hours in which it was not faulty."
    )

    def _read_group_select(self, aggregate_spec, query):
        """Divide sums of hours instead of averaging shares of months of unequal length."""
        if aggregate_spec != "availability:avg":
            return super()._read_group_select(aggregate_spec, query)
        hours = self._field_to_sql(self._table, "hours", query)
        faulty = self._field_to_sql(self._table, "hours_faulty", query)
        return SQL("1 - SUM(%s) / NULLIF(SUM(%s), 0)", faulty, hours)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH spell AS (
                SELECT equipment_id, to_state, at AS begins,
                       COALESCE(LEAD(at) OVER (PARTITION BY equipment_id ORDER BY at, id),
                                NOW() AT TIME ZONE 'UTC') AS ends
                  FROM property_equipment_state_log
            ), part AS (
                SELECT spell.equipment_id, month::date AS month, spell.to_state, spell.begins,
                       EXTRACT(EPOCH FROM LEAST(spell.ends, month + INTERVAL '1 month')
                                        - GREATEST(spell.begins, month)) / 3600 AS hours
                  FROM spell
                 CROSS JOIN LATERAL GENERATE_SERIES(
                           DATE_TRUNC('month', spell.begins), spell.ends, INTERVAL '1 month') month
                 WHERE spell.to_state <> 'scrapped'
            ), total AS (
                SELECT equipment_id, month, SUM(hours) AS hours,
                       COALESCE(SUM(hours) FILTER (WHERE to_state = 'faulty'), 0) AS hours_faulty,
                       COUNT(*) FILTER (
                           WHERE to_state = 'faulty'
                             AND DATE_TRUNC('month', begins) = month) AS fault_count
                  FROM part GROUP BY equipment_id, month
            )
            SELECT total.equipment_id * 10000
                       + (EXTRACT(YEAR FROM total.month)::integer - 2000) * 12
                       + EXTRACT(MONTH FROM total.month)::integer AS id,
                   total.equipment_id, total.month, equipment.class_id, equipment.site_id,
                   equipment.company_id, total.hours, total.hours_faulty, total.fault_count,
                   1 - total.hours_faulty / NULLIF(total.hours, 0) AS availability
              FROM total JOIN maintenance_equipment equipment ON equipment.id = total.equipment_id
             WHERE equipment.site_id IS NOT NULL AND total.hours > 0
            """
        )
