from odoo import SUPERUSER_ID, models

from ..tools.workflow import DESK_KINDS


class MaintenanceRequest(models.Model):
    """Who gets a new request."""

    _inherit = "maintenance.request"

    def _dispatch(self):
        """Hand new requests out by the dispatch rules.

        Without a rule, and when nobody is on shift, work that needs somebody on site goes to the
        pool of the team; what is settled at the desk waits there.
        """
        # sudo: whoever raises a request need not read teams, employees or rules
        requests_sudo = self.sudo()
        rules_sudo = (
            self.env["property.dispatch.rule"]
            .sudo()
            .search([("company_id", "in", requests_sudo.company_id.ids)])
        )
        for request in requests_sudo:
            rule = rules_sudo._rule_for(request)
            team = rule.team_id or request.request_category_id.team_id
            if team:
                request.maintenance_team_id = team
            method = rule.method or ("manual" if request.kind in DESK_KINDS else "pool")
            if method in ("round_robin", "least_loaded"):
                if request._dispatch_to(rule, rule._next_employee(request)):
                    continue
                method = "pool"
            request.is_pool = method == "pool"

    def _dispatch_to(self, rule, employee):
        """Assign by a rule; tell whether there was somebody."""
        if not employee:
            return False
        rule.last_employee_id = employee
        self._happen(
            "assign",
            {"assignee_id": employee.id, "is_pool": False},
            to_employee_id=employee.id,
            reason=rule.name,
            user_id=SUPERUSER_ID,
        )
        return True
