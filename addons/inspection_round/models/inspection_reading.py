from odoo import fields, models
from odoo.tools import SQL

from ..tools.results import NUMBER


class InspectionReading(models.Model):
    """Numbers that were read and the limits of their time, as the lines of one chart."""

    _name = "inspection.reading"
    _description = "Inspection Reading"
    _auto = False
    _order = "checked_at, series, id"
    _rec_name = "item_id"
    _depends = {
        "inspection.result": ["number", "item_id", "checked_at", "limit_low", "limit_high"],
        "inspection.checkin": ["state"],
        "inspection.item": ["item_type"],
    }

    checked_at = fields.Datetime(string="Time", readonly=True)
    series = fields.Selection(
        [("value", "Reading"), ("low", "Least"), ("high", "Most")], string="Line", readonly=True
    )
    number = fields.Float(digits=(16, 3), readonly=True, aggregator="avg")
    item_id = fields.Many2one("inspection.item", readonly=True)
    checkpoint_id = fields.Many2one("inspection.checkpoint", readonly=True)
    route_id = fields.Many2one("inspection.route", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    result_id = fields.Many2one("inspection.result", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT r.id * 3 + line.number AS id, r.id AS result_id, r.checked_at, line.series,
                   line.value AS number, r.item_id, r.checkpoint_id, r.route_id, r.company_id
              FROM inspection_result r
              JOIN inspection_item i ON i.id = r.item_id AND i.item_type = %s
              JOIN inspection_checkin c
                ON c.id = r.checkin_id AND c.state IN ('valid', 'flagged')
             CROSS JOIN LATERAL (VALUES (0, 'value', r.number, TRUE),
                                        (1, 'low', r.limit_low, r.has_low),
                                        (2, 'high', r.limit_high, r.has_high))
                   AS line (number, series, value, is_shown)
             WHERE line.is_shown
            """,
            NUMBER,
        )
