from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_leasing.models.property_lease import CADENCES


class PropertyLeaseOffer(models.Model):
    """Terms offered to a prospect until a day (报价)."""

    _name = "property.lease.offer"
    _description = "Offer to a Prospect"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Prospect",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('site_id', '!=', False)]",
    )
    site_id = fields.Many2one(related="lead_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="site_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    valid_until = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(days=14),
    )
    line_ids = fields.One2many("property.lease.offer.line", "offer_id", string="Spaces", copy=True)
    date_from = fields.Date(
        string="Lease from",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    months = fields.Integer(
        string="Term",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=False,
        help="Months.",
    )
    rent_free_days = fields.Integer(aggregator=False, help="From the first day of the lease on.")
    step_months = fields.Integer(
        string="Step every", default=12, aggregator=False, help="Months; 0: the rent stays."
    )
    step_rate = fields.Float(
        string="Step", digits=(16, 2), aggregator=False, help="Per cent, compounding."
    )
    deposit_months = fields.Float(
        string="Deposit", default=2.0, digits=(16, 2), aggregator=False, help="Months' rent."
    )
    cadence = fields.Selection(CADENCES, string="Instalments", required=True, default="3")
    area = fields.Float(compute="_compute_amounts", digits=(16, 2), help="In m².")
    amount_month = fields.Monetary(compute="_compute_amounts", string="Rent a Month")
    note = fields.Text(string="Further Terms")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    is_expired = fields.Boolean(compute="_compute_is_expired", string="Expired")

    _terms_range = models.Constraint(
        "CHECK(months BETWEEN 1 AND 240 AND rent_free_days BETWEEN 0 AND 3650"
        " AND step_months BETWEEN 0 AND 240 AND deposit_months >= 0)",
        "A term has 1 to 240 months; rent-free days, steps and deposit cannot be negative.",
    )

    @api.depends("lead_id")
    def _compute_date_from(self):
        for offer in self:
            wanted = offer.lead_id.wanted_date or fields.Date.context_today(self)
            offer.date_from = offer.date_from or wanted
            offer.months = offer.months or offer.lead_id.term_months or 36

    @api.depends("line_ids.amount_month", "line_ids.area")
    def _compute_amounts(self):
        for offer in self:
            offer.area = sum(offer.line_ids.mapped("area"))
            offer.amount_month = sum(offer.line_ids.mapped("amount_month"))

    @api.depends("valid_until", "state")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for offer in self:
            offer.is_expired = offer.state == "sent" and offer.valid_until < today

    @api.depends("name", "lead_id.name")
    def _compute_display_name(self):
        for offer in self:
            number = offer.name if offer.name != "/" else self.env._("New Offer")
            offer.display_name = f"{number} · {offer.lead_id.name or ''}"

    @api.model
    def _method_fields(self):
        """Override: the state."""
        return super()._method_fields() | {"state"}

    @api.model_create_multi
    def create(self, vals_list):
        """Number the offers; a prospect with an offer is that far."""
        for vals in vals_list:
            if "state" in vals and not self.env.su:
                self._refuse_state()
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("property.lease.offer") or "/"
        offers = super().create(vals_list)
        offers.lead_id._advance("offer")
        return offers

    def write(self, vals):
        """Keep what was sent as it was sent."""
        if not self.env.su:
            if "state" in vals:
                self._refuse_state()
            own = {"note", "message_follower_ids", "activity_ids"}
            if vals.keys() - own and any(offer.state != "draft" for offer in self):
                raise UserError(
                    self.env._("An offer that was sent is not changed. Duplicate it instead.")
                )
        return super().write(vals)

    def _refuse_state(self):
        raise UserError(self.env._("Send the offer, or note the answer with its buttons."))

    # Steps --------------------------------------------------------------------------------------

    def action_send(self):
        """Note that the prospect has the offer.

        :raise UserError: when it offers nothing
        """
        for offer in self:
            if not offer.line_ids:
                raise UserError(self.env._("Choose the spaces that are offered."))
            if offer.line_ids.space_id.site_id != offer.site_id:
                raise UserError(self.env._("Choose spaces of %(site)s.", site=offer.site_id.name))
        return self._step("sent", "draft")

    def action_accept(self):
        """Note that the prospect accepts.

        :raise UserError: when the offer has expired
        """
        expired = self.filtered("is_expired")
        if expired:
            raise UserError(
                self.env._(
                    "%(offer)s was valid until %(day)s. Duplicate it and send it again.",
                    offer=expired[0].display_name,
                    day=expired[0].valid_until,
                )
            )
        return self._step("accepted", "sent")

    def action_decline(self):
        """Note that the prospect declines."""
        return self._step("declined", "sent")

    def _step(self, state, *before):
        self.check_access("write")
        for offer in self._lock_and_reread("state"):
            if offer.state not in before:
                raise UserError(
                    self.env._("This step is not possible now: reload the page and look again.")
                )
            # sudo: nobody writes the state by hand; the step's access was checked
            offer.sudo().state = state
        return True

    def action_print(self):
        """Print the offer."""
        return self.env.ref("property_leasing_crm.action_report_offer").report_action(self)

    def action_make_lease(self):
        """Propose the lease with these terms."""
        self.ensure_one()
        return self.lead_id.action_make_lease()

    def _prepare_lease_vals(self):
        """Prepare what the offer says about the lease."""
        self.ensure_one()
        start = self.date_from
        vals = {
            "date_from": start,
            "date_to": start + relativedelta(months=self.months, days=-1),
            "cadence": self.cadence,
            "note": self.note,
            "line_ids": [line._prepare_lease_line() for line in self.line_ids],
        }
        if self.step_months and self.step_rate:
            vals["step_ids"] = [
                (0, 0, {"repeat_months": self.step_months, "value": self.step_rate})
            ]
        if self.rent_free_days:
            last = start + relativedelta(days=self.rent_free_days - 1)
            vals["rent_free_ids"] = [(0, 0, {"date_from": start, "date_to": last})]
        if self.deposit_months:
            vals["term_ids"] = [(0, 0, {"months": self.deposit_months})]
        return vals
