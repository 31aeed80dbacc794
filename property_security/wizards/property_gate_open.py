from odoo import api, fields, models

from ..models.property_gate_opening import REASONS


class PropertyGateOpen(models.TransientModel):
    _name = "property.gate.open"
    _description = "Open a Gate by Hand"

    gate_id = fields.Many2one("property.gate", required=True, ondelete="cascade")
    kind = fields.Selection(related="gate_id.kind", related_sudo=False)
    lane_id = fields.Many2one(
        "property.parking.lane",
        compute="_compute_lane_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('gate_id', '=', gate_id)]",
    )
    reason_kind = fields.Selection(REASONS, string="Reason", required=True)
    reason = fields.Char(string="Details", required=True, help="What the daily report says.")
    plate = fields.Char(help="Of the car that is let through, where it can be seen.")

    @api.depends("gate_id")
    def _compute_lane_id(self):
        for wizard in self:
            lanes = wizard.gate_id.lane_ids
            if wizard.lane_id not in lanes:
                wizard.lane_id = lanes if len(lanes) == 1 else False

    def action_open(self):
        """Open the gate; who, why and when is kept."""
        self.ensure_one()
        opening = self.env["property.gate.opening"]._open(
            self.gate_id, self.lane_id, self.reason_kind, self.reason, self.plate
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("%(gate)s opens.", gate=opening.gate_id.name),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
