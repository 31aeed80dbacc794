from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.workflow import OPEN_STEPS

BATCH = 100


class PropertyEscalationRule(models.Model):
    """A link of the chain: whom to tell, and how, when a clock has run so far."""

    _name = "property.escalation.rule"
    _description = "Escalation Rule"
    _inherit = ["property.request.rule"]

    clock = fields.Selection(
        [("respond", "Respond"), ("arrive", "Arrive"), ("finish", "Finish")],
        string="Which Deadline",
        required=True,
        default="finish",
    )
    trigger = fields.Selection(
        [("share", "Part of the Time is Used"), ("overdue", "Overdue")],
        required=True,
        default="overdue",
    )
    percent = fields.Integer(default=80, help="Percent of the working time that is used.")
    minutes = fields.Integer(default=0, help="Minutes after the deadline.")
    recipient = fields.Selection(
        [
            ("assignee", "Assignee"),
            ("team", "Team"),
            ("desk", "Customer Service of the Site"),
            ("manager", "Managers of the Site"),
            ("director", "Directors"),
            ("employee", "A Person"),
        ],
        required=True,
        default="manager",
    )
    employee_id = fields.Many2one("hr.employee", string="Person", check_company=True)
    means = fields.Selection(
        [
            ("activity", "Activity"),
            ("message", "Message or E-mail"),
            ("popup", "Pop-up on the Screen"),
        ],
        string="How",
        required=True,
        default="activity",
    )

    _moment_sane = models.Constraint(
        "CHECK(percent BETWEEN 1 AND 100 AND minutes >= 0)",
        "Enter 1 to 100 percent, or minutes that are not negative.",
    )
    _person_named = models.Constraint(
        "CHECK(recipient != 'employee' OR employee_id IS NOT NULL)",
        "Choose the person to tell.",
    )

    # Cron -------------------------------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell whoever must know about requests that run late; each link of the chain once.

        What is due follows from the deadlines alone, so a job that was down catches up.
        """
        cron = self.env["ir.cron"]
        for rule in self.search([("active", "=", True)]):
            due = rule._due_requests(fields.Datetime.now())
            while due:
                batch, due = due[:BATCH], due[BATCH:]
                rule._escalate(batch.try_lock_for_update(allow_referencing=True))
                if not cron._commit_progress(len(batch), remaining=len(due)):
                    return

    def _due_requests(self, now):
        """Return the requests this link is due for and was not used for yet.

        :param datetime now: the moment
        """
        self.ensure_one()
        requests = self.env["maintenance.request"].browse(self._candidates(now))
        requests = requests.filtered(self._covers)
        if self.trigger == "overdue":
            return requests
        return requests._clock_used(self.clock, self.percent / 100, now)

    def _candidates(self, now):
        """Return ids of running requests of the rule's sites that it was not used for yet."""
        self.env.flush_all()
        due, done = (SQL.identifier("r", f"{self.clock}_{kind}_at") for kind in ("due", "done"))
        late = now - timedelta(minutes=self.minutes)
        self.env.cr.execute(
            SQL(
                """
                SELECT r.id
                  FROM maintenance_request r
                 WHERE r.company_id = %(company)s
                   AND (%(site)s IS NULL OR r.site_id = %(site)s)
                   AND r.step IN %(steps)s
                   AND r.is_paused IS NOT TRUE
                   AND %(due)s %(moment)s
                   AND %(done)s IS NULL
                   AND NOT EXISTS (
                       SELECT FROM property_request_escalation e
                        WHERE e.request_id = r.id AND e.rule_id = %(rule)s
                          AND e.round = COALESCE(r.reopen_count, 0))
                 ORDER BY %(due)s, r.id
                """,
                company=self.company_id.id,
                site=self.site_id.id or None,
                steps=OPEN_STEPS,
                due=due,
                done=done,
                moment=SQL("<= %s", late) if self.trigger == "overdue" else SQL("IS NOT NULL"),
                rule=self.id,
            )
        )
        return [request_id for (request_id,) in self.env.cr.fetchall()]

    # Telling ----------------------------------------------------------------------------------

    def _escalate(self, requests):
        """Use this link of the chain for requests.

        :param requests: maintenance.request
        """
        self.ensure_one()
        self.env["property.request.escalation"].create(
            [
                {"request_id": request.id, "rule_id": self.id, "round": request.reopen_count}
                for request in requests
            ]
        )
        for request in requests:
            users = self._recipients(request)
            request._happen("escalate", reason=self.name, note=", ".join(users.mapped("name")))
            for user in users:
                self._tell(request.with_context(lang=user.lang), user)

    def _recipients(self, request):
        """Return the users to tell about a request; those who do not see its site are left out."""
        users = self.env["res.users"]
        match self.recipient:
            case "assignee":
                users = request.assignee_id.user_id
            case "team":
                users = request.maintenance_team_id.member_ids
            case "employee":
                users = self.employee_id.user_id
            case "desk":
                users = self._users_of_role("service") - self._users_of_role("manager")
            case "manager":
                users = request.site_id.manager_id.user_id or (
                    self._users_of_role("manager") - self._users_of_role("director")
                )
            case "director":
                users = self._users_of_role("director")
        return users.filtered(
            lambda user: (
                user.active
                and request.company_id in user.company_ids
                and request.site_id in user.property_site_ids
            )
        )

    def _users_of_role(self, role):
        return self.env.ref(f"property_base.group_{role}").all_user_ids

    def _tell(self, request, user):
        text = request.env._(
            "%(rule)s: %(request)s, %(place)s",
            rule=self.with_env(request.env).name,
            request=request.display_name,
            place=request.place_shown or "",
        )
        if self.means == "activity":
            request.activity_schedule("mail.mail_activity_data_todo", summary=text, user_id=user.id)
        elif self.means == "message":
            request.message_notify(
                partner_ids=user.partner_id.ids, subject=text, body=request._escalation_body()
            )
        else:
            user._bus_send(
                "simple_notification",
                {"title": self.with_env(request.env).name, "message": text, "type": "danger"},
            )
