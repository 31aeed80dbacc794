from datetime import UTC, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.property_base.tools.cipher import mask_phone

from ..tools.visitor_verdict import beyond
from .visitor_words import KINDS, PHONE_GROUPS

PHONES_KEPT = timedelta(days=180)  # after that nobody has to call a visitor any more
PHONES_AT_ONCE = 5000
BY_HAND = frozenset(
    (
        *("name", "kind", "phone", "plate", "unit_id", "unit_text", "site_id"),
        *("confirmed_by", "gate", "note", "due_at"),
    )
)


class PropertyVisitorVisit(models.Model):
    """Somebody came in, with a pass or without one, and left."""

    _name = "property.visitor.visit"
    _description = "Visit"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "entered_at desc, id desc"
    _mail_post_access = "read"

    uuid = fields.Char(required=True, readonly=True, copy=False, default=lambda self: str(uuid4()))
    name = fields.Char(string="Visitor", required=True)
    kind = fields.Selection(KINDS, required=True, default="visitor")
    pass_id = fields.Many2one(
        "property.visitor.pass", index="btree_not_null", ondelete="restrict", readonly=True
    )
    unit_id = fields.Many2one("property.unit", index="btree_not_null", ondelete="restrict")
    unit_text = fields.Char(
        string="Where To", help="As the guard wrote it, where the register has no such unit."
    )
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    phone = fields.Char(groups=PHONE_GROUPS)
    phone_masked = fields.Char(
        compute="_compute_phone_masked", compute_sudo=True, string="Phone (masked)"
    )
    plate = fields.Char()
    method = fields.Selection(
        [
            ("qr", "QR code"),
            ("code", "Code typed"),
            ("list", "From the list"),
            ("car", "Plate at a gate"),
            ("door", "Code at a door"),
            ("walk_in", "Walk-in"),
        ],
        string="Came By",
        required=True,
        default="walk_in",
        readonly=True,
    )
    entered_at = fields.Datetime(
        string="Came In", required=True, readonly=True, index=True, default=fields.Datetime.now
    )
    entered_hour = fields.Char(
        string="Hour", compute="_compute_entered_hour", store=True, help="Of the site's clock."
    )
    due_at = fields.Datetime(
        string="Should Leave By",
        compute="_compute_due_at",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    left_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("inside", "Inside"),
            ("overstay", "Stays too long"),
            ("unseen", "Not seen leaving"),
            ("left", "Left"),
        ],
        compute="_compute_state",
        search="_search_state",
        help="Who came by a door by himself may have left unseen when his time is over.",
    )
    gate = fields.Char(help="Where the visitor came in.")
    guard_id = fields.Many2one("hr.employee", readonly=True, ondelete="restrict")
    guard_out_id = fields.Many2one(
        "hr.employee", string="Guard on the Way Out", readonly=True, ondelete="restrict"
    )
    confirmed_by = fields.Char(help="Who of the household said that the visitor may come.")
    note = fields.Char(string="Notes")
    session_id = fields.Many2one(
        "property.parking.session",
        string="Stay of the Car",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    problem = fields.Selection(
        [
            ("used_up", "Pass used more often than allowed"),
            ("expired", "Pass had expired"),
            ("early", "Pass did not count yet"),
            ("revoked", "Pass was revoked"),
            ("banned", "On the blacklist"),
            ("waiting", "Pass was not approved"),
            ("refused", "Pass was refused"),
            ("draft", "Pass was not handed out"),
            ("forged", "Code not signed by us"),
        ],
        readonly=True,
        tracking=True,
        index="btree_not_null",
        help="Found when the entry came in: a phone without a network cannot know everything.",
    )
    reviewed_uid = fields.Many2one(
        "res.users", string="Looked At By", readonly=True, copy=False, tracking=True
    )

    _uuid_unique = models.UniqueIndex("(uuid)", "This visit is recorded already.")
    _one_a_stay = models.UniqueIndex(
        "(session_id) WHERE session_id IS NOT NULL", "The stay of this car has a visit already."
    )
    _left_after = models.Constraint(
        "CHECK(left_at >= entered_at)", "A visitor cannot leave before he comes."
    )

    @api.depends("unit_id.site_id", "pass_id.site_id")
    def _compute_site_id(self):
        for visit in self:
            visit.site_id = visit.unit_id.site_id or visit.pass_id.site_id or visit.site_id

    @api.depends("phone")
    def _compute_phone_masked(self):
        for visit in self:
            visit.phone_masked = mask_phone(visit.phone)

    @api.depends("pass_id", "entered_at", "kind", "site_id")
    def _compute_due_at(self):
        rules = self.env["property.visitor.rule"]
        hours = {
            (site, kind): rules._of(site, kind).stay_hours
            for site, kind in {(visit.site_id, visit.kind) for visit in self if not visit.pass_id}
        }
        for visit in self:
            if visit.pass_id:
                visit.due_at = visit.pass_id.valid_to
            else:
                start = visit.entered_at or fields.Datetime.now()
                visit.due_at = start + timedelta(hours=hours[visit.site_id, visit.kind])

    @api.depends("entered_at", "site_id.tz")
    def _compute_entered_hour(self):
        for visit in self:
            zone = ZoneInfo(visit.site_id.tz or "UTC")
            at = visit.entered_at.replace(tzinfo=UTC).astimezone(zone)
            visit.entered_hour = f"{at:%H}:00"

    @api.depends("left_at", "due_at", "method")
    def _compute_state(self):
        now = fields.Datetime.now()
        for visit in self:
            if visit.left_at:
                visit.state = "left"
            elif visit.due_at and visit.due_at < now:
                visit.state = "unseen" if visit.method == "door" else "overstay"
            else:
                visit.state = "inside"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("due_at", "<", fields.Datetime.now())
        inside = Domain("left_at", "=", False)
        by_door = Domain("method", "=", "door")
        domains = {
            "left": ~inside,
            "inside": inside & ~late,
            "overstay": inside & late & ~by_door,
            "unseen": inside & late & by_door,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _method_fields(self):
        """Override: all but what a guard says of a walk-in."""
        return super()._method_fields() | (self._fields.keys() - BY_HAND)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: by hand only walk-ins are registered, and nobody who is banned."""
        vals_list = [self._plain_vals(vals) for vals in vals_list]
        if self.env.su:
            return super().create(vals_list)
        employee = self.env.user.employee_id
        for vals in vals_list:
            if not BY_HAND.issuperset(vals):
                raise AccessError(
                    self.env._("By hand only visitors without a pass are registered.")
                )
            vals.update(guard_id=employee.id, entered_at=fields.Datetime.now(), method="walk_in")
        visits = super().create(vals_list)
        visits._check_walk_in()
        if visits._banned():
            raise UserError(
                self.env._("This visitor is on the blacklist of the site. Do not let him in.")
            )
        visits._tell_household()
        return visits

    @api.model
    def _plain_vals(self, vals):
        if not vals.get("plate"):
            return dict(vals)
        return {**vals, "plate": self.env["property.vehicle"]._normalise_plate(vals["plate"])}

    def _check_walk_in(self):
        """Refuse walk-ins of whom nobody said that they may come.

        :raise UserError: something is missing
        """
        for visit in self:
            if not (visit.unit_id or visit.unit_text) or not visit.confirmed_by:
                raise UserError(
                    self.env._("Say where the visitor goes and who of the household agreed.")
                )

    def _banned(self):
        """Return the visits of people on the blacklist."""
        # sudo: phones are compared, not shown
        people = [(one.id, one.site_id, one.phone, one.plate) for one in self.sudo()]
        hits = self.env["property.visitor.ban"]._hits(people)
        return self.filtered(lambda one: one.id in hits)

    # -- coming in with a pass, and leaving

    @api.model
    def _enter(self, one, vals):
        """Record that somebody came in with a pass; what is wrong is marked and not refused.

        :param one: property.visitor.pass
        :param dict vals: of the visit: entered_at, method and what else is known
        :return: the visit, in superuser mode
        """
        # sudo: visits with a pass follow from what was scanned, nobody writes them by hand
        pass_sudo = one.sudo()
        pass_sudo._lock_and_reread("use_count", "is_used_up", "revoked_at", "approval")
        problem = pass_sudo._verdict(vals["entered_at"], bool(pass_sudo._banned()))
        visit_sudo = self.sudo().create(
            {
                "name": pass_sudo.name,
                "kind": pass_sudo.kind,
                "pass_id": pass_sudo.id,
                "unit_id": pass_sudo.unit_id.id,
                "phone": pass_sudo.phone,
                "plate": pass_sudo.plate,
                "problem": False if problem in ("valid", "used_up") else problem,
                **vals,
            }
        )
        pass_sudo.visit_ids._judge_uses()
        pass_sudo._tell_arrival(visit_sudo)
        return visit_sudo

    def _judge_uses(self):
        """Mark the visits beyond what their pass allows, whatever order phones told them in."""
        for one, visits in self.grouped("pass_id").items():
            extra = beyond([(v.entered_at, v.uuid) for v in visits], one.uses_max)
            over = visits.filtered(lambda v, extra=extra: v.uuid in extra)
            over.filtered(lambda v: not v.problem).problem = "used_up"
            (visits - over).filtered(lambda v: v.problem == "used_up").problem = False

    def _leave(self, at, employee=None):
        """Record that visitors left; who has left stays so.

        :param datetime at: UTC
        :param employee: hr.employee at the gate, None where a camera saw it
        """
        # sudo: nobody writes visits by hand
        for visit_sudo in self.sudo().filtered(lambda visit: not visit.left_at):
            visit_sudo.write(
                {
                    "left_at": max(at, visit_sudo.entered_at),
                    "guard_out_id": employee.id if employee else False,
                }
            )

    def action_leave(self):
        """Record that the visitors have left now."""
        self.check_access("read")
        if not self.env.user.has_groups("property_base.group_guard,property_base.group_service"):
            raise AccessError(self.env._("The guard at the gate records who leaves."))
        self._leave(fields.Datetime.now(), self.env.user.employee_id)

    def action_review(self):
        """Say that what was odd about these visits has been looked at."""
        self.check_access("read")
        if not self.env.user.has_group("property_base.group_manager"):
            raise AccessError(self.env._("A site manager looks at what was odd."))
        # sudo: nobody writes visits by hand
        self.sudo().filtered("problem").reviewed_uid = self.env.uid

    @api.autovacuum
    def _gc_phones(self):
        """Forget the telephone numbers of visitors and movers who came long ago."""
        before = fields.Datetime.now() - PHONES_KEPT
        for model, moment in (
            ("property.visitor.visit", "entered_at"),
            ("property.visitor.pass", "valid_to"),
            ("property.item.release", "valid_to"),
        ):
            old = Domain("phone", "!=", False) & Domain(moment, "<", before)
            self.env[model].search(old, limit=PHONES_AT_ONCE).phone = False
