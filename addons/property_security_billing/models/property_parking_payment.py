import secrets
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

METHODS = [
    ("cash", "Cash at the lane"),
    ("terminal", "Card or code at the lane"),
    ("online", "Payment page"),
    ("balance", "Prepaid balance"),
]


class PropertyParkingPayment(models.Model):
    """Money for a stay: how, when and how much, and where it is in the books."""

    _name = "property.parking.payment"
    _description = "Parking Payment"
    _inherit = ["property.parking.scoped"]
    _order = "paid_at desc, id desc"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index=True)
    session_id = fields.Many2one(
        "property.parking.session",
        string="Stay",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    plate_display = fields.Char(related="session_id.plate_display", string="Number Plate")
    area_id = fields.Many2one(related="session_id.area_id", store=True, index=True, precompute=True)
    site_id = fields.Many2one(related="session_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    lane_id = fields.Many2one(
        "property.parking.lane",
        readonly=True,
        ondelete="restrict",
        help="Where the money was taken; empty for money that came by itself.",
    )
    method = fields.Selection(METHODS, required=True, readonly=True, index=True)
    journal_id = fields.Many2one(
        "account.journal", readonly=True, ondelete="restrict", help="Where the money arrived."
    )
    key = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    access_token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="base.group_system",
    )
    quoted_at = fields.Datetime(
        string="Fee as of", required=True, readonly=True, help="Time until which the fee counts."
    )
    paid_at = fields.Datetime(string="Paid on", required=True, readonly=True, index=True)
    date = fields.Date(
        string="Day", compute="_compute_date", store=True, precompute=True, index=True
    )
    hour = fields.Integer(
        string="Hour of Day", compute="_compute_date", store=True, precompute=True, aggregator=False
    )
    amount = fields.Monetary(required=True, readonly=True, help="What pays the stay.")
    amount_received = fields.Monetary(string="Received", required=True, readonly=True)
    amount_excess = fields.Monetary(
        string="Paid Twice",
        compute="_compute_amount_excess",
        store=True,
        precompute=True,
        help="Money the stay no longer needed when it arrived. It is given back.",
    )
    refund_ids = fields.One2many("property.parking.refund", "payment_id", string="Refunds")
    amount_refunded = fields.Monetary(
        string="Given Back", compute="_compute_amount_refunded", store=True
    )
    amount_net = fields.Monetary(
        string="Income", compute="_compute_amount_refunded", store=True, help="After refunds."
    )
    amount_refundable = fields.Monetary(compute="_compute_amount_refunded", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Payer", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    unit_id = fields.Many2one(
        "property.unit", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True, ondelete="restrict")
    reference = fields.Char(readonly=True, help="Number of the slip or order.")
    transaction_id = fields.Many2one(
        "payment.transaction", readonly=True, copy=False, ondelete="restrict"
    )
    account_payment_id = fields.Many2one(
        "account.payment",
        string="Entry of the Money",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        [("open", "To Book"), ("booked", "Booked"), ("refunded", "Refunded")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    booking_problem = fields.Char(
        readonly=True, copy=False, help="Why it could not be booked; it is tried again each hour."
    )
    explanation = fields.Text(readonly=True, help="The fee as the driver saw it.")

    _key_unique = models.UniqueIndex("(key)", "This money has been taken already.")
    _access_token_unique = models.UniqueIndex("(access_token)")
    _transaction_once = models.UniqueIndex(
        "(transaction_id) WHERE transaction_id IS NOT NULL", "This money has been taken already."
    )
    _amounts_fit = models.Constraint(
        "CHECK(amount >= 0 AND amount_received >= amount AND amount_received > 0)",
        "A payment brings money, and not less than what it pays.",
    )
    _to_book_index = models.Index("(date) WHERE state = 'open'")

    @api.depends("paid_at", "site_id.tz")
    def _compute_date(self):
        for payment in self:
            zone = ZoneInfo(payment.site_id.tz or "UTC")
            local = payment.paid_at.replace(tzinfo=UTC).astimezone(zone)
            payment.date, payment.hour = local.date(), local.hour

    @api.depends("amount", "amount_received")
    def _compute_amount_excess(self):
        for payment in self:
            payment.amount_excess = payment.currency_id.round(
                payment.amount_received - payment.amount
            )

    @api.depends("amount_received", "amount", "refund_ids.approval_state", "refund_ids.amount")
    def _compute_amount_refunded(self):
        for payment in self:
            done = payment.refund_ids.filtered(lambda one: one.approval_state == "approved")
            back, currency = sum(done.mapped("amount")), payment.currency_id
            payment.amount_refunded = currency.round(back)
            payment.amount_refundable = currency.round(payment.amount_received - back)
            payment.amount_net = currency.round(
                payment.amount - max(0.0, back - payment.amount_excess)
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the payments and keep the fee as it is explained now."""
        sequence_sudo = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = sequence_sudo.next_by_code("property.parking.payment")
            session = self.env["property.parking.session"].browse(vals["session_id"])
            result = session._quote(vals["quoted_at"])
            vals.setdefault("explanation", session._explain(result) if result else False)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A payment stays on file. Refund it instead."))

    def action_book(self):
        """Book payments now instead of tonight, each by itself."""
        self.check_access("read")
        if not self.env.user.has_groups("property_base.group_finance,property_base.group_manager"):
            raise AccessError(self.env._("Only finance and site managers book. Ask one of them."))
        for payment_sudo in self.sudo().filtered(lambda one: one.state == "open"):
            payment_sudo._book()

    def action_refund(self):
        """Ask for the money to be given back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Refund"),
            "res_model": "property.parking.refund",
            "views": [(False, "form")],
            "context": {
                "default_payment_id": self.id,
                "default_amount": self.amount_excess or self.amount_refundable,
                "default_journal_id": self.journal_id.id,
            },
        }

    def action_view_invoice(self):
        """Open the invoice that books it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
