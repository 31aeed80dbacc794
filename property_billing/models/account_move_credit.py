"""Credits that lower a bill and leave its charge as it is: write-offs, campaigns, waivers."""

from odoo import fields, models
from odoo.fields import Command

from .property_charge import NO_MAIL


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_of_bill_id = fields.Many2one(
        "account.move",
        string="Lowers Bill",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The bill this credit note lowers; its charge stays as it is.",
    )
    credit_note_ids = fields.One2many(
        "account.move", "credit_of_bill_id", string="Credits of the Bill"
    )
    write_off_id = fields.Many2one(
        "property.write.off", index="btree_not_null", ondelete="restrict", copy=False, readonly=True
    )
    campaign_id = fields.Many2one(
        "property.campaign", index="btree_not_null", ondelete="restrict", copy=False, readonly=True
    )
    late_fee_waiver_id = fields.Many2one(
        "property.late.fee.waiver",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )

    def _property_credit_notes(self):
        """Extend to credit notes that lower the bill."""
        lowering = self.credit_note_ids.filtered(lambda move: move.state == "posted")
        return super()._property_credit_notes() | lowering

    def _property_credit(self, amounts, label, account=None, day=None, **links):
        """Post credit notes that lower bills, and settle the bills with them.

        With an account of its own the credit bears no VAT (a bad debt does not lower the VAT of a
        sale); else it takes back income and VAT as the bill made them.

        :param dict amounts: bill -> Decimal > 0, at most what is open
        :param str label: text of the line
        :param account: account.account of the line; the bill's own when left out
        :param date day: date of the credit notes; today when left out
        :param links: ids for `write_off_id`, `campaign_id`, `late_fee_waiver_id`
        :return: the posted credit notes
        """
        day = day or fields.Date.context_today(self)
        result = self.browse()
        by_company = self.browse([bill.id for bill in amounts]).grouped("company_id")
        for company, bills in by_company.items():
            # sudo: what is credited was approved, or offered to the payer by an approved campaign
            moves_sudo = self.env["account.move"].sudo().with_company(company)
            moves_sudo = moves_sudo.with_context(**NO_MAIL, lang=company._billing_lang())
            notes_sudo = moves_sudo.create(
                [
                    bill.sudo()._property_prepare_credit_vals(
                        amounts[bill], label, account, day, links
                    )
                    for bill in bills
                ]
            )
            notes_sudo._post(soft=False)
            self.env["account.move.line"].sudo()._reconcile_plan(
                [
                    (bill.sudo() | note)._property_receivable_lines()
                    for bill, note in zip(bills, notes_sudo, strict=True)
                ]
            )
            result |= notes_sudo.with_env(self.env)
        return result

    def _property_prepare_credit_vals(self, amount, label, account, day, links):
        """Prepare the credit note of one bill."""
        self.ensure_one()
        day = max(day, self.date)
        line = self.invoice_line_ids.filtered(lambda one: one.display_type == "product")[:1]
        taxes = self.env["account.tax"] if account else line.tax_ids._as_included(self.company_id)
        return {
            "move_type": "out_refund",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "ref": self.name,
            "unit_id": self.unit_id.id,
            "site_id": self.site_id.id,
            "charge_item_id": self.charge_item_id.id,
            "period_from": self.period_from,
            "period_to": self.period_to,
            "is_opening": self.is_opening,
            "credit_of_bill_id": self.id,
            **links,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": label,
                        "product_id": line.product_id.id,
                        "quantity": 1.0,
                        "price_unit": float(amount),
                        "account_id": (account or line.account_id).id,
                        "tax_ids": [Command.set(taxes.ids)],
                    }
                )
            ],
        }
