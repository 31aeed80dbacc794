"""From the records of a lease to the kernel and back: terms in, instalments out."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ..tools import schedule
from .lease_words import LeaseWords


class BilledInstalment(NamedTuple):
    """A row of a schedule as the kernel reads it."""

    row_id: int
    date_from: date
    date_to: date
    amount: Decimal


class PropertyLease(models.Model):
    _inherit = "property.lease"

    @api.model
    def _decimal(self, value):
        """Read a number the way a person wrote it, so that 3.3 stays 3.3."""
        return Decimal(str(value or 0))

    def _cuts(self):
        """Return the days on which another tenant's instalments begin."""
        return tuple(
            one.date
            for one in self.amendment_ids
            if one.kind == "tenant" and one.approval_state == "approved"
        )

    def _reschedule(self):
        """Propose the schedules of leases that are not signed anew, where they changed."""
        drafts = self.filtered(lambda lease: not lease.signed_date and lease.date_from)
        # the tables refuse in words what the kernel cannot reckon with: an end before the start
        self.env.flush_all()
        # sudo: instalments follow from the terms, which the user may write
        instalments_sudo = self.env["property.lease.instalment"].sudo()
        doomed_sudo, values = instalments_sudo, []
        for line in drafts.sudo().line_ids:
            plan = schedule.schedule(line._terms())
            if line._is_scheduled(plan):
                continue
            doomed_sudo |= line.instalment_ids
            values += line._prepare_instalments(plan)
        doomed_sudo.unlink()
        instalments_sudo._insert_rows(values)


class PropertyLeaseLine(models.Model):
    _inherit = "property.lease.line"

    def _terms(self, **changes):
        """Return what the lease says about this space, as the kernel takes it.

        :param changes: fields of ``tools.schedule.Terms`` that an amendment would set
        """
        self.ensure_one()
        lease, decimal = self.lease_id, self.lease_id._decimal
        start = self.date_from or lease.date_from
        rates = [schedule.Rate(start, decimal(self.price), decimal(self.area))]
        rates += [
            schedule.Rate(rate.date_from, decimal(rate.price), decimal(rate.area))
            for rate in self.rate_ids
        ]
        anchor = lease.anchor_date or lease.date_from
        facts = {
            "start": start,
            "end": min(filter(None, (self.date_to, lease.date_to))),
            "rates": tuple(rates),
            "pricing": self.pricing,
            "convention": lease.convention,
            "months": int(lease.cadence),
            "timing": lease.timing,
            "anchor": anchor if lease.cycle == "anniversary" else None,
            "due_days": lease.due_days,
            "cuts": lease._cuts(),
        }
        if self.is_rent:
            facts["steps"] = lease.step_ids._kernel(lease.date_from, lease.date_to)
            facts["rent_free"] = tuple((row.date_from, row.date_to) for row in lease.rent_free_ids)
        return schedule.Terms(**{**facts, **changes})

    def _is_scheduled(self, instalments):
        """Tell whether the rows on file say what the kernel says.

        :param instalments: of the kernel
        """
        rows = self.instalment_ids.sorted("date_from")
        decimal = self.lease_id._decimal
        return len(rows) == len(instalments) and all(
            (row.date_from, row.date_to, row.due_date) == (one.date_from, one.date_to, one.due_date)
            and decimal(row.amount_rent) == one.amount
            and decimal(row.amount) == self._gross(one.amount)
            and row.partner_id == self.lease_id.partner_id
            and row.item_id == self.item_id
            and len(row.parts or ()) == len(one.parts)
            for row, one in zip(rows, instalments, strict=True)
        )

    def _first_month_rent(self):
        """Return the rent of the first month as agreed, without rent-free days: Decimal."""
        self.ensure_one()
        if not self.lease_id.date_from or not self.lease_id.date_to:
            return Decimal(0)
        terms = self._terms(convention="days_365")
        rate = terms.rates[0]
        return schedule.month_rent(terms, rate.price, rate.area)

    def _prepare_instalments(self, instalments):
        """Prepare the rows of a schedule.

        :param instalments: of the kernel
        """
        self.ensure_one()
        lease = self.lease_id
        words = LeaseWords(self.with_context(lang=lease.company_id._billing_lang()).env)
        # what is related is the same in every row: said here, it is not worked out row by row
        shared = {
            "lease_id": lease.id,
            "line_id": self.id,
            "site_id": self.site_id.id,
            "company_id": self.company_id.id,
            "unit_id": self.unit_id.id,
            "item_id": self.item_id.id,
        }
        return [
            {
                **shared,
                "fee_id": self.fee_id.id,
                "partner_id": lease._tenant_on(one.date_from).id,
                "date_from": one.date_from,
                "date_to": one.date_to,
                "due_date": one.due_date,
                "amount_rent": float(one.amount),
                "amount": float(self._gross(one.amount)),
                **words.instalment(self, one),
            }
            for one in instalments
        ]

    def _gross(self, amount):
        return self.env["property.lease.instalment"]._with_vat(amount, self)

    def _billed_to(self):
        """Return the last day that is billed, here or elsewhere; the day before the lease if none.

        :return: date
        """
        self.ensure_one()
        lease = self.lease_id
        before = lease._day_before()
        if lease.billing_date_from:
            earlier = self.instalment_ids.filtered(
                lambda one: one.date_from < lease.billing_date_from
            )
            before = max([before, *earlier.mapped("date_to")])
        charges = self._live_charges()
        return max([before, *charges.mapped("date_to")])

    def _live_charges(self):
        """Return the charges of the space that stand, drafts of billing runs too."""
        # sudo: whoever amends the lease changes what follows from it
        return (
            self.env["property.charge"]
            .sudo()
            .search(
                [
                    ("fee_id", "in", self.fee_id.ids),
                    ("state", "not in", ("cancelled", "reversed")),
                ]
            )
        )

    def _as_billed(self):
        """Return the rows on file as the kernel reads them, with what amendments made of them."""
        decimal = self.lease_id._decimal
        return [
            BilledInstalment(
                row.id,
                row.date_from,
                row.date_to,
                (decimal(row.amount_rent) + decimal(row.rent_difference)).quantize(schedule.FEN),
            )
            for row in self.instalment_ids.filtered(lambda row: not row.is_dropped).sorted(
                "date_from"
            )
        ]
