from odoo import fields, models


class PropertyCameraCredential(models.Model):
    """A login that cameras share; administrators keep it, nobody else reads it."""

    _name = "property.camera.credential"
    _description = "Login of Cameras"
    _order = "name, id"

    name = fields.Char(required=True, help="Such as: cameras of the north yard.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    username = fields.Char(required=True, groups="base.group_system")
    password = fields.Char(required=True, copy=False, groups="base.group_system", exportable=False)
