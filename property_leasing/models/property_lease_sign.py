"""Approval, signing, and what signing creates: fees and registered tenants."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import schedule


class PropertyLease(models.Model):
    _inherit = "property.lease"

    # Approval ---------------------------------------------------------------------------------

    def _approval_impact(self):
        """Override: the instalments and their total."""
        self.ensure_one()
        return len(self.instalment_ids.filtered("amount")), self.amount_total

    def action_submit(self):
        """Ask for approval; small leases, by the company's threshold, need nobody's."""
        result = super().action_submit()
        for lease in self:
            threshold = lease.company_id.lease_approval_amount
            if lease.currency_id.compare_amounts(lease.amount_total, threshold) <= 0:
                lease._approval_decide("approved")
        return result

    def action_cancel_request(self):
        """Extend: what was approved and is not signed yet can be withdrawn, too."""
        unsigned = self.filtered(
            lambda lease: lease.approval_state == "approved" and not lease.signed_date
        )
        unsigned.check_access("write")
        for lease in unsigned._approval_lock():
            lease._approval_expect("approved")
            if lease.signed_date:
                raise UserError(self.env._("%(lease)s is signed already.", lease=lease.name))
            lease._approval_decide("cancelled")
        return super(PropertyLease, self - unsigned).action_cancel_request()

    def _check_request(self):
        """Override: name spaces of the site that are free, and derive the schedule once more."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Choose the spaces that are let and their prices."))
        if self.line_ids.unit_id.site_id != self.site_id:
            raise UserError(
                self.env._("The spaces must all belong to %(site)s.", site=self.site_id.name)
            )
        if self.line_ids.item_id.filtered(lambda item: item.method != "contract"):
            raise UserError(
                self.env._("Choose charge items that are billed by contract for the spaces.")
            )
        if self.handover_date and self.handover_date > self.date_to:
            raise UserError(self.env._("Choose a handover day before the lease ends."))
        areas = self.line_ids.filtered(lambda line: line.pricing != "month" and not line.area)
        if areas:
            raise UserError(
                self.env._(
                    "%(line)s is priced by area: enter the let area.", line=areas[0].display_name
                )
            )
        self._check_free(self._first_day(), self.date_to)
        self._reschedule()
        if any(schedule.runs_out(line._terms()) for line in self.line_ids):
            raise UserError(
                self.env._("The steps bring the rent down to nothing. Make them smaller.")
            )
        self._check_measure(line._terms() for line in self.line_ids)

    def _check_measure(self, terms):
        """Refuse steps that raise a rent beyond all measure.

        :param terms: tools.schedule.Terms of the spaces
        :raise UserError: when they do
        """
        if any(schedule.runs_away(one) for one in terms):
            raise UserError(
                self.env._("The steps raise the rent beyond all measure. Make them smaller.")
            )

    def _first_day(self):
        """Return the day from which the tenant is registered."""
        return min(filter(None, (self.handover_date, self.date_from)))

    def _check_free(self, first, last, units=None):
        """Refuse spaces that somebody rents on one of the days, this lease left out.

        :param units: property.unit; those of the lease if empty
        :raise UserError: naming the space and the days it is taken, or not there
        """
        self.ensure_one()
        self._check_there(first, last, units or self._units())
        # sudo: a space is taken whether or not the user sees by whom
        taken_sudo = (
            self.env["property.occupancy"]
            .sudo()
            .search(
                Domain("unit_id", "in", (units or self._units()).ids)
                & Domain("role", "=", "tenant")
                & Domain("is_primary", "=", True)
                & Domain("date_from", "<=", last)
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", first))
                & Domain("id", "not in", self.occupancy_ids.ids),
                limit=1,
            )
        )
        if taken_sudo:
            raise UserError(
                self.env._(
                    "Space %(unit)s has a tenant from %(start)s to %(end)s. End that tenancy "
                    "first, or choose other days.",
                    unit=taken_sudo.unit_id.code,
                    start=taken_sudo.date_from,
                    end=taken_sudo.date_to or "…",
                )
            )

    def _check_there(self, first, last, units):
        """Refuse spaces that are made later, or were joined or divided, on one of the days.

        Other spaces are made of the same walls then, and may be let to others.

        :raise UserError: naming the space and its days
        """
        # sudo: whether a space is there does not depend on who lets it
        spaces_sudo = self.env["property.space"].with_context(active_test=False).sudo()
        for space in spaces_sudo.search([("unit_id", "in", units.ids)]):
            if not space._exists_on(first) or not space._exists_on(last):
                raise UserError(
                    self.env._(
                        "Space %(unit)s is there from %(start)s to %(end)s only: it was made by "
                        "joining or dividing, or ended by it. Choose the spaces of those days.",
                        unit=space.unit_id.code,
                        start=space.date_from or "…",
                        end=space.date_to or "…",
                    )
                )

    # Signing ----------------------------------------------------------------------------------

    def action_sign(self):
        """Sign approved leases: their instalments are billed from now on.

        :raise UserError: when a lease is not approved, or a space was let meanwhile
        """
        self.check_access("write")
        for lease in self._approval_lock():
            lease._approval_expect("approved")
            if lease.signed_date:
                raise UserError(self.env._("%(lease)s is signed already.", lease=lease.name))
            lease._check_free(lease._first_day(), lease.date_to)
            lease._create_fees()
            lease._register_tenant()
            text = lease._contract_html() if lease._known_template() else False
            # sudo: an approved lease is closed; signing is the step that follows
            lease.sudo().write(
                {"signed_date": fields.Date.context_today(self), "contract_text": text}
            )
            self.env["property.audit"]._log(
                "money",
                lease,
                before={"state": "approved"},
                after={"state": "signed", "total": f"{lease.amount_total:.2f}"},
            )
        return True

    def _create_fees(self, lines=None):
        """Create a dated fee for every space and item, which the instalments hang on.

        :param lines: property.lease.line; those of the lease if empty
        """
        self.ensure_one()
        # sudo: fees follow from the lease, which the user may sign
        lines_sudo = (self.line_ids if lines is None else lines).sudo()
        fees_sudo = (
            self.env["property.fee"]
            .sudo()
            .create(
                [
                    {
                        "unit_id": line.unit_id.id,
                        "item_id": line.item_id.id,
                        "date_from": line.date_from or self.date_from,
                        "date_to": self.date_to,
                        "payer_role": "tenant",
                        "note": self.name,
                    }
                    for line in lines_sudo
                ]
            )
        )
        for line_sudo, fee in zip(lines_sudo, fees_sudo, strict=True):
            line_sudo.fee_id = fee
            line_sudo.instalment_ids.fee_id = fee

    def _register_tenant(self):
        """Enter the tenant as the primary one of the spaces, from the handover on."""
        self.ensure_one()
        # sudo: who signs leases may register their tenants
        self.sudo().occupancy_ids = self._create_occupancies(self.partner_id, self._first_day())

    def _create_occupancies(self, partner, first, units=None, ends=None):
        """Enter a primary tenant of spaces.

        :param units: property.unit; those of the lease if None
        :param ends: dict property.unit -> his last day; that of the lease if not told
        """
        units, ends = self._units() if units is None else units, ends or {}
        return self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": partner.id,
                    "role": "tenant",
                    "is_primary": True,
                    "date_from": first,
                    "date_to": ends.get(unit, self.date_to),
                    "note": self.name,
                }
                for unit in units
            ]
        )

    def _units(self):
        """Return the spaces of the lease that were not given back."""
        return self.line_ids.filtered(lambda line: not line.date_to).unit_id

    def _last_units(self):
        """Return the spaces of the lease that were not given back; all when all were."""
        return self._units() or self.line_ids.unit_id

    def _lines_to_end(self, day):
        """Return the lines that end with the lease on a day; what was given back ended before."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: (
                (not line.date_to or line.date_to > day)
                and (line.date_from or self.date_from) <= day
            )
        )
