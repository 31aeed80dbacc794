from odoo import api, fields, models
from odoo.exceptions import UserError

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

#: What happened, and that somebody has looked at it: written by methods.
FACTS = frozenset(("kind", "passage_id", "times", "state"))


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

    @api.model
    def _method_fields(self):
        """Override: what happened."""
        return super()._method_fields() | FACTS

    def write(self, vals):
        """Let nobody change what happened; a note may be added."""
        if not self.env.su and not FACTS.isdisjoint(vals):
            raise UserError(self.env._("What was seen at a gate stays. Write a note, or mark it."))
        return super().write(vals)

    def action_done(self):
        """Mark as looked at."""
        self.check_access("write")
        self.sudo().state = "done"  # sudo: nobody writes it by hand, access was checked
