from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.space_sharing import space_from
from .parking_class import PASS_KINDS

STATES = [
    ("upcoming", "Upcoming"),
    ("valid", "Valid"),
    ("grace", "Expired, in grace"),
    ("expired", "Expired"),
    ("stopped", "Stopped"),
]

#: What only stopping and resuming writes: a pass never ends in the past.
BY_STOPPING = frozenset(("stopped_at", "stop_reason"))


class PropertyParkingPass(models.Model):
    _name = "property.parking.pass"
    _description = "Parking Pass"
    _inherit = [
        "property.parking.scoped",
        "property.audited",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_to desc, id desc"

    kind = fields.Selection(PASS_KINDS, required=True, default="monthly", tracking=True)
    area_id = fields.Many2one(
        "property.parking.area",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="Also counts in the areas around it, which one has to drive through.",
    )
    site_id = fields.Many2one(related="area_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="area_id.company_id", store=True, index=True)
    vehicle_ids = fields.Many2many(
        "property.vehicle",
        "property_parking_pass_vehicle_rel",
        "pass_id",
        "vehicle_id",
        string="Vehicles",
        domain="[('site_id', '=', site_id)]",
    )
    space_count = fields.Integer(
        string="Spaces",
        default=1,
        tracking=True,
        help="How many of its vehicles it covers at the same time, the first to come first; "
        "the others are temporary until a space is left. 0: all of them.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Holder", index="btree_not_null", ondelete="restrict", tracking=True
    )
    unit_id = fields.Many2one(
        "property.unit",
        string="Household",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id), ('kind', 'not in', ('parking', 'public'))]",
    )
    space_id = fields.Many2one(
        "property.unit",
        string="Parking Space",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id), ('kind', '=', 'parking')]",
        tracking=True,
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="Valid Until", tracking=True, help="Last day, inclusive; empty while it lasts."
    )
    stopped_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    stop_reason = fields.Char(readonly=True, copy=False, tracking=True)
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    plates = fields.Char(compute="_compute_plates")
    note = fields.Text(string="Notes")

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A pass cannot end before it begins. Correct one of the two dates.",
    )
    _spaces_not_negative = models.Constraint(
        "CHECK(space_count >= 0)", "The number of spaces cannot be negative."
    )

    @api.depends("vehicle_ids.plate_display")
    def _compute_plates(self):
        for card in self:
            card.plates = ", ".join(card.vehicle_ids.mapped("plate_display"))

    @api.depends("kind", "plates", "space_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for card in self:
            parts = (kinds.get(card.kind), card.space_id.code, card.plates)
            card.display_name = " ".join(part for part in parts if part)

    @api.depends("date_from", "date_to", "stopped_at", "kind", "area_id.pass_grace_days")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for card in self:
            card.state = card._state_on(today)

    def _state_on(self, day):
        """Return the state on a day, a stopped pass being stopped whatever the day."""
        self.ensure_one()
        if self.stopped_at:
            return "stopped"
        if self.date_from and self.date_from > day:
            return "upcoming"
        if not self.date_to or self.date_to >= day:
            return "valid"
        return "grace" if self._last_day() >= day else "expired"

    def _last_day(self):
        """Return the last day that counts, with the days after expiry of a monthly card."""
        self.ensure_one()
        days = self.area_id.pass_grace_days if self.kind == "monthly" else 0
        return self.date_to and self.date_to + timedelta(days=days)

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        going = Domain("stopped_at", "=", False)
        begun = going & Domain("date_from", "<=", today)
        ended = begun & Domain("date_to", "<", today)
        grace = Domain.OR(
            Domain("area_id", "in", areas.ids)
            & Domain("date_to", ">=", today - timedelta(days=days))
            for days, areas in self.env["property.parking.area"]
            .with_context(active_test=False)
            .search([])
            .grouped("pass_grace_days")
            .items()
        ) & Domain("kind", "=", "monthly")
        domains = {
            "stopped": Domain("stopped_at", "!=", False),
            "upcoming": going & Domain("date_from", ">", today),
            "valid": begun & (Domain("date_to", "=", False) | Domain("date_to", ">=", today)),
            "grace": ended & grace,
            "expired": ended & ~grace,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("vehicle_ids", "area_id", "space_id", "unit_id")
    def _check_one_site(self):
        for card in self:
            places = card.vehicle_ids.site_id | card.space_id.site_id | card.unit_id.site_id
            if places - card.site_id:
                raise ValidationError(
                    self.env._(
                        "The vehicles, the household and the space of a pass must belong to "
                        "%(site)s. Choose others, or another area.",
                        site=card.site_id.name,
                    )
                )

    @api.model
    def _method_fields(self):
        """Override: what stopping and resuming writes."""
        return super()._method_fields() | BY_STOPPING

    @api.model
    def _audit_fields(self):
        """Override: whom it spares the fee, where and how long."""
        return [
            "kind",
            "area_id",
            "vehicle_ids",
            "space_count",
            "partner_id",
            "unit_id",
            "space_id",
            "date_from",
            "date_to",
            "stopped_at",
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Let no pass be born stopped."""
        self._check_by_stopping(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Let nobody say by hand when a pass was stopped."""
        self._check_by_stopping(vals)
        return super().write(vals)

    @api.model
    def _check_by_stopping(self, *vals_list):
        if not self.env.su and any(not BY_STOPPING.isdisjoint(vals) for vals in vals_list):
            raise UserError(self.env._("Stop or resume the pass: its state follows from that."))

    def action_stop(self, reason=None):
        """End a pass at once; from now on its cars are temporary.

        :param str reason: why, shown in the log
        """
        self.check_access("write")
        going = self.filtered(lambda card: not card.stopped_at)
        # sudo: nobody writes these by hand, access was checked
        going.sudo().write({"stopped_at": fields.Datetime.now(), "stop_reason": reason or False})

    def action_resume(self):
        """Let a stopped pass count again, also for the time between."""
        self.check_access("write")
        self.sudo().write({"stopped_at": False, "stop_reason": False})  # as in action_stop

    def action_renew(self):
        """Add a month to a monthly card, from its last day."""
        self.check_access("write")
        for end, cards in self.grouped("date_to").items():
            if not end or any(card.kind != "monthly" for card in cards):
                raise UserError(
                    self.env._("Only monthly cards with a last day are renewed. Choose such cards.")
                )
            for card in cards:
                card.date_to = card._last_day_of(end + timedelta(days=1), 1)

    def _last_day_of(self, start, months):
        """Return the last day of so many months from a day on.

        Months of a card begin on the day it does, or on the last day of a month that is shorter:
        one from 31 January goes on from 28 February, and from 31 March again.
        """
        self.ensure_one()
        first = self.date_from
        passed = (start.year - first.year) * 12 + start.month - first.month
        if fields.Date.add(first, months=passed) != start:
            first, passed = start, 0
        return fields.Date.add(first, months=passed + months) - timedelta(days=1)

    def _space_from(self, area, vehicle, entered_at, stay=None):
        """Return from when a car has a space of the pass.

        :param area: where the car is
        :param datetime entered_at: UTC
        :param stay: the stay of the car, once it has one: of two cars that came in the same
            second, the one noted first was first
        :return: UTC, or None while it has none
        """
        self.ensure_one()
        others = self.vehicle_ids - vehicle
        if not others or not self.space_count:
            return entered_at
        earlier = self.env["property.parking.session"].search(
            [
                ("area_id", "=", area.id),
                ("vehicle_id", "in", others.ids),
                ("state", "in", ("inside", "left")),
                ("entered_at", "<=", entered_at),
                "|",
                ("left_at", "=", False),
                ("left_at", ">", entered_at),
            ]
        )
        if stay:
            earlier = earlier.filtered(
                lambda other: (other.entered_at, other.id) < (entered_at, stay.id)
            )
        exits = [other.left_at or None for other in earlier]
        return space_from(entered_at, exits, self.space_count)

    def _validity(self):
        """Return the local time during which the pass counts.

        :return: (first moment, moment from which it no longer counts or None)
        """
        self.ensure_one()
        begin = datetime.combine(self.date_from, time())
        last = self._last_day()
        end = datetime.combine(last + timedelta(days=1), time()) if last else None
        stopped = self.area_id._local(self.stopped_at)
        return begin, min((moment for moment in (end, stopped) if moment), default=None)
