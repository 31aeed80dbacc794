from odoo import api, fields, models


class InspectionCheckin(models.Model):
    """The evidence of check-ins that came from the field app."""

    _inherit = "inspection.checkin"

    entry_id = fields.Many2one(
        "field.entry", string="Evidence", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    def _field_entry_values(self, entry):
        """Override of `inspection_round`: the entry itself."""
        return {**super()._field_entry_values(entry), "entry": entry}

    @api.model
    def _prepare_taken_vals(self, values, seen):
        """Override of `inspection_round`: the entry that a check-in was made from."""
        entry = values.get("entry")
        return {**super()._prepare_taken_vals(values, seen), "entry_id": entry and entry.id}
