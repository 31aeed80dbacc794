"""Connect many meters to devices at once: matched by number, shown, corrected, connected."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.mqtt_bridge.tools import decoding

from ..tools import days, matching

MOST_MESSAGES = 300  # the last of a subscription, in which meters of gateways are looked for
MOST_LINES = 2000


class PropertyMeterConnect(models.TransientModel):
    _name = "property.meter.connect"
    _description = "Connect Meters"

    site_id = fields.Many2one(
        "property.site", required=True, default=lambda self: self._default_site_id()
    )
    telegram_id = fields.Many2one(
        "property.meter.telegram",
        string="Automatic Reading",
        required=True,
        default=lambda self: self._default_telegram_id(),
    )
    has_addresses = fields.Boolean(compute="_compute_has_addresses")
    pasted = fields.Text(
        string="Numbers from a Worksheet",
        help="Two columns: number of the meter, and number of the device or its address.",
    )
    wrong = fields.Text(string="Lines That Are Not Used", readonly=True)
    line_ids = fields.One2many("property.meter.connect.line", "wizard_id", string="Devices")
    matched_count = fields.Integer(string="Meters Found", compute="_compute_counts")
    unmatched_count = fields.Integer(string="Without a Meter", compute="_compute_counts")

    @api.model
    def _default_site_id(self):
        return self.env["property.site"].search(
            [("id", "in", self.env.user.property_site_ids.ids)], limit=1
        )

    @api.model
    def _default_telegram_id(self):
        found = self.env["property.meter.telegram"].search([], limit=2)
        return found if len(found) == 1 else found.browse()

    @api.depends("telegram_id")
    def _compute_has_addresses(self):
        for wizard in self:
            wizard.has_addresses = bool(wizard.telegram_id.address_path)

    @api.depends("line_ids.meter_id")
    def _compute_counts(self):
        for wizard in self:
            matched = wizard.line_ids.filtered("meter_id")
            wizard.matched_count = len(matched)
            wizard.unmatched_count = len(wizard.line_ids) - len(matched)

    @api.onchange("site_id", "telegram_id", "pasted")
    def _onchange_match(self):
        """Look for the devices that no meter has yet, and for their meters."""
        pasted, wrong = matching.rows(self.pasted)
        if not self.site_id or not self.telegram_id:
            self.line_ids = [Command.clear()]
            return
        meters, sources = self._free_meters(), self._sources()
        found = matching.pair(
            [(meter, meter.code, meter.unit_id.code or "") for meter in meters],
            [(key, *names) for key, (names, _value) in sources.items()],
            pasted,
        )
        wrong += self._unused(pasted, found)
        self.wrong = "\n".join(wrong) or False
        order = sorted(sources, key=lambda key: (key not in found, key[0].code, key[1]))
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "device_id": device.id,
                        "address": address,
                        "value": sources[device, address][1],
                        "meter_id": meter.id if meter else False,
                        "match": how,
                    }
                )
                for device, address in order[:MOST_LINES]
                for meter, how in [found.get((device, address), (None, False))]
            ),
        ]

    @staticmethod
    def _unused(pasted, found):
        """Return the pasted rows that name no free meter, or no device without one."""
        used = {
            matching.folded(meter.code) for meter, how in found.values() if how == matching.PASTED
        }
        return [f"{meter}\t{source}" for meter, source in pasted.items() if meter not in used]

    def _free_meters(self):
        """Return the meters of the site that no device reads, of the kind that is sent."""
        domain = [("site_id", "=", self.site_id.id), ("device_id", "=", False)]
        if self.telegram_id.kind:
            domain.append(("kind", "=", self.telegram_id.kind))
        return self.env["property.meter"].search(domain, order="code, id")

    def _sources(self):
        """Find what could be connected.

        :return: dict (device, address) -> ((number, name), what it said last or False)
        """
        telegram = self.telegram_id
        # of foreign sites too: what reads a meter there is not free
        taken_sudo = self.env["property.meter"].sudo().search([("telegram_id", "=", telegram.id)])
        taken = {(meter.device_id.id, meter.device_address or "") for meter in taken_sudo}
        found = self._heard_rows() if telegram.address_path else self._heard_devices()
        nowhere = self.env["property.site"]
        return {
            key: row
            for key, row in found.items()
            if (key[0].id, key[1]) not in taken and key[0].site_id in (self.site_id, nowhere)
        }

    def _heard_devices(self):
        """Return the devices that have said the metric, or of which the subscription has heard."""
        telegram = self.telegram_id
        if telegram.metric_id:
            values = self.env["mqtt.value"].search([("metric_id", "=", telegram.metric_id.id)])
            return {
                (value.device_id, ""): (
                    (value.device_id.code, value.device_id.name),
                    days.shown(value.number, telegram.factor),
                )
                for value in values
                if value.device_id.state == "accepted"
            }
        return self._heard_rows()

    def _heard_rows(self):
        """Return what the last messages of the subscription are about."""
        telegram = self.telegram_id
        source = telegram.subscription_id
        messages = self.env["mqtt.message"].search(
            [("subscription_id", "=", source.id), ("state", "=", "stored")],
            limit=MOST_MESSAGES,
        )
        payloads, kinds, found = messages._payloads(), source._kinds(), {}
        for message in messages:
            payload, device = payloads[message.id], message.device_id
            try:
                data = decoding.decode(payload, source.decoder, len(payload), kinds)
                rows = telegram._rows(message.topic, data)
            except (decoding.Unreadable, UserError):
                continue
            for address, there, _row in rows:
                number = telegram._number(there)
                key = (device, address)
                if key not in found and number is not None and (address or not self.has_addresses):
                    found[key] = ((address or device.code, device.name), number)
        return found

    def action_connect(self):
        """Connect the meters that have a device, and show them.

        :raise UserError: when there is none, or one is named twice
        """
        self.ensure_one()
        lines = self.line_ids.filtered("meter_id")
        if not lines:
            raise UserError(self.env._("Choose the meter of at least one device."))
        twice = [meter for meter, mine in lines.grouped("meter_id").items() if len(mine) > 1]
        if twice:
            raise UserError(
                self.env._(
                    "Meter %(meter)s is chosen for two devices. Clear one of them.",
                    meter=twice[0].code,
                )
            )
        for line in lines:
            line.meter_id.write(
                {
                    "device_id": line.device_id.id,
                    "telegram_id": self.telegram_id.id,
                    "device_address": line.address,
                }
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_iot.property_meter_action_automatic"
        )
        return {**action, "domain": [("id", "in", lines.meter_id.ids)], "context": {}}
