from odoo import models


class PropertyParkingSession(models.Model):
    _inherit = "property.parking.session"

    def _exit_requirement(self):
        """Return what the driver has to do before he may leave; extended where parking is paid.

        :return: None, or a dict with `text`, `url` and `button`
        """
        self.ensure_one()
