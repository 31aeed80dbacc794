from odoo import api, fields, models


class BigInteger(fields.Integer):
    """A whole number of up to 18 digits."""

    _column_type = ("int8", "int8")


class MqttSequence(models.Model):
    """Where a device stands that counts its messages. Only the inbox writes it."""

    _name = "mqtt.sequence"
    _description = "MQTT Message Numbers"
    _order = "id"
    _rec_name = "device_id"
    _log_access = False

    subscription_id = fields.Many2one(
        "mqtt.subscription", required=True, index=True, ondelete="restrict", readonly=True
    )
    device_id = fields.Many2one(
        "mqtt.device", required=True, index=True, ondelete="cascade", readonly=True
    )
    first_number = BigInteger(readonly=True, aggregator=None, help="With which the count began.")
    last_number = BigInteger(readonly=True, aggregator=None)
    sent_at = fields.Datetime(string="Device Time", readonly=True)
    epoch = fields.Integer(required=True, default=0, readonly=True, aggregator=None)
    received = fields.Integer(string="Numbered Messages", required=True, default=0, readonly=True)
    late = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        help="Messages that came after later ones.",
    )
    resets = fields.Integer(
        string="Begun Anew",
        required=True,
        default=0,
        readonly=True,
        help="How often the device began to count anew, as after a restart.",
    )
    gap_ids = fields.One2many("mqtt.gap", "sequence_id", string="Gaps")
    missing = fields.Integer(compute="_compute_missing", search="_search_missing")
    alarmed = fields.Integer(
        default=0, readonly=True, help="Missing numbers when the alarm was last raised."
    )

    _place_unique = models.Constraint(
        "UNIQUE(subscription_id, device_id)", "The numbers of this device are counted already."
    )

    @api.depends("gap_ids.missing", "gap_ids.is_settled")
    def _compute_missing(self):
        groups = self.env["mqtt.gap"]._read_group(
            [("sequence_id", "in", self.ids), ("is_settled", "=", False)],
            ["sequence_id"],
            ["missing:sum"],
        )
        sums = {sequence.id: number for sequence, number in groups}
        for sequence in self:
            sequence.missing = sums.get(sequence._origin.id, 0)

    @api.model
    def _search_missing(self, operator, value):
        if (operator, value) not in ((">", 0), ("!=", 0)):
            return NotImplemented
        return [("gap_ids", "any", [("is_settled", "=", False)])]

    @api.model
    def _watch(self):
        """Raise or clear the alarms of missing numbers, where subscriptions want them."""
        wanted = [("subscription_id.alarm_gaps", "=", True)]
        due = self.search(["|", ("alarmed", ">", 0), "&", *wanted, ("missing", ">", 0)])
        for device, sequences in due.grouped("device_id").items():
            missing = sum(one.missing for one in sequences if one.subscription_id.alarm_gaps)
            before = sum(sequences.mapped("alarmed"))
            if missing == before:
                continue
            if missing:
                env = device._for_people().env
                message = env._("%(count)s messages are missing.", count=missing)
                device._raise_alarm("gap", message, {"missing": missing})
            else:
                device._clear_alarm("gap")
            for one in sequences:
                one.alarmed = one.missing if one.subscription_id.alarm_gaps else 0
