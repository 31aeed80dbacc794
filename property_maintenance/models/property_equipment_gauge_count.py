from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class PropertyEquipmentGauge(models.Model):
    _inherit = "property.equipment.gauge"

    def write(self, vals):
        """Count anew when a gauge becomes a counter or a level."""
        result = super().write(vals)
        if "kind" in vals:
            self._count()
        return result

    def _count(self):
        """Set what the readings count to in all, for any number of gauges at once.

        :raise ValidationError: when a counter runs backwards
        """
        readings = self.env["property.equipment.reading"]
        readings.flush_model(["gauge_id", "at", "value", "is_reset", "total"])
        self.flush_recordset(["kind"])
        self._check_forward()
        changed = self.env.execute_query(
            SQL(
                """
                WITH steps AS MATERIALIZED (%s),
                totals AS MATERIALIZED (
                    SELECT id, total AS before, CASE
                               WHEN kind = 'counter'
                               THEN SUM(step) OVER (PARTITION BY gauge_id ORDER BY at, id)
                               ELSE step END AS total
                      FROM steps)
                SELECT id, total FROM totals WHERE total IS DISTINCT FROM before
                """,
                self._steps(),
            )
        )
        if not changed:
            return
        # In two statements: new rows have no statistics yet, and a join of both would crawl.
        ids, totals = map(list, zip(*changed, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE property_equipment_reading reading SET total = counted.total
                  FROM UNNEST(%s::integer[], %s::numeric[]) AS counted (id, total)
                 WHERE reading.id = counted.id
                """,
                ids,
                totals,
            )
        )
        updated = readings.browse(ids)
        updated.invalidate_recordset(["total"], flush=False)
        updated.modified(["total"])

    def _check_forward(self):
        found = self.env.execute_query(
            SQL(
                """
                WITH steps AS MATERIALIZED (%s)
                SELECT gauge_id, value - step, value FROM steps
                 WHERE kind = 'counter' AND step < 0
              ORDER BY gauge_id, value, step LIMIT 1
                """,
                self._steps(),
            )
        )
        for gauge_id, before, value in found:
            gauge = self.browse(gauge_id)
            raise ValidationError(
                self.env._(
                    "%(gauge)s of %(equipment)s cannot go back from %(before)s to %(value)s. "
                    "Correct the reading, or tick Started Anew when the counter was replaced.",
                    gauge=gauge.name,
                    equipment=gauge.equipment_id.display_name,
                    before=f"{before:g}",
                    value=f"{value:g}",
                )
            )

    def _steps(self):
        """Return the query of what each reading adds to the one before.

        The first reading of a counter, and one that started anew, add themselves.
        """
        return SQL(
            """
            SELECT reading.id, reading.gauge_id, reading.at, reading.value, reading.total,
                   gauge.kind,
                   reading.value - CASE
                       WHEN gauge.kind = 'counter' AND NOT COALESCE(reading.is_reset, FALSE)
                       THEN COALESCE(LAG(reading.value) OVER (
                                PARTITION BY reading.gauge_id ORDER BY reading.at, reading.id), 0)
                       ELSE 0 END AS step
              FROM property_equipment_reading reading
              JOIN property_equipment_gauge gauge ON gauge.id = reading.gauge_id
             WHERE reading.gauge_id IN %s
            """,
            tuple(self.ids) or (0,),
        )
