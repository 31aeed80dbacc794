from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.workflow import OPEN_STEPS


class MaintenanceRequest(models.Model):
    """Requests that devices raise: one for an alarm, and one for a piece of equipment at a time."""

    _inherit = "maintenance.request"

    alarm_key = fields.Char(
        readonly=True,
        copy=False,
        help="The alarm that raised the request, in the words of whoever watches the devices.",
    )
    alarm_count = fields.Integer(
        string="Alarms", readonly=True, copy=False, help="Alarms told while the request was open."
    )

    _alarm_key_unique = models.UniqueIndex(
        "(alarm_key) WHERE alarm_key IS NOT NULL", "This alarm has raised a request already."
    )

    @api.model
    def _raise_from_alarm(self, key, title, site, unit=None, equipment=None, place="", text=""):
        """Raise a request for an alarm of a device; told again, or of equipment that is being
        worked on already, it is the request that is there.

        Whoever calls this watches devices; access is his to check.

        :param str key: of the alarm: the same as long as it is open, never used again
        :param str title: what is wrong
        :param site: property.site
        :param unit: property.unit where the device stands
        :param equipment: maintenance.equipment that the device watches
        :param str place: where it is, for people
        :param str text: what the device said
        :return: the request, in superuser mode
        :raise UserError: when nobody knows where it is
        """
        if not site:
            raise UserError(self.env._("Choose the site of the device, then run this again."))
        # sudo: devices have no rights; what they may say is what is asked for here
        requests_sudo = self.sudo()
        known_sudo = requests_sudo.search([("alarm_key", "=", key)], limit=1)
        if known_sudo:
            return known_sudo
        if equipment:
            equipment.sudo()._lock_and_reread("state")
        open_sudo = requests_sudo._open_of_alarms(equipment)
        if open_sudo:
            open_sudo._tell_alarm(title, text)
            return open_sudo
        raised_sudo = requests_sudo._raise_request(
            {
                "name": title[:120],
                "description": text or None,
                "site_id": site.id,
                "unit_id": unit.id if unit else None,
                "place": place or None,
                "equipment_id": equipment.id if equipment else None,
                "channel": "device",
                "kind": "repair",
                "is_urgent": True,
            }
        )
        raised_sudo.write({"alarm_key": key, "alarm_count": 1})
        return raised_sudo

    @api.model
    def _open_of_alarms(self, equipment):
        """Return the open request that alarms of the equipment raised, if there is one."""
        if not equipment:
            return self.browse()
        domain = Domain("equipment_id", "=", equipment.id) & Domain("channel", "=", "device")
        return self.search(domain & Domain("step", "in", OPEN_STEPS), limit=1)

    def _tell_alarm(self, title, text):
        """Note a further alarm at a request that is being worked on."""
        self.ensure_one()
        self.alarm_count += 1
        self.message_post(body=" · ".join(part for part in (title, text) if part))
