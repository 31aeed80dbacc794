from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

PRINT_BATCH = 50  # notices in one PDF: about a minute of printing, then the progress is kept


class PropertyDunningRun(models.Model):
    """One round of notices: who owes, what they are told, and proof that they were (催缴批次)."""

    _name = "property.dunning.run"
    _description = "Dunning Run"
    _inherit = ["property.by.methods", "property.background", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    level_id = fields.Many2one(
        "property.dunning.level",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('site_id', '=', site_id)]",
        help="Empty: all buildings.",
    )
    item_ids = fields.Many2many("property.charge.item", string="Items", help="Empty: all items.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("prepared", "Prepared"),
            ("sending", "Sending"),
            ("done", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    notice_ids = fields.One2many("property.dunning.notice", "run_id", string="Notices")
    notice_count = fields.Integer(compute="_compute_totals", string="Number of Notices")
    sent_count = fields.Integer(compute="_compute_totals", string="Sent")
    failed_count = fields.Integer(compute="_compute_totals", string="Failed")
    amount_total = fields.Monetary(compute="_compute_totals", string="Total")
    promised_count = fields.Integer(
        readonly=True, copy=False, help="Households left out because they promised to pay."
    )
    progress = fields.Float(compute="_compute_totals", help="Per cent of the notices done.")

    @api.depends("site_id", "level_id", "date")
    def _compute_name(self):
        for run in self:
            parts = (run.site_id.name, run.level_id.name, str(run.date or ""))
            run.name = " ".join(part for part in parts if part)

    @api.depends("notice_ids.state", "notice_ids.amount_total")
    def _compute_totals(self):
        found = {}
        for run, state, count, amount in self.env["property.dunning.notice"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count", "amount_total:sum"]
        ):
            row = found.setdefault(run.id, {"all": 0, "amount": 0.0})
            row[state] = count
            row["all"] += count
            row["amount"] += amount
        for run in self:
            row = found.get(run.id, {"all": 0, "amount": 0.0})
            run.notice_count = row["all"]
            run.sent_count = row.get("sent", 0)
            run.failed_count = row.get("failed", 0)
            run.amount_total = row["amount"]
            done = run.sent_count + run.failed_count
            run.progress = 100.0 * done / row["all"] if row["all"] else 0.0

    @api.model
    def _method_fields(self):
        """Override: the state, and what preparing found."""
        return super()._method_fields() | {"state", "promised_count"}

    def write(self, vals):
        """Keep the scope of a run once notices went out; its state follows from its steps."""
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("Prepare, send or cancel the run: its state follows."))
        scope = {"site_id", "level_id", "date", "building_ids", "item_ids"}
        if scope & vals.keys() and any(run.state in ("sending", "done") for run in self):
            raise UserError(self.env._("Notices of this run went out. Make a new run instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(run.state in ("sending", "done") for run in self):
            raise UserError(self.env._("Notices of this run went out: it stays on file."))

    # Steps ------------------------------------------------------------------------------------

    def action_prepare(self):
        """List the households that get a notice; nothing goes out yet.

        :raise UserError: when notices of the run went out already
        """
        self.check_access("write")
        latest = fields.Date.context_today(self) + relativedelta(years=1)
        for run in self:
            run._expect("draft", "prepared")
            if run.date > latest:
                raise UserError(
                    self.env._("Notices are prepared a year ahead at most. Correct the date.")
                )
            # sudo: notices are made by preparing a run only; its access was checked
            run.sudo().notice_ids.unlink()
            groups, promised = run._groups()
            fees = run._late_fees(groups)
            self.env["property.dunning.notice"].sudo().create(
                [run._prepare_notice_vals(group, fees) for group in groups]
            )
            run.sudo().write({"state": "prepared", "promised_count": promised})
        return True

    def action_send(self):
        """Send the notices in the background, a batch a transaction."""
        self.check_access("write")
        for run in self:
            run._expect("prepared")
            if not run.notice_ids:
                raise UserError(self.env._("Nobody is to be reminded: there is nothing to send."))
            if not run.level_id._channels():
                raise UserError(self.env._("Choose at least one way to send on the level."))
            run.level_id._check_text()
            run.sudo().write({"state": "sending"})
        return self._go_background("property_billing.ir_cron_dunning")

    def action_cancel(self):
        """Drop a run whose notices have not gone out."""
        self.check_access("write")
        for run in self:
            run._expect("draft", "prepared")
            run.sudo().notice_ids.unlink()
            run.sudo().write({"state": "cancelled"})
        return True

    def action_view_notices(self):
        """Open the notices of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_dunning_notice_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_send(self):
        """Go on with the runs that are being sent; safe to kill at any moment."""
        runs = self.search([("state", "=", "sending")], order="write_date, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(
            remaining=self.env["property.dunning.notice"].search_count(
                [("run_id", "in", runs.ids), ("state", "=", "prepared")]
            )
        )
        for run in runs:
            while run.try_lock_for_update() and run.state == "sending":
                done = run._send_batch()
                if not cron._commit_progress(done):
                    return

    def _send_batch(self):
        """Send the next notices of a run.

        :return: number of notices done
        """
        self.ensure_one()
        notices = self.env["property.dunning.notice"].search(
            [("run_id", "=", self.id), ("state", "=", "prepared")], limit=PRINT_BATCH, order="id"
        )
        if not notices:
            self.sudo().write({"state": "done"})
            return 0
        notices._send()
        return len(notices)

    # Whom -------------------------------------------------------------------------------------

    def _groups(self):
        """Group the bills that are overdue by household and payer.

        :return: (list of (unit, payer, bills), number of households that promised to pay)
        """
        self.ensure_one()
        groups = {}
        for bill in self._bills():
            unit = bill.unit_id.parent_id or bill.unit_id
            key = (unit, bill.commercial_partner_id)
            groups[key] = groups.get(key, bill.browse()) | bill
        recent = self._reminded_lately()
        promises = self.env["property.promise"]._standing(self.site_id, self.date)
        kept, promised = [], 0
        for (unit, payer), bills in groups.items():
            owed = sum(bills.mapped("amount_residual"))
            if (unit, payer) in recent or (
                self.currency_id.compare_amounts(owed, self.level_id.amount_min) < 0
            ):
                continue
            if (unit, payer) in promises:
                promised += 1
                continue
            kept.append((unit, payer, bills))
        kept.sort(key=lambda group: (group[0].sort_key or "", group[1].id))
        return kept, promised

    def _bills(self):
        """Return the bills that count: open, due long enough, and with no payment on its way."""
        latest = self.date - relativedelta(days=self.level_id.days_overdue)
        domain = (
            Domain("site_id", "=", self.site_id.id)
            & Domain("unit_id", "!=", False)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("amount_residual", ">", 0)
        )
        if self.level_id.days_overdue:
            domain &= Domain("invoice_date_due", "<=", latest)
        else:
            domain &= Domain("invoice_date", "<=", self.date)
        if self.building_ids:
            domain &= Domain("unit_id.building_id", "in", self.building_ids.ids) | Domain(
                "unit_id.parent_id.building_id", "in", self.building_ids.ids
            )
        if self.item_ids:
            domain &= Domain("charge_item_id", "in", self.item_ids.ids)
        # sudo: whoever may make the run reads the bills of its site, accounting rights or not
        bills_sudo = self.env["account.move"].sudo().search(domain, order="invoice_date_due, id")
        return bills_sudo - bills_sudo._property_in_progress()

    def _reminded_lately(self):
        """Return the (unit, payer) that got this level within its interval."""
        since = self.date - relativedelta(days=self.level_id.days_between)
        rows = (
            self.env["property.dunning.notice"]
            .sudo()
            .search(
                [
                    ("level_id", "=", self.level_id.id),
                    ("site_id", "=", self.site_id.id),
                    ("state", "=", "sent"),
                    ("date", ">", since),
                    ("run_id", "!=", self.id),
                ]
            )
        )
        return {(row.unit_id, row.partner_id) for row in rows}

    def _late_fees(self, groups):
        """Return dict bill id -> late fee of all households at once, empty where none is told."""
        if not groups or not self.level_id.with_late_fee:
            return {}
        bills = self.env["account.move"].union(*(bills for _unit, _payer, bills in groups))
        # sudo: whoever may make the run reads the bills of its site, accounting rights or not
        return bills.sudo()._property_late_fees(self.date)

    def _prepare_notice_vals(self, group, fees):
        """Freeze what a household is told.

        :param fees: dict bill id -> Decimal, from ``_late_fees``
        """
        unit, payer, bills = group
        late_fee = float(sum(fees.get(bill.id, 0) for bill in bills))
        principal = sum(bills.mapped("amount_residual"))
        first_due = min(bills.mapped("invoice_date_due"))
        lang = self.company_id._billing_lang()
        statements = self.env["property.statement"].with_context(lang=lang)
        return {
            "run_id": self.id,
            "unit_id": unit.id,
            "partner_id": payer.id,
            "date": self.date,
            "deadline": self.date + relativedelta(days=self.level_id.days_to_pay),
            "days_overdue": max((self.date - first_due).days, 0),
            "bill_ids": [Command.set(bills.ids)],
            "amount_principal": self.currency_id.round(principal),
            "amount_late_fee": self.currency_id.round(late_fee),
            "lines": [
                {
                    "bill": bill.name,
                    "unit": bill.unit_id.code,
                    "item": bill.charge_item_id.name or bill.ref or "",
                    "period": statements._period(bill.period_from, bill.period_to),
                    "due": str(bill.invoice_date_due),
                    "amount": bill.amount_residual,
                    "late_fee": float(fees.get(bill.id, 0)),
                }
                for bill in bills
            ],
        }

    def _expect(self, *states):
        self.ensure_one()
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(run)s is %(state)s, so this step is not possible now.",
                    run=self.name,
                    state=labels[self.state],
                )
            )
