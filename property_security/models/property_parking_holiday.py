from odoo import api, fields, models
from odoo.tools import ormcache

from ..tools.parking_tariff import Calendar


class PropertyParkingHoliday(models.Model):
    _name = "property.parking.holiday"
    _description = "Holiday for Parking Tariffs"
    _inherit = ["property.audited"]
    _order = "date desc, id"

    name = fields.Char(required=True)
    date = fields.Date(required=True, index=True)
    kind = fields.Selection(
        [("holiday", "Holiday"), ("workday", "Working day")],
        required=True,
        default="holiday",
        help="Working day: a Saturday or Sunday that is worked instead of a holiday.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for every company of the database."
    )

    _date_unique = models.UniqueIndex(
        "(date, COALESCE(company_id, 0))",
        "This day is already in the list. Change the existing entry.",
    )

    @api.model
    def _audit_fields(self):
        """Override: a holiday has prices of its own."""
        return ["name", "date", "kind", "company_id"]

    @api.model_create_multi
    def create(self, vals_list):
        """Forget the calendars read so far."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Forget the calendars read so far."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Forget the calendars read so far."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache("company_id")
    def _calendar(self, company_id):
        """Return the kernel's calendar of a company; its own entries come before common ones.

        :param int company_id: id of the company
        """
        days_sudo = self.sudo().search(  # public facts; a guard's decision needs them too
            [("company_id", "in", [False, company_id])], order="company_id NULLS FIRST"
        )
        kinds = {day.date: day.kind for day in reversed(days_sudo)}
        kinds.update({day.date: day.kind for day in days_sudo.filtered("company_id")})
        return Calendar(
            frozenset(day for day, kind in kinds.items() if kind == "holiday"),
            frozenset(day for day, kind in kinds.items() if kind == "workday"),
        )
