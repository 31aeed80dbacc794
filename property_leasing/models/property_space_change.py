from odoo import api, fields, models


class PropertySpaceChange(models.Model):
    """Spaces that were joined or divided: what was there, and what came of it (合并/拆分)."""

    _name = "property.space.change"
    _description = "Spaces Joined or Divided"
    _inherit = ["property.scoped"]
    _order = "date desc, id desc"

    site_id = fields.Many2one(
        "property.site", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [("merge", "Joined"), ("split", "Divided")], required=True, readonly=True
    )
    date = fields.Date(
        string="From", required=True, readonly=True, help="First day of the new spaces."
    )
    old_space_ids = fields.One2many("property.space", "ended_by_id", string="Before", readonly=True)
    new_space_ids = fields.One2many("property.space", "made_by_id", string="After", readonly=True)
    area_before = fields.Float(readonly=True, digits=(16, 2), help="In m².")
    area_after = fields.Float(readonly=True, digits=(16, 2), help="In m².")
    note = fields.Char(string="Why the Areas Differ", readonly=True)

    @api.depends("kind", "date", "old_space_ids.unit_id.code", "new_space_ids.unit_id.code")
    def _compute_display_name(self):
        for change in self:
            change.display_name = "{} → {}".format(
                " + ".join(change.old_space_ids.mapped("unit_id.code")),
                " + ".join(change.new_space_ids.mapped("unit_id.code")),
            )
