from datetime import timedelta

from odoo import api, fields, models

BEAT = 5  # seconds
KEEP_DAYS = 7
SILENT = 30  # seconds after which a process counts as gone


class MqttProcess(models.Model):
    """A bridge that runs, as it last said about itself."""

    _name = "mqtt.process"
    _description = "MQTT Bridge Process"
    _order = "heartbeat_at desc, id desc"
    _rec_name = "client_id"
    _log_access = False

    broker_id = fields.Many2one("mqtt.broker", required=True, index=True, ondelete="cascade")
    role = fields.Selection(
        [("ingest", "Messages"), ("outbox", "Commands"), ("actions", "Server Actions")],
        required=True,
    )
    client_id = fields.Char(string="Client ID", required=True)
    machine = fields.Char()
    pid = fields.Integer(string="Process ID", aggregator=None)
    started_at = fields.Datetime()
    heartbeat_at = fields.Datetime(string="Last Sign")
    is_connected = fields.Boolean(string="Connected")
    connections = fields.Integer(help="How often it connected since it started.")
    queue_length = fields.Integer(
        help="Messages taken and not confirmed to the broker, commands that it has not confirmed, "
        "or events that wait; at the last sign."
    )
    filters = fields.Text(help="What it has subscribed to, one a line.")
    error = fields.Char(string="Last Error")
    error_at = fields.Datetime(string="Last Error On")
    is_alive = fields.Boolean(string="Alive", compute="_compute_is_alive")

    _client_unique = models.Constraint(
        "UNIQUE(broker_id, role, client_id)", "A process of this kind exists already."
    )

    @api.depends("heartbeat_at")
    def _compute_is_alive(self):
        now = fields.Datetime.now()
        since = now - timedelta(seconds=SILENT)
        # who runs an action gives no sign until it has ended
        events = self.env["mqtt.event"].sudo()
        busy = events.search([("state", "=", "running"), ("lease_until", ">", now)])
        workers = {(event.broker_id, event.worker) for event in busy}
        for process in self:
            is_heard = process.heartbeat_at and process.heartbeat_at >= since
            process.is_alive = bool(is_heard or (process.broker_id, process.client_id) in workers)

    @api.autovacuum
    def _gc_processes(self):
        """Forget the processes that are long gone.

        Not those that hear devices: what they subscribed to has to be known to the next one.
        """
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("role", "!=", "ingest"), ("heartbeat_at", "<", before)]).unlink()
