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

    def action_open(self):
        """Open the list of what was found."""
        self.ensure_one()
        self.check_access("read")
        if self.key == "ledger":
            action = "property_billing.property_report_ageing_action"
            return self.env["ir.actions.act_window"]._for_xml_id(action)
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self.model,
            "view_mode": "list,form",
            "domain": self.close_id._check_domain(self.key, self.model),
            "context": {"create": False},
        }
