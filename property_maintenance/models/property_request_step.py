from odoo import api, fields, models
from odoo.exceptions import UserError

from .maintenance_stage import STEPS

EVENTS = [
    ("create", "Raised"),
    ("assign", "Assigned"),
    ("take", "Taken from the Pool"),
    ("accept", "Accepted"),
    ("reject", "Rejected"),
    ("transfer", "Transferred"),
    ("arrive", "On Site"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("done", "Done"),
    ("confirm", "Confirmed"),
    ("auto_confirm", "Confirmed by Time"),
    ("rate", "Rated"),
    ("reopen", "Reopened"),
    ("urge", "Urged"),
    ("cancel", "Cancelled"),
    ("return_visit", "Return Visit"),
    ("escalate", "Escalated"),
]
#: What the resident sees on the portal.
PUBLIC_EVENTS = frozenset(name for name, _label in EVENTS) - {"reject", "return_visit", "escalate"}


class PropertyRequestStep(models.Model):
    """What happened to a request, when and by whom; entries are only ever added."""

    _name = "property.request.step"
    _description = "Step of a Request"
    _order = "at, id"
    _rec_name = "event"

    request_id = fields.Many2one(
        "maintenance.request", required=True, index=True, ondelete="cascade", readonly=True
    )
    site_id = fields.Many2one(related="request_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    event = fields.Selection(EVENTS, required=True, readonly=True)
    step = fields.Selection(STEPS, readonly=True, help="The step after the event.")
    from_employee_id = fields.Many2one("hr.employee", string="Handed on by", readonly=True)
    to_employee_id = fields.Many2one("hr.employee", string="Given to", readonly=True)
    reason = fields.Char(readonly=True)
    note = fields.Text(readonly=True)
    at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, default=lambda self: self.env.user
    )
    is_public = fields.Boolean(readonly=True, help="The resident sees this entry.")
    photo_ids = fields.Many2many("ir.attachment", string="Photos", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super  # nothing may pass
        """Refuse: the log of a request only grows."""
        raise UserError(self.env._("The steps of a request are a log and cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        raise UserError(self.env._("The steps of a request are a log and cannot be deleted."))
