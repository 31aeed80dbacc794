from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import visitor_token
from .visitor_words import APPROVALS

#: Who of a household lets things out without asking the owner.
OWN_ROLES = ("owner", "co_owner", "agent", "family")
APPROVER_ROLES = ("owner", "co_owner", "agent")


class PropertyItemRelease(models.Model):
    """Things that a household has carried out of the site."""

    _name = "property.item.release"
    _description = "Item Release"
    _inherit = ["property.visitor.ticket"]
    _order = "valid_from desc, id desc"
    _rec_name = "carrier"

    carrier = fields.Char(string="Carried By", required=True, tracking=True)
    line_ids = fields.One2many("property.item.release.line", "release_id", string="Items")
    summary = fields.Char(compute="_compute_summary", string="What")
    owner_approval = fields.Selection(
        APPROVALS,
        string="Owner's Approval",
        required=True,
        default="none",
        readonly=True,
        copy=False,
        tracking=True,
        help="A tenant's things leave when the owner of the unit has agreed.",
    )
    owner_decided_id = fields.Many2one(
        "res.partner", string="Owner Who Decided", readonly=True, copy=False
    )
    photo_ids = fields.Many2many(
        "ir.attachment", string="Photos", compute="_compute_photo_ids", compute_sudo=True
    )
    done_at = fields.Datetime(string="Carried Out", readonly=True, copy=False, tracking=True)
    guard_id = fields.Many2one("hr.employee", readonly=True, copy=False)
    problem = fields.Char(
        readonly=True, copy=False, tracking=True, help="What was odd when it was carried out."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Awaiting approval"),
            ("refused", "Refused"),
            ("upcoming", "Not yet"),
            ("valid", "May leave"),
            ("done", "Carried out"),
            ("expired", "Expired"),
            ("revoked", "Cancelled"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _token_unique = models.UniqueIndex("(token) WHERE token IS NOT NULL")
    _form_token_unique = models.UniqueIndex("(form_token) WHERE form_token IS NOT NULL")
    _code_unique = models.UniqueIndex("(site_id, code) WHERE code IS NOT NULL")
    _of_day = models.Index("(site_id, valid_to)")
    _window_ordered = models.Constraint(
        "CHECK(valid_to > valid_from)", "The last moment lies before the first. Change one."
    )

    @api.depends("line_ids.name", "line_ids.quantity")
    def _compute_summary(self):
        for release in self:
            release.summary = "、".join(f"{line.name}×{line.quantity}" for line in release.line_ids)

    def _compute_photo_ids(self):
        found = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        by_id = found.grouped("res_id")
        for release in self:
            release.photo_ids = by_id.get(release.id, found.browse())

    @api.depends(
        *("issued_at", "approval", "owner_approval", "revoked_at", "valid_from", "valid_to"),
        "done_at",
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        for release in self:
            if release.done_at:
                release.state = "done"
            elif not (release.valid_from and release.valid_to):
                release.state = "draft"
            else:
                found = release._verdict(now)
                release.state = "upcoming" if found == "early" else found

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        done = Domain("done_at", "!=", False)
        issued = ~done & Domain("issued_at", "!=", False)
        revoked = Domain("revoked_at", "!=", False)
        refused = Domain("approval", "=", "refused") | Domain("owner_approval", "=", "refused")
        waiting = Domain("approval", "=", "waiting") | Domain("owner_approval", "=", "waiting")
        agreed = issued & ~refused & ~waiting
        alive = agreed & ~revoked
        domains = {
            "done": done,
            "draft": ~done & Domain("issued_at", "=", False),
            "refused": issued & refused,
            "waiting": issued & ~refused & waiting,
            "revoked": agreed & revoked,
            "upcoming": alive & Domain("valid_from", ">", now),
            "expired": alive & Domain("valid_to", "<", now),
            "valid": alive & Domain("valid_from", "<=", now) & Domain("valid_to", ">=", now),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _fixed_fields(self):
        """Override: who carries is agreed as well."""
        return super()._fixed_fields() | {"carrier", "phone", "plate"}

    @api.model
    def _decided_fields(self):
        """Override: the owner's word and the guard's are given by methods."""
        return super()._decided_fields() | {
            *("owner_approval", "owner_decided_id", "done_at", "guard_id", "problem")
        }

    def _rule_kind(self):
        """Override."""
        return "item"

    def _ticket(self):
        """Override."""
        self.ensure_one()
        return visitor_token.Ticket(
            "release", self.id, self.site_id.id, self.valid_from, self.valid_to, 1, "item"
        )

    def _facts(self, is_banned=False):
        """Override: the owner's word counts like the service's, and things leave once."""
        approvals = {self.approval, self.owner_approval}
        waits = "waiting" if "waiting" in approvals else self.approval
        facts = super()._facts(is_banned)
        return replace(
            facts,
            approval="refused" if "refused" in approvals else waits,
            uses_max=1,
            use_count=int(bool(self.done_at)),
        )

    # -- agreed

    def action_issue(self):
        """Override: a tenant's list waits for the owner of the unit."""
        if not all(release.line_ids for release in self):
            raise UserError(self.env._("Say what is carried out."))
        result = super().action_issue()
        for release in self:
            if release._needs_owner():
                # sudo: decisions are written here only
                release.sudo().owner_approval = "waiting"
                release._ask_owners()
        return result

    def _needs_owner(self):
        """Tell whether the owner of the unit has to agree: a tenant asks, and there is an owner."""
        self.ensure_one()
        rows_sudo = self.unit_id._property_residents_sudo()
        mine = rows_sudo.filtered(lambda row: row.partner_id == self.partner_id)
        # where the unit is let, nobody knows whose family somebody is
        own = APPROVER_ROLES if "tenant" in rows_sudo.mapped("role") else OWN_ROLES
        is_own = not self.partner_id or not set(own).isdisjoint(mine.mapped("role"))
        return not is_own and bool(rows_sudo.filtered(lambda row: row.role in APPROVER_ROLES))

    def _approvers(self):
        """Return the people who may agree in the owner's stead, and the owner."""
        rows_sudo = self.unit_id._property_residents_sudo()
        return rows_sudo.filtered(lambda row: row.role in APPROVER_ROLES).partner_id

    def _ask_owners(self):
        """Tell the owner that a tenant's list waits for him."""
        for person in self._approvers():
            one = self._in_words_of(person)
            text = one.env._(
                "%(name)s asks to carry things out of %(unit)s: %(items)s. Agree or refuse under "
                "“Item release” on your page.",
                name=self.partner_id.name,
                unit=self.unit_id.code,
                items=self.summary,
            )
            self._tell(person, text)

    def _owner_decides(self, partner, approval):
        """Note the owner's word.

        :param partner: res.partner, who has to be one of the approvers
        :param str approval: approved or refused
        :raise AccessError: somebody else decides
        :raise UserError: it does not wait for him
        """
        self.ensure_one()
        if partner not in self._approvers():
            raise AccessError(self.env._("Only the owner of the unit decides about this."))
        if self.owner_approval != "waiting" or self.revoked_at:
            raise UserError(self.env._("This does not wait for approval any more. Reload it."))
        # sudo: owners write no releases by hand, the right is checked above
        self.sudo().write({"owner_approval": approval, "owner_decided_id": partner.id})
        self._tell_resident(self._decision_text(approval))

    def _decision_text(self, approval):
        """Override."""
        one = self._in_words_of(self.partner_id)
        if approval == "approved":
            return one.env._("Your item release is agreed to: %(items)s.", items=self.summary)
        if self.refusal:
            return one.env._(
                "Your item release is refused: %(items)s. %(reason)s",
                items=self.summary,
                reason=self.refusal,
            )
        return one.env._("Your item release is refused: %(items)s.", items=self.summary)

    # -- carried out

    def _check_out(self, at, employee, counted):
        """Record that things were carried out; what is odd is marked and not refused.

        :param datetime at: UTC
        :param employee: hr.employee at the gate
        :param dict counted: line id -> number counted
        :return: whether this closed the release; False: it was closed before
        """
        self.ensure_one()
        # sudo: guards write no releases by hand
        release_sudo = self.sudo()
        release_sudo._lock_and_reread("done_at", "revoked_at", "approval", "owner_approval")
        if release_sudo.done_at:
            release_sudo.problem = self.env._("Carried out more than once")
            return False
        verdict = release_sudo._verdict(at)
        missing = False
        for line_sudo in release_sudo.line_ids:
            number = counted.get(line_sudo.id, 0)
            missing = missing or number != line_sudo.quantity
            line_sudo.counted = number
        release_sudo.write(
            {
                "done_at": at,
                "guard_id": employee.id,
                "problem": self._problem_text(verdict, missing),
            }
        )
        one = self._in_words_of(self.partner_id)
        release_sudo._tell_resident(
            one.env._("Carried out at the gate: %(items)s.", items=self.summary)
        )
        return True

    @api.model
    def _problem_text(self, verdict, is_different):
        """Say what was odd."""
        if verdict != "valid":
            return self.env._("Carried out although it did not count then")
        return self.env._("Other numbers than on the list") if is_different else False

    @api.model
    def _portal_domain(self, partner):
        """Override: and what waits for the owner, or waited for him."""
        mine = super()._portal_domain(partner)
        rows_sudo = partner._property_current_occupancies_sudo()
        units = rows_sudo.filtered(lambda row: row.role in APPROVER_ROLES).unit_id
        return mine | (Domain("unit_id", "in", units.ids) & Domain("owner_approval", "!=", "none"))
