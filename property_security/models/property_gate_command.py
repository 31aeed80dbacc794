from datetime import timedelta

from odoo import api, fields, models

SECONDS = 30  # for which a command is good: nobody wants a gate to open minutes later
WAITING = ("queued", "sent")


class PropertyGateCommand(models.Model):
    """What a gate was told: who, why, and what became of it."""

    _name = "property.gate.command"
    _description = "Gate Command"
    _inherit = ["property.scoped"]
    _order = "id desc"
    _rec_name = "kind"

    gate_id = fields.Many2one(
        "property.gate", required=True, index=True, ondelete="cascade", readonly=True
    )
    site_id = fields.Many2one(related="gate_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="gate_id.company_id", store=True, precompute=True)
    lane_id = fields.Many2one("property.parking.lane", ondelete="restrict", readonly=True)
    kind = fields.Selection(
        [
            ("open", "Open Gate"),
            ("close", "Close Gate"),
            ("display", "Display"),
            ("voice", "Voice"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Char(readonly=True, help="What is shown or said.")
    key = fields.Char(
        required=True, readonly=True, help="The same key again gives no second command."
    )
    passage_id = fields.Many2one(
        "property.parking.passage", index="btree_not_null", ondelete="cascade", readonly=True
    )
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Ordered By", readonly=True, ondelete="set null")
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("sent", "Sent"),
            ("confirmed", "Done"),
            ("failed", "Failed"),
            ("expired", "Expired"),
        ],
        required=True,
        default="queued",
        readonly=True,
    )
    given_at = fields.Datetime(
        string="Given", required=True, readonly=True, default=fields.Datetime.now
    )
    expires_at = fields.Datetime(string="Good Until", required=True, readonly=True)
    sent_at = fields.Datetime(readonly=True)
    confirmed_at = fields.Datetime(string="Answered At", readonly=True)
    error = fields.Char(string="Device Says", readonly=True)

    _key_unique = models.UniqueIndex("(gate_id, key)")
    _waiting = models.Index("(gate_id) WHERE state IN ('queued', 'sent')")

    @api.model
    def _give(self, gate, vals_list):
        """Give commands to a gate; one whose key it has already is given once.

        :param gate: property.gate
        :param list vals_list: dicts with `kind`, `key`, and where wanted `lane_id`, `text`,
            `passage_id`, `reason`, `user_id`, `state`
        :return: the commands in superuser mode, in the order given
        """
        # Nobody writes commands by hand: they follow from what people and cameras do.
        commands_sudo = self.sudo()
        domain = [("gate_id", "=", gate.id), ("key", "in", [vals["key"] for vals in vals_list])]
        known = {command.key: command for command in commands_sudo.search(domain)}
        now = fields.Datetime.now()
        fresh = [
            {
                "gate_id": gate.id,
                "expires_at": now + timedelta(seconds=SECONDS),
                "sent_at": now if vals.get("state") == "sent" else False,
                **vals,
            }
            for vals in vals_list
            if vals["key"] not in known
        ]
        created = commands_sudo.create(fresh)
        known.update({command.key: command for command in created})
        queued = created.filtered(lambda command: command.state == "queued")
        if queued:
            gate._driver()._deliver(queued)
        return commands_sudo.browse([known[vals["key"]].id for vals in vals_list])

    @api.model
    def _due(self, gate, states=WAITING):
        """Return what a gate still has to do: what was not answered and is still good.

        :param states: those of commands that are wanted
        """
        return self.search(
            [
                ("gate_id", "=", gate.id),
                ("state", "in", states),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            order="id",
        )

    def _mark_sent(self):
        self.filtered(lambda command: command.state == "queued").write(
            {"state": "sent", "sent_at": fields.Datetime.now()}
        )

    def _confirm(self, result, message=""):
        """Take down what the device says became of the command; the first answer counts.

        :param str result: done or failed
        :param str message: of the device
        """
        self.ensure_one()
        if self.state in (*WAITING, "expired"):
            self.write(
                {
                    "state": "confirmed" if result == "done" else "failed",
                    "confirmed_at": fields.Datetime.now(),
                    "error": message or False,
                }
            )

    @api.model
    def _expire(self):
        """Let commands expire that nobody has fetched or answered in time."""
        self.search(
            [("state", "in", WAITING), ("expires_at", "<=", fields.Datetime.now())], limit=10_000
        ).write({"state": "expired"})

    def _wire(self):
        """Return the commands as they are sent to a device."""
        return [
            {
                "id": command.id,
                "command": command.kind,
                "lane": command.lane_id.channel or None,
                "text": command.text or None,
                "expires": int(command.expires_at.timestamp()),
            }
            for command in self
        ]
