"""Which payments may be made as a set at all."""

from odoo.tools import SQL


class PaymentLaneGates:
    """The conditions under which a payment is plain; a mixin of the lane."""

    def _closed(self):
        """Say why nothing of this journal may take the lane, or return an empty text."""
        company, journal = self.company.sudo(), self._journal()
        currency, method = company.currency_id, self.method.sudo()
        outstanding = method.payment_account_id
        checks = [
            (self.unknown, self.env._("Unknown modules take part in payments")),
            (currency.rounding != 10**-currency.decimal_places, self.env._("Currency rounding")),
            (journal.currency_id - currency, self.env._("Currency of the journal")),
            (journal.company_id != company, self.env._("Journal of another company")),
            (journal.restrict_mode_hash_table, self.env._("Journal secured by hashes")),
            (company.tax_exigibility, self.env._("Taxes due on payment")),
            (
                method.payment_method_id.code != "manual"
                or (outstanding and outstanding.account_type != "asset_current"),
                self.env._("Payment method with an account of its own kind"),
            ),
            (
                self._probe(self.day)._get_violated_lock_dates(self.day, False),
                self.env._("Locked period"),
            ),
        ]
        return next((reason for is_closed, reason in checks if is_closed), "")

    def _gate(self):
        """Take out payments that are not plain.

        :return: dict reason -> number
        """
        gates = [
            (SQL("is_foreign"), self.env._("Other currency")),
            (SQL("is_elsewhere"), self.env._("Bill of another company")),
            (SQL("is_discounted"), self.env._("Discount for early payment")),
            (SQL("is_split"), self.env._("Bills of several accounts or instalments")),
            (SQL("is_twice"), self.env._("Bill in two payments")),
            (SQL("is_for_others"), self.env._("Payer and bills differ")),
            (SQL("NOT is_untouched"), self.env._("Bill settled in part before")),
            (SQL("is_surplus OR is_too_much"), self.env._("Money left over")),
            (SQL("coalesce(payer_name, '') = '' OR memo = ''"), self.env._("No name or no memo")),
        ]
        reasons = {}
        for condition, reason in gates:
            self.cr.execute(SQL("DELETE FROM property_pay_order WHERE %s", condition))
            if self.cr.rowcount:
                reasons[reason] = self.cr.rowcount
        return reasons
