from odoo import fields, models
from odoo.tools import SQL

DAYS = 62  # that the curve reaches back


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
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY a.id, h.at) AS id, h.at AS at, a.id AS area_id,
                a.site_id AS site_id, a.company_id AS company_id, a.capacity AS capacity,
                (h.at AT TIME ZONE 'UTC' AT TIME ZONE s.tz)::date AS day,
                to_char(h.at AT TIME ZONE 'UTC' AT TIME ZONE s.tz, 'HH24:MI') AS hour,
                count(p.id)::int AS inside,
                CASE WHEN a.capacity > 0 THEN 100.0 * count(p.id) / a.capacity END AS percent
            FROM property_parking_area a
            JOIN property_site s ON s.id = a.site_id
            CROSS JOIN generate_series(
                date_trunc('hour', now() AT TIME ZONE 'UTC') - %s * interval '1 day',
                date_trunc('hour', now() AT TIME ZONE 'UTC'), interval '1 hour') AS h(at)
            LEFT JOIN property_parking_session p ON p.area_id = a.id
                AND p.state IN ('inside', 'left') AND p.entered_at <= h.at
                AND (p.left_at > h.at OR p.state = 'inside')
            WHERE a.active
            GROUP BY a.id, s.tz, h.at
            """,
            DAYS,
        )
