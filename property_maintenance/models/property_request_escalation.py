from odoo import fields, models


class PropertyRequestEscalation(models.Model):
    """That a link of the chain was used for a request, once since it was (re)opened."""

    _name = "property.request.escalation"
    _description = "Escalation of a Request"
    _order = "at desc, id desc"

    request_id = fields.Many2one(
        "maintenance.request", required=True, index=True, ondelete="cascade", readonly=True
    )
    site_id = fields.Many2one(related="request_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    rule_id = fields.Many2one(
        "property.escalation.rule", required=True, ondelete="cascade", readonly=True
    )
    round = fields.Integer(readonly=True, help="How often the request had been reopened.")
    at = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)

    _once = models.Constraint(
        "UNIQUE(request_id, rule_id, round)", "This escalation was already made."
    )
