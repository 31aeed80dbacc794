from odoo import api, fields, models

from .visitor_words import RULE_KINDS


class PropertyVisitorRule(models.Model):
    """What a site asks of one kind of visitor, or of things carried out."""

    _name = "property.visitor.rule"
    _description = "Visitor Rule"
    _inherit = ["property.scoped"]
    _order = "site_id, kind, id"
    _rec_name = "kind"

    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    kind = fields.Selection(RULE_KINDS, required=True)
    needs_approval = fields.Boolean(
        string="Service Approves", help="Nobody comes in before customer service has agreed."
    )
    days_max = fields.Integer(
        string="Longest (days)", required=True, default=31, help="Longest validity of a pass."
    )
    opens_doors = fields.Boolean(
        default=True,
        help="Codes open the doors that let visitors in. Off: these visitors see the guard.",
    )
    stay_hours = fields.Integer(
        string="Walk-in Stays (h)",
        required=True,
        default=4,
        help="Hours after which a walk-in who has not left counts as staying too long.",
    )

    _kind_unique = models.Constraint(
        "UNIQUE(site_id, kind)", "This site has a rule of this kind already. Change that one."
    )
    _numbers_possible = models.Constraint(
        "CHECK(days_max BETWEEN 1 AND 366 AND stay_hours BETWEEN 1 AND 72)",
        "A pass lasts 1 to 366 days, and a walk-in stays 1 to 72 hours.",
    )

    @api.model
    def _of(self, site, kind):
        """Return the rule of a site; a site without one has the defaults.

        :param site: property.site
        :param str kind: key of RULE_KINDS
        :return: property.visitor.rule, not stored when there is none
        """
        # sudo: residents do not read rules, and what they ask for follows them
        rule_sudo = self.sudo().search([("site_id", "=", site.id), ("kind", "=", kind)])
        return rule_sudo or self.sudo().new({"site_id": site.id, "kind": kind})
