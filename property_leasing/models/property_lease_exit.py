from odoo import models


class PropertyLease(models.Model):
    _inherit = "property.lease"

    def _exit_on(self, day):
        """Return the first day the lease can end on, as seen from a day.

        :param day: break options that can still be taken on it count
        :return: date
        """
        self.ensure_one()
        breaks = self.option_ids.filtered(
            lambda one: (
                one.kind == "break"
                and one.deadline >= day
                and (not one.taken_on or one.taken_on > day)
            )
        )
        return min([self.date_to, *breaks.mapped("date")])
