from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyRequestEvent(models.TransientModel):
    """Asks for what an event needs to know: whom, why, how well."""

    _name = "property.request.event"
    _description = "Event of a Request"

    request_ids = fields.Many2many("maintenance.request", string="Requests", required=True)
    event = fields.Selection(
        [
            ("assign", "Assign"),
            ("transfer", "Transfer"),
            ("reject", "Reject"),
            ("pause", "Pause"),
            ("done", "Done"),
            ("reopen", "Reopen"),
            ("cancel", "Cancel"),
            ("return_visit", "Return Visit"),
            ("rate", "Rate"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", compute="_compute_scope")
    candidates = fields.Json(compute="_compute_scope")
    employee_id = fields.Many2one("hr.employee", domain="[('id', 'in', candidates)]")
    load_text = fields.Char(compute="_compute_load_text")
    reason = fields.Char()
    note = fields.Text()
    result = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("unsatisfied", "Not Satisfied"),
            ("unreachable", "Not Reached"),
        ],
        default="satisfied",
    )
    speed = fields.Selection([(str(n), str(n)) for n in range(1, 6)], default="5")
    quality = fields.Selection([(str(n), str(n)) for n in range(1, 6)], default="5")
    attitude = fields.Selection([(str(n), str(n)) for n in range(1, 6)], default="5")

    @api.depends("request_ids")
    def _compute_scope(self):
        for wizard in self:
            wizard.company_id = wizard.request_ids.company_id[:1]
            wizard.candidates = wizard.request_ids._assignable_employees().ids

    @api.depends("employee_id")
    def _compute_load_text(self):
        for wizard in self:
            if not wizard.employee_id:
                wizard.load_text = False
                continue
            # sudo: how much somebody has to do, without what it is
            count = (
                self.env["maintenance.request"]
                .sudo()
                .search_count(
                    [
                        ("assignee_id", "=", wizard.employee_id.id),
                        ("step", "in", ("assigned", "accepted", "on_site")),
                    ]
                )
            )
            wizard.load_text = self.env._("%(count)s open requests", count=count)

    def action_apply(self):
        """Let the event happen."""
        self.ensure_one()
        requests = self.request_ids
        match self.event:
            case "assign":
                requests.action_assign(self._chosen_employee())
            case "transfer":
                requests.action_transfer(self._chosen_employee(), self.reason)
            case "done":
                requests.action_done(self.note)
            case "return_visit":
                requests.action_return_visit(self.result, self.note)
            case "rate":
                requests.action_rate(
                    int(self.speed), int(self.quality), int(self.attitude), self.note
                )
            case "reject":
                requests.action_reject(self.reason)
            case "pause":
                requests.action_pause(self.reason)
            case "reopen":
                requests.action_reopen(self.reason)
            case "cancel":
                requests.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _chosen_employee(self):
        if not self.employee_id:
            raise UserError(self.env._("Choose the employee who is to do it."))
        return self.employee_id
