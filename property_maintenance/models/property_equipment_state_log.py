from odoo import api, fields, models
from odoo.exceptions import UserError

EQUIPMENT_STATES = [
    ("in_use", "In Use"),
    ("standby", "Standby"),
    ("faulty", "Faulty"),
    ("scrapped", "Scrapped"),
]


class PropertyEquipmentStateLog(models.Model):
    """Every change of the state of equipment; entries are only ever added."""

    _name = "property.equipment.state.log"
    _description = "Change of State of Equipment"
    _order = "at desc, id desc"
    _rec_name = "to_state"

    equipment_id = fields.Many2one(
        "maintenance.equipment", required=True, index=True, ondelete="cascade", readonly=True
    )
    site_id = fields.Many2one(related="equipment_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="equipment_id.company_id", store=True, index=True)
    class_id = fields.Many2one(related="equipment_id.class_id", store=True, index=True)
    from_state = fields.Selection(EQUIPMENT_STATES, string="From", readonly=True)
    to_state = fields.Selection(EQUIPMENT_STATES, string="To", required=True, readonly=True)
    at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, default=lambda self: self.env.user
    )
    reason = fields.Char(readonly=True)

    def write(self, vals):
        """Refuse: the log only grows; the ORM itself keeps the related columns current."""
        if vals.keys() - {"site_id", "company_id", "class_id"}:
            raise UserError(self.env._("The log of states cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        raise UserError(self.env._("The log of states cannot be deleted."))
