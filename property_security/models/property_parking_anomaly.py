from odoo import fields, models

ANOMALY_KINDS = [
    ("missed_in", "Way in not read"),
    ("missed_out", "Way out not read"),
    ("duplicate", "Read twice"),
    ("clock_skew", "Clock of the camera is wrong"),
    ("out_before_in", "Out before in"),
    ("replay", "Message came again"),
    ("conflict", "Message number used twice"),
    ("late", "Came after the stay was charged"),
]


class PropertyParkingAnomaly(models.Model):
    _name = "property.parking.anomaly"
    _description = "Parking Anomaly"
    _inherit = ["property.parking.scoped", "mail.thread"]
    _order = "at desc, id desc"
    _rec_name = "kind"

    kind = fields.Selection(ANOMALY_KINDS, required=True, index=True, readonly=True)
    passage_id = fields.Many2one(
        "property.parking.passage", required=True, index=True, ondelete="restrict", readonly=True
    )
    session_id = fields.Many2one(related="passage_id.session_id", string="Stay")
    area_id = fields.Many2one(related="passage_id.area_id", store=True, index=True)
    site_id = fields.Many2one(related="passage_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="passage_id.company_id", store=True)
    plate = fields.Char(related="passage_id.plate", store=True)
    at = fields.Datetime(related="passage_id.at", string="Time", store=True)
    times = fields.Integer(string="Times Seen", default=1, readonly=True)
    state = fields.Selection(
        [("open", "To look at"), ("done", "Looked at")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
    )
    note = fields.Char(tracking=True)

    _kind_unique = models.UniqueIndex("(passage_id, kind)")

    def action_done(self):
        """Mark as looked at."""
        self.check_access("write")
        self.state = "done"
