from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MqttDevice(models.Model):
    """Where a device stands, and which meters it reads."""

    _name = "mqtt.device"
    _inherit = ["mqtt.device", "property.scoped"]

    unit_id = fields.Many2one(
        "property.unit",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        help="The room, space or common area in which it stands.",
    )
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Staff see the devices of their own sites. That of its unit or meters, where it has "
        "any.",
    )
    meter_ids = fields.One2many(
        "property.meter", "device_id", string="Meters", groups="property_base.group_staff"
    )
    meter_count = fields.Integer(compute="_compute_meter_count", groups="property_base.group_staff")

    @api.depends("meter_ids.unit_id")
    def _compute_unit_id(self):
        for device in self:
            meter = device.meter_ids if len(device.meter_ids) == 1 else device.meter_ids.browse()
            is_there = device.site_id in (meter.site_id, meter.site_id.browse())
            device.unit_id = device.unit_id or (is_there and meter.unit_id)

    @api.depends("unit_id.site_id", "meter_ids.site_id")
    def _compute_site_id(self):
        for device in self:
            # one that belongs to a site is not drawn to another by a meter: that is refused
            own = device.unit_id.site_id or device.site_id
            device.site_id = own or device.meter_ids.site_id[:1]

    @api.depends("meter_ids")
    def _compute_meter_count(self):
        groups = self.env["property.meter"]._read_group(
            [("device_id", "in", self.ids)], ["device_id"], ["__count"]
        )
        counts = {device.id: count for device, count in groups}
        for device in self:
            device.meter_count = counts.get(device._origin.id, 0)

    @api.constrains("site_id", "broker_id")  # the site is computed anew when the unit changes
    def _check_site(self):
        # whoever sets up devices need not see meters and units
        for device in self.sudo():
            site = device.site_id
            others = (device.unit_id.site_id | device.meter_ids.site_id) - site
            if others:
                raise ValidationError(
                    self.env._(
                        "%(device)s belongs to %(site)s, but its unit or one of its meters to "
                        "%(other)s. Choose the same site for all of them.",
                        device=device.name,
                        site=site.name or self.env._("no site"),
                        other=others[0].name,
                    )
                )
            company = device.broker_id.company_id
            if site and company and site.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(site)s belongs to another company than the broker of %(device)s.",
                        site=site.name,
                        device=device.name,
                    )
                )

    def action_view_meters(self):
        """Open the meters that the device reads."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_action"
        )
        action.update(domain=[("device_id", "=", self.id)], context={})
        if len(self.meter_ids) == 1:
            action.update(res_id=self.meter_ids.id, views=[(False, "form")])
        return action
