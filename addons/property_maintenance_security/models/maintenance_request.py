from odoo import fields, models


class MaintenanceRequest(models.Model):
    """The incident that a request came from."""

    _inherit = "maintenance.request"

    incident_id = fields.Many2one(
        "property.incident",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="property_base.group_staff",
    )
