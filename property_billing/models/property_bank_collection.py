from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyBankCollection(models.Model):
    """A batch of bills that a bank withholds from its customers' accounts (托收)."""

    _name = "property.bank.collection"
    _description = "Bank Collection"
    _inherit = ["property.by.methods", "property.background", "mail.thread"]
    _order = "id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index=True)
    site_id = fields.Many2one(
        "property.site", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Journal of the account the money arrives on; it also says how the bank's files look.",
    )
    date = fields.Date(
        string="Collected on",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Day of the payments, and last day of the late fees asked for.",
    )
    date_due = fields.Date(
        string="Due until", help="Empty: bills due until the day of the collection."
    )
    item_ids = fields.Many2many("property.charge.item", string="Items", help="Empty: all items.")
    grouping = fields.Selection(
        [("unit", "One line a unit"), ("payer", "One line a payer")],
        required=True,
        default="unit",
        help="How many withholdings a payer with several units sees on the statement.",
    )
    is_receipted = fields.Boolean(
        string="Issue Receipts",
        help="Give every payment a receipt of the site's book when it is posted.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("exported", "With the Bank"),
            ("partial", "Answered in Part"),
            ("imported", "Answered"),
            ("posting", "Posting"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("property.bank.collection.line", "collection_id", readonly=True)
    line_count = fields.Integer(compute="_compute_totals", string="Lines")
    amount_total = fields.Monetary(compute="_compute_totals", string="Asked for")
    pending_count = fields.Integer(compute="_compute_totals", string="Waiting")
    success_count = fields.Integer(compute="_compute_totals", string="Collected")
    failed_count = fields.Integer(compute="_compute_totals", string="Failed")
    amount_collected = fields.Monetary(compute="_compute_totals")
    amount_failed = fields.Monetary(compute="_compute_totals")
    amount_surplus = fields.Monetary(compute="_compute_totals", string="Kept as Prepayment")
    posted_count = fields.Integer(compute="_compute_totals", string="Payments")
    success_rate = fields.Float(compute="_compute_totals", help="Collected of asked for, 0-1.")
    fast_count = fields.Integer(
        string="Posted as a Set", readonly=True, copy=False, help="By the fast lane."
    )
    orm_count = fields.Integer(
        string="Posted One by One", readonly=True, copy=False, help="By the ordinary way."
    )
    error_message = fields.Char(readonly=True, copy=False)
    file_ids = fields.One2many("property.bank.collection.file", "collection_id", readonly=True)

    @api.depends(
        "line_ids.amount",
        "line_ids.result",
        "line_ids.amount_paid",
        "line_ids.amount_surplus",
        "line_ids.payment_id",
    )
    def _compute_totals(self):
        groups = self.env["property.bank.collection.line"]._read_group(
            [("collection_id", "in", self.ids)],
            ["collection_id", "result"],
            [
                "__count",
                "amount:sum",
                "amount_paid:sum",
                "amount_surplus:sum",
                "payment_id:count_distinct",
            ],
        )
        rows = defaultdict(lambda: defaultdict(lambda: (0, 0.0, 0.0, 0.0, 0)))
        for collection, result, *figures in groups:
            rows[collection.id][result] = tuple(figures)
        for collection in self:
            own = rows[collection._origin.id]
            count, amount, paid, surplus, posted = [
                sum(column) for column in zip(*own.values(), strict=True)
            ] or [0] * 5
            collection.line_count, collection.amount_total = count, amount
            collection.amount_collected, collection.amount_surplus = paid, surplus
            collection.posted_count = posted
            collection.pending_count = own["pending"][0]
            collection.success_count = own["success"][0] + own["part"][0]
            collection.failed_count = own["failed"][0]
            collection.amount_failed = own["failed"][1] + own["part"][1] - own["part"][2]
            collection.success_rate = paid / amount if amount else 0.0

    @api.model
    def _method_fields(self):
        """Override: the state, and what posting says about itself."""
        return super()._method_fields() | {
            "state",
            "fast_count",
            "orm_count",
            "error_message",
            "lane_cells",
            "lane_reasons",
            "lane_census",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to number batches and start them as drafts."""
        sequences_sudo = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A batch starts as a draft."))
            vals["name"] = sequences_sudo.next_by_code("property.bank.collection")
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base`: what went to the bank stays as it was sent."""
        if not self.env.su:
            if {"state", "name"} & vals.keys():
                raise UserError(self.env._("Use the buttons: collect, export, import, post."))
            frozen = vals.keys() - {"is_receipted"}
            if frozen and any(one.state != "draft" or one.line_ids for one in self):
                raise UserError(
                    self.env._(
                        "The bills of this batch are chosen already. Empty it first, or make a new "
                        "batch."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(one.state != "draft" for one in self):
            raise UserError(self.env._("A batch that went to the bank stays on file. Cancel it."))

    # Steps ------------------------------------------------------------------------------------

    def action_cancel(self):
        """Give the batch up; bills the bank has not answered are free again."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._expect("draft", "exported", "partial")
        if self.line_ids.filtered(lambda line: line.result in ("success", "part")):
            raise UserError(
                self.env._(
                    "The bank has collected some of these lines. Post them, and cancel the lines "
                    "that are still waiting one by one."
                )
            )
        # sudo: lines and states are written by these steps only
        self.line_ids.filtered(lambda line: line.result == "pending").sudo()._take_back()
        self.sudo().write({"state": "cancelled"})
        self.env["property.audit"]._log("money", self, after={"state": "cancelled"})
        return True

    def action_view_lines(self):
        """Show the lines of the batch."""
        return self._action_lines([])

    def action_view_failed(self):
        """Show the lines the bank did not collect in full."""
        return self._action_lines([("result", "in", ("failed", "part"))])

    def _action_lines(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_bank_collection_line_action"
        )
        return {**action, "domain": [("collection_id", "=", self.id), *domain], "context": {}}

    def action_view_payments(self):
        """Show the payments of the batch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_payments")
        return {**action, "domain": [("id", "in", self.line_ids.payment_id.ids)], "context": {}}

    def action_dun_failed(self):
        """Prepare a round of notices for the site, whose failed lines are owed as before."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.dunning.run",
            "view_mode": "form",
            "context": {"default_site_id": self.site_id.id},
        }

    def _settle_state(self):
        """Bring the state in line with what the bank has answered."""
        self.env.flush_all()
        self.invalidate_recordset(["pending_count", "line_ids"])
        for one in self.filtered(lambda one: one.state in ("exported", "partial", "imported")):
            results = set(one.line_ids.mapped("result"))
            if "pending" in results:
                state = "exported" if results <= {"pending", "cancelled"} else "partial"
            elif results == {"cancelled"}:
                state = "cancelled"
            else:
                state = "imported" if one._unposted(1) else "done"
            if state != one.state:
                one.write({"state": state})

    def _lock(self):
        """Keep others from working on the batches until the transaction ends, and read anew."""
        return self._lock_and_reread("state")

    def _expect(self, *states):
        """Raise unless the batch is in one of these states."""
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Batch %(name)s is %(state)s, so this step is not possible.",
                    name=self.name,
                    state=labels[self.state],
                )
            )
