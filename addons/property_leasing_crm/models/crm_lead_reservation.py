"""A space held for a prospect until a day, secured by an intention deposit (预定、定金)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.sharing import shared


class CrmLead(models.Model):
    _inherit = "crm.lead"

    space_ids = fields.One2many(
        "property.space", "reserved_lead_id", string="Reserved Spaces", readonly=True
    )
    reservation_ids = fields.One2many(
        "property.space.reservation", "lead_id", string="Reservations", readonly=True
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

    def _reserve(self, spaces, until, amount, waits=False):
        """Hold spaces for the prospect, besides those he holds already.

        :param spaces: property.space of the site
        :param until: last day
        :param amount: intention deposit to receive for these spaces, yuan; 0 for none
        :param waits: let him wait in line for spaces that others hold
        :raise UserError: when a space is not free
        """
        self.ensure_one()
        self.check_access("write")
        today = fields.Date.context_today(self)
        if not spaces or spaces.site_id != self.site_id:
            raise UserError(self.env._("Choose spaces of %(site)s.", site=self.site_id.name or ""))
        if until < today:
            raise UserError(self.env._("Choose a last day that is not over."))
        if amount < 0:
            raise UserError(self.env._("A deposit cannot be negative. Enter 0 for none."))
        spaces._lock_and_reread("reserved_lead_id", "reserved_until", "reserved_for_id")
        spaces._hand_to_next()  # whoever waits comes first
        amounts = self._deposit_shares(spaces, amount)
        taken = spaces._held_by_others(self, today) if waits else spaces.browse()
        (spaces - taken)._check_reservable(self, today)
        self._wait_for({space: amounts[space] for space in taken}, (until - today).days)
        self._hold({space: amounts[space] for space in spaces - taken}, until)

    def _deposit_shares(self, spaces, amount):
        """Share a deposit among spaces by their asking rents: dict space -> yuan."""
        parts = shared(
            self.company_currency.round(amount),
            [space.price_month for space in spaces],
            self.company_currency.decimal_places,
        )
        return dict(zip(spaces, parts, strict=True))

    def _hold(self, amounts, until):
        """Hold spaces until a day.

        :param amounts: dict property.space -> intention deposit to receive for it
        """
        if not amounts:
            return
        partner = self._leasing_partner()
        for space, amount in amounts.items():
            space.write(
                {
                    "reserved_for_id": partner.id,
                    "reserved_until": until,
                    "reserved_lead_id": self.id,
                    "reserved_deposit": amount,
                }
            )
        # the stage is kept true by a constraint: the reservation comes first
        self._follow_spaces()
        self._advance("reserved")

    def _wait_for(self, amounts, hold_days):
        """Put the prospect in line for spaces that others hold."""
        today = fields.Date.context_today(self)
        # sudo: the record follows from the step, which the user may take
        rows_sudo = self.env["property.space.reservation"].sudo()
        known_sudo = rows_sudo.search([("lead_id", "=", self.id), ("step", "=", "waiting")])
        rows_sudo.create(
            [
                {
                    "space_id": space.id,
                    "partner_id": self._leasing_partner().id,
                    "lead_id": self.id,
                    "date_from": today,
                    "date_to": fields.Date.add(today, days=hold_days),
                    "hold_days": hold_days,
                    "amount": amount,
                    "step": "waiting",
                }
                for space, amount in amounts.items()
                if space not in known_sudo.space_id
            ]
        )

    def _follow_spaces(self):
        """Show on the prospect until when and for which deposit spaces are held."""
        for lead in self:
            lead.invalidate_recordset(["space_ids"])
            today = fields.Date.context_today(lead)
            held = lead.space_ids.filtered(lambda one, day=today: one.reserved_until >= day)
            lead.write(
                {
                    "reserved_until": max(held.mapped("reserved_until"), default=False),
                    "intention_amount": sum(held.mapped("reserved_deposit")),
                }
            )

    def action_release(self):
        """Give the reserved spaces free; a deposit is paid back or kept by a request."""
        self.check_access("write")
        for lead in self:
            spaces = lead.space_ids
            lead._release()
            lead.write({"reserved_until": False, "intention_amount": 0.0})
            spaces._hand_to_next()
            if lead.leasing_step == "reserved" and not lead.lease_id:
                lead.stage_id = self.env["crm.stage"]._leasing("offer")
        return True

    def _release(self, step="released"):
        """Give the spaces free and leave every line.

        :param step: how the reservations end: "released" or "let"
        """
        # sudo: records follow from the step, which the user may take
        rows_sudo = self.sudo().reservation_ids
        rows_sudo.filtered(lambda one: one.state == "held")._end(step)
        rows_sudo.filtered(lambda one: one.step == "waiting")._end("withdrawn")
        self.space_ids.write(
            {
                "reserved_for_id": False,
                "reserved_until": False,
                "reserved_lead_id": False,
                "reserved_deposit": 0.0,
            }
        )

    def _missing_deposits(self):
        """Return what is still to be received for each space: dict id -> yuan.

        What was received for a space counts for that space first; what is more than it asks, or
        was received for a space that is not held any more, counts for the others in their order.
        """
        self.ensure_one()
        deposits = self.deposit_ids.filtered(lambda one: one.state != "void")
        received = {
            unit: sum(own.mapped("amount")) for unit, own in deposits.grouped("unit_id").items()
        }
        spaces = self.space_ids.sorted()
        missing = {one: one.reserved_deposit - received.pop(one.unit_id, 0.0) for one in spaces}
        spare = sum(received.values()) - sum(more for more in missing.values() if more < 0)
        result = {}
        for space, amount in missing.items():
            part = min(max(amount, 0.0), spare)
            spare -= part
            result[space.id] = self.company_currency.round(max(amount, 0.0) - part)
        return result

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
        # sudo: as above
        self.filtered(
            lambda lead: lead.space_ids or "waiting" in lead.sudo().reservation_ids.mapped("step")
        ).action_release()
        return super().action_set_lost(**additional_values)
