"""What tenants see of leases in the portal: their own, and of an assigned one only their time."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

PAID_STATES = ("paid", "free", "elsewhere", "dropped")


class PropertyLease(models.Model):
    _inherit = "property.lease"

    @api.model
    def _portal_domain(self, partner):
        """Return the domain of the signed leases that a person is or was tenant of.

        :param partner: res.partner of the user
        """
        payer = partner.commercial_partner_id
        assigned = (
            Domain("kind", "=", "tenant")
            & Domain("approval_state", "=", "approved")
            & Domain("old_partner_id.commercial_partner_id", "=", payer.id)
        )
        return Domain("signed_date", "!=", False) & (
            Domain("partner_id.commercial_partner_id", "=", payer.id)
            | Domain("amendment_ids", "any", assigned)
        )

    def _portal_times(self, partner):
        """Return the spans in which a person is or was the tenant.

        :return: list of (first day, last day, res.partner)
        """
        self.ensure_one()
        moves = self.amendment_ids.filtered(
            lambda one: one.kind == "tenant" and one.approval_state == "approved"
        ).sorted("date")
        starts = [self.date_from, *moves.mapped("date")]
        ends = [day - timedelta(days=1) for day in starts[1:]] + [self.date_to]
        own = partner.commercial_partner_id
        return [
            (first, last, tenant)
            for first, last in zip(starts, ends, strict=True)
            if (tenant := self._tenant_on(first)).commercial_partner_id == own
        ]

    def _is_portal_tenant(self, partner):
        """Tell whether a person is the tenant now: who may declare, give notice, move out."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id == partner.commercial_partner_id

    def _portal_rows(self, records, partner):
        """Return the rows of the lease that concern a person: those in his name."""
        own = partner.commercial_partner_id
        return records.filtered(lambda one: one.partner_id.commercial_partner_id == own)
