from odoo import fields, models
from odoo.tools import SQL

DAYS = 62  # that the curve reaches back
#: Ways in count from the next full hour on and ways out take away again; what happened before the
#: first hour counts there. So each stay is read once, however many hours are shown.
QUERY = """
WITH span AS (
    SELECT date_trunc('hour', now() AT TIME ZONE 'UTC') AS till,
        date_trunc('hour', now() AT TIME ZONE 'UTC') - %s * interval '1 day' AS since
), move AS (
    SELECT area_id, entered_at AS at, 1 AS step FROM property_parking_session, span
    WHERE state IN ('inside', 'left') AND entered_at IS NOT NULL
        AND (state = 'inside' OR left_at >= since)
    UNION ALL
    SELECT area_id, left_at, -1 FROM property_parking_session, span
    WHERE state = 'left' AND entered_at IS NOT NULL AND left_at >= since
), change AS (
    SELECT area_id, sum(step) AS step, greatest(since,
        date_trunc('hour', at - interval '1 microsecond') + interval '1 hour') AS at
    FROM move, span GROUP BY 1, 3
), curve AS (
    SELECT area.id AS area_id, hour.at, sum(coalesce(change.step, 0))
        OVER (PARTITION BY area.id ORDER BY hour.at)::int AS inside
    FROM property_parking_area area CROSS JOIN span
    CROSS JOIN generate_series(since, till, interval '1 hour') AS hour(at)
    LEFT JOIN change ON change.area_id = area.id AND change.at = hour.at
    WHERE area.active
)
SELECT row_number() OVER (ORDER BY curve.area_id, curve.at) AS id, curve.at, curve.area_id,
    area.site_id, area.company_id, area.capacity, curve.inside,
    (curve.at AT TIME ZONE 'UTC' AT TIME ZONE site.tz)::date AS day,
    to_char(curve.at AT TIME ZONE 'UTC' AT TIME ZONE site.tz, 'HH24:MI') AS hour,
    CASE WHEN area.capacity > 0 THEN 100.0 * curve.inside / area.capacity END AS percent
FROM curve
JOIN property_parking_area area ON area.id = curve.area_id
JOIN property_site site ON site.id = area.site_id
"""


class PropertyParkingOccupancy(models.Model):
    """How full areas are at each full hour, worked out from the stays."""

    _name = "property.parking.occupancy"
    _description = "Occupancy of a Parking Area"
    _auto = False
    _order = "at, area_id"
    _rec_name = "area_id"

    at = fields.Datetime(string="Hour", readonly=True)
    area_id = fields.Many2one("property.parking.area", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    day = fields.Date(readonly=True, help="By the clock of the site.")
    hour = fields.Char(string="Hour of the Day", readonly=True, help="By the clock of the site.")
    inside = fields.Integer(
        string="Cars Inside", readonly=True, aggregator="avg", help="At the full hour."
    )
    capacity = fields.Integer(string="Spaces", readonly=True, aggregator="avg")
    percent = fields.Float(string="Occupied (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        """Count at each full hour of the last weeks the stays that had begun and not ended.

        A stay whose beginning or end was not read has no known length and is not counted.
        """
        return SQL(QUERY, DAYS)
