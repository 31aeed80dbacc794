import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..bridge import configuration
from ..tools import settings

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class MqttBroker(models.Model):
    _name = "mqtt.broker"
    _description = "MQTT Broker"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        tracking=True,
    )
    code = fields.Char(
        required=True,
        copy=False,
        tracking=True,
        help="Short name without spaces, by which processes and environment variables name it.",
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: its devices are seen by all companies."
    )
    host = fields.Char(required=True, default="127.0.0.1", tracking=True)
    port = fields.Integer(required=True, default=1883, tracking=True)
    protocol = fields.Selection(
        [("5", "MQTT 5"), ("311", "MQTT 3.1.1")], required=True, default="5", tracking=True
    )
    client_id = fields.Char(
        string="Client ID",
        required=True,
        copy=False,
        tracking=True,
        help="The broker keeps undelivered messages under this name: changing it loses them. "
        "No two processes may share one.",
    )
    username = fields.Char(tracking=True)
    tls = fields.Boolean(
        string="TLS",
        tracking=True,
        help="Encrypt the connection; the broker's certificate is always verified.",
    )
    ca_path = fields.Char(
        string="CA File",
        tracking=True,
        help="Path, on the machine of the bridge, of the certificates that it trusts. "
        "Empty: those of the system.",
    )
    cert_path = fields.Char(
        string="Client Certificate File",
        tracking=True,
        help="Path, on the machine of the bridge, of the certificate that it shows.",
    )
    key_path = fields.Char(
        string="Client Key File",
        tracking=True,
        help="Path, on the machine of the bridge, of the key of that certificate.",
    )
    keepalive = fields.Integer(
        required=True, default=60, help="Seconds of silence after which a side asks for the other."
    )
    session_days = fields.Integer(
        string="Session Kept",
        required=True,
        default=7,
        help="Days for which the broker keeps messages for a bridge that is away.",
    )
    receive_maximum = fields.Integer(
        string="In Flight",
        required=True,
        default=2000,
        help="Most messages that the broker may send before the first is confirmed.",
    )
    subscription_ids = fields.One2many("mqtt.subscription", "broker_id")
    process_ids = fields.One2many("mqtt.process", "broker_id")
    secret_names = fields.Char(
        compute="_compute_secret_names",
        string="Password From",
        help="The password is never kept in the database: the bridge reads it from here.",
    )
    state = fields.Selection(
        [("absent", "No process"), ("waiting", "Not connected"), ("online", "Connected")],
        string="Bridge",
        compute="_compute_state",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "Another broker has this code.")
    _client_id_unique = models.Constraint(
        "UNIQUE(client_id, host, port)",
        "Another broker has this client ID at the same address: they would push each other out.",
    )
    _port_range = models.Constraint(
        "CHECK(port BETWEEN 1 AND 65535)", "A port is a number from 1 to 65535."
    )
    _numbers = models.Constraint(
        "CHECK(keepalive BETWEEN 5 AND 65535 AND session_days BETWEEN 1 AND 365"
        " AND receive_maximum BETWEEN 1 AND 65535)",
        "Keep alive is 5 to 65535 seconds, the session 1 to 365 days, and in flight 1 to 65535.",
    )

    @api.depends("code")
    def _compute_name(self):
        for broker in self:
            broker.name = broker.name or broker.code

    @api.depends("code")
    def _compute_secret_names(self):
        for broker in self:
            if not broker.code:
                broker.secret_names = False
                continue
            broker.secret_names = self.env._(
                "environment %(variable)s, or %(key)s in section [%(section)s] of Odoo's file",
                variable=settings.variable(broker.code, "password"),
                key=f"{broker.code}_password".lower(),
                section=settings.SECTION,
            )

    @api.depends("process_ids.role", "process_ids.is_alive", "process_ids.is_connected")
    def _compute_state(self):
        for broker in self:
            alive = broker.process_ids.filtered(lambda one: one.role == "ingest" and one.is_alive)
            if alive.filtered("is_connected"):
                broker.state = "online"
            else:
                broker.state = "waiting" if alive else "absent"

    @api.constrains("code", "client_id", "host", "username")
    def _check_words(self):
        for broker in self:
            if not CODE.fullmatch(broker.code):
                raise ValidationError(
                    self.env._(
                        "The code %(code)s has to begin with a letter and have only letters, "
                        "digits and _, at most 32.",
                        code=broker.code,
                    )
                )
            if not CLIENT_ID.fullmatch(broker.client_id):
                raise ValidationError(
                    self.env._(
                        "The client ID %(client)s may have only letters, digits and . _ : - , "
                        "at most 64.",
                        client=broker.client_id,
                    )
                )
            if not re.fullmatch(r"[^\s/@]+", broker.host):
                raise ValidationError(
                    self.env._(
                        "%(host)s is no host: write its name or address alone, without mqtt:// "
                        "and without the port.",
                        host=broker.host,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a client ID that nobody else has, where none is given."""
        prefix = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        for vals in vals_list:
            if not vals.get("client_id"):
                vals["client_id"] = f"odoo-{prefix[:8]}-{vals.get('code') or ''}"
        return super().create(vals_list)

    def _connection(self):
        """Return how to connect, the machine's own settings first.

        Only for the process: it holds the password.

        :return: dictionary
        """
        self.ensure_one()
        return configuration.connection({name: self[name] for name in configuration.BROKER})
