from odoo import fields, models


class InspectionPhoto(models.Model):
    """A photo that came with a check-in."""

    _name = "inspection.photo"
    _description = "Inspection Photo"
    _order = "id"
    _rec_name = "sha256"

    checkin_id = fields.Many2one(
        "inspection.checkin", required=True, index=True, readonly=True, ondelete="cascade"
    )
    result_id = fields.Many2one(
        "inspection.result", index="btree_not_null", readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="checkin_id.company_id", store=True, index=True)
    sha256 = fields.Char(
        string="SHA-256", required=True, index=True, readonly=True, help="Sum of the photo as sent."
    )
    image = fields.Binary(attachment=True, readonly=True)
