from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .property_equipment_state_log import EQUIPMENT_STATES

#: States that nobody enters without saying why.
EXPLAINED = ("faulty", "scrapped")


class MaintenanceEquipment(models.Model):
    _inherit = "maintenance.equipment"

    state = fields.Selection(
        EQUIPMENT_STATES, required=True, default="in_use", copy=False, index=True, tracking=True
    )
    state_log_ids = fields.One2many(
        "property.equipment.state.log", "equipment_id", string="States", copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Log the state that equipment of a site starts with."""
        equipment = super().create(vals_list)
        ours = equipment.filtered("site_id")
        # sudo: nobody writes the log by hand
        self.env["property.equipment.state.log"].sudo().create(
            [{"equipment_id": one.id, "to_state": one.state} for one in ours]
        )
        return equipment

    def write(self, vals):
        """Refuse a state written by hand: it changes with a reason, and is logged."""
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._("Use the button Change State: it asks for the reason and logs it.")
            )
        return super().write(vals)

    def action_change_state(self, state, reason=None):
        """Change the state, log who did it and why.

        :param str state: in_use, standby, faulty or scrapped
        :param str reason: needed for faulty and scrapped
        :raise AccessError: when the user is no engineer, or scraps without being a site manager
        :raise UserError: for an unknown state, a missing reason or scrapped equipment
        """
        self._check_may_change_state(state)
        reason = (reason or "").strip()
        if state not in dict(EQUIPMENT_STATES):
            raise UserError(self.env._("There is no state %(state)s.", state=state))
        if state in EXPLAINED and not reason:
            raise UserError(self.env._("Say why: the reason is kept in the log."))
        changed = self.filtered(lambda one: one.state != state)
        scrapped = changed.filtered(lambda one: one.state == "scrapped")
        if scrapped and not self.env.user.has_group("property_base.group_manager"):
            raise UserError(
                self.env._(
                    "%(equipment)s is scrapped. Only a site manager takes it back into use.",
                    equipment=scrapped[0].display_name,
                )
            )
        logs = [
            {
                "equipment_id": one.id,
                "from_state": one.state,
                "to_state": state,
                "reason": reason,
            }
            for one in changed
        ]
        vals = {"state": state}
        if state == "scrapped":
            vals["scrap_date"] = fields.Date.context_today(self)
        elif scrapped:
            vals["scrap_date"] = False
        # sudo: the state is not written by hand; who may change it was checked
        changed.sudo().write(vals)
        self.env["property.equipment.state.log"].sudo().create(logs)
        return True

    def action_open_state_wizard(self):
        """Open the screen that changes the state."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change State"),
            "res_model": "property.equipment.state.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_equipment_ids": self.ids},
        }

    def _check_may_change_state(self, state):
        self.check_access("read")
        group = "manager" if state == "scrapped" else "engineer"
        if not self.env.su and not self.env.user.has_group(f"property_base.group_{group}"):
            raise AccessError(
                self.env._("Engineers change the state of equipment; site managers scrap it.")
            )
