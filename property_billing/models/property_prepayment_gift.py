from odoo import fields, models
from odoo.exceptions import UserError

from .property_charge import NO_MAIL


class PropertyPrepayment(models.Model):
    _inherit = "property.prepayment"

    campaign_id = fields.Many2one(
        "property.campaign",
        string="Given by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="A gift for paying ahead: it pays bills of its item and is never paid out.",
    )

    def _received_text(self):
        """Extend: a gift is no money received."""
        campaign_sudo = self.sudo().campaign_id
        if campaign_sudo:
            return self.env._("Given free: %(campaign)s", campaign=campaign_sudo.name)
        return super()._received_text()

    def _statement_row(self, partial_sudo):
        """Extend: what lapsed of a gift has paid no bill."""
        row = super()._statement_row(partial_sudo)
        move_sudo = partial_sudo.debit_move_id.move_id
        if move_sudo.campaign_id:
            row.update(kind="lapsed", name=move_sudo.ref)
        return row

    def _prepare_copy_vals(self):
        """Extend: a gift stays a gift when it is handed over."""
        return {**super()._prepare_copy_vals(), "campaign_id": self.campaign_id.id}

    def _hand_over(self, partner, *args, **kwargs):
        """Extend: a gift goes along to another unit of its payer, never to somebody else."""
        self._check_stays_with(partner)
        return super()._hand_over(partner, *args, **kwargs)

    def _check_stays_with(self, partner):
        """Raise when a gift would get another payer."""
        campaign_sudo = self.sudo().campaign_id
        if campaign_sudo and partner.commercial_partner_id != self.commercial_partner_id:
            raise UserError(
                self.env._(
                    "%(credit)s was given free by %(campaign)s to %(payer)s, and to nobody else. "
                    "Let it lapse instead.",
                    credit=self.name,
                    campaign=campaign_sudo.name,
                    payer=self.partner_id.name,
                )
            )

    # When the payer leaves --------------------------------------------------------------------

    def _pay_bills_of_item(self):
        """Use gifts for the open bills of their payer and item, the earliest first."""
        for gift in self.filtered("item_id"):
            bills = gift._open_bills().filtered(
                lambda bill, own=gift.item_id: bill.charge_item_id == own
            )
            before = gift.amount_left
            bills = bills.sorted(lambda bill: (bill.invoice_date_due, bill.id))
            gift._settle_with(bills.sudo()._property_receivable_lines())
            used = gift.currency_id.round(before - gift.amount_left)
            if used:
                gift._log_use("used", used)

    def _lapse(self, amount, reason, day=None):
        """Take back what of a gift was not used: an invoice of its item and VAT settles it.

        :param amount: yuan, at most what is left
        :param reason: why, for the invoice and the log
        :param date day: date of the invoice; today when left out, never before the gift
        :return: the posted invoice
        """
        self.ensure_one()
        self._lock_lines()
        amount = self._check_left(amount)
        # sudo: a second person has approved that the payer is gone
        gift_sudo = first_sudo = self.sudo()
        while first_sudo.origin_id:
            first_sudo = first_sudo.origin_id
        company = self.company_id
        text = self.env._("Lapsed: %(campaign)s", campaign=gift_sudo.campaign_id.name)
        facts = {
            "unit": gift_sudo.unit_id,
            "payer": gift_sudo.partner_id,
            "item": gift_sudo.item_id,
            "tax": first_sudo.line_id.move_id.invoice_line_ids.tax_ids,
            "amount": amount,
            "campaign_id": gift_sudo.campaign_id.id,
            "text": text,
        }
        day = max(day or fields.Date.context_today(self), gift_sudo.date)
        moves_sudo = self.env["account.move"].sudo().with_company(company)
        vals = self.env["property.campaign"]._prepare_gift_vals(facts, day)
        move_sudo = moves_sudo.with_context(**NO_MAIL).create({**vals, "move_type": "out_invoice"})
        move_sudo._post(soft=False)
        self._settle_with(move_sudo._property_receivable_lines())
        self._log_use("lapsed", amount, reason)
        gift_sudo.message_post(
            body=self.env._(
                "%(amount)s of the gift lapsed. %(reason)s",
                amount=self.currency_id.format(amount),
                reason=reason,
            )
        )
        return move_sudo.sudo(self.env.su)
