"""Bills that are with the bank: shown everywhere, so that nobody is surprised to pay twice."""

from odoo import fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    _inherit = "account.move"

    bank_collection_row_ids = fields.One2many(
        "property.bank.collection.bill", "bill_id", readonly=True, groups="base.group_user"
    )
    is_with_bank = fields.Boolean(
        compute="_compute_is_with_bank",
        search="_search_is_with_bank",
        string="With the Bank",
        help="Asked for in a bank collection that the bank has not answered yet.",
    )

    def _compute_is_with_bank(self):
        with_bank = self._property_with_bank()
        for move in self:
            move.is_with_bank = move._origin.id in with_bank

    def _search_is_with_bank(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: whether money is on its way is no secret to whoever sees the bill
        rows_sudo = self.env["property.bank.collection.bill"].sudo()
        bills_sudo = rows_sudo.search(self._property_with_bank_domain()).bill_id
        return Domain("id", "in" if True in value else "not in", bills_sudo.ids)

    def _property_with_bank(self):
        """Tell which bills the bank was asked for and has not answered.

        :return: dict bill id -> number of the batch
        """
        # sudo: whether money is on its way is no secret to whoever sees the bill
        rows_sudo = (
            self.env["property.bank.collection.bill"]
            .sudo()
            .search(Domain("bill_id", "in", self._origin.ids) & self._property_with_bank_domain())
        )
        return {row.bill_id.id: row.line_id.collection_id.name for row in rows_sudo}

    def _property_with_bank_domain(self):
        return Domain("is_open", "=", True) & Domain(
            "line_id.collection_id.state", "in", ("exported", "partial", "posting")
        )
