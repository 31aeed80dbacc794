from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

STEPS = ("prospect", "visit", "offer", "reserved", "signed")


class CrmLead(models.Model):
    """A lead with a site is a prospect who looks for space there (招商线索)."""

    _inherit = "crm.lead"

    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._default_site_id(),
        help="Where space is looked for. Set: the lead is a leasing prospect.",
    )
    leasing_step = fields.Selection(related="stage_id.leasing_step", store=True)
    brand = fields.Char(tracking=True, help="Name over the door.")
    trade = fields.Char(tracking=True, help="What the space is to be used for, such as catering.")
    area_from = fields.Float(
        string="Area from", digits=(16, 2), aggregator=False, help="Smallest area in m²."
    )
    area_to = fields.Float(
        string="Area to", digits=(16, 2), aggregator=False, help="Largest area in m²."
    )
    budget = fields.Monetary(
        string="Budget a Month", currency_field="company_currency", tracking=True
    )
    floor_from = fields.Integer(string="Floor from", aggregator=False, help="0: any floor.")
    floor_to = fields.Integer(aggregator=False, help="0: any floor.")
    wanted_date = fields.Date(string="Wanted from", tracking=True)
    term_months = fields.Integer(string="Months", default=36, aggregator=False)
    offer_ids = fields.One2many("property.lease.offer", "lead_id", string="Offers")
    visit_count = fields.Integer(compute="_compute_counts", string="Visits")
    offer_count = fields.Integer(compute="_compute_counts", string="Number of Offers")
    agent_id = fields.Many2one(
        "res.partner", ondelete="restrict", tracking=True, help="Who is paid a commission."
    )
    commission_kind = fields.Selection(
        [("rent", "Per cent of some months' rent"), ("amount", "Amount")],
        string="Commission",
        default="rent",
        tracking=True,
    )
    commission_months = fields.Float(
        string="Months' Rent", default=1.0, digits=(16, 2), aggregator=False, tracking=True
    )
    commission_rate = fields.Float(
        string="Per Cent", default=100.0, digits=(16, 2), aggregator=False, tracking=True
    )
    commission_amount = fields.Monetary(
        currency_field="company_currency",
        aggregator=False,
        tracking=True,
    )

    _wishes_not_negative = models.Constraint(
        "CHECK(area_from >= 0 AND area_to >= 0 AND budget >= 0 AND term_months >= 0)",
        "Area, budget and months cannot be negative. Enter 0 where there is no wish.",
    )
    _commission_not_negative = models.Constraint(
        "CHECK(commission_months >= 0 AND commission_rate >= 0 AND commission_amount >= 0)",
        "A commission cannot be negative. Enter 0 for none.",
    )

    @api.model
    def _default_site_id(self):
        if self.env.context.get("leasing_prospects"):
            return self.env["property.site"]._property_only_site()
        return False

    # Overrides of `crm`: prospects have a team and stages of their own --------------------------

    @api.depends("site_id")
    def _compute_team_id(self):
        """Override: prospects belong to the leasing team, whoever looks after them."""
        prospects = self.filtered("site_id")
        prospects.team_id = self.env.ref("property_leasing_crm.team_leasing")
        return super(CrmLead, self - prospects)._compute_team_id()

    @api.depends("site_id")
    def _compute_company_id(self):
        """Override: prospects belong to the company of the site."""
        prospects = self.filtered("site_id")
        for prospect in prospects:
            prospect.company_id = prospect.site_id.company_id
        return super(CrmLead, self - prospects)._compute_company_id()

    @api.depends("brand", "site_id")
    def _compute_name(self):
        """Override: a prospect is called by the brand."""
        named = self.filtered(lambda lead: lead.site_id and lead.brand)
        for prospect in named:
            prospect.name = prospect.brand
        return super(CrmLead, self - named)._compute_name()

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Override: a prospect goes through the stages of leasing only."""
        if self and all(lead.site_id for lead in self):
            own = Domain("leasing_step", "!=", False) & Domain(domain or Domain.TRUE)
            return self.env["crm.stage"].search(own, order=order, limit=limit)
        return super()._stage_find(team_id=team_id, domain=domain, order=order, limit=limit)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Override: the board of prospects has the columns of leasing only."""
        if self.env.context.get("leasing_prospects"):
            return stages.search([("leasing_step", "!=", False)])
        return super()._read_group_stage_ids(stages, domain)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a prospect is an opportunity, whatever else the company calls a lead."""
        for vals in vals_list:
            if vals.get("site_id"):
                vals["type"] = "opportunity"
                if not vals.get("name"):
                    vals["name"] = self._name_of(vals)
                if "iap_enrich_done" in self._fields:
                    # a prospect's address is not sent to a service that looks companies up
                    vals["iap_enrich_done"] = True
        return super().create(vals_list)

    def _name_of(self, vals):
        known = (vals.get(name) for name in ("brand", "partner_name", "contact_name"))
        return next(filter(None, known), self.env._("Prospect"))

    def write(self, vals):
        """Override: nobody moves a prospect to a site that is not his."""
        result = super().write(vals)
        if "site_id" in vals:
            self.check_access("write")
        return result

    @api.constrains("area_from", "area_to", "floor_from", "floor_to")
    def _check_wishes(self):
        for lead in self:
            if lead.area_to and lead.area_from > lead.area_to:
                raise ValidationError(
                    self.env._("The smallest area is larger than the largest. Correct one of them.")
                )

    @api.constrains("stage_id", "site_id")
    def _check_leasing_stage(self):
        """Keep the stages true: a reservation and a signed lease are made, not dragged."""
        for lead in self:
            step = lead.stage_id.leasing_step
            if step and not lead.site_id:
                raise ValidationError(
                    self.env._("Say on which site %(lead)s looks for space.", lead=lead.name)
                )
            # sudo: whether a lease is signed shows in the stage, whoever reads leases
            lease_sudo = lead.sudo().lease_id
            if step == "signed" and not lease_sudo.signed_date:
                raise ValidationError(
                    self.env._(
                        "%(lead)s has signed nothing yet. Make the lease and sign it: the "
                        "prospect follows by itself.",
                        lead=lead.name,
                    )
                )
            if step == "reserved" and not lead.space_ids and not lease_sudo:
                raise ValidationError(
                    self.env._(
                        "Nothing is reserved for %(lead)s. Press Reserve and choose the space.",
                        lead=lead.name,
                    )
                )

    @api.depends("calendar_event_ids", "offer_ids")
    def _compute_counts(self):
        visits = dict(
            self.env["calendar.event"]._read_group(
                [("opportunity_id", "in", self.ids)], ["opportunity_id"], ["__count"]
            )
        )
        for lead in self:
            lead.visit_count = visits.get(lead._origin, 0)
            lead.offer_count = len(lead.offer_ids)

    # Steps --------------------------------------------------------------------------------------

    def _advance(self, step):
        """Move prospects on to a step; whoever is further stays there."""
        stage = self.env["crm.stage"]._leasing(step)
        order = {name: index for index, name in enumerate(STEPS)}
        behind = self.filtered(
            lambda lead: lead.site_id and order.get(lead.leasing_step, 0) < order[step]
        )
        behind.stage_id = stage

    def action_plan_visit(self):
        """Open a new visit in the calendar, with the spaces that suit best."""
        self.ensure_one()
        spaces = self.env["property.space"].browse(self.env.context.get("visit_space_ids"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visit"),
            "res_model": "calendar.event",
            "views": [(False, "form")],
            "context": {
                "default_opportunity_id": self.id,
                "default_name": self.env._("Visit: %(who)s", who=self.name),
                "default_partner_ids": (self.env.user.partner_id | self.partner_id).ids,
                "default_space_ids": (spaces or self.match_ids[:2]).ids,
                "default_location": self.site_id.name,
            },
        }

    def action_view_visits(self):
        """Open the visits of the prospect."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": "calendar.event",
            "views": [(False, "list"), (False, "calendar"), (False, "form")],
            "domain": [("opportunity_id", "=", self.id)],
            "context": {"default_opportunity_id": self.id},
        }

    def action_view_offers(self):
        """Open the offers made to the prospect."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_leasing_crm.property_lease_offer_action"
        )
        return {
            **action,
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id},
        }

    def action_new_offer(self):
        """Open a new offer of the spaces that suit best.

        :raise UserError: when the site is not known
        """
        self.ensure_one()
        if not self.site_id:
            raise UserError(self.env._("Say on which site space is looked for."))
        spaces = self.env["property.space"].browse(self.env.context.get("offer_space_ids"))
        lines = [
            (0, 0, {"space_id": space.id, "price": space.price, "pricing": space.pricing})
            for space in spaces or self.match_ids[:1]
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Offer"),
            "res_model": "property.lease.offer",
            "views": [(False, "form")],
            "context": {"default_lead_id": self.id, "default_line_ids": lines},
        }
