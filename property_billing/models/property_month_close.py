"""Closing a month (月末结账): what is still open, the figures as they stand, and the lock."""

from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from pytz import timezone, utc

#: What a person enters; everything else is counted, or written by closing and reopening.
ENTERED = frozenset(("month", "company_id", "reopen_reason"))


class PropertyMonthClose(models.Model):
    """One month of a company: its checks, its figures when it was closed, and who closed it."""

    _name = "property.month.close"
    _description = "Month Closing"
    _property_own_limits = frozenset({"month"})
    _inherit = ["property.scoped", "mail.thread"]
    _order = "month desc, id desc"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=-1, day=1),
        help="Any day of the month.",
    )
    date_to = fields.Date(string="Last Day", compute="_compute_name", store=True, precompute=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Month Closed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    check_ids = fields.One2many("property.month.close.check", "close_id", readonly=True)
    checked_at = fields.Datetime(string="Checked at", readonly=True, copy=False)
    block_count = fields.Integer(compute="_compute_counts", string="To Do First")
    warning_count = fields.Integer(compute="_compute_counts", string="To Look At")
    amount_billed = fields.Monetary(string="Billed in the Month", readonly=True, copy=False)
    amount_credited = fields.Monetary(string="Credited in the Month", readonly=True, copy=False)
    amount_collected = fields.Monetary(
        string="Collected in the Month", readonly=True, copy=False, tracking=True
    )
    amount_owed = fields.Monetary(
        string="Owed at the End", readonly=True, copy=False, help="Open bills of all households."
    )
    amount_credit = fields.Monetary(
        string="Credits at the End",
        readonly=True,
        copy=False,
        help="Prepayments and other money of payers that is not used yet.",
    )
    amount_balance = fields.Monetary(
        string="Receivables at the End",
        readonly=True,
        copy=False,
        tracking=True,
        help="Owed less credits: the balance of the receivable accounts on the sites' entries.",
    )
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, tracking=True)
    closed_at = fields.Datetime(string="Month Closed at", readonly=True, copy=False)
    lock_before = fields.Date(
        readonly=True, copy=False, help="The lock of the company before this month was closed."
    )
    reopen_reason = fields.Char(copy=False, tracking=True)

    _month_unique = models.Constraint(
        "UNIQUE(company_id, month)", "This month has a closing already. Open that one."
    )

    @api.depends("month")
    def _compute_name(self):
        for close in self:
            close.name = f"{close.month:%Y-%m}" if close.month else ""
            close.date_to = close.month + relativedelta(day=31) if close.month else False

    @api.depends("check_ids.level", "check_ids.count")
    def _compute_counts(self):
        for close in self:
            found = close.check_ids.filtered("count")
            close.block_count = len(found.filtered(lambda check: check.level == "block"))
            close.warning_count = len(found) - close.block_count

    @api.model
    def _method_fields(self):
        """Override: everything that nobody enters."""
        return super()._method_fields() | (self._fields.keys() - ENTERED)

    @api.model_create_multi
    def create(self, vals_list):
        """Take any day for its month, and look at what is open right away."""
        closes = super().create([self._checked(vals) for vals in vals_list])
        closes.action_check()
        return closes

    def write(self, vals):
        """Keep what is closed as it was."""
        own = {"month", "company_id"} & vals.keys()
        if own and any(close.state == "closed" for close in self):
            raise UserError(self.env._("This month is closed. Reopen it first."))
        result = super().write(self._checked(vals))
        if own:
            self.action_check()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if any(close.state == "closed" for close in self):
            raise UserError(self.env._("A closed month stays on file. Reopen it first."))

    @api.model
    def _checked(self, vals):
        """Return values with the first day of the month.

        :raise UserError: when figures or the state are written by hand
        """
        own = vals.keys() & (self._fields.keys() - ENTERED)
        if not self.env.su and any(
            self._fields[name].readonly and self._fields[name].store for name in own
        ):
            raise UserError(
                self.env._(
                    "Figures and states of a closing follow from its checks. Use the buttons."
                )
            )
        if month := fields.Date.to_date(vals.get("month")):
            if not 2000 <= month.year <= fields.Date.context_today(self).year + 1:
                raise UserError(self.env._("Choose a month from 2000 on, not one to come."))
            return {**vals, "month": month.replace(day=1)}
        return vals

    # Checks -----------------------------------------------------------------------------------

    def action_check(self):
        """Look again at what is open, and at the figures."""
        self.check_access("write")
        for close in self.filtered(lambda one: one.state == "open"):
            close._expect_all_sites()
            figures = close._figures()
            rows = [
                {"key": key, "level": level, "count": count, "model": model, "close_id": close.id}
                for key, level, model, count in close._findings(figures["amount_balance"])
            ]
            # sudo: findings and figures are written here only, never by hand
            close_sudo = close.sudo()
            close_sudo.check_ids.unlink()
            close_sudo.check_ids.create(rows)
            close_sudo.write({**figures, "checked_at": fields.Datetime.now()})
        return True

    def _findings(self, balance):
        """Return (key, level, model, number found) of every check, in order of work.

        :param balance: receivables at the end, as the ageing report tells them
        """
        self.ensure_one()
        found = [
            (key, level, model, self.env[model].search_count(self._check_domain(key, model)))
            for key, level, model in self._checks()
        ]
        return [*found, ("ledger", "block", False, int(bool(self._ledger_difference(balance))))]

    @api.model
    def _checks(self):
        """Return (key, level, model) of the checks that count records."""
        return [
            ("run", "block", "property.billing.run"),
            ("again", "block", "property.rerate"),
            ("late_fee", "block", "property.late.fee.run"),
            ("problem", "warn", "property.billing.problem"),
            ("reading", "warn", "property.meter.reading"),
            ("draft", "block", "account.move"),
            ("shift", "block", "property.cashier.shift"),
            ("bank", "warn", "property.bank.collection"),
            ("statement", "block", "account.bank.statement.line"),
            *(("approval", "warn", model) for model in self._approval_models()),
        ]

    @api.model
    def _approval_models(self):
        models_ = self.env.registry.descendants(["property.approval"], "_inherit")
        return sorted(name for name in models_ if not self.env[name]._abstract)

    def _check_domain(self, key, model):
        """Return the domain of what a check counts, and of the list its row opens."""
        self.ensure_one()
        own = [("company_id", "=", self.company_id.id)]
        if key == "run":
            busy = ("computing", "computed", "posting", "undoing")
            return [*own, ("date_to", "<=", self.date_to), ("state", "in", busy)]
        if key == "again":
            return [*own, ("date_from", "<=", self.date_to), ("work", "!=", False)]
        if key == "late_fee":
            return [*own, ("date", "<=", self.date_to), ("state", "in", ("posting", "undoing"))]
        if key == "problem":
            return [
                *own,
                ("severity", "=", "error"),
                ("run_id.state", "=", "posted"),
                ("run_id.date_to", ">=", self.month),
                ("run_id.date_to", "<=", self.date_to),
            ]
        if key == "reading":
            return [
                ("meter_id.site_id.company_id", "=", self.company_id.id),
                ("date", "<=", self.date_to),
                ("state", "=", "held"),
            ]
        if key == "draft":
            return [
                *own,
                ("site_id", "!=", False),
                ("state", "=", "draft"),
                ("date", "<=", self.date_to),
            ]
        if key == "shift":
            return [*own, ("state", "!=", "signed"), ("opened_at", "<", self._end())]
        if key == "bank":
            busy = ("exported", "partial", "imported", "posting")
            return [*own, ("date", "<=", self.date_to), ("state", "in", busy)]
        if key == "statement":
            return [*own, ("is_reconciled", "=", False), ("date", "<=", self.date_to)]
        waiting = [("approval_state", "=", "submitted")]
        return own + waiting if "company_id" in self.env[model]._fields else waiting

    def _end(self):
        """Return the moment the month ends where the reader is, in UTC."""
        zone = timezone(self.env.context.get("tz") or self.env.user.tz or "Asia/Shanghai")
        day = datetime.combine(self.date_to + relativedelta(days=1), time.min)
        return zone.localize(day).astimezone(utc).replace(tzinfo=None)

    def _figures(self):
        """Return the figures of the month, as the reports tell them."""
        self.ensure_one()
        own = [("company_id", "=", self.company_id.id)]
        month = [*own, ("date", ">=", self.month), ("date", "<=", self.date_to)]
        [(billed, credited, collected)] = self.env["property.report.collection"]._read_group(
            month, [], ["amount_billed:sum", "amount_credited:sum", "amount_collected:sum"]
        )
        ageing = self.env["property.report.ageing"].with_context(property_as_of=str(self.date_to))
        [(owed, credit, balance)] = ageing._read_group(
            own, [], ["amount_owed:sum", "amount_credit:sum", "amount_open:sum"]
        )
        return {
            "amount_billed": billed or 0.0,
            "amount_credited": credited or 0.0,
            "amount_collected": collected or 0.0,
            "amount_owed": owed or 0.0,
            "amount_credit": credit or 0.0,
            "amount_balance": balance or 0.0,
        }

    def _ledger_difference(self, balance):
        """Return by how much the receivables of the ledger differ from a balance."""
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(SUM(line.balance), 0)
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.company_id = %s AND line.parent_state = 'posted' AND line.date <= %s
                   AND line.site_id IS NOT NULL AND account.account_type = 'asset_receivable'
                """,
                self.company_id.id,
                self.date_to,
            )
        )
        [ledger] = self.env.cr.fetchone()
        return self.currency_id.round(float(ledger) - balance)

    # Closing ----------------------------------------------------------------------------------

    def action_close(self):
        """Freeze the figures and lock the company's entries up to the end of the month."""
        self.ensure_one()
        self.check_access("write")
        self._lock_and_reread("state")
        if self.state != "open":
            raise UserError(self.env._("This month is closed already."))
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(
                self.env._("This month is not over yet. Close it from the next day on.")
            )
        self.action_check()
        if self.block_count:
            todo = self.check_ids.filtered(lambda check: check.count and check.level == "block")
            raise UserError(
                self.env._(
                    "The month cannot be closed yet. To do first: %(todo)s.",
                    todo=", ".join(todo.mapped("display_name")),
                )
            )
        # sudo: closing is what this right is for; it says nothing else about the company
        company_sudo = self.company_id.sudo()
        before = company_sudo.fiscalyear_lock_date
        company_sudo.fiscalyear_lock_date = max(before or self.date_to, self.date_to)
        self.sudo().write(
            {
                "state": "closed",
                "closed_by_id": self.env.uid,
                "closed_at": fields.Datetime.now(),
                "lock_before": before,
                "reopen_reason": False,
            }
        )
        self._log({"state": "closed", "amount": f"{self.amount_balance:.2f}"})
        return True

    def action_reopen(self):
        """Take the lock back, with a reason; the last closed month first."""
        self.ensure_one()
        if not self.env.user.has_group("property_base.group_director"):
            raise UserError(self.env._("Only a director reopens a month that was closed."))
        self.check_access("write")
        self._lock_and_reread("state")
        self._expect_all_sites()
        if self.state != "closed":
            raise UserError(self.env._("This month is open."))
        if not (self.reopen_reason or "").strip():
            raise UserError(self.env._("Enter the reason for reopening first."))
        # sudo: see closing
        company_sudo = self.company_id.sudo()
        if company_sudo.fiscalyear_lock_date != self.date_to:
            raise UserError(
                self.env._(
                    "The books are locked until %(day)s. Reopen the later months first.",
                    day=company_sudo.fiscalyear_lock_date,
                )
            )
        company_sudo.fiscalyear_lock_date = self.lock_before
        self.sudo().write({"state": "open", "closed_by_id": False, "closed_at": False})
        self._log({"state": "open", "reason": self.reopen_reason})
        self.action_check()
        return True

    def _log(self, after):
        self.env["property.audit"]._log("money", self, after={"month": self.name, **after})

    def _expect_all_sites(self):
        """Raise unless the reader sees every site of the company: a month is closed for all."""
        # sudo: only counted
        sites_sudo = self.env["property.site"].sudo().with_context(active_test=False)
        own = self.env["property.site"].with_context(active_test=False)
        domain = [("company_id", "=", self.company_id.id)]
        if own.search_count(domain) != sites_sudo.search_count(domain):
            raise UserError(
                self.env._(
                    "A month is closed for all sites of %(company)s, and you work on some of them. "
                    "Ask somebody who works on all.",
                    company=self.company_id.name,
                )
            )
