from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

USAGE = "mqtt"


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    usage = fields.Selection(selection_add=[(USAGE, "MQTT Event")], ondelete={USAGE: "cascade"})

    @api.constrains("usage", "binding_model_id")
    def _check_mqtt_binding(self):
        for action in self:
            if action.usage == USAGE and action.binding_model_id:
                raise ValidationError(
                    self.env._(
                        "%(action)s runs when a device says something: it cannot be put into a "
                        "menu too.",
                        action=action.name,
                    )
                )

    def _get_children_domain(self):
        """Override of `base`: an action for events is no part of one that has no event."""
        return super()._get_children_domain() & Domain("usage", "!=", USAGE)

    def _run_for(self, event):
        """Run the action for an event, with the rights and in the context of the event's user.

        :param event: mqtt.event, in the environment of the user
        """
        self.ensure_one()
        action_sudo = self.sudo()  # what it is may be read by administrators only
        if action_sudo.usage != USAGE:
            raise UserError(
                self.env._(
                    "%(action)s is no action for device messages. Choose one whose usage is "
                    "MQTT Event.",
                    action=action_sudo.name,
                )
            )
        record = event._record_for(action_sudo.model_id.model)
        context = {"active_model": False, "active_id": False, "active_ids": []}
        if record:
            context = {
                "active_model": record._name,
                "active_id": record.id,
                "active_ids": record.ids,
            }
        elif action_sudo.state != "code":
            raise UserError(
                self.env._(
                    "%(action)s has no record to act on: choose the model Device, Alarm or Event "
                    "for it, or write code.",
                    action=action_sudo.name,
                )
            )
        self.with_env(event.env).with_context(**context).run()

    def _is_for_events(self):
        """Say whether this is an action for events, or a part of one."""
        action = self
        while action.parent_id:
            action = action.parent_id
        return action.usage == USAGE

    def _run_action_multi(self, eval_context=None):
        """Override of `base`: the parts of an action for events run with its user's rights too."""
        if not self._is_for_events():
            return super()._run_action_multi(eval_context)
        res = False
        for action in self.child_ids.sorted():
            res = action.sudo(False).run() or res
        return res

    def _can_execute_action_on_records(self, records):
        """Override of `base`: an action for events runs for one that runs, and for nobody else.

        Its code need not be allowed to write what a device said: it has its user's rights only,
        whatever it does.
        """
        if not self._is_for_events():
            return super()._can_execute_action_on_records(records)
        ident = self.env.context.get("mqtt_event_id")
        event_sudo = self.env["mqtt.event"].sudo().browse(ident).exists()
        if event_sudo.state != "running" or event_sudo.broker_id.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "%(action)s runs only when a device says something.", action=self.sudo().name
                )
            )
        is_code = self.state in ("code", "multi") and not self.group_ids
        if is_code and self.model_id.model.startswith("mqtt."):
            records.check_access("read")
            return None
        return super()._can_execute_action_on_records(records)

    @api.model
    def _get_eval_context(self, action=None):
        """Override of `base`: what an action for events may use."""
        found = super()._get_eval_context(action=action)
        ident = self.env.context.get("mqtt_event_id")
        if action and ident and action._is_for_events():
            event = self.env["mqtt.event"].browse(ident)
            event.check_access("read")
            found.update(
                event=event,
                device=event.device_id,
                alarm=event.alarm_id,
                rule=event.rule_id,
                payload=event._content(),
                once=event._once,
            )
        return found
