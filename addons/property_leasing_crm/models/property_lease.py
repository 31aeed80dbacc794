from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyLease(models.Model):
    _inherit = "property.lease"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Prospect",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="property_base.group_leasing",
    )

    def _check_request(self):
        """Override: a space that is reserved for somebody else is not let."""
        result = super()._check_request()
        self._check_not_held(self.line_ids.unit_id)
        return result

    def _check_not_held(self, units):
        """Refuse spaces that are reserved for somebody else.

        :param units: property.unit
        :raise UserError: naming the space, for whom and until when it is held
        """
        today = fields.Date.context_today(self)
        # sudo: a space is held whether or not the user sees the prospect
        spaces_sudo = self.env["property.space"].sudo()
        spaces_sudo = spaces_sudo.search([("unit_id", "in", units.ids)])
        spaces_sudo._hand_to_next()  # whoever waits comes first
        held_sudo = spaces_sudo.filtered_domain(Domain("reserved_until", ">=", today))
        partner = self.partner_id.commercial_partner_id
        for space in held_sudo:
            if space.reserved_for_id.commercial_partner_id != partner and (
                not space.reserved_lead_id or space.reserved_lead_id != self.sudo().lead_id
            ):
                raise UserError(
                    self.env._(
                        "%(space)s is reserved for %(who)s until %(day)s. Wait until then, or "
                        "have the reservation released.",
                        space=space.display_name,
                        who=space.reserved_for_id.name,
                        day=space.reserved_until,
                    )
                )

    def action_sign(self):
        """Override: the prospect is won, his deposit carried over, the commission due."""
        result = super().action_sign()
        # sudo: whoever may sign closes the prospect with everything that hangs on it
        self.sudo().lead_id._on_lease_signed()
        return result


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    def _check_request(self):
        """Override: nor is it taken more, or renewed over the head of who holds it."""
        result = super()._check_request()
        lease = self.lease_id
        if self.kind == "space":
            lease._check_not_held(self._added().unit_id)
        elif self.kind == "term" and self.date_to > lease.date_to:
            lease._check_not_held(lease._units())
        return result
