from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ..tools.workflow import OPEN_STEPS

#: tile of the overview -> which requests it counts
TILES = {
    "open": [("step", "in", OPEN_STEPS)],
    "new": [("step", "=", "new")],
    "late": [("sla_due_at", "<", "now"), ("is_paused", "=", False)],
    "urgent": [("step", "in", OPEN_STEPS), ("is_urgent", "=", True)],
    "unconfirmed": [("step", "=", "done")],
}
MONTH_DAYS = 30


class PropertySite(models.Model):
    """How the requests of a site stand now, and how the last thirty days went."""

    _inherit = "property.site"

    request_open_count = fields.Integer(compute="_compute_request_counts")
    request_new_count = fields.Integer(compute="_compute_request_counts")
    request_late_count = fields.Integer(compute="_compute_request_counts")
    request_urgent_count = fields.Integer(compute="_compute_request_counts")
    request_unconfirmed_count = fields.Integer(compute="_compute_request_counts")
    request_raised_count = fields.Integer(compute="_compute_request_month")
    request_finish_median = fields.Float(compute="_compute_request_month", help="Hours.")
    request_sla_met = fields.Float(compute="_compute_request_month", help="Percent.")
    request_rating = fields.Float(compute="_compute_request_month", help="Stars, 1 to 5.")

    def _compute_request_counts(self):
        for tile, domain in TILES.items():
            counts = dict(
                self.env["maintenance.request"]._read_group(
                    Domain("site_id", "in", self.ids) & Domain(domain), ["site_id"], ["__count"]
                )
            )
            for site in self:
                site[f"request_{tile}_count"] = counts.get(site._origin, 0)

    def _compute_request_month(self):
        names = ("raised_count", "finish_median", "sla_met", "rating")
        report = self.env["property.request.report"]
        since = fields.Datetime.now() - timedelta(days=MONTH_DAYS)
        rows = {}
        if report.has_access("read"):
            rows = {
                site: values
                for site, *values in report._read_group(
                    [("site_id", "in", self.ids), ("raised_at", ">=", since)],
                    ["site_id"],
                    ["request_count:sum", "finish_median:avg", "sla_met:avg", "rating:avg"],
                )
            }
        for site in self:
            for name, value in zip(names, rows.get(site._origin, [0] * 4), strict=True):
                site[f"request_{name}"] = value or 0

    def action_view_requests(self):
        """Open the requests that a tile of the overview counts; the context names it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.maintenance_request_action"
        )
        tile = self.env.context.get("tile")
        action["domain"] = [("site_id", "=", self.id), *TILES.get(tile, [])]
        action["context"] = {"property_steps": True, "default_site_id": self.id}
        return action
