from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _property_anonymise_blockers(self):
        """Override of `property_base` to keep people whose account is not settled."""
        blockers = super()._property_anonymise_blockers()
        for partner, lines_sudo in self._property_open_lines_sudo().items():
            for company, own in lines_sudo.grouped("company_id").items():
                currency = company.currency_id
                bills = own.filtered(lambda line: line.amount_residual > 0)
                credits = own - bills
                if bills:
                    blockers[partner].append(
                        self.env._(
                            "owes %(amount)s on open bills, settle them first",
                            amount=currency.format(sum(bills.mapped("amount_residual"))),
                        )
                    )
                if credits:
                    blockers[partner].append(
                        self.env._(
                            "has an open credit of %(amount)s, use it for bills or refund it first",
                            amount=currency.format(-sum(credits.mapped("amount_residual"))),
                        )
                    )
        return blockers

    def _property_open_lines_sudo(self):
        """Return dict partner -> posted receivable and payable lines that are still open."""
        # sudo: a manager may not see the bills of every site a person has a home in
        lines_sudo = self.env["account.move.line"].sudo()
        open_lines = Domain(
            [
                ("parent_state", "=", "posted"),
                ("account_type", "in", ("asset_receivable", "liability_payable")),
                ("reconciled", "=", False),
                ("amount_residual", "!=", 0),
            ]
        )
        found = lines_sudo.search(
            open_lines
            & (Domain("partner_id", "in", self.ids) | Domain("move_id.partner_id", "in", self.ids))
        )
        result = {}
        for line in found:
            for partner in self & (line.partner_id | line.move_id.partner_id).sudo(self.env.su):
                result[partner] = result.get(partner, lines_sudo) | line
        return result
