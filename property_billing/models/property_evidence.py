from odoo import api, fields, models


class PropertyEvidence(models.AbstractModel):
    """A record that carries photos and signed forms; whoever may see it may see them."""

    _name = "property.evidence"
    _description = "Record with Photos and Forms"

    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Photos and Forms",
        help="Photo of the damage, signed form, copy of the receipt.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Tie uploaded files to the record."""
        records = super().create(vals_list)
        records._tie_attachments()
        return records

    def write(self, vals):
        """Tie uploaded files to the record."""
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._tie_attachments()
        return result

    def _tie_attachments(self):
        for record in self:
            # sudo: the user could read the files, or he could not have chosen them
            loose_sudo = record.sudo().attachment_ids.filtered(lambda one: not one.res_id)
            loose_sudo.write({"res_model": record._name, "res_id": record.id})
