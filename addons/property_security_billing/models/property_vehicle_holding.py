from odoo import fields, models


class PropertyVehicleHolding(models.Model):
    """Who held a car from when until when: where it has been is told to nobody but him."""

    _name = "property.vehicle.holding"
    _description = "Holder of a Vehicle"
    _inherit = ["property.scoped"]
    _order = "vehicle_id, id"

    vehicle_id = fields.Many2one(
        "property.vehicle", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="vehicle_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="vehicle_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, readonly=True, index=True, ondelete="cascade"
    )
    since = fields.Datetime(
        string="From", readonly=True, help="Empty: as long as the vehicle is known."
    )
    until = fields.Datetime(readonly=True, help="Empty: until now.")

    _one_holder = models.UniqueIndex(
        "(vehicle_id) WHERE until IS NULL", "A vehicle has one holder at a time."
    )

    def init(self):
        """Note the holders of vehicles registered before holders were dated.

        A holder counts from when he was last written, as the vehicle's log tells.
        """
        self.env.cr.execute(
            """
            INSERT INTO property_vehicle_holding
                        (vehicle_id, partner_id, site_id, company_id, since, create_uid,
                         create_date, write_uid, write_date)
                 SELECT car.id, car.partner_id, car.site_id, car.company_id,
                        (SELECT MAX(message.date)
                           FROM mail_tracking_value tracked
                           JOIN mail_message message ON message.id = tracked.mail_message_id
                           JOIN ir_model_fields field ON field.id = tracked.field_id
                          WHERE field.model = 'property.vehicle' AND field.name = 'partner_id'
                            AND message.model = 'property.vehicle' AND message.res_id = car.id),
                        %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
                   FROM property_vehicle car
                  WHERE car.active AND car.partner_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM property_vehicle_holding holding
                                     WHERE holding.vehicle_id = car.id)
            """,
            {"user": self.env.uid},
        )
