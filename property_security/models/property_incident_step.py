from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PropertyIncidentStep(models.Model):
    """Something to do about an incident, or something that was done."""

    _name = "property.incident.step"
    _description = "Step of an Incident"
    _inherit = ["property.incident.part"]
    _order = "incident_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=100)
    is_required = fields.Boolean(string="Must Be Done")
    due_at = fields.Datetime(string="Until")
    done_at = fields.Datetime(string="Done at", readonly=True, copy=False)
    done_uid = fields.Many2one("res.users", string="Done By", readonly=True, copy=False)
    note = fields.Char()
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)

    _done_by_somebody = models.Constraint("CHECK((done_at IS NULL) = (done_uid IS NULL))")

    @api.model
    def _method_fields(self):
        """Override: who did it, and when."""
        return super()._method_fields() | {"done_at", "done_uid"}

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody say by hand when a step was done."""
        self._check_done(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Let nobody say by hand when a step was done."""
        self._check_done([vals])
        is_free = self.env.su or self.env.user.has_group("property_base.group_service")
        if "is_required" in vals and not is_free:
            raise AccessError(
                self.env._("Customer service or a manager decides which steps must be done.")
            )
        return super().write(vals)

    @api.model
    def _check_done(self, vals_list):
        if not self.env.su and any({"done_at", "done_uid"} & vals.keys() for vals in vals_list):
            raise UserError(self.env._("Use the button “Done” of the step."))

    def action_done(self):
        """Mark the steps as done by the user, now; the incident is being handled from then on."""
        self._do(fields.Datetime.now())
        return True

    def action_undo(self):
        """Take back a mark that was set by mistake."""
        self.check_access("write")
        mine = self if self.incident_id._is_manager() else self.filtered(self._is_mine)
        if mine != self:
            raise UserError(self.env._("Only a manager takes back what somebody else did."))
        # sudo: nobody writes these by hand; access was checked
        self.sudo().write({"done_at": False, "done_uid": False})
        return True

    def _is_mine(self, step):
        return step.done_uid == self.env.user

    def _do(self, at):
        """Mark the steps as done by the user.

        :param datetime at: when, naive UTC
        """
        self.check_access("write")
        self.incident_id.filtered(lambda one: one.state == "reported")._start(at)
        # sudo: nobody writes these by hand; access was checked
        self.sudo().filtered(lambda step: not step.done_at).write(
            {"done_at": at, "done_uid": self.env.uid}
        )
