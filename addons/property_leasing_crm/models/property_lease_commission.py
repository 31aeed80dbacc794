from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PropertyLeaseCommission(models.Model):
    """What an agent is owed for a signed lease (中介佣金): worked out once, paid by finance."""

    _name = "property.lease.commission"
    _description = "Agent Commission"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "due_date desc, id desc"

    lease_id = fields.Many2one(
        "property.lease", required=True, readonly=True, index=True, ondelete="restrict"
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Prospect",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="property_base.group_leasing",
    )
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    tenant_id = fields.Many2one(related="lease_id.partner_id", string="Tenant")
    agent_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict", tracking=True
    )
    amount = fields.Monetary(required=True, readonly=True, tracking=True)
    basis = fields.Char(readonly=True, help="How the amount comes about.")
    due_date = fields.Date(string="Due", required=True, readonly=True)
    paid_date = fields.Date(string="Paid on", readonly=True, copy=False, tracking=True)
    paid_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    state = fields.Selection(
        [("due", "To Pay"), ("paid", "Paid")], compute="_compute_state", store=True
    )

    _lease_once = models.Constraint(
        "UNIQUE(lease_id, agent_id)", "This agent has a commission for the lease already."
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A commission must be positive. Leave the agent out for none."
    )

    @api.depends("paid_date")
    def _compute_state(self):
        for one in self:
            one.state = "paid" if one.paid_date else "due"

    @api.depends("agent_id.name", "lease_id.name")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.lease_id.name} · {one.agent_id.name}"

    def action_pay(self):
        """Note that finance has paid the commissions.

        :raise UserError: when one is paid already
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("property_base.group_finance"):
            raise AccessError(self.env._("Finance pays commissions."))
        for one in self._lock_and_reread("paid_date"):
            if one.paid_date:
                raise UserError(
                    self.env._(
                        "%(commission)s was paid on %(day)s.",
                        commission=one.display_name,
                        day=one.paid_date,
                    )
                )
            # sudo: nobody writes commissions by hand; the role was checked
            one.sudo().write(
                {"paid_date": fields.Date.context_today(self), "paid_by_id": self.env.uid}
            )
        self.env["property.audit"]._log("money", self, after={"state": "paid"})
        return True
