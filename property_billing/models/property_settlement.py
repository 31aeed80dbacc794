"""The money side of a transfer of household (过户结算): shown, decided, carried out, certified."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

DAY = timedelta(days=1)
FEN = Decimal("0.01")


class PropertySettlement(models.Model):
    """What seller and buyer agree about bills, prepayments and deposits of a home that is sold.

    The final bills are made first; the decisions are then approved by a second person and carried
    out at once; the certificate says what was settled and how.
    """

    _name = "property.settlement"
    _description = "Settlement of a Transfer"
    _inherit = ["property.approval", "property.by.methods", "property.evidence"]
    _order = "date desc, id desc"

    name = fields.Char(string="Number", readonly=True, copy=False)
    unit_id = fields.Many2one(
        "property.unit", required=True, readonly=True, index=True, ondelete="restrict"
    )
    space_ids = fields.Many2many(
        "property.unit", string="Spaces Going Along", readonly=True, copy=False
    )
    site_id = fields.Many2one(related="unit_id.site_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="First Day of the Buyer", required=True, readonly=True, tracking=True)
    seller_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    buyer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    bill_from = fields.Date(
        string="Bill from",
        compute="_compute_bill_from",
        store=True,
        readonly=False,
        tracking=True,
        help="The final bills begin with this month; days billed already are left alone.",
    )
    run_ids = fields.Many2many(
        "property.billing.run", string="Final Billing", readonly=True, copy=False
    )
    billed_at = fields.Datetime(string="Final Bills Made", readonly=True, copy=False, tracking=True)
    charge_ids = fields.Many2many(
        "property.charge", string="Bills of the Transfer", readonly=True, copy=False
    )
    arrears_decision = fields.Selection(
        [
            ("paid", "Seller pays now"),
            ("stay", "Stay on the seller's account"),
            ("assumed", "Buyer assumes them by signed form"),
        ],
        string="Arrears",
        tracking=True,
    )
    prepayment_decision = fields.Selection(
        [
            ("refund", "Pay back to the seller"),
            ("buyer", "To the buyer by signed form"),
            ("keep", "Keep for the seller"),
        ],
        string="Prepayments",
        tracking=True,
    )
    deposit_decision = fields.Selection(
        [
            ("refund", "Pay back to the seller"),
            ("buyer", "To the buyer by signed form"),
            ("keep", "Keep for the seller"),
        ],
        string="Deposits",
        tracking=True,
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
    )
    note = fields.Text(string="Agreement", help="Printed on the certificate.", tracking=True)
    amount_arrears = fields.Monetary(string="Arrears of the Seller", compute="_compute_amounts")
    amount_late = fields.Monetary(string="Late Fees", compute="_compute_amounts")
    amount_prepaid = fields.Monetary(string="Prepaid by the Seller", compute="_compute_amounts")
    amount_deposits = fields.Monetary(string="Deposits of the Seller", compute="_compute_amounts")
    overview_html = fields.Html(compute="_compute_overview_html", string="Overview")
    to_do = fields.Text(compute="_compute_to_do", string="Still to Do")
    certificate_number = fields.Char(readonly=True, copy=False, index=True, tracking=True)
    certificate_date = fields.Date(readonly=True, copy=False)
    certificate_user_id = fields.Many2one("res.users", readonly=True, copy=False)

    _certificate_once = models.UniqueIndex(
        "(company_id, certificate_number) WHERE certificate_number IS NOT NULL",
        "This certificate number is taken.",
    )
    _transfer_once = models.UniqueIndex(
        "(unit_id, date) WHERE approval_state <> 'cancelled'",
        "This transfer is being settled already. Open that settlement.",
    )

    @api.depends("date")
    def _compute_bill_from(self):
        for settlement in self:
            settlement.bill_from = settlement._default_bill_from() if settlement.date else False

    def _default_bill_from(self):
        """Return the first of the month after the last one billed, a year back at most."""
        last_day = self.date - DAY
        # sudo: only dates of this household
        ((last,),) = (
            self.env["property.charge"]
            .sudo()
            ._read_group(
                [
                    ("unit_id", "in", self._units().ids),
                    ("state", "=", "posted"),
                    ("is_opening", "=", False),
                    ("run_id", "!=", False),
                    ("date_to", "<=", last_day),
                ],
                [],
                ["date_to:max"],
            )
        )
        first = (last + DAY).replace(day=1) if last else last_day.replace(day=1)
        limit = fields.Date.subtract(last_day, months=11).replace(day=1)
        return max(min(first, last_day.replace(day=1)), limit)

    @api.model
    def _method_fields(self):
        """Override: the transfer it settles, and what it made."""
        return super()._method_fields() | {
            "name",
            "unit_id",
            "space_ids",
            "date",
            "seller_id",
            "buyer_id",
            "run_ids",
            "billed_at",
            "charge_ids",
            "certificate_number",
            "certificate_date",
            "certificate_user_id",
        }

    # What there is ----------------------------------------------------------------------------

    def _units(self):
        """Return the unit and what goes along with it."""
        self.ensure_one()
        units = self.unit_id | self.space_ids
        # sudo: spaces without a holder of their own follow the household
        return units | (self.unit_id._property_spaces_sudo(self.date) or units.browse()).sudo(
            self.env.su
        )

    def _open_bills_sudo(self, partner=None):
        """Return the seller's open bills of the household, the oldest first."""
        self.ensure_one()
        payer = (partner or self.seller_id).commercial_partner_id
        # sudo: service and managers see what is owed without accounting rights
        return (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("unit_id", "in", self._units().ids),
                    ("commercial_partner_id", "=", payer.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("amount_residual", ">", 0),
                ],
                order="invoice_date_due, id",
            )
        )

    def _credits(self, model):
        """Return the seller's open prepayments or deposits of the household."""
        self.ensure_one()
        domain = self._credit_domain()
        if model == "property.prepayment":
            # what a campaign gave is nobody's money: it lapses
            domain &= Domain("campaign_id", "=", False)
        return self.env[model].search(domain)

    def _gifts(self):
        """Return what campaigns gave the seller and he has not used."""
        self.ensure_one()
        given = self._credit_domain() & Domain("campaign_id", "!=", False)
        return self.env["property.prepayment"].search(given)

    def _credit_domain(self):
        return (
            Domain("unit_id", "in", self._units().ids)
            & Domain("commercial_partner_id", "=", self.seller_id.commercial_partner_id.id)
            & Domain("amount_left", ">", 0)
        )

    def _charges_ahead(self):
        """Return the seller's charges with days of the buyer."""
        self.ensure_one()
        # sudo: service sees what is to be done without rights on every charge
        charges_sudo = (
            self.env["property.charge"]
            .sudo()
            .search(
                [
                    ("unit_id", "in", self._units().ids),
                    ("payer_id", "=", self.seller_id.id),
                    ("state", "=", "posted"),
                    ("is_opening", "=", False),
                    ("date_to", ">=", self.date),
                ],
                order="date_from, id",
            )
        )
        return charges_sudo.filtered(lambda charge: charge._follows_owner(self.date))

    def _fees_sudo(self):
        """Return the fees of the household that the seller paid on the last day.

        Those by meter are the seller's only where he pays them: a tenant who stays keeps his.
        """
        self.ensure_one()
        last_day = self.date - DAY
        # sudo: what there is to bill is told to whoever settles the transfer
        fees_sudo = (
            self.env["property.fee"]
            .sudo()
            .search(
                [
                    ("unit_id", "in", self._units().ids),
                    ("method", "!=", "allocated"),
                    # late fees follow from what is overdue, never from a standing fee
                    ("item_id.category", "!=", "late_fee"),
                ]
            )
        )
        payers = {
            role: self._units()._property_payer_on(role, last_day) for role in ("owner", "tenant")
        }
        return fees_sudo.filtered(
            lambda fee: (
                fee.method != "metered"
                or payers.get(fee.payer_role, {}).get(fee.unit_id.id) == self.seller_id
            )
        )

    def _unread_meters(self):
        """Return the seller's meters of the household without a reading of the last day."""
        self.ensure_one()
        last_day = self.date - DAY
        meters_sudo = (
            self._fees_sudo()
            .filtered(
                lambda fee: (
                    fee.method == "metered"
                    and fee.date_from <= last_day
                    and (not fee.date_to or fee.date_to >= last_day)
                )
            )
            .meter_id
        )
        read = (
            self.env["property.meter.reading"]
            .sudo()
            ._read_group(
                [("meter_id", "in", meters_sudo.ids), ("date", "=", last_day)], ["meter_id"]
            )
        )
        for (meter_sudo,) in read:
            meters_sudo -= meter_sudo
        return meters_sudo.sudo(self.env.su)

    def _compute_amounts(self):
        for settlement in self:
            bills_sudo = settlement._open_bills_sudo()
            late = bills_sudo._property_late_fees()
            settlement.amount_arrears = sum(bills_sudo.mapped("amount_residual"))
            settlement.amount_late = float(sum(late.values(), Decimal(0)))
            settlement.amount_prepaid = sum(
                settlement._credits("property.prepayment").mapped("amount_left")
            )
            settlement.amount_deposits = sum(
                settlement._credits("property.deposit").mapped("amount_left")
            )

    def _compute_overview_html(self):
        for settlement in self:
            bills_sudo = settlement._open_bills_sudo()
            settlement.overview_html = self.env["ir.qweb"]._render(
                "property_billing.settlement_overview",
                {
                    "settlement": settlement,
                    "bills": settlement._bill_rows(bills_sudo),
                    "prepayments": settlement._credits("property.prepayment"),
                    "deposits": settlement._credits("property.deposit"),
                    "gifts": settlement._gifts(),
                    "ahead": settlement._charges_ahead()
                    if not settlement.billed_at
                    else self.env["property.charge"],
                    "meters": settlement._unread_meters(),
                    "last_day": settlement.date - DAY,
                },
            )

    def _bill_rows(self, bills_sudo):
        """Return what is shown of open bills: plain values."""
        late = bills_sudo._property_late_fees()
        statements = self.env["property.statement"]
        return [
            {
                "name": bill_sudo.name,
                "what": statements._describe(bill_sudo, "bill"),
                "due": bill_sudo.invoice_date_due,
                "amount": bill_sudo.amount_residual,
                "late": float(late.get(bill_sudo.id, 0)),
            }
            for bill_sudo in bills_sudo
        ]

    @api.depends(
        "approval_state",
        "billed_at",
        "arrears_decision",
        "prepayment_decision",
        "deposit_decision",
        "journal_id",
        "attachment_ids",
    )
    def _compute_to_do(self):
        for settlement in self:
            undecided = settlement.approval_state in ("draft", "refused")
            settlement.to_do = "\n".join(settlement._missing()) if undecided else False

    def _missing(self):
        """Return the sentences that say what stands in the way of submitting."""
        self.ensure_one()
        missing = []
        if not self.billed_at:
            missing.append(self.env._("Make the final bills."))
        arrears = self.currency_id.round(self.amount_arrears)
        if arrears and not self.arrears_decision:
            missing.append(self.env._("Decide about the arrears."))
        if arrears and self.arrears_decision == "paid":
            missing.append(
                self.env._(
                    "The seller pays now, but still owes %(amount)s: take the money first.",
                    amount=self.currency_id.format(arrears),
                )
            )
        if self.amount_prepaid and not self.prepayment_decision:
            missing.append(self.env._("Decide about the prepayments."))
        if self.amount_deposits and not self.deposit_decision:
            missing.append(self.env._("Decide about the deposits."))
        if self._needs_form() and not self.attachment_ids:
            missing.append(self.env._("Attach the form that seller and buyer signed."))
        if self._needs_journal() and not self.journal_id:
            missing.append(self.env._("Choose the journal the money is paid from."))
        return missing

    def _needs_form(self):
        return (
            (self.amount_arrears and self.arrears_decision == "assumed")
            or (self.amount_prepaid and self.prepayment_decision == "buyer")
            or (self.amount_deposits and self.deposit_decision == "buyer")
        )

    def _needs_journal(self):
        return (self.amount_prepaid and self.prepayment_decision == "refund") or (
            self.amount_deposits and self.deposit_decision == "refund"
        )

    @api.depends("name", "unit_id.code")
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = f"{settlement.name or ''} {settlement.unit_id.code or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        """Number the settlements."""
        for vals in vals_list:
            vals.setdefault("name", self.env["ir.sequence"].sudo().next_by_code(self._name))
        return super().create(vals_list)
