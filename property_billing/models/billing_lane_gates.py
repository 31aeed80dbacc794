"""Which bills the fast lane may take at all."""

from odoo.tools import SQL


class BillingLaneGates:
    """The conditions under which a bill is plain; a mixin of the lane."""

    def _closed(self):
        """Say why nothing of this journal may take the lane, or return an empty text."""
        company, journal = self.company.sudo(), self._journal()
        currency = company.currency_id
        digits = currency.decimal_places
        checks = [
            (self.unknown, self.env._("Unknown modules take part in posting")),
            (
                company.tax_calculation_rounding_method != "round_per_line",
                self.env._("Tax rounding"),
            ),
            (currency.rounding != 10**-digits, self.env._("Currency rounding")),
            (journal.currency_id - currency, self.env._("Currency of the journal")),
            (journal.restrict_mode_hash_table, self.env._("Journal secured by hashes")),
            (
                (journal.invoice_reference_type, journal.invoice_reference_model)
                != ("invoice", "odoo"),
                self.env._("Payment reference of the journal"),
            ),
            (
                self.env["account.analytic.distribution.model"].sudo().search_count([], limit=1),
                self.env._("Analytic distribution"),
            ),
        ]
        return next((reason for is_closed, reason in checks if is_closed), "")

    def _gate(self):
        """Take out bills that are not plain.

        :return: dict reason -> number
        """
        days = self._locked_days()
        gates = [
            (SQL("is_foreign"), self.env._("Other currency")),
            (SQL("is_odd_tax"), self.env._("Unusual tax")),
            (SQL("is_negative"), self.env._("Negative total")),
            (SQL("is_unbalanced"), self.env._("Lines that do not sum to the charge")),
            (SQL("NOT has_text"), self.env._("No explanation or no name")),
            (SQL("day = ANY(%s::date[])", days), self.env._("Locked period")),
        ]
        reasons = {}
        for condition, reason in gates:
            self.cr.execute(SQL("DELETE FROM property_lane_bill WHERE %s", condition))
            if self.cr.rowcount:
                reasons[reason] = self.cr.rowcount
        return reasons

    def _locked_days(self):
        self.cr.execute("SELECT DISTINCT day FROM property_lane_bill")
        return [
            day
            for (day,) in self.cr.fetchall()
            if self._probe(day)._get_violated_lock_dates(day, True)
        ]

    def _plain_rates(self):
        """Return the taxes the lane can split: one VAT in per cent, inside the price or on top.

        :return: dict tax id -> per cent; a tax on top is billed as the one inside the price
        """
        self.cr.execute(
            "SELECT DISTINCT tax_id FROM property_charge WHERE id = ANY(%s)", [self.ids]
        )
        ids = [tax_id for (tax_id,) in self.cr.fetchall() if tax_id]
        # sudo: a site manager who posts a run need not read the chart's taxes
        taxes_sudo = self.env["account.tax"].sudo().browse(ids).with_company(self.company)
        billed = {tax.id: tax._as_included(self.company).sudo() for tax in taxes_sudo}
        return {tax_id: tax.amount for tax_id, tax in billed.items() if self._is_plain(tax)}

    def _is_plain(self, tax):
        return (
            tax.amount_type == "percent"
            and tax.amount > 0
            and tax.price_include
            and not tax.include_base_amount
            and not tax.analytic
            and tax.tax_exigibility == "on_invoice"
            and len(tax.invoice_repartition_line_ids) == 2
            and set(tax.invoice_repartition_line_ids.mapped("factor_percent")) == {100.0}
            and not tax.invoice_repartition_line_ids.tag_ids
        )
