"""From payments to the books: invoice, money and their reconciliation."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.property_billing.models.property_charge import NO_MAIL
from odoo.addons.property_billing.tools.tariffs import tariff_on


class PropertyParkingPayment(models.Model):
    _inherit = "property.parking.payment"

    def _is_booked_at_once(self):
        """Tell whether a payment has an invoice of its own."""
        self.ensure_one()
        return (
            self.area_id.booking == "session"
            or self.method == "balance"
            or self.currency_id.compare_amounts(self.amount_excess, 0) > 0
        )

    def _book(self):
        """Post one invoice for payments of one area and day, and settle it with their money.

        Several are booked together only where none brought more than it pays.
        """
        first = self[:1]
        move_sudo = self._post_invoice()
        money_sudo = self._post_money()
        lines_sudo = self._receivable(move_sudo) | self._receivable(money_sudo.move_id)
        if move_sudo and money_sudo:
            lines_sudo._reconcile_plan([lines_sudo])
        elif move_sudo:
            move_sudo._property_apply_prepayments()
        if move_sudo and not move_sudo.currency_id.is_zero(move_sudo.amount_residual):
            raise UserError(
                self.env._(
                    "%(payment)s could not be settled exactly, so nothing was booked. Take the "
                    "money another way, and tell finance.",
                    payment=first.name,
                )
            )
        self.write({"state": "booked", "move_id": move_sudo.id})

    def _try_to_book(self):
        """Book the payments; why that is not possible stays with them, and they are tried again."""
        try:
            with self.env.cr.savepoint():
                self._book()
            self.booking_problem = False
        except UserError as error:
            self.booking_problem = str(error)

    @api.model
    def _receivable(self, moves_sudo):
        return moves_sudo.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )

    def _post_invoice(self):
        """Post what the payments pay as one invoice; none where all of it is to be given back."""
        company = self.company_id
        # sudo: whoever takes money, or pays on a phone, need not have accounting rights
        moves_sudo = self.env["account.move"].sudo().with_company(company)
        total = company.currency_id.round(sum(self.mapped("amount")))
        if company.currency_id.is_zero(total):
            return moves_sudo
        lang = company._billing_lang()
        moves_sudo = moves_sudo.with_context(**NO_MAIL, lang=lang)
        move_sudo = moves_sudo.create(self.with_context(lang=lang)._prepare_invoice_vals(total))
        move_sudo.with_context(property_no_prepayments=True)._post(soft=False)
        return move_sudo

    def _prepare_invoice_vals(self, total):
        """Prepare the invoice of the payments.

        :param float total: yuan, VAT inside
        """
        area, day = self.area_id, self[:1].date
        item = area._parking_charge_item()
        return {
            "move_type": "out_invoice",
            "journal_id": area.site_id._billing_journal().id,
            "company_id": area.company_id.id,
            "partner_id": (self.partner_id or area.company_id._parking_partner()).id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "ref": self.name if len(self) == 1 else f"{area.site_id.code} {area.name} {day}",
            "site_id": area.site_id.id,
            "unit_id": self.unit_id.id,
            "charge_item_id": item.id,
            "period_from": day,
            "period_to": day,
            "parking_area_id": area.id,
            "invoice_line_ids": [Command.create(self._prepare_line_vals(item, total))],
        }

    def _prepare_line_vals(self, item, total):
        """Prepare the one line of an invoice or a credit note.

        :param item: property.charge.item
        :param float total: yuan, VAT inside
        """
        product_sudo = item.sudo().product_id.with_company(self.company_id)
        account = product_sudo.product_tmpl_id.get_product_accounts()["income"]
        if not account:
            raise UserError(
                self.env._(
                    "Product %(product)s has no income account. Set one on the product or its "
                    "category.",
                    product=product_sudo.display_name,
                )
            )
        tariffs = [(one.date_from, one.date_to or None, one) for one in item.sudo().tariff_ids]
        tariff = tariff_on(self[:1].date, tariffs)
        tax = tariff.tax_id._as_included(self.company_id) if tariff else self.env["account.tax"]
        return {
            "name": self._line_text(),
            "product_id": product_sudo.id,
            "quantity": 1.0,
            "price_unit": total,
            "account_id": account.id,
            "tax_ids": [Command.set(tax.ids)],
        }

    def _line_text(self):
        """Say what is paid: the stay and how its fee comes about, or how many stays they were."""
        if len(self) > 1:
            return self.env._(
                "Parking %(area)s %(lane)s %(day)s: %(count)s payments",
                area=self.area_id.name,
                lane=self.lane_id.name or self.env._("payment page"),
                day=self[0].date,
                count=len(self),
            )
        return "\n".join(filter(None, (self.plate_display, self.explanation)))

    def _post_money(self):
        """Post the money that is not in the books yet, one entry a journal.

        :return: the account.payment of all of them
        """
        # sudo: as in _post_invoice
        money_sudo = self.env["account.payment"].sudo().with_company(self.company_id)
        money_sudo = money_sudo.with_context(**NO_MAIL, force_payment_move=True)
        missing = self.filtered(lambda one: one.journal_id and not one.account_payment_id)
        for payments in missing.grouped("journal_id").values():
            created_sudo = money_sudo.create(payments._prepare_money_vals())
            created_sudo.action_post()
            payments.account_payment_id = created_sudo
        return self.account_payment_id

    def _prepare_money_vals(self, **vals):
        """Prepare the entry of money that arrived in one journal."""
        area, journal = self.area_id, self.journal_id
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": (self.partner_id or area.company_id._parking_partner()).id,
            "amount": area.company_id.currency_id.round(sum(self.mapped("amount_received"))),
            "currency_id": area.company_id.currency_id.id,
            "journal_id": journal.id,
            "company_id": area.company_id.id,
            "date": self[:1].date,
            "memo": self.name if len(self) == 1 else f"{area.name} {self.lane_id.name or ''}",
            "site_id": area.site_id.id,
            "parking_area_id": area.id,
            **vals,
        }

    @api.model
    def _days_to_book(self):
        """Return the payments of each lane and day that is over, where its site is."""
        groups = self._read_group(
            [("state", "=", "open"), ("date", "<=", fields.Date.today())],
            ["date:day", "area_id", "lane_id"],
            ["id:recordset"],
            order="date:day, area_id, lane_id",
        )
        now = fields.Datetime.now()
        return [payments for day, area, _lane, payments in groups if day < area._local(now).date()]

    @api.model
    def _cron_book_days(self):
        """Book the days that are over: one invoice for each lane and day."""
        cron = self.env["ir.cron"]
        over = self._days_to_book()
        for number, payments in enumerate(over, 1):
            payments = payments.try_lock_for_update().filtered(lambda one: one.state == "open")
            if payments:
                payments._try_to_book()
            if not cron._commit_progress(1, remaining=len(over) - number):
                return
