from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.image import image_data_uri

from .incident_words import OPEN_STATES, SEVERITIES, STATES

MOST_PRINTED = 8  # photos

#: What only the steps of an incident change.
BY_STEPS = frozenset(
    (
        "code",
        "state",
        "responded_at",
        "closed_at",
        "closed_uid",
        "result",
        "cancel_reason",
        "alarmed_at",
        "late_told_at",
    )
)


class PropertyIncident(models.Model):
    """Something that happened on a site and is looked after until it is settled."""

    _name = "property.incident"
    _description = "Incident"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "reported_at desc, id desc"
    _rec_names_search = ["code", "name", "place"]
    _check_company_auto = True

    code = fields.Char(string="Incident Number", readonly=True, copy=False)
    name = fields.Char(string="What Happened", required=True, tracking=True)
    type_id = fields.Many2one(
        "property.incident.type",
        string="Kind",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    severity = fields.Selection(
        SEVERITIES,
        compute="_compute_severity",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="reported",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    description = fields.Text(tracking=False)

    # Where ------------------------------------------------------------------------------------

    site_id = fields.Many2one(
        "property.site",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self._default_site_id(),
        tracking=True,
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    building_id = fields.Many2one(
        "property.building",
        compute="_compute_building_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('site_id', '=', site_id)]",
    )
    unit_id = fields.Many2one(
        "property.unit", index="btree_not_null", domain="[('site_id', '=', site_id)]"
    )
    place = fields.Char(help="Where exactly, in words that find it.")
    place_shown = fields.Char(string="Where", compute="_compute_place_shown")

    # Who and when -----------------------------------------------------------------------------

    occurred_at = fields.Datetime(
        string="Happened", required=True, default=fields.Datetime.now, index=True, tracking=True
    )
    reported_at = fields.Datetime(
        string="Reported at", required=True, default=fields.Datetime.now, readonly=True, index=True
    )
    reporter_id = fields.Many2one(
        "hr.employee",
        string="Reported By",
        default=lambda self: self.env.user.employee_id,
        ondelete="restrict",
    )
    source = fields.Selection(
        [
            ("guard", "Guard"),
            ("resident", "Resident"),
            ("control_room", "Control Room"),
            ("device", "Device"),
            ("other", "Other"),
        ],
        string="Came From",
        required=True,
        default="guard",
    )
    responsible_id = fields.Many2one("hr.employee", index="btree_not_null", tracking=True)
    person_ids = fields.One2many(
        "property.incident.person",
        "incident_id",
        string="People Involved",
        groups="property_base.group_service",
    )
    is_police_called = fields.Boolean(string="Police Called", tracking=True)
    police_at = fields.Datetime(
        string="Police Called at",
        compute="_compute_police_at",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_fire_called = fields.Boolean(string="Fire Brigade Called", tracking=True)
    fire_at = fields.Datetime(
        string="Fire Brigade Called at",
        compute="_compute_fire_at",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_loss = fields.Monetary(
        string="Estimated Loss", groups="property_base.group_manager", tracking=True
    )
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)
    photo_count = fields.Integer(compute="_compute_photo_count", string="Number of Photos")
    step_ids = fields.One2many("property.incident.step", "incident_id", string="Steps")

    # What it is linked to ---------------------------------------------------------------------

    checkin_id = fields.Many2one(
        "inspection.checkin",
        string="Found on Patrol",
        index="btree_not_null",
        ondelete="set null",
        help="The check-in of a patrol round during which this was found.",
    )
    passage_id = fields.Many2one(
        "property.parking.passage",
        string="Gate Passage",
        index="btree_not_null",
        ondelete="set null",
        domain="[('site_id', '=', site_id)]",
    )

    # How it goes on ---------------------------------------------------------------------------

    respond_due_at = fields.Datetime(
        string="Respond Until", compute="_compute_deadlines", store=True
    )
    close_due_at = fields.Datetime(string="Close Until", compute="_compute_deadlines", store=True)
    responded_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_uid = fields.Many2one("res.users", string="Closed By", readonly=True, copy=False)
    result = fields.Text(readonly=True, copy=False, tracking=True)
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    respond_minutes = fields.Integer(
        string="Minutes to Respond", compute="_compute_times", store=True, aggregator="avg"
    )
    close_hours = fields.Float(
        string="Hours to Close", compute="_compute_times", store=True, aggregator="avg"
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_due", search="_search_is_overdue"
    )
    due_state = fields.Selection(
        [("late", "Overdue"), ("soon", "Due Soon"), ("on_time", "In Time"), ("over", "Over")],
        string="Deadline",
        compute="_compute_due",
    )
    due_text = fields.Char(string="Time Left", compute="_compute_due")
    alarmed_at = fields.Datetime(string="Manager Told", readonly=True, copy=False)
    late_told_at = fields.Datetime(string="Manager Told of Delay", readonly=True, copy=False)

    _code_unique = models.UniqueIndex("(company_id, code)")
    _board = models.Index("(site_id, state, reported_at)")
    _happened_before_report = models.Constraint(
        "CHECK(occurred_at <= reported_at + interval '1 minute')",
        "An incident happens before it is reported. Correct the time.",
    )

    def _default_site_id(self):
        sites = self.env.user.property_site_ids
        return sites if len(sites) == 1 else False

    # Computes ---------------------------------------------------------------------------------

    @api.depends("type_id")
    def _compute_severity(self):
        for incident in self:
            incident.severity = incident.type_id.severity or incident.severity or "2"

    @api.depends("unit_id")
    def _compute_building_id(self):
        for incident in self:
            incident.building_id = incident.unit_id.building_id or incident.building_id

    @api.depends("unit_id.code", "building_id.name", "place")
    def _compute_place_shown(self):
        for incident in self:
            parts = (incident.unit_id.code or incident.building_id.name, incident.place)
            incident.place_shown = " ".join(part for part in parts if part)

    @api.depends("is_police_called")
    def _compute_police_at(self):
        for incident in self:
            called = incident.is_police_called
            incident.police_at = called and (incident.police_at or fields.Datetime.now())

    @api.depends("is_fire_called")
    def _compute_fire_at(self):
        for incident in self:
            called = incident.is_fire_called
            incident.fire_at = called and (incident.fire_at or fields.Datetime.now())

    @api.depends("photo_ids")
    def _compute_photo_count(self):
        for incident in self:
            incident.photo_count = len(incident.photo_ids)

    @api.depends("severity", "reported_at", "company_id")
    def _compute_deadlines(self):
        rows = self.env["property.incident.deadline"]._of_incidents(self)
        for incident in self:
            row, start = rows[incident], incident.reported_at
            known = bool(row) and start
            incident.respond_due_at = known and start + timedelta(minutes=row.respond_minutes)
            incident.close_due_at = known and start + timedelta(hours=row.close_hours)

    @api.depends("reported_at", "responded_at", "closed_at")
    def _compute_times(self):
        for incident in self:
            start, answer, end = incident.reported_at, incident.responded_at, incident.closed_at
            incident.respond_minutes = answer and start and (answer - start).total_seconds() // 60
            incident.close_hours = end and start and (end - start).total_seconds() / 3600

    @api.depends("state", "respond_due_at", "close_due_at")
    def _compute_due(self):
        now = fields.Datetime.now()
        for incident in self:
            due = incident.respond_due_at if incident.state == "reported" else incident.close_due_at
            is_open = incident.state in OPEN_STATES and bool(due)
            left = due - now if is_open else timedelta()
            incident.is_overdue = is_open and left < timedelta()
            if not is_open:
                incident.due_state = "over"
            elif incident.is_overdue:
                incident.due_state = "late"
            else:
                share = left / max(due - incident.reported_at, timedelta(minutes=1))
                incident.due_state = "soon" if share < 0.25 else "on_time"
            incident.due_text = incident._time_left(left) if is_open else ""

    def _time_left(self, left):
        """Say in words how much time is left, or how long it is over."""
        minutes = int(abs(left.total_seconds()) // 60)
        hours, days = minutes // 60, minutes // 1440
        if days:
            span = self.env._("%(days)s d %(hours)s h", days=days, hours=hours % 24)
        elif hours:
            span = self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)
        else:
            span = self.env._("%(minutes)s min", minutes=minutes)
        if left < timedelta():
            return self.env._("%(span)s over", span=span)
        return self.env._("%(span)s left", span=span)

    def _search_is_overdue(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        now = fields.Datetime.now()
        late = (Domain("state", "=", "reported") & Domain("respond_due_at", "<", now)) | (
            Domain("state", "=", "handling") & Domain("close_due_at", "<", now)
        )
        return late if (True in value) == (operator == "in") else ~late

    @api.depends("code", "name")
    def _compute_display_name(self):
        for incident in self:
            incident.display_name = f"{incident.code or ''} {incident.name or ''}".strip()

    # Constraints and CRUD ---------------------------------------------------------------------

    @api.constrains("site_id", "building_id", "unit_id", "passage_id", "checkin_id")
    def _check_places(self):
        for incident in self:
            for place in (
                incident.building_id,
                incident.unit_id,
                incident.passage_id,
                incident.checkin_id,
            ):
                if place and place.sudo().site_id != incident.site_id:
                    raise ValidationError(
                        self.env._(
                            "%(place)s is not on site %(site)s. Choose a place of that site.",
                            place=place.sudo().display_name,
                            site=incident.site_id.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the incidents, give them the steps of their kind and tell who must know."""
        self._check_by_steps(vals_list)
        types = self.env["property.incident.type"]
        for vals in vals_list:
            vals["code"] = self.env["ir.sequence"].sudo().next_by_code("property.incident")
            kind = types.browse(vals.get("type_id"))
            if kind and "step_ids" not in vals:
                vals["step_ids"] = [(0, 0, step) for step in kind._prepare_step_vals()]
        incidents = super().create(vals_list)
        incidents._adopt_photos()
        incidents._alarm()
        return incidents

    def write(self, vals):
        """Keep what the steps say; a photo that was added belongs to the incident."""
        self._check_by_steps([vals])
        self._check_open(vals)
        self._check_severity(vals)
        result = super().write(vals)
        if "photo_ids" in vals:
            self._adopt_photos()
        if "severity" in vals:
            self._alarm()
        return result

    @api.model
    def _check_by_steps(self, vals_list):
        # who may call a step writes through it, in superuser mode
        if not self.env.su and any(not BY_STEPS.isdisjoint(vals) for vals in vals_list):
            raise UserError(
                self.env._("Use the buttons of the incident: start, close, cancel or reopen it.")
            )

    def _check_open(self, vals):
        said = vals.keys() - {"activity_ids", "message_follower_ids", "message_ids"}
        over = self.filtered(lambda one: one.state not in OPEN_STATES)
        if over and said and not (self.env.su or self._is_manager()):
            raise UserError(
                self.env._(
                    "%(incident)s is over. Ask a manager to reopen it.",
                    incident=over[0].display_name,
                )
            )

    def _check_severity(self, vals):
        """Let no guard make an incident harmless, to close it himself."""
        wanted = vals.get("severity")
        is_free = self.env.su or self.env.user.has_group("property_base.group_service")
        if wanted and not is_free and any(one.severity > wanted for one in self):
            raise AccessError(
                self.env._("Customer service or a manager lowers the severity of an incident.")
            )

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("property_base.group_manager")

    def _adopt_photos(self):
        """Make photos that were chosen before the incident was there readable for its readers."""
        for incident in self:
            # sudo: only files that the same user uploaded and that belong to nothing yet
            loose_sudo = incident.photo_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid.id == self.env.uid
            )
            loose_sudo.write({"res_model": self._name, "res_id": incident.id})

    def _report_photos(self):
        """Return the photos of the incident and its steps for the printed report, as data URIs."""
        self.ensure_one()
        # sudo: whoever prints the incident sees its photos
        photos_sudo = (self.photo_ids | self.step_ids.photo_ids).sudo().sorted("id")
        images = photos_sudo.filtered(lambda file: (file.mimetype or "").startswith("image/"))
        return [image_data_uri(file.datas) for file in images[:MOST_PRINTED] if file.datas]
