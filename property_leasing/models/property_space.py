from odoo import api, fields, models
from odoo.fields import Domain

from .property_lease import ENDING_DAYS
from .property_lease_line import PRICINGS

STATES = [
    ("vacant", "Vacant"),
    ("reserved", "Reserved"),
    ("leased", "Leased"),
    ("ending", "Ending"),
    ("off_market", "Off Market"),
]


class PropertySpace(models.Model):
    """A unit the company lets: its status follows from leases, reservations and dates."""

    _name = "property.space"
    _description = "Space to Let"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "site_id, unit_sort_key, id"
    _rec_names_search = ["unit_id.code", "name"]

    unit_id = fields.Many2one(
        "property.unit",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain="[('kind', '!=', 'public')]",
    )
    unit_sort_key = fields.Char(related="unit_id.sort_key", store=True, string="Unit Order")
    name = fields.Char(help="What people call it, such as the corner shop.")
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    building_id = fields.Many2one(related="unit_id.building_id", store=True)
    floor = fields.Integer(related="unit_id.floor", store=True, aggregator=False)
    kind = fields.Selection(related="unit_id.kind")
    area = fields.Float(
        related="unit_id.area_billable", store=True, digits=(16, 2), string="Area", help="In m²."
    )
    price = fields.Float(string="Asking Rent", digits=(16, 4), tracking=True, aggregator=False)
    pricing = fields.Selection(PRICINGS, string="Priced", required=True, default="m2_day")
    trade = fields.Char(string="Suits", help="Trades it suits, such as catering with a flue.")
    image_1920 = fields.Image(string="Photo", max_width=1920, max_height=1920)
    image_512 = fields.Image(
        related="image_1920", max_width=512, max_height=512, store=True, string="Small Photo"
    )
    plan = fields.Image(string="Floor Plan", max_width=1920, max_height=1920)
    off_from = fields.Date(string="Off Market from", tracking=True)
    off_to = fields.Date(
        string="Off Market until", tracking=True, help="Last day; empty until further notice."
    )
    date_from = fields.Date(
        string="Exists from",
        readonly=True,
        copy=False,
        help="Day it was made of other spaces; empty: it was always there.",
    )
    date_to = fields.Date(
        string="Existed until",
        readonly=True,
        copy=False,
        help="Last day; afterwards other spaces were made of it.",
    )
    reserved_from = fields.Date(readonly=True, copy=False)
    reserved_for_id = fields.Many2one(
        "res.partner", string="Reserved for", ondelete="restrict", tracking=True
    )
    reserved_until = fields.Date(
        tracking=True, help="Last day of the reservation; afterwards the space is free by itself."
    )
    state = fields.Selection(
        STATES, compute="_compute_state", search="_search_state", string="Status"
    )
    lease_id = fields.Many2one("property.lease", compute="_compute_state")
    lease_name = fields.Char(compute="_compute_state", string="Let to")
    vacant_from = fields.Date(compute="_compute_state", help="Day after the lease that runs.")
    active = fields.Boolean(default=True)
    note = fields.Text(string="Notes")

    _unit_once = models.Constraint("UNIQUE(unit_id)", "This unit is a space to let already.")
    _price_not_negative = models.Constraint(
        "CHECK(price >= 0)", "The asking rent cannot be negative."
    )
    _off_dates_ordered = models.Constraint(
        "CHECK(off_to IS NULL OR off_from IS NOT NULL AND off_to >= off_from)",
        "Say from which day the space is off the market, and an end that is not earlier.",
    )
    _reservation_whole = models.Constraint(
        "CHECK((reserved_for_id IS NULL) = (reserved_until IS NULL))",
        "A reservation has both: for whom, and until which day.",
    )

    @api.depends("unit_id.code", "name")
    def _compute_display_name(self):
        for space in self:
            space.display_name = " ".join(filter(None, (space.unit_id.code, space.name)))

    @api.depends("off_from", "off_to", "reserved_until", "unit_id", "date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        lines = self._lines_on(today)
        for space in self:
            own = lines.get(space.unit_id.id, lines[None])
            lease, last = own.lease_id[:1], own._last_day()
            space.lease_id = lease
            space.lease_name = lease.brand or lease.partner_id.name
            space.vacant_from = fields.Date.add(last, days=1) if last else False
            space.state = space._state_on(today, lease, last)

    def _state_on(self, day, lease, last=None):
        """Return the status on a day.

        :param lease: property.lease that runs on the day, or none
        :param last: last day it has the space; that of the lease if empty
        """
        if not self._exists_on(day):
            return "off_market"
        if lease:
            left = ((last or lease.date_to) - day).days
            return "ending" if left < ENDING_DAYS else "leased"
        if self.off_from and self.off_from <= day and (not self.off_to or day <= self.off_to):
            return "off_market"
        return "reserved" if self._holder_on(day)[0] else "vacant"

    def _holder_on(self, day):
        """Return for whom the space is reserved on a day, and until when; a hook.

        :return: (res.partner, date), both empty when nobody holds it
        """
        self.ensure_one()
        if self.reserved_until and (self.reserved_from or day) <= day <= self.reserved_until:
            return self.reserved_for_id, self.reserved_until
        return self.reserved_for_id.browse(), None

    @api.model
    def _held_domain(self, today):
        """Return the domain of spaces that are reserved today; a hook."""
        return Domain("reserved_until", ">=", today)

    @api.model_create_multi
    def create(self, vals_list):
        """Remember from which day on a space is reserved."""
        for vals in vals_list:
            self._add_reserved_from(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Remember from which day on a space is reserved."""
        return super().write(self._add_reserved_from(dict(vals)))

    def _add_reserved_from(self, vals):
        if "reserved_for_id" in vals:
            vals["reserved_from"] = vals["reserved_for_id"] and fields.Date.context_today(self)
        return vals

    @api.model
    def _lease_domain(self, day):
        """Return the domain of the lines of leases that run on a day."""
        return (
            Domain("lease_id.signed_date", "!=", False)
            & Domain("lease_id.date_from", "<=", day)
            & Domain("lease_id.date_to", ">=", day)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", day))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    def _leases_on(self, day):
        """Return dict unit id -> the lease that runs on a day."""
        lines = self.env["property.lease.line"].search(
            Domain("unit_id", "in", self.unit_id.ids) & self._lease_domain(day)
        )
        return {line.unit_id.id: line.lease_id for line in lines}

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        soon = fields.Date.add(today, days=ENDING_DAYS)
        lines = self.env["property.lease.line"]
        running = self._lease_domain(today)
        let = Domain("unit_id", "in", lines._search(running).subselect("unit_id"))
        ending = Domain(
            "unit_id",
            "in",
            lines._search(
                running & (Domain("lease_id.date_to", "<", soon) | Domain("date_to", "<", soon))
            ).subselect("unit_id"),
        )
        off = Domain("off_from", "<=", today) & (
            Domain("off_to", "=", False) | Domain("off_to", ">=", today)
        )
        reserved = self._held_domain(today)
        off |= ~self._existing_domain(today)
        domains = {
            "leased": let & ~ending,
            "ending": ending,
            "off_market": ~let & off,
            "reserved": ~let & ~off & reserved,
            "vacant": ~let & ~off & ~reserved,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def action_new_lease(self):
        """Open a new lease of the spaces."""
        units = self.unit_id
        lines = [
            (0, 0, {"unit_id": space.unit_id.id, "price": space.price, "pricing": space.pricing})
            for space in self
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Lease"),
            "res_model": "property.lease",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_site_id": units.site_id[:1].id,
                "default_partner_id": self[:1].reserved_for_id.id,
                "default_line_ids": lines,
            },
        }

    def action_view_lease(self):
        """Open the lease that runs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.lease",
            "res_id": self.lease_id.id,
            "views": [(False, "form")],
        }
