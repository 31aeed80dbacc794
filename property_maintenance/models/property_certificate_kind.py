from odoo import fields, models

#: Where a certificate stands today, the worst first.
STANDINGS = [
    ("lapsed", "Lapsed"),
    ("7", "Ends within 7 Days"),
    ("30", "Ends within 30 Days"),
    ("60", "Ends within 60 Days"),
    ("valid", "Valid"),
    ("replaced", "Replaced"),
]


class PropertyCertificateKind(models.Model):
    _name = "property.certificate.kind"
    _description = "Kind of Certificate"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    validity_months = fields.Integer(
        string="Valid for (months)",
        default=12,
        help="Suggests the last day of a new certificate; 0: no suggestion.",
    )
    forbids_use = fields.Boolean(
        string="Forbids Use when Lapsed",
        default=True,
        help="Equipment with a lapsed certificate of this kind must not be used.",
    )
    legal_basis = fields.Char(help="Law or standard that demands it.")
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE(name)", "A kind of certificate with this name already exists. Use that one."
    )
    _validity_not_negative = models.Constraint(
        "CHECK(validity_months >= 0)", "The validity cannot be negative. Enter months, or 0."
    )
