from odoo import api, models
from odoo.exceptions import AccessError

from ..demo import builder


class MqttDemo(models.AbstractModel):
    _name = "mqtt.demo"
    _description = "MQTT Demo Data"

    @api.model
    def _build(self):
        """Build the demo devices; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("mqtt_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        builder.build(self.env)
