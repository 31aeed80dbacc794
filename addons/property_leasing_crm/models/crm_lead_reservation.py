"""A space held for a prospect until a day, secured by an intention deposit (预定、定金)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLead(models.Model):
    _inherit = "crm.lead"

    space_ids = fields.One2many(
        "property.space", "reserved_lead_id", string="Reserved Spaces", readonly=True
    )
    reserved_until = fields.Date(
        readonly=True, copy=False, tracking=True, help="Afterwards the spaces are free by itself."
    )
    intention_amount = fields.Monetary(
        string="Intention Deposit",
        currency_field="company_currency",
        readonly=True,
        copy=False,
        tracking=True,
        help="Agreed for the reservation; the cashier receives it from the form of the space.",
    )
    deposit_ids = fields.One2many(
        "property.deposit",
        "lead_id",
        string="Intention Deposits",
        groups="property_base.group_cashier,property_base.group_finance,"
        "property_base.group_manager",
    )
    intention_held = fields.Monetary(
        compute="_compute_reservation",
        string="Deposit Held",
        currency_field="company_currency",
    )
    reservation_state = fields.Selection(
        [("open", "Reserved"), ("lapsed", "Reservation lapsed")],
        compute="_compute_reservation",
        search="_search_reservation_state",
        string="Reservation",
    )

    @api.depends("reserved_until", "space_ids")
    def _compute_reservation(self):
        today = fields.Date.context_today(self)
        for lead in self:
            # sudo: whoever looks after the prospect may know what is held of him
            lead_sudo = lead.sudo()
            lead.intention_held = sum(lead_sudo.deposit_ids.mapped("amount_left"))
            lead.reservation_state = False
            if lead.reserved_until and not lead_sudo.lease_id.signed_date:
                lead.reservation_state = "open" if today <= lead.reserved_until else "lapsed"

    @api.model
    def _search_reservation_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        waits = ~Domain("lease_id.signed_date", "!=", False)
        domains = {
            "open": waits & Domain("reserved_until", ">=", today),
            "lapsed": waits & Domain("reserved_until", "<", today),
        }
        domains[False] = ~domains["open"] & ~domains["lapsed"]
        return Domain.OR(domains[one] for one in value if one in domains)

    def action_reserve(self):
        """Open the wizard that reserves spaces."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_leasing_crm.property_leasing_reserve_action"
        )
        offer = self._best_offer()
        spaces = (
            self.env["property.space"].browse(self.env.context.get("reserve_space_ids"))
            or offer.line_ids.space_id
            or self.match_ids[:1]
        )
        action["context"] = {"default_lead_id": self.id, "default_space_ids": spaces.ids}
        return action

    def _reserve(self, spaces, until, amount):
        """Hold spaces for the prospect.

        :param spaces: property.space of the site
        :param until: last day
        :param amount: intention deposit to receive, yuan; 0 for none
        :raise UserError: when a space is not free
        """
        self.ensure_one()
        self.check_access("write")
        today = fields.Date.context_today(self)
        if not spaces or spaces.site_id != self.site_id:
            raise UserError(self.env._("Choose spaces of %(site)s.", site=self.site_id.name or ""))
        if until < today:
            raise UserError(self.env._("Choose a last day that is not over."))
        spaces._lock_and_reread("reserved_lead_id", "reserved_until", "reserved_for_id")
        spaces._check_reservable(self, today)
        partner = self._leasing_partner()
        self._release()
        spaces.write(
            {
                "reserved_for_id": partner.id,
                "reserved_until": until,
                "reserved_lead_id": self.id,
            }
        )
        spaces[0].reserved_deposit = amount
        # the stage is kept true by a constraint: the reservation comes first
        self.write({"reserved_until": until, "intention_amount": amount})
        self._advance("reserved")

    def action_release(self):
        """Give the reserved spaces free; a deposit is paid back or kept by a request."""
        self.check_access("write")
        for lead in self:
            lead._release()
            lead.write({"reserved_until": False})
            if lead.leasing_step == "reserved" and not lead.lease_id:
                lead.stage_id = self.env["crm.stage"]._leasing("offer")
        return True

    def _release(self):
        self.space_ids.write(
            {
                "reserved_for_id": False,
                "reserved_until": False,
                "reserved_lead_id": False,
                "reserved_deposit": 0.0,
            }
        )

    def _leasing_partner(self):
        """Return who rents: the contact, made from what is known of the prospect if there is none.

        :raise UserError: when nothing is known
        """
        self.ensure_one()
        if not self.partner_id:
            if not (self.partner_name or self.contact_name or self.brand):
                raise UserError(self.env._("Enter the company or the person who wants to rent."))
            if not (self.partner_name or self.contact_name):
                self.partner_name = self.brand
            self._handle_partner_assignment(create_missing=True)
        return self.partner_id.commercial_partner_id

    def action_set_lost(self, **additional_values):
        """Override: who gives up holds no space."""
        self.filtered("space_ids").action_release()
        return super().action_set_lost(**additional_values)
