from odoo import fields, models
from odoo.tools import SQL

from .property_meter import METER_KINDS


class PropertyMeterLoss(models.Model):
    """What master meters counted beyond their sub-meters, month by month (管网损耗)."""

    _name = "property.meter.loss"
    _description = "Network Loss"
    _inherit = ["property.scoped"]
    _auto = False
    _order = "month desc, site_id, meter_id"
    _rec_name = "meter_id"

    meter_id = fields.Many2one("property.meter", string="Master Meter", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    kind = fields.Selection(METER_KINDS, readonly=True)
    month = fields.Date(readonly=True, help="First day of the month.")
    master_used = fields.Float("Master Counted", digits=(16, 3), readonly=True)
    sub_used = fields.Float("Sub-meters Counted", digits=(16, 3), readonly=True)
    loss = fields.Float(digits=(16, 3), readonly=True)
    loss_rate = fields.Float(digits=(16, 4), aggregator="avg", readonly=True)
    sub_count = fields.Integer("Number of Sub-meters", readonly=True)
    unread_count = fields.Integer("Sub-meters Not Read", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH reading AS (
                SELECT meter_id, date AS day, value FROM property_meter_reading
                 WHERE state IN ('ok', 'accepted')
            ), first_reading AS (
                SELECT meter_id, MIN(day) AS day FROM reading GROUP BY meter_id
            ), point AS (
                SELECT meter_id, day, value FROM reading
             UNION ALL
                SELECT meter.id, COALESCE(meter.install_date, first_reading.day - 1),
                       COALESCE(meter.initial_reading, 0)
                  FROM property_meter meter
             LEFT JOIN first_reading ON first_reading.meter_id = meter.id
                 WHERE COALESCE(meter.install_date, first_reading.day - 1) IS NOT NULL
                   AND (first_reading.day IS NULL OR meter.install_date IS NULL
                        OR meter.install_date < first_reading.day)
            ), closing AS (
                SELECT DISTINCT ON (meter_id, date_trunc('month', day))
                       meter_id, date_trunc('month', day)::date AS month, value,
                       FIRST_VALUE(value) OVER (
                           PARTITION BY meter_id, date_trunc('month', day) ORDER BY day
                       ) AS first_value
                  FROM point
              ORDER BY meter_id, date_trunc('month', day), day DESC
            ), span AS (
                SELECT meter_id, month, value,
                       COALESCE(LAG(value) OVER (PARTITION BY meter_id ORDER BY month),
                                first_value) AS opening,
                       LAG(value) OVER (PARTITION BY meter_id ORDER BY month) IS NULL AS is_first
                  FROM closing
            ), used AS (
                SELECT span.meter_id, span.month,
                       COALESCE(meter.point_id, meter.id) AS point_id,
                       COALESCE(master.point_id, master.id) AS master_point_id,
                       meter.multiplier * (span.value - span.opening + CASE
                           WHEN span.value < span.opening AND meter.digits > 0
                           THEN power(10, meter.digits) ELSE 0 END)::numeric AS quantity
                  FROM span
                  JOIN property_meter meter ON meter.id = span.meter_id
             LEFT JOIN property_meter master ON master.id = meter.master_id
            ), master_month AS (
                SELECT point_id, month, SUM(quantity) AS quantity FROM used GROUP BY 1, 2
            ), sub_month AS (
                SELECT master_point_id AS point_id, month, SUM(quantity) AS quantity,
                       COUNT(DISTINCT point_id) AS read_count
                  FROM used WHERE master_point_id IS NOT NULL GROUP BY 1, 2
            ), master AS (
                SELECT COALESCE(master.point_id, master.id) AS point_id,
                       COUNT(DISTINCT COALESCE(sub.point_id, sub.id)) AS sub_count
                  FROM property_meter sub
                  JOIN property_meter master ON master.id = sub.master_id
              GROUP BY 1
            ), last_meter AS (
                SELECT DISTINCT ON (COALESCE(point_id, id))
                       COALESCE(point_id, id) AS point_id, id, site_id, company_id, building_id,
                       kind
                  FROM property_meter
              ORDER BY COALESCE(point_id, id), install_date DESC NULLS LAST, id DESC
            )
            SELECT master.point_id * 2400
                   + (EXTRACT(YEAR FROM month)::int - 1950) * 12
                   + EXTRACT(MONTH FROM month)::int AS id,
                   last_meter.id AS meter_id, last_meter.site_id, last_meter.company_id,
                   last_meter.building_id, last_meter.kind, month,
                   master_month.quantity AS master_used,
                   COALESCE(sub_month.quantity, 0) AS sub_used,
                   master_month.quantity - COALESCE(sub_month.quantity, 0) AS loss,
                   CASE WHEN master_month.quantity = 0 THEN 0
                        ELSE (master_month.quantity - COALESCE(sub_month.quantity, 0))
                             / master_month.quantity END AS loss_rate,
                   master.sub_count,
                   master.sub_count - COALESCE(sub_month.read_count, 0) AS unread_count
              FROM master
              JOIN last_meter USING (point_id)
              JOIN master_month USING (point_id)
         LEFT JOIN sub_month USING (point_id, month)
             WHERE master_month.quantity <> 0 OR COALESCE(sub_month.quantity, 0) <> 0
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Override of `base`: the rate of many rows is their loss over what the masters counted."""
        if aggregate_spec == "loss_rate:avg":
            return SQL(
                "COALESCE(SUM(%s) / NULLIF(SUM(%s), 0), 0)",
                self._field_to_sql(self._table, "loss", query),
                self._field_to_sql(self._table, "master_used", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def action_view_readings(self):
        """Open the readings of the master and its sub-meters in the month."""
        self.ensure_one()
        meters = self.meter_id._points()
        meters |= meters.search([("master_id", "in", meters.ids)])._points()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_reading_action"
        )
        last = fields.Date.end_of(self.month, "month")
        return {
            **action,
            "domain": [
                ("meter_id", "in", meters.ids),
                ("date", ">=", self.month),
                ("date", "<=", last),
            ],
            "context": {},
        }
