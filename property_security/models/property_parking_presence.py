from odoo import api, fields, models
from odoo.tools import SQL


class PropertyParkingPresence(models.Model):
    """One row for each plate seen in an area: what transactions about the same car meet at."""

    _name = "property.parking.presence"
    _description = "Plate Seen in a Parking Area"
    _log_access = False
    _rec_name = "plate"

    area_id = fields.Many2one("property.parking.area", required=True, ondelete="cascade")
    site_id = fields.Many2one(related="area_id.site_id", store=True)
    company_id = fields.Many2one(related="area_id.company_id", store=True)
    plate = fields.Char(required=True)
    touched_at = fields.Datetime(required=True)

    _plate_unique = models.UniqueIndex("(area_id, plate)")

    @api.model
    def _meet(self, area, plates):
        """Let nobody else work on the stays of these plates until this transaction ends.

        A transaction that began before another one about the same car ended fails with a
        serialisation error and is run again by the server, so it sees what the other has done.
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO property_parking_presence (area_id, site_id, company_id, plate,"
                " touched_at) SELECT %s, %s, %s, plate, now() AT TIME ZONE 'UTC'"
                " FROM unnest(%s) AS plate ORDER BY plate"
                " ON CONFLICT (area_id, plate) DO UPDATE SET touched_at = EXCLUDED.touched_at",
                area.id,
                area.site_id.id,
                area.company_id.id or None,
                sorted(set(plates)),
            ),
            log_exceptions=False,
        )
