"""Final bills: a few fees of one household, for the days of one payer, in a run of their own."""

from odoo import models
from odoo.exceptions import UserError

from .billing_batch import BillingBatch
from .billing_facts import BillingFacts


class HouseholdFacts(BillingFacts):
    """The facts of a few fees, pools left out: those are shared when their own run comes."""

    def __init__(self, run, fees):
        self._fee_ids = set(fees.ids)
        super().__init__(run, fees.item_id)

    def _read_fees(self, items):
        return [fee for fee in super()._read_fees(items) if fee["id"] in self._fee_ids]

    def _read_pools(self, items):
        return self.env["property.allocation"]

    def missed_pools(self):
        return self.env["property.allocation"]


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    def _post_household(self, fees_sudo, payer, vals, more=None):
        """Post what a payer owes by a few fees for a span, if it is anything.

        :param fees_sudo: property.fee, not allocated
        :param payer: res.partner; charges of others are left to the ordinary run
        :param vals: name, site_ids, date_from, date_to and invoice_date of the run
        :param more: function of the run that returns values of further charges
        :return: (run, charges), both empty when nothing is owed
        :raise UserError: what cannot be billed
        """
        run_sudo = self.sudo().create({"item_ids": [(6, 0, fees_sudo.item_id.ids)], **vals})
        batch = BillingBatch(run_sudo, HouseholdFacts(run_sudo, fees_sudo))
        batch.compute()
        values = [one for one in batch.charges if one["payer_id"] == payer.id]
        values += more(run_sudo) if more else []
        # a month without a reading is covered by the next one, at the latest that of the last day
        failed = [
            row["message"]
            for row in batch.problems
            if row["severity"] == "error" and row["kind"] != "no_reading"
        ]
        if failed:
            raise UserError("\n".join(failed))
        charges_sudo = self.env["property.charge"].sudo()
        if not values:
            run_sudo.unlink()
            return self.sudo().browse(), charges_sudo
        charges_sudo = charges_sudo.create(values)
        charges_sudo._post()
        run_sudo._finish_posting()
        return run_sudo, charges_sudo
