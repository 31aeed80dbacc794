from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    camera_snapshot_days = fields.Integer(
        string="Keep Camera Pictures (days)",
        default=30,
        help="Days after which pictures of cameras are deleted; those of open incidents stay.",
    )

    _camera_snapshot_days_positive = models.Constraint(
        "CHECK(camera_snapshot_days > 0)", "Pictures are kept for at least one day."
    )
