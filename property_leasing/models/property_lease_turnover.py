from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.turnover import Month
from ..tools.turnover_rules import Declared

KNOWN_STATES = ("confirmed", "estimated")


class PropertyLeaseTurnover(models.Model):
    """The turnover of a month: declared by the tenant, confirmed by finance (营业额申报)."""

    _name = "property.lease.turnover"
    _description = "Declared Turnover"
    _inherit = ["property.scoped", "property.evidence", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    term_id = fields.Many2one(
        "property.lease.turnover.term",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    lease_id = fields.Many2one(
        "property.lease", required=True, readonly=True, index=True, ondelete="restrict"
    )
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Tenant", required=True, readonly=True, index=True
    )
    brand = fields.Char(related="lease_id.brand")
    goods_id = fields.Many2one(
        "property.lease.goods",
        string="Kind of Goods",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: all goods together.",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    due_date = fields.Date(string="Declare by", required=True, readonly=True)
    amount = fields.Monetary(
        string="Turnover",
        readonly=True,
        tracking=True,
        help="Of the whole month as the till report says, VAT included.",
    )
    attachment_ids = fields.Many2many(string="Till Reports", copy=False)
    note = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("open", "To declare"),
            ("declared", "To confirm"),
            ("estimated", "Estimated"),
            ("confirmed", "Confirmed"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late", string="Late")
    declared_at = fields.Datetime(readonly=True)
    declared_by_id = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", readonly=True)
    version = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=False,
        help="Counts how often the month was declared: finance confirms the one it has seen.",
    )
    reminded_on = fields.Date(readonly=True, copy=False)
    pressed_on = fields.Date(
        readonly=True, copy=False, help="Day on which leasing was told that it is late."
    )

    _month_once = models.Constraint(
        "EXCLUDE USING gist (term_id WITH =, COALESCE(goods_id, 0) WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&)",
        "The turnover of these days is declared already. Correct that declaration.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "Turnover cannot be negative. Enter 0 when nothing was sold."
    )

    @api.depends("lease_id.name", "date_from", "goods_id.name")
    def _compute_display_name(self):
        for row in self:
            days = f"{row.date_from or ''} – {row.date_to}"
            names = (row.lease_id.name, days, row.goods_id.name)
            row.display_name = " ".join(filter(None, names))

    @api.depends("state", "due_date")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.is_late = row.state in ("open", "estimated") and row.due_date < today

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "in", ("open", "estimated")) & Domain(
            "due_date", "<", fields.Date.context_today(self)
        )
        return Domain.OR([late if wanted else ~late for wanted in value])

    # Steps ------------------------------------------------------------------------------------

    def _declare(self, amount, files=None, note=None):
        """Take the turnover of the month, by the tenant or on his behalf.

        :param amount: yuan, not negative
        :param files: ir.attachment of the till report
        :raise UserError: when the month still runs, or finance has confirmed it
        """
        self.ensure_one()
        self._lock_and_reread("state", "amount", "version")
        if self.date_to > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "This month ends on %(day)s. Declare its turnover from then on.",
                    day=self.date_to,
                )
            )
        if self.state == "confirmed":
            raise UserError(
                self.env._(
                    "This month is confirmed. Ask the property company to correct it, and say why."
                )
            )
        # sudo: tenants write nothing; who may take this step was checked by whoever calls it
        self.sudo().write(
            {
                "amount": self.currency_id.round(amount),
                "note": note or False,
                "state": "declared",
                "version": self.version + 1,
                "declared_at": fields.Datetime.now(),
                "declared_by_id": self.env.uid,
                **({"attachment_ids": [(4, one.id) for one in files]} if files else {}),
            }
        )

    def action_enter(self):
        """Open the form that declares or corrects the turnover."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Turnover"),
            "res_model": "property.lease.turnover.enter",
            "view_mode": "form",
            "target": "new",
            "context": {"default_turnover_id": self.id, "default_amount": self.amount},
        }

    def action_review(self):
        """Open the months that wait, to be looked at and confirmed together.

        :raise UserError: when none of them waits
        """
        self._check_finance()
        rows = self.filtered(lambda row: row.state == "declared")
        if not rows:
            raise UserError(self.env._("Only months that are declared are confirmed."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirm Turnover"),
            "res_model": "property.lease.turnover.confirm",
            "view_mode": "form",
            "target": "new",
            "context": {"default_turnover_ids": rows.ids},
        }

    def _versions(self):
        """Return which declaration of each month there is: dict id as text -> version."""
        return {str(row.id): row.version for row in self}

    def action_confirm(self, seen=None):
        """Confirm declared months as they were seen; periods that are complete are settled.

        :param dict seen: id as text -> version of the declaration; a form passes that of its
            month as ``turnover_version`` in the context
        :raise UserError: when a month is not declared, or was declared anew since it was seen
        """
        self._check_finance()
        rows = self._lock_and_reread("state", "version", "amount", "declared_at")
        if rows.filtered(lambda row: row.state != "declared"):
            raise UserError(self.env._("Only months that are declared are confirmed."))
        rows._check_seen(seen or {})
        # sudo: nobody writes declarations by hand; the step was checked
        rows.sudo().write(
            {
                "state": "confirmed",
                "confirmed_at": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
            }
        )
        rows.term_id._settle(self.env._("Declared turnover was confirmed"))
        return True

    def _check_seen(self, seen):
        """Refuse to confirm figures that nobody has looked at.

        :param seen: as in ``action_confirm``
        """
        version = self.env.context.get("turnover_version")
        if version is not None and len(self) == 1:
            seen = {str(self.id): version}
        for row in self:
            if seen.get(str(row.id)) != row.version:
                raise UserError(
                    self.env._(
                        "%(month)s was declared anew since you opened it: it says %(amount)s "
                        "now. Look at it again, then confirm it.",
                        month=row.display_name,
                        amount=row.currency_id.format(row.amount),
                    )
                )

    def action_ask_again(self):
        """Hand declared months back to the tenant, who declares them anew."""
        self._check_finance()
        rows = self._lock_and_reread("state")
        if rows.filtered(lambda row: row.state != "declared"):
            raise UserError(self.env._("Only months that wait to be confirmed are handed back."))
        rows.sudo().write({"state": "open", "reminded_on": False})  # sudo: as above
        return True

    def _correct(self, amount, reason):
        """Correct a confirmed month: the difference is settled, the old figure stays on file.

        :param amount: yuan
        :param reason: in the user's words
        """
        self.ensure_one()
        self._check_finance()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the turnover is corrected."))
        self._lock_and_reread("state", "amount")
        before = self.amount
        # sudo: nobody writes declarations by hand; the step was checked
        self.sudo().write({"amount": self.currency_id.round(amount)})
        self.env["property.audit"]._log(
            "money",
            self,
            before={"amount": f"{before:.2f}"},
            after={"amount": f"{self.amount:.2f}"},
            reason=reason,
        )
        self.sudo().message_post(body=reason)
        self.term_id._settle(reason)

    def _check_finance(self):
        """Raise unless the user may confirm turnover on the site."""
        self.check_access("read")
        if not self.env.su and not any(
            self.env.user.has_group(f"property_base.group_{name}")
            for name in ("finance", "manager")
        ):
            raise AccessError(self.env._("Finance or a site manager confirms turnover."))

    def _declared(self):
        """Return the months as the kernel of rules reads them, by their days."""
        return [Declared(row.goods_id.id or None, row._month()) for row in self.sorted("date_from")]

    def _month(self):
        """Return the month as the kernel reads it."""
        self.ensure_one()
        amount = self.lease_id._decimal(self.amount)
        return Month(self.date_from, self.date_to, amount)
