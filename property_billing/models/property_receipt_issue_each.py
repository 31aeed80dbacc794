"""A receipt for each of many payments, made as a set where it is plain, numbered in one go."""

from odoo import api, fields, models

from .receipt_lane import ReceiptLane


class PropertyReceipt(models.Model):
    _inherit = "property.receipt"

    @api.model
    def _issue_each(self, payments, date=None, lanes=None):
        """Give every payment a receipt of its own with the next numbers of the book in use.

        :param payments: as for ``_issue``
        :param date: day of issue, today when left out
        :param lanes: dict in which lanes stay from one call to the next, to prove once
        :return: the receipts, sudo, in the order of the payments of each site
        :raise UserError: as ``_issue``
        """
        payments = payments.sorted("id")
        self._check_payments(payments)
        lanes = {} if lanes is None else lanes
        receipts_sudo = self.sudo()
        places = payments.grouped(lambda payment: (payment.company_id, payment.site_id))
        for (company, site), group in places.items():
            env = self._issue_env(company, site)
            key = (company.id, site.id, date)
            lane = lanes.get(key)
            if lane is None:
                lane = lanes[key] = ReceiptLane(env, company, site, date)
            lane.attach(env)
            made = lane.make(group.with_env(env))
            # sudo: numbers come from a book whoever holds it
            issued_sudo = self.with_env(env).sudo().browse([made[one] for one in group.ids])
            self.with_env(env)._number(issued_sudo, site, company)
            receipts_sudo += issued_sudo.with_env(receipts_sudo.env)
        return receipts_sudo

    @api.model
    def _create_each(self, company, site, payments, date):
        """Make a receipt for each payment the ordinary way, still without a number.

        :return: the receipts, sudo, in the order of the payments
        """
        # sudo: nobody creates receipts by hand; the payments are the caller's
        receipts_sudo = self.sudo().create(
            [
                self._prepare_receipt(
                    company, site, payment, payment._property_receipt_lines(), None, date
                )
                for payment in payments
            ]
        )
        for payment, receipt in zip(payments, receipts_sudo, strict=True):
            payment.receipt_id = receipt
        return receipts_sudo

    @api.model
    def _day_of_issue(self):
        """Return the day on which a receipt without another one is issued."""
        return fields.Date.context_today(self)
