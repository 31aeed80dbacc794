from odoo import fields, models


class MqttBroker(models.Model):
    _inherit = "mqtt.broker"

    storm_count = fields.Integer(
        string="Storm From",
        required=True,
        default=5,
        tracking=True,
        help="When as many devices below one device raise alarms, one alarm of that device stands "
        "for all. 0: never.",
    )
    storm_seconds = fields.Integer(
        string="Within",
        required=True,
        default=60,
        tracking=True,
        help="Seconds in which these alarms begin.",
    )

    _storm = models.Constraint(
        "CHECK(storm_count >= 0 AND storm_count <> 1 AND storm_seconds BETWEEN 1 AND 86400)",
        "A storm has at least two alarms, within 1 to 86400 seconds. 0 alarms: there are no "
        "storms.",
    )
