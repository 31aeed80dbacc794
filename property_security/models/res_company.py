from odoo import api, fields, models


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

    visitor_walk_in_mail = fields.Boolean(
        string="Mail Households about Walk-ins",
        help="Whoever lives in a unit gets a mail about each visitor who comes without a pass. On "
        "their own page they see these visitors in any case.",
    )

    _gate_days = models.Constraint(
        "CHECK(gate_image_days >= 0 AND gate_passage_days >= 0)",
        "Pictures and passages cannot be kept for a negative number of days.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: a company has kinds and deadlines of incidents of its own."""
        companies = super().create(vals_list)
        self.env["property.incident.type"]._give(companies)
        self.env["property.incident.deadline"]._give(companies)
        return companies
