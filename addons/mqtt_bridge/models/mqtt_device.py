import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bridge import inbox


class MqttDevice(models.Model):
    _name = "mqtt.device"
    _description = "MQTT Device"
    _order = "code, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True, copy=False, help="As the device writes it into its messages or topics."
    )
    broker_id = fields.Many2one("mqtt.broker", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="broker_id.company_id")
    state = fields.Selection(
        [("quarantined", "In quarantine"), ("accepted", "Accepted"), ("rejected", "Rejected")],
        required=True,
        default="accepted",
        readonly=True,
        help="In quarantine: its messages are kept and wait. Rejected: they are dead letters.",
    )
    silence_minutes = fields.Integer(
        string="Silent After",
        required=True,
        default=30,
        help="Minutes without a message after which the device counts as silent.",
    )
    last_seen = fields.Datetime(string="Last Message", readonly=True)
    note = fields.Text()
    secret = fields.Char(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="With which it signs what it sends over HTTP.",
    )
    has_secret = fields.Boolean(
        string="Sends over HTTP", compute="_compute_has_secret", compute_sudo=True
    )

    _code_unique = models.Constraint(
        "UNIQUE(broker_id, code)", "This broker has a device with this code already."
    )
    _silence = models.Constraint(
        "CHECK(silence_minutes > 0)", "A device is silent after at least one minute."
    )
    _silence_within_a_year = models.Constraint(
        "CHECK(silence_minutes <= 527040)",
        "A device is silent after a year at most: enter up to 527,040 minutes.",
    )

    @api.depends("secret")
    def _compute_has_secret(self):
        for device in self:
            device.has_secret = bool(device.secret)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        """Keep the devices that messages name."""
        if self.env["mqtt.message"].sudo().search_count([("device_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("A device with messages cannot be deleted. Reject it."))

    def write(self, vals):
        """Override: what waited for the decision about a device follows it."""
        decided = self.browse()
        if vals.get("state") in ("accepted", "rejected"):
            decided = self.filtered(lambda device: device.state != vals["state"])
        result = super().write(vals)
        if decided:
            self.env.flush_all()
            follow = inbox.release if vals["state"] == "accepted" else inbox.refuse
            follow(self.env.cr, decided.ids)
            self.env.invalidate_all()
        return result

    def action_accept(self):
        """Accept devices: the messages that waited are stored."""
        self.write({"state": "accepted"})

    def action_reject(self):
        """Reject devices: the messages that waited become dead letters."""
        self.write({"state": "rejected"})

    def action_make_secret(self):
        """Make a new secret for signing, and show it this once."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("mqtt_bridge.group_manager"):
            raise AccessError(
                self.env._("Only managers of device messages may make secrets. Ask one of them.")
            )
        secret = secrets.token_urlsafe(32)
        # the field is hidden from everybody, the manager who makes the secret included
        self.sudo().secret = secret
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Secret of %(code)s, shown only this once", code=self.code),
                "message": secret,
                "type": "warning",
                "sticky": True,
            },
        }

    def action_forget_secret(self):
        """Let the device send nothing over HTTP any more."""
        self.check_access("write")
        # operators may shut the door in an emergency
        self.sudo().secret = False

    def action_messages(self):
        """Open the messages of the device."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_message_action")
        return {**action, "domain": [("device_id", "in", self.ids)], "context": {}}
