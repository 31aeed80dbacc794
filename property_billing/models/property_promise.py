from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.dunning import promise_state


class PropertyPromise(models.Model):
    """What a payer promised to pay by when; whether it was kept follows from the ledger."""

    _name = "property.promise"
    _description = "Promise to Pay"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "promised_date, id"

    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="restrict")
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, index=True, ondelete="restrict"
    )
    notice_id = fields.Many2one(
        "property.dunning.notice", index="btree_not_null", ondelete="set null"
    )
    date = fields.Date(required=True, default=fields.Date.context_today, readonly=True)
    promised_date = fields.Date(required=True, tracking=True, help="Last day, inclusive.")
    amount = fields.Monetary(required=True, tracking=True)
    user_id = fields.Many2one(
        "res.users", string="Follows Up", default=lambda self: self.env.user, tracking=True
    )
    note = fields.Char(help="What was agreed, and with whom.")
    amount_paid = fields.Monetary(
        compute="_compute_state", help="Settled on the household's bills since the promise."
    )
    state = fields.Selection(
        [("open", "Still to Come"), ("kept", "Fulfilled"), ("broken", "Broken")],
        compute="_compute_state",
        search="_search_state",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A promise names an amount. Enter what will be paid."
    )
    _dates_ordered = models.Constraint(
        "CHECK(promised_date >= date)", "A promise is for today or later. Correct the day."
    )

    @api.depends("promised_date", "amount", "unit_id", "partner_id")
    @api.depends_context("tz")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        paid = self._paid_since()
        for promise in self:
            promise.amount_paid = float(paid.get(promise._origin.id, 0))
            state = promise.promised_date and promise_state(
                today,
                promise.promised_date,
                Decimal(str(promise.amount)),
                paid.get(promise._origin.id, Decimal(0)),
            )
            promise.state = state or "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        candidates = Domain.FALSE
        if "kept" in value:
            candidates = Domain.TRUE
        if "open" in value:
            candidates |= Domain("promised_date", ">=", today)
        if "broken" in value:
            candidates |= Domain("promised_date", "<", today)
        found = self.search(candidates).filtered(lambda promise: promise.state in value)
        return [("id", "in", found.ids)]

    @api.depends("unit_id.code", "partner_id.name", "promised_date")
    def _compute_display_name(self):
        for promise in self:
            parts = (promise.unit_id.code, promise.partner_id.name, str(promise.promised_date))
            promise.display_name = " ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        """Remind whoever follows up on the promised day."""
        promises = super().create(vals_list)
        for promise in promises:
            promise.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=promise.promised_date,
                summary=self.env._("Promised to pay %(amount)s", amount=promise._amount_text()),
                user_id=promise.user_id.id or self.env.uid,
            )
        return promises

    def _amount_text(self):
        return self.currency_id.format(self.amount)

    def _paid_since(self):
        """Return dict promise id -> Decimal that settled bills of its household and payer."""
        saved = self._origin.filtered("id")
        if not saved:
            return {}
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model()
        self.env["property.promise"].flush_model()
        self.env.cr.execute(
            """
            SELECT promise.id, sum(partial.amount)
              FROM property_promise promise
              JOIN res_partner payer ON payer.id = promise.partner_id
              JOIN property_unit unit
                ON unit.id = promise.unit_id OR unit.parent_id = promise.unit_id
              JOIN account_move_line line ON line.unit_id = unit.id
               AND line.partner_id = payer.commercial_partner_id AND line.parent_state = 'posted'
              JOIN account_account account ON account.id = line.account_id
               AND account.account_type = 'asset_receivable'
              JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
              JOIN account_move_line other ON other.id = partial.credit_move_id
              JOIN account_move source ON source.id = other.move_id
               AND source.move_type <> 'out_refund'
             WHERE promise.id = ANY(%s) AND partial.create_date >= promise.create_date
          GROUP BY promise.id
            """,
            [saved.ids],
        )
        return {key: Decimal(str(amount)) for key, amount in self.env.cr.fetchall()}

    @api.model
    def _standing(self, site, day):
        """Return the (unit, payer) of a site whose promise is open on a day."""
        promises_sudo = self.sudo().search(
            Domain("site_id", "=", site.id)
            & Domain("date", "<=", day)
            & Domain("promised_date", ">=", day)
        )
        return {
            (row.unit_id, row.partner_id.commercial_partner_id)
            for row in promises_sudo
            if row.state == "open"
        }
