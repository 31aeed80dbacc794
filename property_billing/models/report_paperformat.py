from odoo import api, fields, models


class ReportPaperformat(models.Model):
    _inherit = "report.paperformat"

    property_exact_height = fields.Float(
        string="Exact Height (mm)",
        help="Of continuous forms whose height is no whole number; counts for Chromium.",
    )

    @api.depends("property_exact_height")
    def _compute_print_page_size(self):
        """Override of `base`: continuous forms are cut to tenths of a millimetre."""
        result = super()._compute_print_page_size()
        for paper in self.filtered("property_exact_height"):
            paper.print_page_height = paper.property_exact_height
        return result
