"""A receipt for each of many payments, numbered in one go."""

from odoo import api, models


class PropertyReceipt(models.Model):
    _inherit = "property.receipt"

    @api.model
    def _issue_each(self, payments, date=None):
        """Give every payment a receipt of its own with the next numbers of the book in use.

        :param payments: as for ``_issue``
        :param date: day of issue, today when left out
        :return: the receipts, sudo, in the order of the payments of each site
        :raise UserError: as ``_issue``
        """
        payments = payments.sorted("id")
        self._check_payments(payments)
        receipts_sudo = self.sudo()
        places = payments.grouped(lambda payment: (payment.company_id, payment.site_id))
        for (company, site), group in places.items():
            env = self.with_context(lang=company._billing_lang(), tz=site.sudo().tz or "UTC").env
            model, own = self.with_env(env), group.with_env(env)
            # sudo: nobody creates receipts by hand; the payments are the caller's
            issued_sudo = model.sudo().create(
                [
                    model._prepare_receipt(
                        company, site, payment, payment._property_receipt_lines(), None, date
                    )
                    for payment in own
                ]
            )
            model._number(issued_sudo, site, company)
            for payment, receipt in zip(own, issued_sudo, strict=True):
                payment.receipt_id = receipt
            receipts_sudo += issued_sudo.with_env(receipts_sudo.env)
        return receipts_sudo
