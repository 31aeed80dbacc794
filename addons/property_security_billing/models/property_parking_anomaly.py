from odoo import fields, models


class PropertyParkingAnomaly(models.Model):
    _inherit = "property.parking.anomaly"

    kind = fields.Selection(
        selection_add=[("no_tariff", "Let out: no price in force")],
        ondelete={"no_tariff": "cascade"},
    )
