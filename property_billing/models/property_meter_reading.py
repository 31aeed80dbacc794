from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.metering import consumption as turned_consumption
from ..tools.metering import review, signed_consumption
from ..tools.rounding import to_decimal

#: Readings that count: they are billed and judge later ones.
TRUSTED = ("ok", "accepted")
OWN_FIELDS = frozenset(
    ("state", "hold_kind", "hold_usual", "is_final", "entered_by_id", "decided_by_id", "decided_at")
)
CHECKER_GROUPS = ("property_base.group_finance", "property_base.group_manager")


class PropertyMeterReading(models.Model):
    """What a counter showed on a day; an implausible one is held until somebody else accepts it."""

    _name = "property.meter.reading"
    _description = "Meter Reading"
    _property_own_limits = frozenset({"value"})
    _inherit = ["property.scoped"]
    _order = "date desc, meter_id, id"

    def _default_date(self):
        """Return the day of the reading this user entered last today, so a round keeps its day."""
        today = fields.Date.context_today(self)
        latest = self.search(
            [("create_uid", "=", self.env.uid), ("import_id", "=", False)],
            order="id desc",
            limit=1,
        )
        if latest and fields.Date.context_today(self, latest.create_date) == today:
            return latest.date
        return today

    meter_id = fields.Many2one("property.meter", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one(related="meter_id.unit_id", store=True, index="btree_not_null")
    site_id = fields.Many2one(related="meter_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="meter_id.company_id", store=True)
    kind = fields.Selection(related="meter_id.kind", store=True)
    date = fields.Date(required=True, default=lambda self: self._default_date(), index=True)
    value = fields.Float(string="Reading", digits=(16, 3), required=True, aggregator=False)
    previous_value = fields.Float(compute="_compute_previous", digits=(16, 3), string="Previous")
    consumption = fields.Float(compute="_compute_previous", digits=(16, 3))
    is_rollover = fields.Boolean(
        compute="_compute_previous", string="Fell", help="The reading is below the previous one."
    )
    is_estimated = fields.Boolean(
        string="Estimated",
        help="Not read but estimated from earlier consumption; the next real reading settles it.",
    )
    is_final = fields.Boolean(
        string="Final", readonly=True, copy=False, help="The last reading of a replaced meter."
    )
    state = fields.Selection(
        [("ok", "Plausible"), ("held", "Held"), ("accepted", "Accepted"), ("rejected", "Rejected")],
        required=True,
        default="ok",
        readonly=True,
        copy=False,
        index=True,
        help="Held and rejected readings are not billed.",
    )
    hold_kind = fields.Selection(
        [("fell", "Counter fell"), ("high", "Unusually high")],
        string="Finding",
        compute="_compute_review",
        store=True,
    )
    hold_usual = fields.Float(
        string="Usual Consumption",
        compute="_compute_review",
        store=True,
        digits=(16, 1),
        aggregator=False,
        help="What this meter usually counts in as many days.",
    )
    hold_reason = fields.Char(string="Reason", compute="_compute_hold_reason")
    entered_by_id = fields.Many2one(
        "res.users",
        string="Entered by",
        default=lambda self: self.env.uid,
        readonly=True,
        copy=False,
        help="Who entered the value; somebody else decides on it when it is held.",
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    photo = fields.Image(max_width=1600, max_height=1600)
    has_photo = fields.Boolean(compute="_compute_has_photo", store=True, string="With Photo")
    note = fields.Char()
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    _day_unique = models.Constraint(
        "EXCLUDE USING gist (meter_id WITH =, date WITH =) WHERE (state <> 'rejected')",
        "This meter was already read on that day. Correct that reading instead.",
    )
    _value_not_negative = models.Constraint(
        "CHECK(value >= 0)", "A reading cannot be negative. Enter what the counter shows."
    )
    _value_of_a_counter = models.Constraint(
        "CHECK(value < 1000000000000)",
        "No counter shows that much. Enter what the counter shows.",
    )

    @api.depends("meter_id", "date", "value", "state")
    def _compute_previous(self):
        history = self._history(TRUSTED)
        for reading in self:
            meter = reading.meter_id._origin
            rows = [
                row
                for row in history.get(meter, ())
                if reading.date and row.date < reading.date and row != reading._origin
            ]
            previous = rows[-1].value if rows else meter.initial_reading
            reading.previous_value = previous
            reading.is_rollover = reading.value < previous
            # Whoever accepts a fall says that the counter turned over: so it is billed.
            counted = signed_consumption
            if reading.state == "accepted" and meter.digits:
                counted = turned_consumption
            reading.consumption = float(
                counted(
                    to_decimal(previous),
                    to_decimal(reading.value),
                    meter.digits,
                    to_decimal(meter.multiplier or 1),
                )
            )

    @api.depends("photo")
    def _compute_has_photo(self):
        for reading in self:
            reading.has_photo = bool(reading.with_context(bin_size=True).photo)

    @api.depends("meter_id", "date", "value", "is_estimated")
    def _compute_review(self):
        """Judge readings in the order of their days, each by the plausible ones before it."""
        self.hold_kind, self.hold_usual = False, 0.0
        # A record that is only on a form is judged once it is saved.
        own = {reading.id for reading in self if isinstance(reading.id, int)}
        for meter, rows in self._history((*TRUSTED, "held")).items() if own else ():
            rule = meter.site_id._reading_rule()
            trusted = meter._initial_points()
            later = [row for row in rows if row.id not in own and row.state in TRUSTED]
            for row in rows if rule else ():
                if row.is_estimated:
                    continue
                point = (row.date, to_decimal(row.value))
                if row.id not in own:
                    trusted += [point] if row.state in TRUSTED else []
                    continue
                kind, usual = self._judge(meter, trusted, point, later, rule)
                # A workbook's note on a reading says that somebody looked at it already.
                is_checked = row.note and self.env.context.get("property_reading_notes")
                if kind and not (kind == "high" and is_checked):
                    row.hold_kind, row.hold_usual = kind, float(usual or 0)
                else:
                    trusted.append(point)

    def _judge(self, meter, trusted, point, later, rule):
        """Return (kind, usual) of one reading; above the next real one is a fall as well."""
        multiplier = to_decimal(meter.multiplier)
        kind, usual = review(trusted, *point, meter.digits, multiplier, rule)
        following = next(
            (row for row in later if row.date > point[0] and not row.is_estimated), None
        )
        if not kind and following:
            value = to_decimal(following.value)
            if signed_consumption(point[1], value, meter.digits, multiplier) < 0:
                kind = "fell"
        return kind, usual

    @api.depends("hold_kind", "hold_usual", "value", "meter_id", "date")
    @api.depends_context("lang")
    def _compute_hold_reason(self):
        for reading in self:
            values = {
                "before": f"{reading.previous_value:g}",
                "after": f"{reading.value:g}",
                "used": f"{reading.consumption:g}",
                "usual": f"{reading.hold_usual:g}",
            }
            if reading.hold_kind == "fell" and reading.is_rollover and reading.meter_id.digits:
                reading.hold_reason = reading._turn_text(values)
                continue
            reading.hold_reason = {
                "fell": self.env._(
                    "The counter fell from %(before)s to %(after)s or runs ahead of a later "
                    "reading, which is no turn of the counter.",
                    **values,
                ),
                "high": self.env._(
                    "Consumption %(used)s; usual for so many days is %(usual)s.", **values
                ),
            }.get(reading.hold_kind, False)

    def _turn_text(self, values):
        """Say what accepting a fall would bill: a whole turn of the counter, nearly."""
        self.ensure_one()
        turn = turned_consumption(
            to_decimal(self.previous_value),
            to_decimal(self.value),
            self.meter_id.digits,
            to_decimal(self.meter_id.multiplier or 1),
        )
        return self.env._(
            "The counter fell from %(before)s to %(after)s. Accepted, it counts as one that turned "
            "over and %(turn)s is billed; correct or reject a reading that is wrong.",
            **values,
            turn=f"{turn.normalize():f}",
        )

    @api.depends("meter_id.code", "date")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = f"{reading.meter_id.code} {reading.date or ''}".strip()

    @api.model
    def _method_fields(self):
        """Override: the state, and who entered and decided."""
        return super()._method_fields() | OWN_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Hold the readings that are not plausible."""
        self._check_own_fields(*vals_list)
        readings = super().create(vals_list)
        readings._hold()
        return readings

    def write(self, vals):
        """Refuse to change a reading that a bill stands on; judge a corrected one again."""
        self._check_own_fields(vals)
        if "value" in vals and "is_estimated" not in vals and not self.env.su:
            # Whoever types a value has read the counter.
            vals = {**vals, "is_estimated": False}
        judged = {"value", "date", "meter_id", "is_estimated"} & vals.keys()
        if not judged:
            return super().write(vals)
        self._check_not_billed()
        before = {reading: (str(reading.date), reading.value) for reading in self}
        result = super().write(vals)
        # sudo: nobody says himself who entered a value
        self.sudo().filtered(lambda reading: reading.entered_by_id != self.env.user).write(
            {"entered_by_id": self.env.uid}
        )
        self._hold()
        for reading in self:
            after = (str(reading.date), reading.value)
            if after != before[reading]:
                self.env["property.audit"]._log(
                    "money",
                    reading,
                    before=dict(zip(("date", "value"), before[reading], strict=True)),
                    after=dict(zip(("date", "value"), after, strict=True)),
                )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    # Review -----------------------------------------------------------------------------------

    def action_accept(self):
        """Accept held readings that somebody else entered: they are billed as they are.

        :raise UserError: when the user entered a reading himself or may not decide
        """
        self._check_checker()
        for reading in self:
            if reading.state == "held" and reading.entered_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "Somebody else must accept the reading of meter %(meter)s: you entered it "
                        "yourself.",
                        meter=reading.meter_id.code,
                    )
                )
        self._decide(("held",), "accepted")
        return True

    def action_reject(self):
        """Reject held readings: they stay on file, and the day can be read again."""
        self._check_checker()
        self._decide(("held",), "rejected")
        return True

    def _check_checker(self):
        self.check_access("write")
        if not self.env.su and not any(self.env.user.has_group(name) for name in CHECKER_GROUPS):
            raise UserError(self.env._("Finance or a site manager decides on held readings."))

    def _decide(self, states, state):
        held = self.filtered(lambda reading: reading.state in states)
        if not held:
            raise UserError(self.env._("None of these readings is held. Choose held ones."))
        # sudo: nobody writes the state by hand; the step's access was checked
        held.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        for reading in held:
            self.env["property.audit"]._log(
                "money",
                reading,
                before={"state": "held", "finding": reading.hold_reason},
                after={"state": state, "value": reading.value},
            )

    def _hold(self):
        """Hold what the review found; release what was corrected."""
        found = self.filtered("hold_kind")
        # sudo: the state follows from the review, not from who enters the reading
        found.filtered(lambda reading: reading.state != "held").sudo().write(
            {"state": "held", "decided_by_id": False, "decided_at": False}
        )
        (self - found).filtered(lambda reading: reading.state in ("held", "accepted")).sudo().write(
            {"state": "ok", "decided_by_id": False, "decided_at": False}
        )

    @api.model
    def _check_own_fields(self, *vals_list):
        if not self.env.su and any(OWN_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._("Accept or reject the reading: its state follows from that.")
            )

    # Helpers ----------------------------------------------------------------------------------

    def _history(self, states):
        """Return dict meter -> readings of these meters in the given states, by day."""
        rows = self.search(
            [("meter_id", "in", self.meter_id._origin.ids), ("state", "in", states)],
            order="date, id",
        )
        return rows.grouped("meter_id")

    def _check_not_billed(self):
        """Raise when a posted charge ends on one of these readings, or starts after it.

        :raise UserError: naming the meter, the day and the way out
        """
        # sudo: who reads meters need not see charges, and must not pull them from under them
        charges = (
            self.env["property.charge"]
            .sudo()
            .search(
                [
                    ("meter_id", "in", self.meter_id._points().ids),
                    ("state", "=", "posted"),
                    ("is_opening", "=", False),
                ]
            )
        )
        used = {key for charge in charges for key in charge._billed_readings()}
        for reading in self:
            if reading.id in used or (
                (reading.meter_id.id, str(reading.date)) in used and reading.state in TRUSTED
            ):
                raise UserError(
                    self.env._(
                        "The reading of meter %(meter)s on %(date)s is already billed. "
                        "Undo that bill first, then correct the reading.",
                        meter=reading.meter_id.code,
                        date=reading.date,
                    )
                )
