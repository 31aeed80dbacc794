from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gate_image_days = fields.Integer(
        string="Keep Pictures (days)",
        default=30,
        help="Days that pictures of passages are kept; with an open anomaly longer. 0: for ever.",
    )
    gate_passage_days = fields.Integer(
        string="Keep Passages (days)",
        default=365,
        help="Days that passages are kept; stays and anomalies remain. 0: for ever.",
    )

    _gate_days = models.Constraint(
        "CHECK(gate_image_days >= 0 AND gate_passage_days >= 0)",
        "Pictures and passages cannot be kept for a negative number of days.",
    )
