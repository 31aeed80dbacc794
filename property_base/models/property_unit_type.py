from odoo import fields, models

UNIT_KINDS = [
    ("residence", "Residence"),
    ("shop", "Shop"),
    ("office", "Office"),
    ("parking", "Parking space"),
    ("storage", "Storage room"),
    ("public", "Public area"),
]


class PropertyUnitType(models.Model):
    _name = "property.unit.type"
    _description = "Unit Type"
    _order = "sequence, id"

    name = fields.Char(required=True, help="Matched exactly when workbooks are imported.")
    kind = fields.Selection(UNIT_KINDS, required=True, default="residence")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE(name)", "A unit type with this name already exists. Use that one."
    )
