from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertySpace(models.Model):
    _inherit = "property.space"

    reserved_lead_id = fields.Many2one(
        "crm.lead",
        string="Prospect",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="property_base.group_leasing",
    )
    reserved_deposit = fields.Monetary(
        string="Intention Deposit", readonly=True, copy=False, help="Agreed for the reservation."
    )
    reserved_missing = fields.Monetary(
        compute="_compute_reserved_missing", string="Deposit Missing"
    )
    match_score = fields.Integer(
        compute="_compute_match", string="Score", help="How well it suits the prospect, out of 100."
    )
    match_note = fields.Char(compute="_compute_match", string="Points")

    @api.depends("reserved_deposit", "reserved_lead_id.deposit_ids")
    def _compute_reserved_missing(self):
        # sudo: the cashier takes the deposit without reading prospects
        missing = {}
        for lead_sudo in self.sudo().reserved_lead_id:
            missing |= lead_sudo._missing_deposits()
        for space in self:
            space.reserved_missing = missing.get(space._origin.id, 0.0)

    @api.depends_context("leasing_lead_id")
    def _compute_match(self):
        lead = self.env["crm.lead"].browse(self.env.context.get("leasing_lead_id"))
        for space in self:
            points = lead and space.area is not None and lead._match(space)
            space.match_score = points and points["total"]
            space.match_note = points and self.env._(
                "area %(area)s, rent %(budget)s, trade %(trade)s, floor %(floor)s", **points
            )

    def write(self, vals):
        """Override: another reservation by hand is not the prospect's."""
        by_hand = "reserved_for_id" in vals and "reserved_lead_id" not in vals
        if by_hand:
            vals = {**vals, "reserved_lead_id": False, "reserved_deposit": 0.0}
            if vals["reserved_for_id"]:
                self._hand_to_next()  # whoever waits comes first
        result = super().write(vals)
        if by_hand and not vals["reserved_for_id"]:
            self._hand_to_next()
        return result

    def _held_by_others(self, lead, day):
        """Return the spaces that somebody else holds on a day."""
        return self.filtered(
            lambda space: (
                space.reserved_until
                and space.reserved_until >= day
                and space.reserved_lead_id != lead
            )
        )

    def _check_reservable(self, lead, day):
        """Refuse spaces that others hold, that are let, or that are off the market.

        :raise UserError: naming the space
        """
        for space in self._held_by_others(lead, day):
            raise UserError(
                self.env._(
                    "%(space)s is reserved for %(who)s until %(day)s. Choose another space, or let "
                    "the prospect wait in line.",
                    space=space.display_name,
                    who=space.reserved_for_id.name,
                    day=space.reserved_until,
                )
            )
        taken = self - lead._free_spaces()
        if taken:
            raise UserError(
                self.env._(
                    "%(space)s is not free on the wanted days. Choose another space or day.",
                    space=taken[0].display_name,
                )
            )

    def action_receive_intention(self):
        """Open the desk for what is missing of the intention deposit.

        :raise UserError: when the space is not reserved any more
        """
        self.ensure_one()
        if self.state != "reserved" or not self.reserved_missing:
            raise UserError(self.env._("No deposit is awaited for this space now."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_deposit_receive_action"
        )
        action["context"] = {
            "default_unit_id": self.unit_id.id,
            "default_partner_id": self.reserved_for_id.id,
            "default_type_id": self.company_id._lease_intention_type().id,
            "default_amount": self.reserved_missing,
            "default_note": self.display_name,
            "default_space_id": self.id,
        }
        return action

    def _lead_in_context(self):
        lead = self.env["crm.lead"].browse(self.env.context.get("leasing_lead_id"))
        if not lead:
            raise UserError(self.env._("Open the prospect first, and choose the space there."))
        return lead

    def action_offer_to_lead(self):
        """Open an offer of the space to the prospect it is shown for."""
        lead = self._lead_in_context()
        return lead.with_context(offer_space_ids=self.ids).action_new_offer()

    def action_visit_with_lead(self):
        """Plan a visit of the space with the prospect it is shown for."""
        lead = self._lead_in_context()
        return lead.with_context(visit_space_ids=self.ids).action_plan_visit()

    def action_reserve_for_lead(self):
        """Reserve the space for the prospect it is shown for."""
        lead = self._lead_in_context()
        return lead.with_context(reserve_space_ids=self.ids).action_reserve()

    def action_view_prospects(self):
        """Open the prospects to whom the space was offered or shown."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_leasing_crm.crm_lead_prospect_action"
        )
        domain = Domain("offer_ids.line_ids.space_id", "=", self.id) | Domain(
            "calendar_event_ids.space_ids", "=", self.id
        )
        return {**action, "domain": list(domain & Domain("site_id", "!=", False))}
