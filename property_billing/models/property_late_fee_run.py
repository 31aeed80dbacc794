"""Late fees as bills, for many households at once; large runs go on batch by batch."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .property_billing_run_queue import UNDO_AT_ONCE, UNDO_BATCH
from .property_charge import POST_BATCH

QUEUE_ABOVE = 300
BUSY = ("posting", "undoing")


class PropertyLateFeeRun(models.Model):
    _name = "property.late.fee.run"
    _description = "Late Fee Run"
    _inherit = ["property.by.methods", "property.background", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    site_ids = fields.Many2many(
        "property.site", string="Sites", required=True, domain="[('company_id', '=', company_id)]"
    )
    item_ids = fields.Many2many(
        "property.charge.item", string="Items", help="Empty: all items with a late fee policy."
    )
    date = fields.Date(
        string="Up to",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Last day that is counted; also the date of the bills.",
    )
    amount_min = fields.Monetary(
        string="Smallest Late Fee",
        help="Late fees below this wait: they go on growing and are billed later.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("posting", "Posting"),
            ("posted", "Posted"),
            ("undoing", "Undoing"),
            ("undone", "Undone"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    charge_ids = fields.One2many("property.charge", "late_fee_run_id", string="Late Fees")
    preview_count = fields.Integer(
        string="Bills Concerned", readonly=True, copy=False, help="As of the last preview."
    )
    preview_amount = fields.Monetary(string="Late Fees Due", readonly=True, copy=False)
    bill_count = fields.Integer(compute="_compute_totals", string="Number of Bills")
    amount_total = fields.Monetary(compute="_compute_totals", string="Total")
    cursor_id = fields.Integer(readonly=True, copy=False)
    error_message = fields.Char(readonly=True, copy=False)

    @api.depends("site_ids.name", "date")
    def _compute_name(self):
        for run in self:
            sites = "、".join(run.site_ids.mapped("name"))
            run.name = f"{sites} {run.date or ''}".strip()

    @api.depends("charge_ids.amount", "charge_ids.state")
    def _compute_totals(self):
        groups = self.env["property.charge"]._read_group(
            [("late_fee_run_id", "in", self.ids), ("state", "=", "posted")],
            ["late_fee_run_id"],
            ["amount:sum", "__count"],
        )
        totals = {run: (amount, count) for run, amount, count in groups}
        for run in self:
            run.amount_total, run.bill_count = totals.get(run._origin, (0.0, 0))

    @api.model
    def _method_fields(self):
        """Override: the state, the preview and the progress."""
        return super()._method_fields() | {
            "state",
            "preview_count",
            "preview_amount",
            "cursor_id",
            "error_message",
        }

    def write(self, vals):
        """Keep the scope of a run as it was posted."""
        scope = {"site_ids", "item_ids", "date", "amount_min", "company_id"} & vals.keys()
        if scope and any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("This run is posted. Undo it, or make a new run for another scope.")
            )
        result = super().write(vals)
        if "site_ids" in vals:
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A late fee run that was posted stays on file."))

    # Steps ------------------------------------------------------------------------------------

    def action_preview(self):
        """Count the late fees that posting would bill now."""
        self.check_access("write")
        for run in self:
            run._expect("draft")
            count, total = 0, 0
            for ids in split_every(5000, run._overdue_bills().ids):
                fees = run._billable(self.env["account.move"].browse(ids))
                count += len(fees)
                total += sum(fees.values())
            # sudo: the preview is written by this step only
            run.sudo().write({"preview_count": count, "preview_amount": float(total)})
        return True

    def action_post(self):
        """Bill the late fees now, or in the background when there are many."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._expect("draft")
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._("Late fees of days to come cannot be billed. Choose today or earlier.")
            )
        # sudo: the state of a run is written by its steps only
        self.sudo().write({"state": "posting", "error_message": False, "cursor_id": 0})
        if len(self._overdue_bills()) > QUEUE_ABOVE:
            return self._go_background("property_billing.ir_cron_late_fee_runs")
        while self._post_batch():
            pass
        return True

    def action_undo(self):
        """Take all late fees of the run back, in the background when there are many."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._expect("posted")
        # sudo: the state of a run is written by its steps only
        self.sudo().write({"state": "undoing", "error_message": False})
        if self.bill_count > UNDO_AT_ONCE:
            return self._go_background("property_billing.ir_cron_late_fee_runs")
        while self._undo_batch():
            pass
        return True

    @api.model
    def _cron_post(self):
        """Go on with queued runs, a batch a transaction; safe to kill at any moment."""
        runs = self.search([("state", "in", BUSY)], order="write_date, id")
        runs._work_off(BUSY, len(runs))

    def _new_step(self):
        """Return the step of the scheduled action: one batch; the last one finishes the run."""
        batch = self._post_batch if self.state == "posting" else self._undo_batch
        return lambda: 0 if batch() else 1

    def _stop(self, message):
        """Put a run that met an error back, and say why on it."""
        back = {"posting": "draft", "undoing": "posted"}[self.state]
        self.sudo().write({"state": back, "error_message": message})

    def _post_batch(self):
        """Bill one batch of late fees, in the order of the bills.

        :return: whether there may be more
        """
        self.ensure_one()
        bills = self._overdue_bills(after=self.cursor_id, limit=POST_BATCH)
        if not bills:
            self.sudo().write({"state": "posted"})
            self.env["property.audit"]._log(
                "money",
                self,
                after={"posted": self.bill_count, "amount": round(self.amount_total, 2)},
            )
            return False
        due = bills.browse(self._billable(bills))
        due._property_crystallise_late_fees(self.date, run=self)
        self.sudo().write({"cursor_id": bills[-1].id})
        return True

    def _undo_batch(self):
        """Take one batch of late fees back; they are live again.

        :return: whether there may be more
        """
        self.ensure_one()
        posted = self.env["property.charge"].search(
            [("late_fee_run_id", "=", self.id), ("state", "=", "posted")],
            limit=UNDO_BATCH,
            order="id",
        )
        if not posted:
            self.sudo().write({"state": "undone"})
            return False
        posted._undo_and_keep(self.display_name)
        return True

    def _billable(self, bills):
        """Return dict bill id -> late fee of those that reach the smallest amount of the run."""
        return {
            bill_id: fee
            for bill_id, fee in bills._property_late_fees(self.date).items()
            if fee and self.currency_id.compare_amounts(float(fee), self.amount_min) >= 0
        }

    def _overdue_bills(self, after=0, limit=None):
        """Return the bills that may bear a late fee, also those paid late, in order of their id."""
        self.ensure_one()
        domain = (
            Domain("id", ">", after)
            & Domain("site_id", "in", self.site_ids.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("invoice_date_due", "<", self.date)
            & Domain("late_fee_bill_id", "=", False)
            & self.env["account.move"]._property_late_fee_domain()
        )
        if self.item_ids:
            domain &= Domain("charge_item_id", "in", self.item_ids.ids)
        # sudo: a site manager runs it without accounting rights; the sites are those of the run
        found = self.env["account.move"].sudo().search(domain, order="id", limit=limit)
        return found.with_env(self.env)

    def _lock(self):
        if not self.try_lock_for_update():
            raise UserError(self.env._("This run is being worked on. Try again in a moment."))
        self.invalidate_recordset()

    def _expect(self, state):
        self.ensure_one()
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(run)s is %(state)s, so this step is not possible now.",
                    run=self.name,
                    state=labels[self.state],
                )
            )
