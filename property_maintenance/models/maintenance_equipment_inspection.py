from odoo import fields, models

from odoo.addons.inspection_round.tools.qr import data_uri


class MaintenanceEquipment(models.Model):
    """Inspections of equipment, and the label that hangs on it."""

    _inherit = "maintenance.equipment"

    checkpoint_ids = fields.One2many("inspection.checkpoint", "equipment_id", string="Checkpoints")
    checkin_count = fields.Integer(string="Inspections", compute="_compute_checkin_count")

    def _compute_checkin_count(self):
        # sudo: engineers see their own check-ins only, the count is of all
        rows = (
            self.env["inspection.checkin"]
            .sudo()
            ._read_group([("equipment_id", "in", self._origin.ids)], ["equipment_id"], ["__count"])
        )
        counts = {equipment.id: count for equipment, count in rows}
        for equipment in self:
            equipment.checkin_count = counts.get(equipment._origin.id, 0)

    def action_view_checkins(self):
        """Open the inspections of this equipment."""
        self.ensure_one()
        return self._action_open(
            "inspection_round.inspection_checkin_action", [("equipment_id", "=", self.id)], {}
        )

    def _labels(self):
        """Return what is printed on the labels of equipment, one dict each."""
        return [
            {
                "route": one.site_id.name or "",
                "name": one.name,
                "place": one.place_shown,
                "code": one.code or "",
                "qr": data_uri(one._label_url()),
            }
            for one in self
        ]
