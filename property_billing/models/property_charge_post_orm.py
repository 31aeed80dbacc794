"""The ORM lane: invoices created in batches with complete lines, then posted."""

from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from psycopg2.errors import UniqueViolation

from .property_charge import NO_MAIL


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _post_batch(self, company, names=None):
        """Create and post the invoices of one batch of one company.

        :param dict names: charge id -> number, where they are decided already
        """
        prepared = self.with_context(lang=company._billing_lang())._prepare_moves(company)
        if names:
            for charge_id, (vals, _complete) in prepared.items():
                vals["name"] = names[charge_id]
            named = False
        else:
            named = self._assign_names(company, [vals for vals, _complete in prepared.values()])
        try:
            with self.env.cr.savepoint():
                moves = self._create_moves(company, prepared)
        except UniqueViolation:
            if not named:
                raise
            # A number was taken meanwhile: let Odoo find the next free one for every bill.
            for vals, _complete in prepared.values():
                vals.pop("name")
            moves = self._create_moves(company, prepared)
        self._check_totals(moves)
        self._link_moves({move.property_charge_id.id: move.id for move in moves})
        return moves

    def _create_moves(self, company, prepared):
        """Create and post prepared invoices; those with complete lines skip Odoo's line sync.

        :param prepared: dict charge id -> (values, whether the lines are complete)
        """
        # Accounting rights come with the finance role; a site manager posts by running the batch.
        moves_sudo = self.env["account.move"].sudo().with_company(company)
        moves_sudo = moves_sudo.with_context(**NO_MAIL, lang=company._billing_lang())
        result = self.env["account.move"]
        for is_complete in (True, False):
            values = [vals for vals, complete in prepared.values() if complete is is_complete]
            # New drafts have no analytic lines to bring in line with each line's distribution.
            created = moves_sudo.with_context(
                skip_invoice_sync=is_complete, skip_analytic_sync=is_complete
            ).create(values)
            created.with_context(skip_analytic_sync=False)._post(soft=False)
            result |= created.with_env(self.env)
        result.flush_recordset()
        return result

    def _assign_names(self, company, values):
        """Number the invoices ahead: Odoo asks the database for every single number otherwise.

        :return: whether the numbers were assigned
        """
        if len({(vals["date"], vals["journal_id"]) for vals in values}) != 1:
            return False
        probe = self.env["account.move"].sudo().with_company(company)
        probe = probe.new(
            {
                key: values[0][key]
                for key in ("move_type", "journal_id", "company_id", "date", "invoice_date")
            }
        )
        if probe._get_violated_lock_dates(probe.date, True):
            return False
        name_format, parts = probe._get_next_sequence_format()
        for vals in values:
            parts["seq"] += 1
            vals["name"] = name_format.format(**parts)
        return True

    def _check_totals(self, moves):
        """Raise unless every invoice totals its charge to the fen."""
        for move in moves:
            charge = move.property_charge_id
            if move.currency_id.compare_amounts(move.amount_total, charge.amount):
                raise UserError(
                    self.env._(
                        "The bill of %(charge)s totals %(total)s instead of %(amount)s. Check the "
                        "VAT of its tariff: only VAT in per cent is supported.",
                        charge=charge.display_name,
                        total=move.amount_total,
                        amount=charge.amount,
                    )
                )

    def _link_moves(self, by_charge):
        """Mark the charges posted, in one statement."""
        self.flush_recordset()
        self.env.cr.execute_values(
            """
            UPDATE property_charge charge
               SET move_id = bill.move_id, state = 'posted',
                   write_uid = bill.uid, write_date = now() at time zone 'UTC'
              FROM (VALUES %s) AS bill (charge_id, move_id, uid)
             WHERE charge.id = bill.charge_id AND charge.state = 'draft'
            """,
            [(charge_id, move_id, self.env.uid) for charge_id, move_id in by_charge.items()],
            page_size=max(len(by_charge), 1),
        )
        self.invalidate_recordset(["move_id", "state"])

    def _prepare_moves(self, company):
        """Prepare the invoices of the batch.

        :return: dict charge id -> (values, whether the lines are complete)
        """
        journals = {
            site: site._billing_journal() or company._billing_journal() for site in self.site_id
        }
        accounts = self._income_accounts(company)
        taxes_cache = {}
        receivables = self._receivable_accounts(company)
        prepared = {}
        for charge in self:
            tax = charge.tax_id._as_included(company)
            account = accounts[charge.is_opening, charge.item_id.product_id.id]
            vals = charge._prepare_move_vals(company, journals[charge.site_id])
            texts = charge._bill_lines()
            key = (tuple(amount for _text, amount in texts), tax.id, account.id)
            if key not in taxes_cache:
                taxes_cache[key] = charge._compute_tax_lines(company, tax, account, key[0])
            balances = taxes_cache[key]
            lines = [
                charge._prepare_product_line_vals(
                    text, amount, tax, account, balances and balances["bases"][index]
                )
                for index, (text, amount) in enumerate(texts)
            ]
            is_complete = balances is not None
            if is_complete:
                lines += charge._prepare_other_line_vals(
                    balances, receivables[charge.payer_id.commercial_partner_id.id]
                )
                vals["line_ids"] = [Command.create(line) for line in lines]
            else:
                vals["invoice_line_ids"] = [Command.create(line) for line in lines]
            prepared[charge.id] = (vals, is_complete)
        return prepared

    def _prepare_move_vals(self, company, journal):
        """Prepare the header of the invoice of a charge."""
        self.ensure_one()
        invoice_date = self._bill_day()
        return {
            "move_type": "out_invoice",
            "journal_id": journal.id,
            "company_id": company.id,
            "partner_id": self.payer_id.id,
            "partner_shipping_id": self.payer_id.id,
            "currency_id": company.currency_id.id,
            "invoice_currency_rate": 1.0,
            "invoice_date": invoice_date,
            "date": invoice_date,
            "invoice_date_due": self._due_date(invoice_date),
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "ref": f"{self.unit_id.code} {self.item_id.code} {self.date_to:%Y-%m}",
            "property_charge_id": self.id,
            "billing_run_id": self.run_id.id,
            "unit_id": self.unit_id.id,
            "site_id": self.site_id.id,
            "charge_item_id": self.item_id.id,
            "period_from": self.date_from,
            "period_to": self.date_to,
            "is_opening": self.is_opening,
        }

    def _bill_day(self):
        """Return the date of the bill; its SQL twin is in ``billing_lane_sql.STAGE``."""
        self.ensure_one()
        return self.run_id.invoice_date or self.date_to

    def _due_date(self, day):
        """Return until when the bill is to be paid; its SQL twin is in ``billing_lane_sql.STAGE``.

        :param date day: of the bill
        """
        self.ensure_one()
        return max(day, self.run_id.invoice_date_due or day)

    def _bill_lines(self):
        """Say what the lines of the bill are: those of the charge, the first with the heading.

        A single line, or lines that VAT comes on top of, are one line with the whole explanation.
        The SQL twin of this is in ``billing_lane_sql.STAGE``.

        :return: list of (text, amount with VAT)
        """
        self.ensure_one()
        lines = self.line_ids.sorted(lambda line: (line.sequence, line.id))
        text = self.explanation or ""
        basis = self.basis or {}
        is_on_top = basis.get("rate") and basis.get("price_include") is False
        total = sum(lines.mapped("amount"))
        if len(lines) < 2 or is_on_top or self.currency_id.compare_amounts(total, self.amount):
            return [(self.explanation, self.amount)]
        texts = [(line.name, line.amount) for line in lines]
        head, found, _tail = text.partition(texts[0][0])
        return [(head + texts[0][0] if found else texts[0][0], texts[0][1]), *texts[1:]]

    def _prepare_product_line_vals(self, text, amount, tax, account, base):
        """Prepare a line that says what is owed: the whole amount, VAT inside."""
        self.ensure_one()
        vals = {
            "name": text,
            "product_id": self.item_id.product_id.id,
            "product_uom_id": self.item_id.product_id.uom_id.id,
            "quantity": 1.0,
            "price_unit": amount,
            "tax_ids": [Command.set(tax.ids)],
            "account_id": account.id,
        }
        if base is not None:
            vals.update(
                display_type="product",
                partner_id=self.payer_id.commercial_partner_id.id,
                currency_id=self.currency_id.id,
                amount_currency=base,
                balance=base,
            )
        return vals

    def _prepare_other_line_vals(self, balances, receivable):
        """Prepare the tax lines and the receivable line."""
        self.ensure_one()
        partner_id = self.payer_id.commercial_partner_id.id
        return [
            *(
                {
                    **line,
                    "display_type": "tax",
                    "partner_id": partner_id,
                    "sequence": 10000,
                }
                for line in balances["tax_lines"]
            ),
            {
                "display_type": "payment_term",
                "partner_id": partner_id,
                "account_id": receivable.id,
                "currency_id": self.currency_id.id,
                "date_maturity": self._due_date(self._bill_day()),
                "amount_currency": self.amount,
                "balance": self.amount,
                "discount_amount_currency": 0.0,
                "discount_balance": 0.0,
                "sequence": 12000,
            },
        ]

    def _compute_tax_lines(self, company, tax, account, amounts):
        """Let the tax engine split the amounts of a bill's lines into base and VAT.

        :return: dict ``bases`` (signed) and ``tax_lines``, or None when this tax needs the whole
            machinery of an ordinary invoice
        """
        self.ensure_one()
        if company.currency_id != self.currency_id or any(
            one.amount_type != "percent" or one.tax_exigibility != "on_invoice" or one.analytic
            for one in tax
        ):
            return None
        engine = self.env["account.tax"]
        base_lines = [
            engine._prepare_base_line_for_taxes_computation(
                None,
                product_id=self.item_id.product_id,
                tax_ids=tax,
                price_unit=amount,
                quantity=1.0,
                currency_id=self.currency_id,
                account_id=account,
                rate=1.0,
                sign=-1,
            )
            for amount in amounts
        ]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        engine._add_accounting_data_in_base_lines_tax_details(base_lines, company)
        result = engine._prepare_tax_lines(base_lines, company)
        bases = [base for _line, base in result["base_lines_to_update"]]
        if any(base["tax_tag_ids"] != [Command.set([])] for base in bases):
            return None
        bases = [base["balance"] for base in bases]
        total = -sum(bases) - sum(line["balance"] for line in result["tax_lines_to_add"])
        if company.currency_id.compare_amounts(total, self.amount):
            return None
        return {"bases": bases, "tax_lines": result["tax_lines_to_add"]}

    def _income_accounts(self, company):
        """Return dict (is opening, product id) -> account.

        :raise UserError: when a product has no income account
        """
        accounts = {}
        for product in self.item_id.product_id:
            template_sudo = product.product_tmpl_id.sudo().with_company(company)
            account = template_sudo.get_product_accounts()["income"]
            if not account:
                raise UserError(
                    self.env._(
                        "Product %(product)s has no income account. Set one on the product or its "
                        "category.",
                        product=product.display_name,
                    )
                )
            accounts[False, product.id] = account
        if any(charge.is_opening for charge in self):
            opening = company._billing_opening_account()
            accounts.update({(True, product.id): opening for product in self.item_id.product_id})
        return accounts

    def _receivable_accounts(self, company):
        """Return dict commercial partner id -> receivable account."""
        partners_sudo = self.payer_id.commercial_partner_id.sudo().with_company(company)
        accounts = defaultdict(lambda: self.env["account.account"])
        for partner in partners_sudo:
            account = partner.property_account_receivable_id
            if not account:
                raise UserError(
                    self.env._(
                        "%(partner)s has no receivable account. Set one on the contact.",
                        partner=partner.display_name,
                    )
                )
            accounts[partner.id] = account
        return accounts
