from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..tools import visitor_token
from ..tools.visitor_verdict import verdict
from .visitor_words import KINDS


class PropertyVisitorPass(models.Model):
    """Somebody whom a household expects."""

    _name = "property.visitor.pass"
    _description = "Visitor Pass"
    _inherit = ["property.visitor.ticket"]
    _order = "valid_from desc, id desc"

    name = fields.Char(string="Visitor", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="visitor", tracking=True)
    plate = fields.Char(
        tracking=True, help="A car with this plate is a booked visitor at the gates."
    )
    uses_max = fields.Integer(
        string="Times",
        default=1,
        required=True,
        aggregator=None,
        tracking=True,
        help="How often the pass lets in; 0: as often as wanted.",
    )
    show_unit = fields.Boolean(
        string="Show the Unit",
        default=True,
        help="The page of the visitor says which unit expects him, else the building only.",
    )
    visit_ids = fields.One2many("property.visitor.visit", "pass_id", string="Visits")
    use_count = fields.Integer(
        string="Used", compute="_compute_use_count", store=True, aggregator=None
    )
    is_used_up = fields.Boolean(compute="_compute_use_count", store=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Awaiting approval"),
            ("refused", "Refused"),
            ("upcoming", "Not yet"),
            ("valid", "Valid"),
            ("used_up", "Used up"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _token_unique = models.UniqueIndex("(token) WHERE token IS NOT NULL")
    _form_token_unique = models.UniqueIndex("(form_token) WHERE form_token IS NOT NULL")
    _code_unique = models.UniqueIndex("(site_id, code) WHERE code IS NOT NULL")
    _of_plate = models.Index("(site_id, plate, valid_to) WHERE plate IS NOT NULL")
    _of_day = models.Index("(site_id, valid_to)")
    _window_ordered = models.Constraint(
        "CHECK(valid_to > valid_from)", "A pass cannot end before it begins. Change the end."
    )
    _uses_possible = models.Constraint(
        "CHECK(uses_max BETWEEN 0 AND 99)", "A pass lets in 1 to 99 times, or 0 for any number."
    )

    @api.depends("visit_ids", "uses_max")
    def _compute_use_count(self):
        for one in self:
            one.use_count = len(one.visit_ids)
            one.is_used_up = bool(one.uses_max) and one.use_count >= one.uses_max

    @api.depends(
        *("issued_at", "approval", "revoked_at", "valid_from", "valid_to", "uses_max", "use_count")
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        for one in self:
            if not (one.valid_from and one.valid_to):
                one.state = "draft"
                continue
            found = verdict(one._facts(), now)
            one.state = "upcoming" if found == "early" else found

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        issued = Domain("issued_at", "!=", False)
        revoked = Domain("revoked_at", "!=", False)
        agreed = issued & Domain("approval", "in", ("none", "approved"))
        alive = agreed & ~revoked
        current = alive & Domain("valid_from", "<=", now) & Domain("valid_to", ">=", now)
        domains = {
            "draft": ~issued,
            "waiting": issued & Domain("approval", "=", "waiting"),
            "refused": issued & Domain("approval", "=", "refused"),
            "revoked": agreed & revoked,
            "upcoming": alive & Domain("valid_from", ">", now),
            "expired": alive & Domain("valid_to", "<", now),
            "used_up": current & Domain("is_used_up", "=", True),
            "valid": current & Domain("is_used_up", "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _fixed_fields(self):
        """Override: who comes, in what car and how often is agreed as well."""
        return super()._fixed_fields() | {"name", "kind", "phone", "plate", "uses_max"}

    def _rule_kind(self):
        """Override."""
        return self.kind

    def _ticket(self):
        """Override."""
        self.ensure_one()
        return visitor_token.Ticket(
            "pass",
            self.id,
            self.site_id.id,
            self.valid_from,
            self.valid_to,
            self.uses_max,
            self.kind,
        )

    def _facts(self, is_banned=False):
        """Override: a pass is used up when it has let in as often as it may."""
        facts = super()._facts(is_banned)
        return replace(facts, uses_max=self.uses_max, use_count=self.use_count)

    def _banned(self):
        """Return those whose visitors are on the blacklist."""
        # sudo: phones are compared, not shown
        people = [(one.id, one.site_id, one.phone, one.plate) for one in self.sudo()]
        hits = self.env["property.visitor.ban"]._hits(people)
        return self.filtered(lambda one: one.id in hits)

    def action_issue(self):
        """Override: nobody on the blacklist gets a pass."""
        if self._banned():
            raise UserError(
                self.env._(
                    "There can be no pass for this visitor on this site. Ask customer service."
                )
            )
        return super().action_issue()

    def _decision_text(self, approval):
        """Override."""
        one = self._in_words_of(self.partner_id)
        if approval == "approved":
            return one.env._("The pass of %(name)s is approved.", name=self.name)
        return one.env._(
            "The pass of %(name)s is refused: %(reason)s", name=self.name, reason=self.refusal
        )

    def _tell_arrival(self, visit):
        """Tell the resident who has come.

        :param visit: property.visitor.visit
        """
        self.ensure_one()
        one = self._in_words_of(self.partner_id)
        at = format_datetime(self.env, visit.entered_at, tz=self.site_id.tz, dt_format="HH:mm")
        text = one.env._("%(name)s has arrived at %(time)s.", name=self.name, time=at)
        self._tell_resident(text)

    def action_view_visits(self):
        """Open the visits of a pass."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security.property_visitor_visit_action"
        )
        action["domain"] = [("pass_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def _booked(self, cars):
        """Find the passes that cars may come in with.

        :param list cars: (key, property.site, normalised plate, UTC moment) each
        :return: dict key -> property.visitor.pass in superuser mode, for those that have one
        """
        moments = [at for _key, _site, _plate, at in cars]
        # sudo: the gate decides, whoever's message it is
        passes_sudo = self.sudo().search(
            Domain("site_id", "in", [site.id for _key, site, _plate, _at in cars])
            & Domain("plate", "in", [plate for _key, _site, plate, _at in cars])
            & Domain("valid_from", "<=", max(moments))
            & Domain("valid_to", ">=", min(moments)),
            order="valid_to, id",
        )
        if not passes_sudo:  # most cars have none
            return {}
        passes_sudo -= passes_sudo._banned()
        found = {}
        for key, site, plate, at in cars:
            fits_sudo = passes_sudo.filtered(
                lambda one, site=site, plate=plate, at=at: (
                    one.site_id == site and one.plate == plate and one._lets_car_in(at)
                )
            )
            if fits_sudo:
                found[key] = fits_sudo[0]
        return found

    def _lets_car_in(self, at):
        """Tell whether the pass opens a gate: a car that is read twice comes once."""
        self.ensure_one()
        found = self._verdict(at)
        is_inside = any(visit.method == "car" and not visit.left_at for visit in self.visit_ids)
        return found == "valid" or (found == "used_up" and is_inside)
