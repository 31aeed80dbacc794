"""A round of reading: one sheet of meters in walking order, entered one after the other."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .property_meter_reading import TRUSTED

SHEET_LIMIT = 2000


class PropertyMeterReading(models.Model):
    _inherit = "property.meter.reading"

    @api.model
    def entry_choices(self):
        """Return the sites, buildings and kinds of meter the user may read.

        :return: dict ``sites``, ``buildings`` (each with the kinds it has), ``kinds``, ``day``
        """
        meters = self.env["property.meter"]
        sites = [site for (site,) in meters._read_group([], ["site_id"], order="site_id")]
        buildings = meters._read_group(
            [("building_id", "!=", False)], ["building_id"], ["kind:array_agg_distinct"]
        )
        kinds = dict(meters._fields["kind"]._description_selection(self.env))
        used = {kind for (kind,) in meters._read_group([], ["kind"])}
        return {
            "sites": [{"id": site.id, "name": site.name} for site in sites],
            "buildings": [
                {
                    "id": building.id,
                    "name": building.name,
                    "site_id": building.site_id.id,
                    "kinds": kinds_there,
                }
                for building, kinds_there in buildings
            ],
            "kinds": [[kind, label] for kind, label in kinds.items() if kind in used],
            "day": fields.Date.to_string(self._default_date()),
        }

    @api.model
    def _check_day_came(self, day, site):
        """Refuse a day that has not begun at the site.

        :raise UserError: when there is no day, or it is still to come
        """
        # sudo: the clock of a site is no secret
        if not day or day > site.sudo()._today():
            raise UserError(self.env._("This day is still to come. Choose a day that has passed."))

    @api.model
    def entry_sheet(self, site_id, kind, building_id, day):
        """Return the meters of a round in walking order, with the reading before and today's.

        :param int site_id: the site
        :param str kind: kind of meter
        :param building_id: one building only, or False
        :param str day: day of the round
        :return: dict ``meters`` (list of dict) and ``is_cut`` (more than fit on one sheet)
        """
        day = fields.Date.to_date(day)
        self._check_day_came(day, self.env["property.site"].browse(site_id))
        domain = [("site_id", "=", site_id), ("kind", "=", kind)]
        if building_id:
            domain.append(("building_id", "=", building_id))
        meters = self.env["property.meter"].search(domain, limit=SHEET_LIMIT + 1)
        is_cut = len(meters) > SHEET_LIMIT
        meters = meters[:SHEET_LIMIT].sorted(
            lambda meter: (
                bool(meter.unit_id),
                meter.building_id.sort_key or "",
                meter.unit_id.sort_key or "",
                meter.code,
            )
        )
        rows = self.search(
            [("meter_id", "in", meters.ids), ("date", "<=", day), ("state", "!=", "rejected")],
            order="date, id",
        ).grouped("meter_id")
        return {
            "meters": [self._entry_row(meter, rows.get(meter, self), day) for meter in meters],
            "is_cut": is_cut,
        }

    @api.model
    def _entry_row(self, meter, readings, day):
        today = readings.filtered(lambda row: row.date == day)[:1]
        before = readings.filtered(lambda row: row.date < day and row.state in TRUSTED)[-1:]
        return {
            "id": meter.id,
            "code": meter.code,
            "place": meter.unit_id.code or meter.building_id.name or meter.site_id.name,
            "building": meter.building_id.name or "",
            "is_common": not meter.unit_id,
            "previous": before.value if before else meter.initial_reading,
            "previous_day": fields.Date.to_string(before.date or meter.install_date) or "",
            "was_estimated": before.is_estimated,
            "entered": self._entry_result(today) if today else False,
        }

    @api.model
    def _entry_result(self, reading):
        return {
            "id": reading.id,
            "value": reading.value,
            "consumption": reading.consumption,
            "state": reading.state,
            "reason": reading.hold_reason or "",
            "is_estimated": reading.is_estimated,
            "has_photo": reading.has_photo,
        }

    @api.model
    def enter_reading(self, meter_id, day, value, photo=False):
        """Enter or correct what one meter shows on a day.

        :param int meter_id: the meter
        :param str day: day of the reading
        :param float value: what the counter shows
        :param photo: photo of the counter in base64, or False to keep what is there
        :return: dict of the reading as entered: consumption, state, reason
        :raise UserError: when the value cannot be on this counter, or the day is still to come
        """
        meter = self.env["property.meter"].browse(meter_id)
        meter.check_access("read")
        day = fields.Date.to_date(day)
        self._check_day_came(day, meter.site_id)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e12:
            raise UserError(self.env._("Enter the number the counter shows."))
        if meter.digits and value >= 10**meter.digits:
            raise UserError(
                self.env._(
                    "A counter of %(digits)s digits cannot show %(value)s. Correct the "
                    "reading or the digits.",
                    digits=meter.digits,
                    value=f"{value:g}",
                )
            )
        vals = {"value": value, **({"photo": photo} if photo else {})}
        reading = self.search(
            [("meter_id", "=", meter.id), ("date", "=", day), ("state", "!=", "rejected")], limit=1
        )
        if not reading:
            reading = self.create({"meter_id": meter.id, "date": day, **vals})
        elif reading.value != value or reading.is_estimated:
            reading.write(vals)
        elif photo:
            reading.write({"photo": photo})
        return self._entry_result(reading)
