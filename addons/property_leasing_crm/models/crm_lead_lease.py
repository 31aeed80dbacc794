"""From a prospect to a lease: terms of the offer, deposit carried over, commission due."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    lease_id = fields.Many2one(
        "property.lease", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    commission_ids = fields.One2many(
        "property.lease.commission", "lead_id", string="Commissions Owed", readonly=True
    )
    days_to_sign = fields.Integer(
        compute="_compute_days_to_sign",
        store=True,
        aggregator="avg",
        help="Days from the first contact to the signature.",
    )

    @api.depends("lease_id.signed_date", "create_date")
    def _compute_days_to_sign(self):
        for lead in self:
            # sudo: the day of the signature, whoever reads leases
            signed = lead.sudo().lease_id.signed_date
            lead.days_to_sign = signed and max((signed - lead.create_date.date()).days, 0)

    def _best_offer(self):
        """Return the offer that was accepted, else the last one sent, else the last one."""
        self.ensure_one()
        order = {"accepted": 0, "sent": 1, "draft": 2, "declined": 3}
        return self.offer_ids.sorted(lambda one: (order[one.state], -(one.id or 0)))[:1]

    def action_make_lease(self):
        """Propose the lease with the terms of the offer, and open it.

        :raise UserError: when there is a lease already, or no space is known
        """
        self.ensure_one()
        self.check_access("write")
        if not self.lease_id or self.lease_id.state == "cancelled":
            self._lock_lead()
            # the lease ties itself to the prospect
            self.lease_id = self.env["property.lease"].create(self._prepare_lease_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.lease",
            "res_id": self.lease_id.id,
            "views": [(False, "form")],
        }

    def _lock_lead(self):
        if not self.try_lock_for_update():
            raise UserError(self.env._("Somebody works on this prospect. Try again in a moment."))

    def _prepare_lease_vals(self):
        """Prepare the lease: from the offer, else from the reserved spaces."""
        offer = self._best_offer().filtered(lambda one: one.state != "declined")
        spaces = offer.line_ids.space_id or self.space_ids
        if not spaces:
            raise UserError(self.env._("Make an offer or reserve a space first."))
        first, last = self._wanted_days()
        vals = {
            "site_id": self.site_id.id,
            "partner_id": self._leasing_partner().id,
            "brand": self.brand,
            "trade": self.trade,
            "user_id": self.user_id.id or self.env.uid,
            "lead_id": self.id,
        }
        if offer:
            return {**vals, **offer._prepare_lease_vals()}
        lines = [
            (0, 0, {"unit_id": one.unit_id.id, "price": one.price, "pricing": one.pricing})
            for one in spaces
        ]
        return {**vals, "date_from": first, "date_to": last, "line_ids": lines}

    # Signing ------------------------------------------------------------------------------------

    def _on_lease_signed(self):
        """Close the prospect: the deposit secures the lease, the commission is due."""
        for lead in self:
            lead._carry_deposit()
            lead._release("let")
            lead._create_commission()
            lead._advance("signed")

    def _carry_deposit(self):
        """Let what is held of the tenant count as the deposit the lease asks for."""
        term = self.lease_id.term_ids[:1]
        own = self.deposit_ids.filtered(
            lambda one: (
                one.amount_left
                and one.commercial_partner_id == self.lease_id.partner_id.commercial_partner_id
            )
        )
        if not own or not term:
            return
        own.write(
            {
                "lease_term_id": term.id,
                "type_id": self.company_id._lease_deposit_type().id,
                "note": f"{self.lease_id.name} {term.name}",
            }
        )
        self.env["property.audit"]._log(
            "money", own, after={"lease_term_id": f"{self.lease_id.name} {term.name}"}
        )

    def _create_commission(self):
        amount, basis = self._commission()
        if self.agent_id and amount:
            self.env["property.lease.commission"].create(
                {
                    "lead_id": self.id,
                    "lease_id": self.lease_id.id,
                    "agent_id": self.agent_id.id,
                    "amount": amount,
                    "basis": basis,
                    "due_date": self.lease_id.signed_date,
                }
            )

    def _commission(self):
        """Work the commission out.

        :return: (amount, the sentence that explains it)
        """
        self.ensure_one()
        if self.commission_kind == "amount":
            return self.commission_amount, self.env._("As agreed")
        rents = self.lease_id.line_ids.filtered("is_rent")
        month = sum(float(line._first_month_rent()) for line in rents)
        amount = self.company_currency.round(
            month * self.commission_months * self.commission_rate / 100
        )
        return amount, self.env._(
            "%(rate)s %% of %(months)s months' rent of %(month)s",
            rate=f"{self.commission_rate:g}",
            months=f"{self.commission_months:g}",
            month=f"{month:,.2f}",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lease_or_deposit(self):
        # sudo: money and leases keep their prospect, whoever sees them
        if any(lead.lease_id or lead.deposit_ids for lead in self.sudo()):
            raise UserError(
                self.env._(
                    "This prospect has a lease or a deposit and stays. Mark it lost instead."
                )
            )
