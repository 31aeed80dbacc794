"""The money of an amendment: what billed days cost less is credited, what they cost more billed."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields, models

from ..tools import schedule


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    def _settle(self, line, plan):
        """Credit what billed days cost less by the new terms, charge what they cost more."""
        charges = line._live_charges().grouped("date_from")
        more = defaultdict(Decimal)
        for one, difference in zip(plan.kept, plan.differences, strict=True):
            if not difference:
                continue
            row_sudo = self.env["property.lease.instalment"].sudo().browse(one.row_id)
            gross = line._gross(one.amount + difference) - line._gross(one.amount)
            if difference > 0:
                more[row_sudo.partner_id] += gross
            else:
                taken = self._give_back(line, row_sudo, charges[one.date_from], -gross)
                row_sudo.rent_credited += float(schedule.rounded(-difference * taken / -gross))
                row_sudo.is_dropped = not one.amount + difference
            row_sudo.rent_difference += float(difference)
            row_sudo.amount_difference += float(gross)
        for tenant, gross in more.items():
            charge = self._charge(float(gross), self.reason, line.unit_id, tenant, line.tax_id)
            self.sudo().charge_ids |= charge
            line.sudo().extra_ids |= charge

    def _give_back(self, line, row, charge, amount):
        """Credit what an instalment costs less: first what amendments charged on top of its bill.

        :param row: the instalment as it is before this amendment
        :param charge: the charge that billed it
        :param amount: Decimal, VAT included
        :return: the part of it that is of the bill itself, a campaign's discount not taken off
        """
        billed = self.lease_id._decimal(charge.amount)
        own = amount
        # the discount of a campaign lies evenly on the days of its bill
        amount -= schedule.rounded(self._campaign_discount(charge) * amount / billed)
        on_top = self._credit_on_top(line, row, min(self._on_top(line, row), amount))
        amount, own = amount - on_top, own - on_top
        # an adjustment may have credited days before: nobody gets back more than was billed
        self._credit(line, charge, min(amount, charge._amount_standing()))
        return own

    def _on_top(self, line, row):
        """Return what amendments charged for the days of an instalment beyond its bill: Decimal."""
        decimal = self.lease_id._decimal
        rent = decimal(row.rent_difference) + decimal(row.rent_credited)
        return line._gross(max(rent, Decimal(0))).quantize(schedule.FEN)

    def _credit_on_top(self, line, row, amount):
        """Credit what amendments charged on top, the latest first.

        :param amount: Decimal, VAT included
        :return: what of it was credited
        """
        rest = amount
        for extra in self._charged_on_top(line, row.partner_id):
            part = min(rest, extra._amount_standing())
            self._credit(line, extra, part)
            rest -= part
        return amount - rest

    def _campaign_discount(self, charge):
        """Return what campaigns took off a bill: Decimal."""
        notes_sudo = charge.sudo().move_id._property_credit_notes().filtered("campaign_id")
        return self.lease_id._decimal(sum(notes_sudo.mapped("amount_total")))

    def _charged_on_top(self, line, tenant):
        """Return what amendments charged a tenant for days of a space, the latest first."""
        # sudo: whoever amends the lease changes what follows from it
        return (
            line.sudo()
            .extra_ids.filtered(lambda one: one.state == "posted" and one.payer_id == tenant)
            .sorted("id", reverse=True)
        )

    def _credit(self, line, charge, amount):
        """Credit part of a charge or all of it; what was paid for it becomes a prepayment."""
        if amount == charge._amount_standing() > 0:
            self._keep(line, charge._credit_whole())
        elif amount > 0:
            _note, freed = charge._credit_part(amount, self.reason)
            self._keep(line, freed)

    def _keep(self, line, freed):
        """Keep what was paid for days given back as a prepayment of the space."""
        lines = [credit.id for credit, amount in freed.items() if amount > 0]
        # sudo: ids of the payer's own credits
        credits_sudo = self.env["account.move.line"].sudo().browse(lines)
        self.env["property.prepayment"]._keep(credits_sudo, line.unit_id, self.reason)

    def _charge(self, amount, note, unit=None, tenant=None, tax=None):
        """Post a one-off charge.

        :param amount: yuan, VAT included
        :param tenant: res.partner who pays; the present tenant if empty
        :param tax: account.tax of the days it is for; that of the item if left out
        :return: the charge
        """
        unit = unit or self.lease_id._last_units()[:1]
        charge = self.env["property.charge"]._create_single(
            unit,
            self.item_id,
            tenant or self.lease_id.partner_id,
            fields.Date.context_today(self),
            amount,
            f"{self.display_name}: {note}",
            tax=tax,
        )
        charge.sudo()._post()  # sudo: the amendment that charges it was approved
        return charge
