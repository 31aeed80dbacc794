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
        """Let the car through under the plate entered, or say why that plate may not pass."""
        self.ensure_one()
        passage, close = self.passage_id, {"type": "ir.actions.act_window_close"}
        passage.action_confirm(self.plate)
        if passage.action == "open":
            return close
        reason = passage._fields["reason"].convert_to_export(passage.reason, passage)
        message = self.env._(
            "%(plate)s may not pass: %(reason)s",
            plate=self.env["property.vehicle"]._display_plate(passage.plate),
            reason=reason,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "danger", "message": message, "next": close},
        }
