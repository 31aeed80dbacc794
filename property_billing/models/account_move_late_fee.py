"""Late fees of bills: the two questions everything else asks."""

from decimal import Decimal

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _property_late_fees(self, day=None):
        """Tell the late fee of each bill as of a day that is not yet a bill of its own.

        :param date day: today when left out
        :return: dict bill id -> Decimal, 0 for bills without one
        """
        return {bill.id: Decimal(0) for bill in self}

    def _property_crystallise_late_fees(self, day=None):
        """Post an invoice for the late fee of each bill up to a day.

        :param date day: today when left out
        :return: the posted invoices; each knows its bill as ``late_fee_bill_id``
        """
        return self.browse()
