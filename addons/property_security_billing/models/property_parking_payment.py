import base64
import secrets
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.urls import urljoin

from ..tools.fee_lines import fee_lines

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
    invoice_request_ids = fields.One2many(
        "property.parking.invoice.request", "payment_id", string="VAT Invoices"
    )
    receipt_qr = fields.Binary(
        compute="_compute_receipt_qr",
        compute_sudo=True,
        string="Code of the Receipt",
        help="The driver scans it: receipt, and a form to ask for a VAT invoice.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Payer", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    unit_id = fields.Many2one(
        "property.unit", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True, ondelete="restrict")
    tender_id = fields.Many2one(
        "property.tender.method", string="Way to Pay", readonly=True, ondelete="restrict"
    )
    shift_id = fields.Many2one(
        "property.cashier.shift",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The shift whose drawer and slips this money is counted with.",
    )
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

    @api.depends("access_token")
    def _compute_receipt_qr(self):
        for payment in self:
            payment.receipt_qr = payment._receipt_qr() if payment._origin else False

    @api.model_create_multi
    def create(self, vals_list):
        """Number the payments and keep the fee as it is explained now."""
        sequence_sudo = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = sequence_sudo.next_by_code("property.parking.payment")
            session = self.env["property.parking.session"].browse(vals.get("session_id"))
            result = vals.get("quoted_at") and session._quote(vals["quoted_at"])
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

    def _receipt_path(self):
        """Return the link to receipt and VAT invoice, for who has paid."""
        self.ensure_one()
        return f"/parking/paid/{self.sudo().access_token}"  # sudo: whoever hands out the paper

    def _receipt_lines(self):
        """Return how the fee came about: list of (words, amount or nothing)."""
        self.ensure_one()
        return fee_lines(self.explanation)

    def _receipt_qr(self):
        """Return the picture (base64) of the link that the driver scans."""
        url = urljoin(self.area_id.get_base_url(), self._receipt_path())
        image = self.env["ir.actions.report"].barcode("QR", url, width=300, height=300)
        return base64.b64encode(image)

    def _provider_refunds(self):
        """Return what the provider that took the money can give back.

        :return: ``none``, ``full_only`` or ``partial``
        """
        transaction_sudo = self.sudo().transaction_id  # a cashier may not read transactions
        provider_sudo = transaction_sudo.provider_id
        if not transaction_sudo or provider_sudo.state == "disabled":
            return "none"
        method_sudo = transaction_sudo.primary_payment_method_id
        can = {provider_sudo.support_refund or "none", method_sudo.support_refund or "none"}
        return next(level for level in ("none", "full_only", "partial") if level in can)

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
                "default_journal_id": self.journal_id.id
                if self.journal_id.type == "bank"
                else False,
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
