"""The developer (开发商) of a unit, who pays for it until it is handed over."""

from odoo import fields, models


class PropertySite(models.Model):
    _inherit = "property.site"

    developer_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        help="Pays for units not handed over, where a charge item says so.",
    )

    def _property_only_site(self):
        """Return the one site the user sees, or none: what a form begins with."""
        sites = self.search([("company_id", "in", self.env.companies.ids)], limit=2)
        return sites if len(sites) == 1 else self.browse()


class PropertyBuilding(models.Model):
    _inherit = "property.building"

    developer_id = fields.Many2one(
        "res.partner", ondelete="restrict", help="Empty: that of the site."
    )


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    developer_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: that of the building or the site.",
    )
    developer_date_from = fields.Date(
        string="Developer Pays from", help="Empty: from the completion of the building."
    )

    def write(self, vals):
        """Follow a change of the developer's first day with the fees."""
        result = super().write(vals)
        if "developer_date_from" in vals:
            self._sync_fee_dates()
            self.env["property.charge.item"]._sync_fees(self)
        return result

    def _property_developer(self):
        """Return the developer of the unit, empty when none is known."""
        self.ensure_one()
        return self.developer_id or self.building_id.developer_id or self.site_id.developer_id

    def _fee_span(self, item=None):
        """Override: where the developer pays before handover, a fee begins with the developer."""
        start, end = super()._fee_span(item)
        if item and item.developer_pays and self._property_developer():
            first = self.developer_date_from or self.building_id.completion_date
            if first:
                start = min(first, start) if start else first
        return start, end
