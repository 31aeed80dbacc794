"""What an amendment does: shown before it is approved, done when it is."""

from dataclasses import replace
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import schedule


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    # Looking ahead ----------------------------------------------------------------------------

    def _amended_terms(self, line):
        """Return the terms of a space as they would be.

        :param line: property.lease.line
        """
        terms = line._terms()
        if self.kind == "rent":
            decimal = self.lease_id._decimal
            own = self.line_ids.filtered(lambda row: row.lease_line_id == line)
            day = max(self.date, terms.start)
            rates = (schedule.Rate(day, decimal(row.price), decimal(row.area)) for row in own)
            return replace(terms, rates=(*terms.rates, *rates))
        if self.kind == "space":
            is_removed = line.unit_id in self._removed_units()
            ends = is_removed and terms.start < self.date <= terms.end
            return replace(terms, end=self.date - schedule.DAY) if ends else terms
        if self.kind == "rent_free":
            span = (self.date, self.free_to)
            return replace(terms, rent_free=(*terms.rent_free, span)) if line.is_rent else terms
        if self.kind == "tenant":
            return replace(terms, cuts=(*terms.cuts, self.date))
        lease = self.lease_id
        if line.date_to and line.date_to < self.date_to:
            return terms
        steps = lease.step_ids._kernel(lease.date_from, self.date_to) if line.is_rent else ()
        return replace(terms, end=self.date_to, steps=steps)

    def _plan(self):
        """Work out the schedules as they would be.

        :return: list of (line, tools.schedule.Amendment)
        """
        self.ensure_one()
        lines = self.lease_id.line_ids
        return [
            (
                line,
                schedule.amend(line._as_billed(), self._amended_terms(line), line._billed_to()),
            )
            for line in lines
        ]

    def _changes(self):
        """List the instalments that change.

        :return: list of dict: space, from, to, due, before and after (VAT included), is_billed
        """
        rows = []
        for line, plan in self._plan() + self._added_plan():
            for one, difference in zip(plan.kept, plan.differences, strict=True):
                if difference:
                    rows.append(self._change(line, one, one.amount, one.amount + difference, True))
            rows += self._future_changes(line, plan)
        return rows

    def _future_changes(self, line, plan):
        kept = {one.date_from for one in plan.kept}
        before = {one.date_from: one for one in line._as_billed() if one.date_from not in kept}
        after = {one.date_from: one for one in plan.future}
        rows = []
        for day in sorted({*before, *after}):
            old, new = before.get(day), after.get(day)
            amounts = [one.amount if one else Decimal(0) for one in (old, new)]
            if amounts[0] != amounts[1] or self.kind == "tenant":
                rows.append(self._change(line, new or old, *amounts, False))
        return rows

    def _change(self, line, one, before, after, is_billed):
        return {
            "space": line.display_name,
            "from": str(one.date_from),
            "to": str(one.date_to),
            "before": float(line._gross(before)),
            "after": float(line._gross(after)),
            "is_billed": is_billed,
        }

    # Approval ---------------------------------------------------------------------------------

    def _approval_impact(self):
        """Override: the instalments that change, and by how much in all."""
        rows = self._changes()
        return len(rows), sum(row["after"] - row["before"] for row in rows) + self.penalty

    def _check_request(self):
        """Override: say the change wholly, and keep to days that can still change."""
        self.ensure_one()
        lease = self.lease_id
        lease._approval_lock()
        if lease.state in ("closed", "terminated"):
            raise UserError(self.env._("%(lease)s is over. Make a new lease.", lease=lease.name))
        if self.kind == "term" and self._is_too_long():
            raise UserError(
                self.env._(
                    "A lease runs for twenty years at most (Civil Code, article 705). Choose an "
                    "earlier end."
                )
            )
        if not self._is_complete():
            raise UserError(
                {
                    "rent": self.env._("Enter the prices from the day of the amendment on."),
                    "space": self.env._("Enter which spaces are taken or given back."),
                    "rent_free": self.env._("Enter the last rent-free day, after the first."),
                    "term": self.env._("Enter the day on which the lease ends, within its term."),
                    "tenant": self.env._("Choose the new tenant."),
                }[self.kind]
            )
        if self.kind != "term" and not lease.date_from <= self.date <= lease.date_to:
            raise UserError(
                self.env._(
                    "%(lease)s runs from %(start)s to %(end)s: choose a day of the lease.",
                    lease=lease.name,
                    start=lease.date_from,
                    end=lease.date_to,
                )
            )
        if self.kind == "tenant":
            self._check_tenant()
        if self.kind == "space":
            self._check_spaces()
        if self.kind == "term":
            self._check_begun()
            self._check_passed_on(self.date_to)
            lease._check_measure(self._amended_terms(line) for line in lease.line_ids)
        if self.kind == "rent_free":
            self._check_not_free()
        if self.kind == "term" and self.date_to > lease.date_to:
            lease._check_free(lease.date_to, self.date_to)
        if self.penalty and not self.item_id:
            raise UserError(self.env._("Choose the one-off item the penalty is charged as."))
        self._check_billed()

    def _check_not_free(self):
        """Refuse days that are rent-free already.

        :raise UserError: naming them
        """
        known = self.lease_id.rent_free_ids.filtered(
            lambda row: row.date_from <= self.free_to and row.date_to >= self.date
        )
        if known:
            raise UserError(
                self.env._(
                    "The days from %(start)s to %(end)s are rent-free already. Choose others.",
                    start=known[0].date_from,
                    end=known[0].date_to,
                )
            )

    def _check_passed_on(self, day):
        """Refuse a last day before the lease passes to another tenant: later days are his.

        :raise UserError: naming the day and the tenant
        """
        later = self.lease_id.amendment_ids.filtered(
            lambda one: one.kind == "tenant" and one.approval_state == "approved" and one.date > day
        )
        if later:
            raise UserError(
                self.env._(
                    "The lease passes to %(tenant)s on %(day)s. Choose a later day.",
                    tenant=later[0].partner_id.name,
                    day=later[0].date,
                )
            )

    def _check_tenant(self):
        if self.partner_id == self.lease_id.partner_id:
            raise UserError(self.env._("Choose another tenant than the present one."))
        self._check_passed_on(self.date - schedule.DAY)
        billed_to = max(line._billed_to() for line in self.lease_id.line_ids)
        if self.date <= billed_to:
            raise UserError(
                self.env._(
                    "The present tenant is billed until %(day)s. Let the new one begin after "
                    "that day, or undo those bills first.",
                    day=billed_to,
                )
            )

    def _check_billed(self):
        """Refuse to change what waits in a billing run, or was never billed here."""
        for line, plan in self._plan():
            charges = line._live_charges()
            if charges.filtered(lambda charge: charge.state == "draft"):
                raise UserError(
                    self.env._(
                        "Instalments of %(line)s wait in a billing run. Post that run or delete "
                        "it, then go on.",
                        line=line.display_name,
                    )
                )
            starts = set(charges.mapped("date_from"))
            for one, difference in zip(plan.kept, plan.differences, strict=True):
                if difference and one.date_from not in starts:
                    raise UserError(
                        self.env._(
                            "The instalment from %(day)s of %(line)s was not billed here and "
                            "cannot be credited. Bill it first, or choose a later day.",
                            day=one.date_from,
                            line=line.display_name,
                        )
                    )
            if any(difference > 0 for difference in plan.differences) and not self.item_id:
                raise UserError(
                    self.env._("Choose the one-off item that days billed too low are charged as.")
                )

    def _on_approved(self):
        """Override: change the terms, derive the future anew, settle the days billed already."""
        self.ensure_one()
        changes, plan = self._changes(), self._plan()
        self._change_terms()
        # sudo: a second person has approved; schedule and bills follow from that
        rows_sudo = self.env["property.lease.instalment"].sudo()
        for line, result in plan:
            kept = {one.row_id for one in result.kept}
            doomed = line.sudo().instalment_ids.filtered(
                lambda row, kept=kept: row.id not in kept and not row.is_dropped
            )
            for row in doomed:
                # its bill was undone; what was charged on top is in the new one
                self._credit_on_top(line, row, self._on_top(line, row))
            doomed.unlink()
            rows_sudo.create(line.sudo()._prepare_instalments(result.future))
            self._settle(line, result)
        charged = self._charge(self.penalty, self.reason) if self.penalty else None
        self.sudo().changes = changes
        if charged:
            self.sudo().charge_ids |= charged

    def _change_terms(self):
        """Write what the amendment says to the lease, its fees and its registered tenants."""
        # sudo: nobody edits a signed lease; a second person has approved this change
        lease_sudo = self.lease_id.sudo()
        if self.kind == "rent":
            self.env["property.lease.rate"].sudo().create(
                [
                    {
                        "line_id": row.lease_line_id.id,
                        # a space that begins later has it from its first day on
                        "date_from": max(self.date, row.lease_line_id._first_day()),
                        "price": row.price,
                        "area": row.area,
                        "amendment_id": self.id,
                    }
                    for row in self.line_ids
                ]
            )
        elif self.kind == "rent_free":
            self.env["property.lease.rent.free"].sudo().create(
                {
                    "lease_id": lease_sudo.id,
                    "date_from": self.date,
                    "date_to": self.free_to,
                    "reason": self.display_name,
                }
            )
        elif self.kind == "space":
            self._change_spaces(lease_sudo)
        elif self.kind == "term":
            self._change_end(lease_sudo)
        else:
            self._change_tenant(lease_sudo)

    def _change_end(self, lease_sudo):
        old_end = lease_sudo.date_to
        is_earlier = self.date_to < old_end
        lease_sudo.write(
            {
                "date_to": self.date_to,
                "terminated_date": self.date_to if is_earlier else False,
            }
        )
        lines_sudo = lease_sudo._lines_to_end(self.date_to)
        lines_sudo.fee_id.date_to = self.date_to
        lines_sudo.filtered("date_to").date_to = self.date_to
        current = lease_sudo.occupancy_ids.filtered(
            lambda one: (
                one.partner_id == lease_sudo.partner_id
                and one.unit_id in lines_sudo.unit_id
                and one.date_from <= self.date_to
                # who had the space before, and gave it back, is not there again
                and (not one.date_to or one.date_to >= min(old_end, self.date_to))
            )
        )
        current.date_to = self.date_to

    def _change_tenant(self, lease_sudo):
        day_before = fields.Date.subtract(self.date, days=1)
        current = lease_sudo.occupancy_ids.filtered(
            lambda one: (
                one.partner_id == lease_sudo.partner_id
                and (not one.date_to or one.date_to >= self.date)
            )
        )
        # a space that is taken later is his from its own first day on
        later = current.filtered(lambda one: one.date_from >= self.date)
        later.partner_id = self.partner_id
        passed = current - later
        ends = {one.unit_id: one.date_to for one in passed}
        passed.date_to = day_before
        current.flush_recordset()
        lease_sudo.partner_id = self.partner_id
        lease_sudo.occupancy_ids |= lease_sudo._create_occupancies(
            self.partner_id, self.date, passed.unit_id, ends
        )
