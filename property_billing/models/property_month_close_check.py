from odoo import api, fields, models


class PropertyMonthCloseCheck(models.Model):
    """One thing to look at before a month is closed, with the records it found."""

    _name = "property.month.close.check"
    _description = "Check of a Month Closing"
    _inherit = ["property.made.by.methods"]
    _order = "close_id, id"

    close_id = fields.Many2one(
        "property.month.close", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="close_id.company_id", store=True, index=True)
    key = fields.Selection(
        [
            ("run", "Billing runs that are neither posted nor undone"),
            ("again", "Billing again that is going on"),
            ("late_fee", "Late fee runs that are going on"),
            ("problem", "Households a run could not bill"),
            ("reading", "Meter readings to review"),
            ("draft", "Bills and entries that are drafts"),
            ("shift", "Cashier shifts that are not signed off"),
            ("bank", "Bank collections without results or payments"),
            ("statement", "Bank statement lines not reconciled"),
            ("approval", "Requests waiting for approval"),
            ("ledger", "Arrears differ from the ledger"),
        ],
        string="Check",
        required=True,
        readonly=True,
    )
    level = fields.Selection(
        [("block", "Do first"), ("warn", "Look at")], required=True, readonly=True
    )
    model = fields.Char(readonly=True)
    count = fields.Integer(string="Found", readonly=True)
    status = fields.Selection(
        [("ok", "In order"), ("warn", "Look at"), ("block", "Do first")],
        compute="_compute_status",
    )

    todo = fields.Char(string="What to Do", compute="_compute_todo")

    @api.depends("count", "level")
    def _compute_status(self):
        for check in self:
            check.status = check.level if check.count else "ok"

    @api.depends("key", "model")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["key"]._description_selection(self.env))
        for check in self:
            name = labels.get(check.key, "")
            if check.key == "approval" and check.model in self.env:
                kind = self.env["ir.model"]._get(check.model).sudo().name
                name = self.env._("%(check)s: %(kind)s", check=name, kind=kind)
            check.display_name = name

    @api.depends("key", "count")
    @api.depends_context("lang")
    def _compute_todo(self):
        words = self._todo_words()
        for check in self:
            check.todo = words.get(check.key) if check.count else False

    @api.model
    def _todo_words(self):
        """Return what settles each check, in words for people: dict key -> str."""
        env = self.env
        return {
            "run": env._("Post each run, or undo it. One that is being worked on needs a moment."),
            "again": env._(
                "Wait a moment. One that has stopped says why: go on with it, or undo it."
            ),
            "late_fee": env._("Wait a moment: they are being posted or undone."),
            "problem": env._(
                "Put right what each row says, then bill these households in a run that catches up."
            ),
            "reading": env._("Accept each reading, or reject it and enter the right one."),
            "draft": env._("Post each one, or delete it when it was made by mistake."),
            "shift": env._("The cashier counts and hands over, then finance signs the shift off."),
            "bank": env._("Import the bank's answer and post the payments, or cancel the batch."),
            "statement": env._(
                "In each entry, reset to draft, replace the suspense account by what the money "
                "was for, and post it again."
            ),
            "approval": env._(
                "Approve or refuse each. What is approved later counts from then on."
            ),
            "ledger": env._(
                "Look for entries on receivable accounts that were made by hand for a site, and "
                "put them right. Then check again."
            ),
        }

    def action_open(self):
        """Open the list of what was found."""
        self.ensure_one()
        self.check_access("read")
        if self.key == "ledger":
            action = "property_billing.property_report_ageing_action"
            return self.env["ir.actions.act_window"]._for_xml_id(action)
        model, domain = self.model, self.close_id._check_domain(self.key, self.model)
        if self.key == "statement":
            # stock has no screen for a line of a statement: its entry is where it is settled
            model, domain = "account.move", [("statement_line_ids", "any", domain)]
        views = [(False, "list"), (False, "kanban"), (False, "form")]
        if model == "account.move":
            views[0] = (self.env.ref("account.view_move_tree").id, "list")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "views": views,
            "domain": domain,
            "context": {"create": False},
        }
