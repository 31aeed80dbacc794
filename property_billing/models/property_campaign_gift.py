from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Command

from .property_charge import NO_MAIL


class PropertyCampaign(models.Model):
    """N months for the price of M, paid ahead: what is free becomes a gift that pays bills."""

    _inherit = "property.campaign"

    @api.model
    def _gifts(self, rows, months, paid_now, day=None):
        """Tell what campaigns give for paying standing fees some months ahead.

        Whole groups of N months count; a fee gets one offer, the one that gives most.

        :param list rows: standing fees as from `property.counter._standing`
        :param int months: months paid ahead
        :param paid_now: account.move, bills paid in full at the same time
        :param date day: day of payment; today when left out
        :return: list of dict ``unit``, ``payer``, ``item``, ``tax``, ``amount`` (Decimal),
            ``campaign_id``, ``months`` (free) and ``text``
        """
        day = day or fields.Date.context_today(self)
        fees = self.env["property.fee"].browse([row["_fee"].id for row in rows])
        offers = self._offers(fees, day)
        gifts = []
        for row in rows:
            free, offer = self._best_gift(
                row, offers.get(row["_fee"].id, ()), months, paid_now, day
            )
            if free:
                gifts.append(
                    {
                        "unit": row["_fee"].unit_id,
                        "payer": row["_payer"],
                        "item": row["_fee"].item_id,
                        "tax": row["_tax"],
                        "amount": row["_monthly"] * free,
                        "campaign_id": offer["campaign_id"],
                        "months": free,
                        "text": offer["text"],
                    }
                )
        return gifts

    @api.model
    def _best_gift(self, row, offers, months, paid_now, day):
        """Return (free months, offer) of the offer that gives most; (0, None) without any."""
        best = (0, None)
        for offer in offers:
            free = months // offer["months"] * (offer["months"] - offer["months_paid"])
            if free > best[0]:
                # sudo: a cashier sees the offers on what is paid at the counter
                campaign_sudo = self.sudo().browse(offer["campaign_id"])
                if campaign_sudo._is_given_to(row, months, paid_now, day):
                    best = (free, offer)
        return best

    def _is_given_to(self, row, months, paid_now, day):
        """Tell whether a household fulfils the terms of this offer when it pays ahead."""
        self.ensure_one()
        last = day + relativedelta(months=months, day=31)
        if self.period_to and last > self.period_to:
            return False
        if not self.is_without_arrears:
            return True
        unit = row["_fee"].unit_id
        return not self.env["account.move"].search_count(
            [
                *self._bill_domain(),
                ("unit_id", "in", unit.ids),
                ("commercial_partner_id", "=", row["_payer"].commercial_partner_id.id),
                ("invoice_date_due", "<", day),
                ("amount_residual", ">", 0),
                ("id", "not in", paid_now.ids),
            ],
            limit=1,
        )

    @api.model
    def _grant_gift(self, gift, day):
        """Book a gift: a credit note kept as a prepayment that only pays bills of its item.

        :param dict gift: as from `_gifts`
        :param date day: date of the credit note
        :return: the posted credit note
        """
        company = gift["unit"].company_id
        # sudo: the offer was approved; giving it follows from the money taken
        moves_sudo = self.env["account.move"].sudo().with_company(company)
        moves_sudo = moves_sudo.with_context(**NO_MAIL, lang=company._billing_lang())
        note_sudo = moves_sudo.create(self._prepare_gift_vals(gift, day))
        note_sudo._post(soft=False)
        kept_sudo = (
            self.env["property.prepayment"]
            ._keep(note_sudo._property_receivable_lines(), gift["unit"], gift["text"])
            .sudo()
        )
        kept_sudo.write({"item_id": gift["item"].id, "campaign_id": gift["campaign_id"]})
        return note_sudo.with_env(self.env)

    @api.model
    def _prepare_gift_vals(self, gift, day):
        unit, item = gift["unit"], gift["item"]
        company = unit.company_id
        journal = unit.site_id._billing_journal() or company._billing_journal()
        template_sudo = item.product_id.product_tmpl_id.sudo().with_company(company)
        account = template_sudo.get_product_accounts()["income"]
        return {
            "move_type": "out_refund",
            "journal_id": journal.id,
            "company_id": company.id,
            "partner_id": gift["payer"].id,
            "currency_id": company.currency_id.id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "ref": gift["text"],
            "unit_id": unit.id,
            "site_id": unit.site_id.id,
            "charge_item_id": item.id,
            "campaign_id": gift["campaign_id"],
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": gift["text"],
                        "product_id": item.product_id.id,
                        "quantity": 1.0,
                        "price_unit": float(gift["amount"]),
                        "tax_ids": [Command.set(gift["tax"]._as_included(company).ids)],
                        **({"account_id": account.id} if account else {}),
                    }
                )
            ],
        }

    @api.model
    def _gift_sum(self, gifts):
        return sum((one["amount"] for one in gifts), Decimal(0))
