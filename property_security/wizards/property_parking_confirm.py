from odoo import api, fields, models


class PropertyParkingConfirm(models.TransientModel):
    _name = "property.parking.confirm"
    _description = "Confirm a Plate"

    passage_id = fields.Many2one("property.parking.passage", required=True, ondelete="cascade")
    plate_read = fields.Char(related="passage_id.plate", related_sudo=False, string="Read")
    candidates = fields.Char(related="passage_id.candidates", related_sudo=False)
    plate = fields.Char(
        string="Right Plate",
        compute="_compute_plate",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
    )

    @api.depends("passage_id")
    def _compute_plate(self):
        for wizard in self:
            expected = wizard.passage_id._candidates() if wizard.passage_id else []
            wizard.plate = expected[0] if len(expected) == 1 else wizard.passage_id.plate

    def action_confirm(self):
        """Let the car in under the plate entered."""
        self.ensure_one()
        self.passage_id.action_confirm(self.plate)
        return {"type": "ir.actions.act_window_close"}
