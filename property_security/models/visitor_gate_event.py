from datetime import timedelta

from odoo import api, fields, models

from ..tools import visitor_token
from ..tools.door_message import read_code
from .property_gate_event import CLOCK

AGAIN = timedelta(seconds=60)  # who has not pulled the door in time holds his code to it again
JOURNEY = timedelta(minutes=30)  # between two doors on the way, told in whatever order
WAY = timedelta(hours=2)  # after which a visit opens no door that it has not opened yet


class PropertyGateEvent(models.Model):
    """Visitors at doors: a scanned or typed code is judged as the guard's phone judges it.

    One visit opens each door on its way once, so a pass for one time leads through the gate of the
    site and the entrance of the building.
    """

    _inherit = "property.gate.event"

    pass_id = fields.Many2one(
        "property.visitor.pass",
        string="Visitor Pass",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    visit_id = fields.Many2one(
        "property.visitor.visit", readonly=True, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _token_vals(self, gate, swipe, at):
        """Override: the codes of visitor passes are given out here."""
        pass_sudo, fault = self._pass_of(gate, swipe)
        if pass_sudo and not fault:
            fault = self._door_fault(gate, pass_sudo)
        if swipe.source == "live":
            now = fields.Datetime.now()
            if not fault and abs(now - at) > CLOCK:
                fault = "late"  # nobody waits at a door for so long
            elif not fault:
                at = now  # a clock that is a little wrong makes no pass count longer
        # whoever sees the door need not see a pass of another site
        vals = {"kind": "code", "at": at, "pass_id": fault != "foreign" and pass_sudo.id}
        if fault:
            return {**vals, "reason": fault}
        if swipe.direction == "out":
            return {**vals, **self._visit_out(gate, pass_sudo, at)}
        return {**vals, **self._visit_in(gate, pass_sudo, at, swipe)}

    # -- whose code it is

    @api.model
    def _pass_of(self, gate, swipe):
        """Find the pass of a code.

        :return: (property.visitor.pass in superuser mode, reason why it does not count or None)
        """
        secret, signed, digits = read_code(swipe.token)
        # sudo: the door asks, and what it holds is the right to ask
        passes_sudo = self.env["property.visitor.pass"].sudo()
        if digits:
            return self._pass_of_digits(gate, swipe, digits)
        if secret:
            pass_sudo = passes_sudo._of_token(secret)
            if pass_sudo and signed and not pass_sudo._is_signed(signed):
                return pass_sudo, "forged"
        else:
            keys = self.env["property.visitor.key"]._public_keys(gate.company_id)
            ticket = visitor_token.read(signed, keys)
            is_pass = ticket and ticket.subject == "pass"
            pass_sudo = passes_sudo.search([("id", "=", ticket.number)]) if is_pass else passes_sudo
        return pass_sudo, None if pass_sudo else "unknown"

    @api.model
    def _pass_of_digits(self, gate, swipe, digits):
        """Find the pass of a code that was typed; wrong ones are counted."""
        # sudo: the door asks; eight digits count on its own site only
        passes_sudo = self.env["property.visitor.pass"].sudo()
        attempts = self.env["property.visitor.attempt"]
        is_live = swipe.source == "live"
        if is_live and attempts._is_blocked(gate.site_id, gate):
            return passes_sudo, "blocked"
        pass_sudo = passes_sudo.search([("site_id", "=", gate.site_id.id), ("code", "=", digits)])
        if is_live:
            attempts._note(gate.site_id, bool(pass_sudo), gate)
        return pass_sudo, None if pass_sudo else "unknown"

    @api.model
    def _door_fault(self, gate, pass_sudo):
        """Return why a door is none for a pass, whenever it is shown; None where it is one."""
        unit_sudo = pass_sudo.unit_id
        if pass_sudo.site_id != gate.site_id:
            return "foreign"
        if not gate.is_for_visitors:
            return "no_visitors"
        if gate.building_id and (
            unit_sudo.building_id != gate.building_id
            or (gate.entrance and unit_sudo.entrance != gate.entrance)
        ):
            return "elsewhere"
        rule_sudo = self.env["property.visitor.rule"]._of(gate.site_id, pass_sudo.kind)
        return None if rule_sudo.opens_doors else "guard"

    # -- what it does

    @api.model
    def _visit_in(self, gate, pass_sudo, at, swipe):
        """Return what a code does at a door on the way in; a new visit uses the pass once."""
        pass_sudo._lock_and_reread("use_count", "is_used_up", "revoked_at", "approval")
        found = pass_sudo._verdict(at, bool(pass_sudo._banned()))
        if found in ("valid", "used_up"):
            visit_sudo = self._visit_under_way(gate, pass_sudo, at)
            if visit_sudo:
                visit_sudo.entered_at = min(visit_sudo.entered_at, at)
                return {"reason": "visitor", "visit_id": visit_sudo.id}
        reason = "visitor" if found == "valid" else found
        has_come = reason == "visitor" if swipe.has_opened is None else swipe.has_opened
        if not has_come:
            return {"reason": reason}
        visit_sudo = self.env["property.visitor.visit"]._enter(
            pass_sudo, {"entered_at": at, "method": "door", "gate": gate.name}
        )
        return {"reason": reason, "visit_id": visit_sudo.id}

    @api.model
    def _visit_under_way(self, gate, pass_sudo, at):
        """Return the visit that a door belongs to: one that has not opened this door before."""
        visits_sudo = pass_sudo.visit_ids.filtered(
            lambda visit: (
                at - WAY <= visit.entered_at <= at + JOURNEY
                and (not visit.left_at or visit.left_at >= at)
            )
        )
        events_sudo = self.sudo().search(  # sudo: the door asks
            [
                ("gate_id", "=", gate.id),
                ("visit_id", "in", visits_sudo.ids),
                ("is_open", "=", True),
                ("direction", "=", "in"),
            ]
        )
        before_sudo = events_sudo.filtered(lambda event: abs(event.at - at) > AGAIN)
        return (visits_sudo - before_sudo.visit_id)[:1]

    @api.model
    def _visit_out(self, gate, pass_sudo, at):
        """Return what a code does at a door on the way out: nobody who came is kept in.

        Who leaves by a door of the site has left; behind the door of a building he has not yet.
        """
        visit_sudo = pass_sudo.visit_ids.filtered(lambda visit: not visit.left_at)[:1]
        if not visit_sudo:
            return {"reason": "guard"}
        if not gate.building_id:
            visit_sudo._leave(at)
        return {"reason": "visitor", "visit_id": visit_sudo.id}
