"""The spaces of a move-out: those the tenant still has, and what becomes of them."""

from odoo import fields, models


class PropertyLeaseMoveout(models.Model):
    _inherit = "property.lease.moveout"

    def _held_units(self):
        """Return the spaces that the tenant has on his last day; others were given back before."""
        self.ensure_one()
        lines = self.lease_id.line_ids
        return lines.filtered(lambda line: line._last_day() >= self.date).unit_id or lines.unit_id

    def _free_spaces(self):
        """End the tenancy and make the spaces vacant that nobody rents next."""
        # sudo: a second person has approved that the tenant is gone
        lease_sudo = self.lease_id.sudo()
        late_sudo = lease_sudo.occupancy_ids.filtered(
            lambda one: (
                one.partner_id == self.partner_id and (not one.date_to or one.date_to > self.date)
            )
        )
        late_sudo.date_to = self.date
        units_sudo = self._held_units().sudo() | self._left_units_sudo()
        let = self.env["property.lease.line"].sudo()
        let = let.search(
            [
                ("unit_id", "in", units_sudo.ids),
                ("lease_id", "!=", lease_sudo.id),
                *self.env["property.space"]._lease_domain(fields.Date.context_today(self)),
            ]
        )
        (units_sudo - let.unit_id).state = "vacant"

    def _left_units_sudo(self):
        """Return the spaces given back before that nobody has, and that were not made others."""
        today = fields.Date.context_today(self)
        given_sudo = self.lease_id.sudo().line_ids.unit_id - self._held_units().sudo()
        return given_sudo.filtered(
            lambda unit: (
                unit.state == "leased"
                and not unit.occupancy_ids.filtered(
                    lambda one: (
                        one.role == "tenant"
                        and one.date_from <= today
                        and (not one.date_to or one.date_to >= today)
                    )
                )
            )
        )
