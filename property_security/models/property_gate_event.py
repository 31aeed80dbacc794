from odoo import api, fields, models

from ..tools import gate_message
from ..tools.gate_error import GateRefused

REASONS = [
    ("resident", "Lives here"),
    ("staff", "Works here"),
    ("visitor", "Booked visitor"),
    ("stranger", "Does not live here"),
    ("dates", "Card is not valid today"),
    ("lost", "Card is reported lost"),
    ("unknown", "Unknown card or code"),
]
OPENING = ("resident", "staff", "visitor")


class PropertyGateEvent(models.Model):
    """Somebody held a card or a code to a door, and what the door was told."""

    _name = "property.gate.event"
    _description = "Access Event"
    _inherit = ["property.scoped"]
    _order = "at desc, id desc"
    _rec_name = "gate_id"

    gate_id = fields.Many2one(
        "property.gate", string="Door", required=True, ondelete="cascade", readonly=True
    )
    site_id = fields.Many2one(related="gate_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="gate_id.company_id", store=True)
    key = fields.Char(string="Message", required=True, readonly=True)
    at = fields.Datetime(string="Time", required=True, readonly=True, index=True)
    kind = fields.Selection([("card", "Card"), ("code", "Code")], required=True, readonly=True)
    card_id = fields.Many2one("property.gate.card", readonly=True, ondelete="set null")
    partner_id = fields.Many2one(related="card_id.partner_id", string="Holder")
    reason = fields.Selection(REASONS, required=True, readonly=True)
    is_open = fields.Boolean(string="Opened", readonly=True)

    _key_unique = models.UniqueIndex("(gate_id, key)")

    @api.model
    def _take(self, gate, value):
        """Take what a door's reader sends; the same message again changes nothing.

        :param gate: property.gate of kind door
        :param dict value: the message
        :return: the event
        :raise GateRefused: when the message cannot be read
        """
        key = gate_message.name(value.get("message_id"), 64)
        card, token = (gate_message.name(value.get(name), 128) for name in ("card", "token"))
        if not key or not (card or token):
            raise GateRefused(422, "event")
        if gate.kind != "door":
            raise GateRefused(422, "kind")
        try:
            at = gate_message.moment(value.get("time"), gate.site_id.tz or "UTC")
        except ValueError:
            raise GateRefused(422, "time") from None
        known = self.search([("gate_id", "=", gate.id), ("key", "=", key)])
        if known:
            return known
        at = at or fields.Datetime.now()
        vals = self._card_vals(gate, card, at) if card else self._token_vals(gate, token, at)
        vals["is_open"] = vals["reason"] in OPENING
        return self.create({"gate_id": gate.id, "key": key, "at": at, **vals})

    @api.model
    def _card_vals(self, gate, number, at):
        """Return what a card does at a door."""
        cards_sudo = self.env["property.gate.card"].sudo()  # the door asks
        card_sudo = cards_sudo.search(
            [("site_id", "=", gate.site_id.id), ("number", "=", number)], limit=1
        )
        day = fields.Datetime.context_timestamp(gate.with_context(tz=gate.site_id.tz), at).date()
        reason = card_sudo._permission(gate, day) if card_sudo else "unknown"
        return {"kind": "card", "card_id": card_sudo.id, "reason": reason}

    @api.model
    def _token_vals(self, gate, token, at):
        """Return what a code does at a door; extended where codes are given out."""
        return {"kind": "code", "reason": "unknown"}

    def _answer(self):
        """Return what the door is told."""
        self.ensure_one()
        words = self.env._("Welcome") if self.is_open else self.env._("Please call the guard")
        return {
            "message_id": self.key,
            "decision": "open" if self.is_open else "refuse",
            "open": self.is_open,
            "display": [words],
            "voice": words,
        }
