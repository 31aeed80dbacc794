from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from psycopg2.errors import ExclusionViolation, UniqueViolation

from ..tools.collector import paused_collector
from . import billing_charge_set
from .billing_batch import BillingBatch
from .billing_facts import BillingFacts


class PropertyBillingRun(models.Model):
    """One round of billing: scope, items and period → compute → review → post, or undo."""

    _name = "property.billing.run"
    _description = "Billing Run"
    _inherit = ["property.by.methods", "property.background", "mail.thread"]
    _order = "date_to desc, id desc"

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    site_ids = fields.Many2many("property.site", string="Sites", required=True)
    item_ids = fields.Many2many(
        "property.charge.item", string="Items", help="Empty: all items of the sites."
    )
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=31),
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computing", "Computing"),
            ("computed", "Computed"),
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
    charge_ids = fields.One2many("property.charge", "run_id", string="Charges")
    problem_ids = fields.One2many("property.billing.problem", "run_id", string="Problems")
    move_ids = fields.One2many("account.move", "billing_run_id", string="Bills")
    amount_total = fields.Monetary(compute="_compute_totals", string="Total")
    charge_count = fields.Integer(compute="_compute_totals", string="Number of Charges")
    posted_count = fields.Integer(compute="_compute_totals", string="Number of Bills")
    problem_count = fields.Integer(compute="_compute_problem_count", string="Number of Problems")
    error_count = fields.Integer(compute="_compute_problem_count", string="Not Billed")
    progress = fields.Float(compute="_compute_progress", help="Per cent of the charges done.")
    error_message = fields.Text(readonly=True, copy=False)

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A period cannot end before it starts. Correct one of the two dates.",
    )

    @api.depends("site_ids")
    def _compute_company_id(self):
        for run in self:
            run.company_id = run.site_ids.company_id[:1] or run.company_id or self.env.company

    @api.depends("site_ids", "date_from", "date_to")
    def _compute_name(self):
        for run in self:
            sites = ", ".join(run.site_ids.mapped("name"))
            start = f"{run.date_from:%Y-%m}" if run.date_from else ""
            end = f"{run.date_to:%Y-%m}" if run.date_to else ""
            period = start if start == end else f"{start} – {end}"
            run.name = f"{sites} {period}".strip()

    @api.depends("charge_ids.amount", "charge_ids.state")
    def _compute_totals(self):
        totals = {run.id: [0.0, 0, 0] for run in self}
        for run, state, amount, count in self.env["property.charge"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["amount:sum", "__count"]
        ):
            row = totals[run.id]
            if state in ("draft", "posted") or run.state == "undone":
                row[0] += amount
                row[1] += count
            if state == "posted":
                row[2] += count
        for run in self:
            run.amount_total, run.charge_count, run.posted_count = totals.get(run.id, (0, 0, 0))

    @api.depends("problem_ids.severity")
    def _compute_problem_count(self):
        counts = {}
        for run, severity, count in self.env["property.billing.problem"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "severity"], ["__count"]
        ):
            counts.setdefault(run.id, {})[severity] = count
        for run in self:
            found = counts.get(run.id, {})
            run.problem_count = sum(found.values())
            run.error_count = found.get("error", 0)

    @api.depends("charge_count", "posted_count", "state")
    def _compute_progress(self):
        for run in self:
            share = run.posted_count / run.charge_count if run.charge_count else 0.0
            run.progress = 100.0 * (1 - share if run.state == "undoing" else share)

    @api.constrains("date_from", "date_to")
    def _check_span(self):
        for run in self:
            if run.date_from.year < 1950 or run.date_to > run.date_from + relativedelta(years=10):
                raise ValidationError(
                    self.env._("A billing run spans ten years at most. Correct the dates.")
                )

    @api.constrains("site_ids", "company_id", "item_ids")
    def _check_sites(self):
        for run in self:
            if not run.site_ids:
                raise ValidationError(self.env._("Choose at least one site to bill."))
            if run.site_ids.company_id != run.company_id:
                raise ValidationError(
                    self.env._(
                        "The sites of a billing run must all belong to %(company)s. Make one run "
                        "a company.",
                        company=run.company_id.name,
                    )
                )
            foreign = run.item_ids.filtered(
                lambda item, run=run: item.site_id and item.site_id not in run.site_ids
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(items)s belong to other sites than this run and would bill nothing. "
                        "Take them out, or add their site.",
                        items=", ".join(foreign.mapped("code")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a run that claims to be further than it is."""
        for vals in vals_list:
            self._check_own_fields(vals)
        return super().create(vals_list)

    @api.model
    def _check_own_fields(self, vals):
        """Refuse values that only the steps of a run set.

        :raise UserError: when a user writes one of them
        """
        if not self.env.su and (
            vals.get("state", "draft") != "draft" or "charge_ids" in vals or "move_ids" in vals
        ):
            raise UserError(
                self.env._("Compute, post or undo the run: its state and bills follow from that.")
            )

    @api.model
    def _scope_fields(self):
        """Return the names of the fields that decide what is billed and when."""
        return {"site_ids", "item_ids", "date_from", "date_to", "company_id"}

    def write(self, vals):
        """Keep the scope of a run once it is billed."""
        if "state" in vals and not self.env.su:
            self._check_own_fields({"state": "set by hand"})
        self._check_own_fields(vals)
        if self._scope_fields() & vals.keys() and any(
            run.state not in ("draft", "computed") for run in self
        ):
            raise UserError(
                self.env._("A posted billing run cannot be changed. Undo it, then make a new one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for run in self:
            if run.charge_ids.filtered(lambda charge: charge.state != "draft"):
                raise UserError(
                    self.env._(
                        "%(run)s has bills and stays on file. Undo it instead of deleting it.",
                        run=run.name,
                    )
                )
        self.charge_ids.sudo().unlink()

    # Actions ----------------------------------------------------------------------------------

    def action_compute(self):
        """Compute the charges of the run, replacing drafts; nothing is posted.

        :raise UserError: when the run is posted, or another run bills the same days meanwhile
        """
        self.check_access("write")
        for run in self._lock():
            run._expect(("draft", "computing", "computed"))
            run._compute()
        return True

    def action_post(self):
        """Post one bill for every charge of the run, all or nothing."""
        self.check_access("write")
        for run in self._lock():
            run._expect(("computed", "posting"))
            if not run._draft_count():
                raise UserError(
                    self.env._("There is nothing to post. Look at the problems, compute again.")
                )
            run._expect_amounts()
            run.charge_ids._post()
            run._finish_posting()
        return True

    def action_undo(self):
        """Take the whole run back: cancel unpaid bills, credit what is paid or locked."""
        self.check_access("write")
        for run in self._lock():
            run._expect(("draft", "computed", "posting", "posted", "undoing"))
            run.charge_ids._undo_and_keep(run.display_name)
            run._finish_undoing()
        return True

    def action_view_charges(self):
        """Open the charges of the run."""
        return self._action_open("property_billing.property_charge_action", "run_id")

    def action_view_bills(self):
        """Open the invoices of the run."""
        return self._action_open("property_billing.account_move_action_bills", "billing_run_id")

    # Computing --------------------------------------------------------------------------------

    def _compute(self):
        """Replace the draft charges and problems of the run by a fresh computation."""
        self.ensure_one()
        # sudo: nobody may delete charges but by computing a run
        self.charge_ids.sudo().filtered(lambda charge: charge.state == "draft").unlink()
        self.problem_ids.unlink()
        items = self._billed_items()
        items._sync_fees(self._scope_units())
        problems = self._problems_of_unstarted(items)
        try:
            with self.env.cr.savepoint():
                for sites in self._site_batches():
                    with paused_collector():
                        problems += self._compute_sites(items, sites)
        except (ExclusionViolation, UniqueViolation) as error:
            raise UserError(
                self.env._(
                    "Another billing run has just billed some of the same fees. Compute again: "
                    "what it billed will be left out."
                )
            ) from error
        self.env["property.billing.problem"].create(problems)
        self.sudo().write({"state": "computed", "error_message": False})

    def _compute_sites(self, items, sites):
        """Write the draft charges of some sites.

        :return: values of problems
        """
        batch = BillingBatch(self, BillingFacts(self, items, sites=sites))
        batch.compute()
        # sudo: nobody may make charges but by computing a run
        charges = self.env["property.charge"].sudo().with_context(tracking_disable=True)
        billing_charge_set.create(charges, batch.charges)
        return batch.problems

    def _billed_items(self):
        """Return the items of the run: the chosen ones, or all of its sites."""
        self.ensure_one()
        return self.item_ids or self.env["property.charge.item"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("site_id", "in", [False, *self.site_ids.ids]),
            ]
        )

    def _scope_units(self):
        return self.env["property.unit"].search([("site_id", "in", self.site_ids.ids)])

    def _problems_of_unstarted(self, items):
        """List units in the scope of an item that say no day from which to bill, nor unsold."""
        types = items.filtered(lambda item: item.method != "metered").unit_type_ids
        units = self.env["property.unit"].search(
            [
                ("site_id", "in", self.site_ids.ids),
                ("type_id", "in", types.ids),
                ("handover_date", "=", False),
                ("billing_date_from", "=", False),
                ("state", "not in", ("unsold", "closed")),
            ]
        )
        return [
            {
                "run_id": self.id,
                "site_id": unit.site_id.id,
                "unit_id": unit.id,
                "kind": "no_start",
                "severity": "error",
                "message": self.env._(
                    "Unit %(unit)s has no handover date and no billing start, so nothing is billed "
                    "on it. Enter the date, or mark the unit unsold.",
                    unit=unit.code,
                ),
            }
            for unit in units
        ]

    def _draft_count(self):
        return self.env["property.charge"].search_count(
            [("run_id", "in", self.ids), ("state", "=", "draft")]
        )

    def _finish_posting(self):
        self.ensure_one()
        self.sudo().write({"state": "posted", "error_message": False})
        self._log_money({"state": "computed"}, {"state": "posted"})

    def _finish_undoing(self):
        """Close an undone run; drafts that were never billed go."""
        self.ensure_one()
        before = self.state
        self.charge_ids.sudo().filtered(lambda charge: charge.state == "draft").unlink()
        self.sudo().write({"state": "undone", "error_message": False})
        self._log_money({"state": before}, {"state": "undone"})

    # Helpers ----------------------------------------------------------------------------------

    def _lock(self):
        """Lock the runs for this transaction.

        :raise UserError: when another transaction works on one of them
        """
        if len(self.try_lock_for_update()) < len(self):
            raise UserError(
                self.env._("This billing run is being worked on. Try again in a moment.")
            )
        self.invalidate_recordset()
        return self

    def _expect(self, states):
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

    def _log_money(self, before, after):
        self.env["property.audit"]._log(
            "money",
            self,
            before=before,
            after={
                **after,
                "charges": self.charge_count,
                "total": f"{self.amount_total:.2f}",
                "period": f"{self.date_from} – {self.date_to}",
            },
        )

    def _action_open(self, xmlid, field):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [(field, "=", self.id)], "context": {}}
