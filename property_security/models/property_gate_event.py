from datetime import timedelta

from odoo import api, fields, models

from ..tools import door_message
from ..tools.gate_error import GateRefused

CLOCK = timedelta(minutes=5)  # by which a reader's clock may differ, as the signature allows
REASONS = [
    ("resident", "Lives here"),
    ("staff", "Works here"),
    ("visitor", "Booked visitor"),
    ("stranger", "Does not live here"),
    ("dates", "Card is not valid today"),
    ("lost", "Card is reported lost"),
    ("unknown", "Unknown card or code"),
    ("late", "Told too late to open"),
    ("blocked", "Too many wrong codes"),
    ("no_visitors", "Door lets no visitors in"),
    ("elsewhere", "Door does not lead to the unit"),
    ("guard", "Has to see the guard"),
    ("forged", "Code not signed by us"),
    ("foreign", "Code of another site"),
    ("banned", "On the blacklist"),
    ("draft", "Pass is not handed out"),
    ("refused", "Pass is refused"),
    ("waiting", "Pass is not approved"),
    ("revoked", "Pass is revoked"),
    ("early", "Pass does not count yet"),
    ("expired", "Pass has expired"),
    ("used_up", "Pass is used up"),
]
OPENING = ("resident", "staff", "visitor")
FRESH = 60  # seconds after which a door is not told to open any more: nobody waits there


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
    kind = fields.Selection(
        [("card", "Access Card"), ("code", "Visitor Code")], required=True, readonly=True
    )
    card_id = fields.Many2one("property.gate.card", readonly=True, ondelete="set null")
    partner_id = fields.Many2one(related="card_id.partner_id", string="Holder")
    reason = fields.Selection(REASONS, required=True, readonly=True)
    is_open = fields.Boolean(string="Opened", readonly=True)
    direction = fields.Selection(
        [("in", "In"), ("out", "Out")], required=True, default="in", readonly=True
    )
    source = fields.Selection(
        [("live", "Reader"), ("upload", "Uploaded later")],
        required=True,
        default="live",
        readonly=True,
        help="Uploaded later: the door decided by itself while it was offline.",
    )

    _key_unique = models.UniqueIndex("(gate_id, key)")

    @api.model
    def _take_all(self, gate, value):
        """Take one event, or a list of them that a door has kept while it was offline.

        :param gate: property.gate of kind door
        :param dict value: the message
        :return: the events in the order of the list
        :raise GateRefused: when anything of it cannot be read; then nothing is written
        """
        events = []
        for number, row in enumerate(door_message.rows(value)):
            try:
                events.append(self._take(gate, row))
            except GateRefused as refused:
                place = number if "events" in value else None
                raise GateRefused(refused.status, refused.code, place) from None
        return self.browse([event.id for event in events])

    @api.model
    def _take(self, gate, value):
        """Take what a door's reader sends; the same message again changes nothing.

        :param gate: property.gate of kind door
        :param dict value: the message
        :return: the event
        :raise GateRefused: when the message cannot be read
        """
        if gate.kind != "door":
            raise GateRefused(422, "kind")
        swipe = door_message.read(value, gate.site_id.tz or "UTC")
        known = self.search([("gate_id", "=", gate.id), ("key", "=", swipe.key)])
        if known:
            return known
        now = fields.Datetime.now()
        at = swipe.at or now
        if swipe.card:
            if swipe.source == "live" and abs(now - at) > CLOCK:
                at = now  # a reader whose clock was reset neither locks out nor lets in the expired
            vals = self._card_vals(gate, swipe.card, at)
        else:
            vals = self._token_vals(gate, swipe, at)
        is_open = vals["reason"] in OPENING
        return self.create(
            {
                "gate_id": gate.id,
                "key": swipe.key,
                "at": at,
                "direction": swipe.direction,
                "source": swipe.source,
                # what a door did while it was offline is a fact, whatever we think of it
                "is_open": is_open if swipe.has_opened is None else swipe.has_opened,
                **vals,
            }
        )

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
    def _token_vals(self, gate, swipe, at):
        """Return what a code does at a door; extended where codes are given out.

        :param gate: property.gate of kind door
        :param swipe: tools.door_message.Swipe
        :param datetime at: UTC
        """
        return {"kind": "code", "reason": "unknown"}

    def _answer(self):
        """Return what the door is told."""
        self.ensure_one()
        words = self._words()
        return {
            "message_id": self.key,
            "decision": "open" if self.is_open else "refuse",
            "reason": self.reason,
            "open": self.is_open and self.source == "live",
            "display": [words],
            "voice": words,
        }

    def _open(self):
        """Tell a device that reads no answers to open, and what to show, for those just taken."""
        since = fields.Datetime.now() - timedelta(seconds=FRESH)
        for event in self.filtered(lambda one: one.source == "live" and one.at >= since):
            rows = [{"kind": "display", "key": f"show-{event.key}", "text": event._words()}]
            if event.is_open:
                rows.insert(0, {"kind": "open", "key": f"event-{event.id}"})
            self.env["property.gate.command"]._give(event.gate_id, rows)

    def _words(self):
        """Return what the door says; of lists and of other people nothing."""
        if self.is_open:
            return self.env._("Goodbye") if self.direction == "out" else self.env._("Welcome")
        told = {
            "early": self.env._("Your pass does not count yet"),
            "expired": self.env._("Your pass has expired"),
            "used_up": self.env._("Your pass is used up"),
            "blocked": self.env._("Too many wrong codes, please scan or call the guard"),
        }
        return told.get(self.reason) or self.env._("Please call the guard")
