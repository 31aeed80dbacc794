from datetime import date

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: So many days before its end a lease is ending.
ENDING_DAYS = 90
#: Twenty years (Civil Code, article 705).
MOST_DAYS = 7306
STATES = [
    ("draft", "Draft"),
    ("approval", "Waiting for Approval"),
    ("approved", "To Sign"),
    ("signed", "Signed"),
    ("active", "Active"),
    ("ending", "Ending"),
    ("closed", "Ended"),
    ("terminated", "Terminated"),
    ("cancelled", "Cancelled"),
]
CADENCES = [
    ("1", "Monthly"),
    ("2", "Every 2 months"),
    ("3", "Quarterly"),
    ("6", "Half-yearly"),
    ("12", "Yearly"),
]
#: What only signing and amendments set.
SIGNED = frozenset(
    (
        *("signed_date", "terminated_date", "contract_text"),
        *("occupancy_ids", "deposit_ids", "instalment_ids"),
    )
)


class PropertyLease(models.Model):
    """Spaces let to a tenant for a term: what was agreed, and what follows from it.

    Before it is signed its schedule is a proposal; afterwards only amendments change it.
    """

    _name = "property.lease"
    _description = "Lease"
    _property_own_limits = frozenset({"date_from", "date_to"})
    _inherit = ["property.approval", "property.evidence"]
    _order = "date_from desc, id desc"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    site_id = fields.Many2one(
        "property.site",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["property.site"]._property_only_site(),
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Tenant",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    guarantor_id = fields.Many2one("res.partner", ondelete="restrict", tracking=True)
    brand = fields.Char(help="Name over the door.")
    trade = fields.Char(help="What the space is used for, such as catering.")
    user_id = fields.Many2one(
        "res.users", string="Leasing Agent", default=lambda self: self.env.user, tracking=True
    )
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(string="Until", required=True, tracking=True, help="Last day, inclusive.")
    handover_date = fields.Date(
        tracking=True, help="Day the space is handed over; the tenant is registered from then on."
    )
    cadence = fields.Selection(
        CADENCES, string="Instalments", required=True, default="3", tracking=True
    )
    timing = fields.Selection(
        [("advance", "In advance"), ("arrears", "In arrears")],
        string="Paid",
        required=True,
        default="advance",
        tracking=True,
    )
    cycle = fields.Selection(
        [("anniversary", "Anniversary"), ("calendar", "Calendar")],
        string="Instalments Follow",
        required=True,
        default="anniversary",
        tracking=True,
        help="Anniversary: months and instalments begin on the day of the first one. Calendar: "
        "with the months, and quarters with January.",
    )
    anchor_date = fields.Date(
        string="First Instalment from",
        tracking=True,
        help="Day from which instalments are counted, such as the end of the rent-free days; "
        "empty for the first day of the lease.",
    )
    due_days = fields.Integer(
        string="Days",
        tracking=True,
        aggregator=False,
        help="In advance: so many days before the first day of the instalment. In arrears: so many "
        "days after its last day.",
    )
    convention = fields.Selection(
        [("calendar_days", "Calendar days"), ("days_365", "× 365 ÷ 12 a month")],
        string="Prices per Day",
        required=True,
        default="calendar_days",
        tracking=True,
        help="How a price per m² and day becomes rent: times the days of the calendar, or times "
        "365 ÷ 12 for every whole month.",
    )
    is_vat_included = fields.Boolean(
        string="VAT Included",
        default=True,
        tracking=True,
        help="Unset: VAT is added on top of the rent.",
    )
    billing_date_from = fields.Date(
        string="Billed here from",
        tracking=True,
        help="Instalments that begin earlier were billed elsewhere, such as in the ledger that "
        "was used before. Empty: all of them are billed here.",
    )
    line_ids = fields.One2many("property.lease.line", "lease_id", string="Spaces", copy=True)
    step_ids = fields.One2many("property.lease.step", "lease_id", string="Steps", copy=True)
    rent_free_ids = fields.One2many(
        "property.lease.rent.free", "lease_id", string="Rent-free Days", copy=True
    )
    term_ids = fields.One2many(
        "property.lease.deposit", "lease_id", string="Agreed Deposits", copy=True
    )
    deposit_ids = fields.One2many("property.deposit", "lease_id", string="Deposits")
    instalment_ids = fields.One2many(
        "property.lease.instalment", "lease_id", string="Schedule", readonly=True
    )
    amendment_ids = fields.One2many("property.lease.amendment", "lease_id", string="Amendments")
    amendment_count = fields.Integer(compute="_compute_amendment_count")
    occupancy_ids = fields.Many2many("property.occupancy", readonly=True, copy=False)
    attachment_ids = fields.Many2many(string="Signed Papers", copy=False)
    signed_date = fields.Date(string="Signed on", readonly=True, copy=False, tracking=True)
    terminated_date = fields.Date(
        string="Terminated as of", readonly=True, copy=False, tracking=True
    )
    state = fields.Selection(
        STATES, compute="_compute_state", search="_search_state", help="Follows from the dates."
    )
    amount_total = fields.Monetary(
        compute="_compute_amount_total",
        store=True,
        string="Total",
        help="Of all instalments, VAT included.",
    )
    area_total = fields.Float(
        compute="_compute_area_total", store=True, digits=(16, 2), string="Area", help="In m²."
    )
    note = fields.Text(string="Further Terms")

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Another lease has this number already."
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A lease cannot end before it starts. Correct one of the two dates.",
    )
    _due_days_range = models.Constraint(
        "CHECK(due_days BETWEEN 0 AND 90)", "Rent is due 0 to 90 days before or after its days."
    )
    _term_range = models.Constraint(
        "CHECK(date_to < date_from + 7306)",
        "A lease runs for twenty years at most (Civil Code, article 705). Choose an earlier end.",
    )
    _dates_sane = models.Constraint(
        "CHECK(date_from >= DATE '1950-01-01' AND date_to < DATE '2200-01-01')",
        "A lease lies between the years 1950 and 2199. Check the dates.",
    )
    _ends_index = models.Index("(site_id, date_to) WHERE signed_date IS NOT NULL")

    # Computed ---------------------------------------------------------------------------------

    @api.depends("approval_state", "signed_date", "terminated_date", "date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for lease in self:
            lease.state = lease._state_on(today)

    def _state_on(self, day):
        """Return the state on a day: it follows from dates, so no job has to keep it."""
        self.ensure_one()
        if not self.signed_date:
            return {"submitted": "approval", "approved": "approved", "cancelled": "cancelled"}.get(
                self.approval_state, "draft"
            )
        if day > self.date_to:
            return "terminated" if self.terminated_date else "closed"
        if day < self.date_from:
            return "signed"
        return "ending" if (self.date_to - day).days < ENDING_DAYS else "active"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        soon = today + relativedelta(days=ENDING_DAYS)
        signed, proposed = Domain("signed_date", "!=", False), Domain("signed_date", "=", False)
        over = signed & Domain("date_to", "<", today)
        runs = signed & Domain("date_from", "<=", today)
        domains = {
            "draft": proposed & Domain("approval_state", "in", ("draft", "refused")),
            "approval": proposed & Domain("approval_state", "=", "submitted"),
            "approved": proposed & Domain("approval_state", "=", "approved"),
            "cancelled": proposed & Domain("approval_state", "=", "cancelled"),
            "signed": signed & Domain("date_from", ">", today),
            "active": runs & Domain("date_to", ">=", soon),
            "ending": runs & Domain("date_to", ">=", today) & Domain("date_to", "<", soon),
            "closed": over & Domain("terminated_date", "=", False),
            "terminated": over & Domain("terminated_date", "!=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("instalment_ids.amount", "instalment_ids.amount_difference")
    def _compute_amount_total(self):
        sums = {
            lease: amount + difference
            for lease, amount, difference in self.env["property.lease.instalment"]._read_group(
                [("lease_id", "in", self.ids)],
                ["lease_id"],
                ["amount:sum", "amount_difference:sum"],
            )
        }
        for lease in self:
            lease.amount_total = sums.get(lease._origin, 0.0)

    @api.depends("line_ids.area", "line_ids.unit_id", "line_ids.date_to")
    def _compute_area_total(self):
        for lease in self:
            areas = {line.unit_id: line.area for line in lease.line_ids if not line.date_to}
            lease.area_total = sum(areas.values())

    @api.depends("amendment_ids")
    def _compute_amendment_count(self):
        for lease in self:
            lease.amendment_count = len(lease.amendment_ids)

    @api.depends("name", "brand", "partner_id.name")
    def _compute_display_name(self):
        for lease in self:
            number = lease.name if lease.name != "/" else self.env._("New Lease")
            lease.display_name = " · ".join(
                filter(None, (number, lease.brand or lease.partner_id.name))
            )

    @api.onchange("date_from")
    def _onchange_date_from(self):
        """Propose a year; an end that was chosen stays."""
        if self.date_from and not self.date_to:
            self.date_to = self.date_from + relativedelta(years=1, days=-1)

    # Writing ----------------------------------------------------------------------------------

    @api.model
    def _method_fields(self):
        """Override: what signing and amendments set."""
        return super()._method_fields() | SIGNED

    @api.model_create_multi
    def create(self, vals_list):
        """Number the leases and propose their schedules."""
        self._refuse_steps(vals_list)
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = sequence.next_by_code("property.lease") or "/"
        leases = super().create(vals_list)
        leases._reschedule()
        return leases

    def copy_data(self, default=None):
        """Override: spaces that were given back stay with the lease that gave them back."""
        vals_list = super().copy_data(default)
        for lease, vals in zip(self, vals_list, strict=True):
            if "line_ids" not in (default or {}) and "line_ids" in vals:
                vals["line_ids"] = [
                    command
                    for line, command in zip(lease.line_ids, vals["line_ids"], strict=True)
                    if not line.date_to
                ]
        return vals_list

    def write(self, vals):
        """Propose the schedule anew while the lease is a proposal."""
        self._refuse_steps([vals])
        result = super().write(vals)
        if not vals.keys().isdisjoint(self._schedule_fields()):
            self._reschedule()
        return result

    def _approval_free_fields(self):
        """Override: neither papers nor the agent are what was submitted and approved."""
        return super()._approval_free_fields() | {"attachment_ids", "user_id"}

    def _refuse_steps(self, vals_list):
        """Refuse values that only signing and amendments set.

        :raise UserError: when a user writes one of them
        """
        if not self.env.su and any(SIGNED & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._("Sign or amend the lease: its schedule and state follow from that.")
            )

    @api.model
    def _schedule_fields(self):
        """Return the names of the fields that the schedule follows from."""
        return {
            *("date_from", "date_to", "cadence", "timing", "cycle", "anchor_date", "due_days"),
            *("convention", "is_vat_included", "line_ids", "step_ids", "rent_free_ids"),
            "partner_id",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(lease.signed_date for lease in self):
            raise UserError(self.env._("A signed lease stays on file. Amend it to end it."))

    # Views ------------------------------------------------------------------------------------

    def action_view_charges(self):
        """Open what was billed of the lease."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        fees = self.sudo().line_ids.fee_id.ids  # sudo: ids for a domain that rules narrow
        return {**action, "domain": [("fee_id", "in", fees)], "context": {}}

    def action_view_amendments(self):
        """Open the amendments of the lease."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_leasing.property_lease_amendment_action"
        )
        return {**action, "domain": [("lease_id", "=", self.id)], "context": {}}

    def action_amend(self):
        """Open a new amendment.

        :raise UserError: when the lease is not signed
        """
        self.ensure_one()
        if not self.signed_date:
            raise UserError(self.env._("Only a signed lease is amended. Edit this one instead."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Amendment"),
            "res_model": "property.lease.amendment",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_lease_id": self.id},
        }

    def _tenant_on(self, day):
        """Return the tenant of a day: assignments change him from their day on."""
        self.ensure_one()
        moves = self.amendment_ids.filtered(
            lambda one: one.kind == "tenant" and one.approval_state == "approved"
        ).sorted("date")
        tenant = moves[:1].old_partner_id or self.partner_id
        for move in moves:
            if move.date <= day:
                tenant = move.partner_id
        return tenant

    def _tenant_times(self, first):
        """Return whose the lease is from a day on: list of (first day, last day, res.partner)."""
        self.ensure_one()
        later = sorted(day for day in self._cuts() if day > first)
        starts = [first, *later]
        ends = [day - relativedelta(days=1) for day in later] + [self.date_to]
        return [(*days, self._tenant_on(days[0])) for days in zip(starts, ends, strict=True)]

    def _day_before(self):
        """Return the day before the lease begins."""
        self.ensure_one()
        return self.date_from - relativedelta(days=1) if self.date_from else date.min
