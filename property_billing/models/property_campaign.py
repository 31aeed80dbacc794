from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.campaign import early_discount, free_months
from ..tools.rounding import to_decimal


class PropertyCampaign(models.Model):
    """A dated offer on bills: per cent for paying early, or N months for the price of M."""

    _name = "property.campaign"
    _description = "Campaign"
    _inherit = ["property.approval"]
    _order = "date_to desc, id desc"

    name = fields.Char(required=True, tracking=True, help="Shown to the payer.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: every site of the company.",
    )
    kind = fields.Selection(
        [("early", "Per cent for paying early"), ("months", "N months for the price of M")],
        required=True,
        default="early",
    )
    date_from = fields.Date(
        string="First Day to Pay", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="Pay Before", required=True, tracking=True, help="Last day the offer holds."
    )
    item_ids = fields.Many2many(
        "property.charge.item",
        string="Items",
        required=True,
        domain="[('company_id', '=', company_id), ('category', '!=', 'late_fee')]",
    )
    percent = fields.Float(default=5.0, help="Per cent off what is open.")
    months = fields.Integer(default=12, help="N: months that are paid together.")
    months_paid = fields.Integer(default=11, help="M: months they cost.")
    period_from = fields.Date(string="Bills from", help="First day of the bills' periods.")
    period_to = fields.Date(string="Bills until", help="Last day of the bills' periods.")
    is_without_arrears = fields.Boolean(
        string="Without Arrears Only",
        default=True,
        help="A household with overdue bills of these items that are not paid at the same time "
        "gets no discount.",
    )
    note = fields.Text(string="Terms")
    credit_ids = fields.One2many(
        "account.move", "campaign_id", string="Credit Notes", readonly=True
    )
    amount_granted = fields.Monetary(compute="_compute_amount_granted", string="Granted")
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A campaign cannot end before it starts."
    )
    _percent_sane = models.Constraint(
        "CHECK(kind <> 'early' OR (percent > 0 AND percent < 100))",
        "Enter a per cent above 0 and below 100.",
    )
    _months_sane = models.Constraint(
        "CHECK(kind <> 'months' OR (months_paid > 0 AND months_paid < months))",
        "The months paid are fewer than the months given, such as 11 of 12.",
    )

    @api.depends("credit_ids.amount_total", "credit_ids.state")
    def _compute_amount_granted(self):
        for campaign in self:
            notes_sudo = campaign.credit_ids.sudo()
            campaign.amount_granted = sum(
                notes_sudo.filtered(lambda note: note.state == "posted").mapped("amount_total")
            )

    @api.constrains("site_id", "company_id", "item_ids")
    def _check_items(self):
        for campaign in self:
            wrong = campaign.item_ids.filtered(
                lambda item, campaign=campaign: (
                    item.company_id != campaign.company_id
                    or (item.site_id and campaign.site_id and item.site_id != campaign.site_id)
                )
            )
            if wrong or (campaign.site_id and campaign.site_id.company_id != campaign.company_id):
                raise ValidationError(
                    self.env._(
                        "Choose items and a site of %(company)s that belong together.",
                        company=campaign.company_id.name,
                    )
                )

    # Approval ---------------------------------------------------------------------------------

    def _approval_impact(self):
        """Return how many open bills the offer concerns today and what it would cost."""
        bills_sudo = self.env["account.move"].sudo().search(self._bill_domain())
        offers = self._offers_of(bills_sudo, self.date_from)
        return len(offers), -float(sum(amount for amount, _text in offers.values()))

    def _check_request(self):
        """Raise unless the offer says what it is on, and is not over."""
        self.ensure_one()
        if not self.item_ids:
            raise UserError(self.env._("Choose the charge items of the offer."))
        if self.date_to < fields.Date.context_today(self):
            raise UserError(self.env._("The offer is over already. Choose a later last day."))

    def _check_checker(self):
        """Extend: an offer for every site is decided by who is responsible for every site."""
        result = super()._check_checker()
        is_for_all = any(not campaign.site_id for campaign in self)
        if (
            is_for_all
            and not self.env.su
            and not self.env.user.has_group("property_base.group_director")
        ):
            raise UserError(
                self.env._(
                    "An offer for every site is approved by the director. Choose a site, or ask "
                    "the director."
                )
            )
        return result

    def action_stop(self):
        """End an approved offer; what was granted stays."""
        self._check_checker()
        for campaign in self:
            campaign._approval_expect("approved")
            # sudo: an approved offer is edited by nobody; ending it is this step
            campaign.sudo().write({"active": False})
            self.env["property.audit"]._log("money", campaign, after={"cancelled": campaign.name})
        return True

    # Offers -----------------------------------------------------------------------------------

    @api.model
    def _offers(self, records, day=None):
        """Tell the discounts that approved campaigns give for paying bills together on a day.

        A bill gets one discount at most, the highest; a bill that had one gets no second.

        :param records: open bills (account.move) paid together, or standing fees (property.fee)
        :param date day: day of payment; today when left out
        :return: for bills, dict bill id -> dict `campaign_id`, `amount` (Decimal), `text`; for
            fees, dict fee id -> list of dict `campaign_id`, `months`, `months_paid`, `text`
        """
        day = day or fields.Date.context_today(self)
        # sudo: portal users see offers on their own bills only, through this method
        campaigns_sudo = self.sudo().search(
            [
                ("approval_state", "=", "approved"),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
                ("company_id", "in", records.company_id.ids),
            ],
            order="id",
        )
        result = {}
        for campaign in campaigns_sudo:
            if records._name == "property.fee":
                campaign._offer_on_fees(records, result)
                continue
            for bill_id, (amount, text) in campaign._offers_of(records.sudo(), day).items():
                if bill_id not in result or result[bill_id]["amount"] < amount:
                    result[bill_id] = {"campaign_id": campaign.id, "amount": amount, "text": text}
        return result

    def _offer_on_fees(self, fees, result):
        self.ensure_one()
        if self.kind != "months":
            return
        for fee in fees.filtered(lambda fee: fee.item_id.id in self.item_ids.ids):
            if self.site_id and fee.site_id.id != self.site_id.id:
                continue
            result.setdefault(fee.id, []).append(
                {
                    "campaign_id": self.id,
                    "months": self.months,
                    "months_paid": self.months_paid,
                    "text": self._text(),
                }
            )

    def _text(self):
        self.ensure_one()
        if self.kind == "early":
            return self.env._(
                "%(name)s: %(percent)s%% off until %(day)s",
                name=self.name,
                percent=f"{self.percent:g}",
                day=self.date_to,
            )
        return self.env._(
            "%(name)s: %(months)s months for the price of %(paid)s",
            name=self.name,
            months=self.months,
            paid=self.months_paid,
        )

    def _bill_domain(self):
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("charge_item_id", "in", self.item_ids.ids),
        ]
        if self.site_id:
            domain.append(("site_id", "=", self.site_id.id))
        return domain

    def _offers_of(self, bills_sudo, day):
        """Return dict bill id -> (discount, text) of this campaign for bills paid together."""
        self.ensure_one()
        eligible = bills_sudo.filtered(lambda bill: self._is_eligible(bill))
        if not eligible:
            return {}
        discounted = bills_sudo.search(
            [
                ("credit_of_bill_id", "in", eligible.ids),
                ("campaign_id", "!=", False),
                ("state", "=", "posted"),
            ]
        ).credit_of_bill_id
        eligible -= discounted
        if self.is_without_arrears and eligible:
            eligible = self._without_arrears(eligible, bills_sudo, day)
        text = self._text()
        if self.kind == "early":
            percent = to_decimal(self.percent)
            amounts = {
                bill.id: early_discount(to_decimal(bill.amount_residual), percent)
                for bill in eligible
            }
        else:
            amounts = self._months_of(eligible, day)
        return {bill_id: (amount, text) for bill_id, amount in amounts.items() if amount > 0}

    def _is_eligible(self, bill):
        return (
            bill.charge_item_id.id in self.item_ids.ids
            and (not self.site_id or bill.site_id.id == self.site_id.id)
            and not bill.is_opening
            and not bill._property_is_settled()
            and (not self.period_from or (bill.period_from or bill.date) >= self.period_from)
            and (not self.period_to or (bill.period_to or bill.date) <= self.period_to)
        )

    def _without_arrears(self, eligible, paid_now, day):
        """Leave out bills of households that keep overdue bills of the items open."""
        overdue = eligible.search(
            [
                *self._bill_domain(),
                ("unit_id", "in", eligible.unit_id.ids),
                ("commercial_partner_id", "in", eligible.commercial_partner_id.ids),
                ("invoice_date_due", "<", day),
                ("amount_residual", ">", 0),
                ("id", "not in", paid_now.ids),
            ]
        )
        owing = {(bill.unit_id, bill.commercial_partner_id) for bill in overdue}
        return eligible.filtered(
            lambda bill: (bill.unit_id, bill.commercial_partner_id) not in owing
        )

    def _months_of(self, eligible, day):
        """Return dict bill id -> discount of whole months paid ahead."""
        ahead = eligible.filtered(
            lambda bill: bill.period_to and bill.period_to >= day and self._months_in(bill)
        )
        amounts = {}
        for bills in ahead.grouped(
            lambda bill: (bill.unit_id, bill.charge_item_id, bill.commercial_partner_id)
        ).values():
            rows = [
                (bill.id, self._months_in(bill), to_decimal(bill.amount_residual))
                for bill in bills.sorted(lambda bill: (bill.period_from, bill.id))
            ]
            amounts.update(free_months(rows, self.months, self.months_paid))
        return amounts

    @api.model
    def _months_in(self, bill):
        """Return the number of whole months of a bill; 0 when it is not in whole months."""
        first, last = bill.period_from, bill.period_to
        if not first:
            return 0
        after = last + timedelta(days=1)
        months = (after.year - first.year) * 12 + after.month - first.month
        # from any day of a month: a lease has months of its own
        return months if first + relativedelta(months=months) == after else 0

    @api.model
    def _apply(self, bills, payment_day=None, offers=None):
        """Give the discounts of bills that are about to be paid: credit notes that lower them.

        :param bills: account.move, paid together
        :param date payment_day: today when left out
        :param dict offers: discounts the payer was shown, as from `_offers`; computed when left out
        :return: the posted credit notes
        """
        day = payment_day or fields.Date.context_today(self)
        offers = self._offers(bills, day) if offers is None else offers
        notes = self.env["account.move"]
        by_campaign = {}
        for bill in bills:
            offer = offers.get(bill.id)
            amount = min(offer["amount"] if offer else Decimal(0), to_decimal(bill.amount_residual))
            if amount > 0 and not bill._property_is_settled():
                by_campaign.setdefault(offer["campaign_id"], {})[bill] = amount
        for campaign_id, amounts in by_campaign.items():
            campaign_sudo = self.sudo().browse(campaign_id)
            notes |= bills._property_credit(
                amounts, campaign_sudo._text(), day=day, campaign_id=campaign_id
            )
        return notes
