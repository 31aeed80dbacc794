from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.late_fee import Rule, late_fee
from ..tools.rounding import to_decimal

#: One-year loan prime rate (LPR) of 2026, a share a year: what courts measure late fees by.
LPR = 0.03
#: Above these, courts usually cut a late fee on request (民法典 §585, 合同编通则解释 §64-65).
USUAL_CAP = 0.30
USUAL_TIMES_LPR = 4
DEFAULT_CAP = 0.30


class PropertyLateFeePolicy(models.Model):
    """How late fees (违约金) grow: a rate a day, days of grace and a cap; simple, never on
    late fees.
    """

    _name = "property.late.fee.policy"
    _description = "Late Fee Policy"
    _inherit = ["property.scoped", "property.audited", "mail.thread"]
    _order = "company_id, site_id, name, id"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: for every site of the company.",
    )
    rate_ids = fields.One2many("property.late.fee.rate", "policy_id", string="Rates", copy=True)
    rate = fields.Float(
        compute="_compute_rate",
        digits=(16, 6),
        string="Rate Today",
        help="Share of the open amount per day; 0.0003 is 0.03% a day.",
    )
    grace_days = fields.Integer(
        tracking=True,
        help="Days after the due date that never bear a late fee, not even when payment comes "
        "later.",
    )
    cap_rate = fields.Float(
        string="Cap",
        default=DEFAULT_CAP,
        digits=(16, 4),
        tracking=True,
        help="The most the late fees of one bill may be, as a share of its amount; 0 for no cap.",
    )
    is_on_opening = fields.Boolean(
        string="On Opening Arrears",
        tracking=True,
        help="Arrears taken over from an earlier ledger bear late fees too, from their due date.",
    )
    has_vat = fields.Boolean(
        string="With VAT",
        default=True,
        tracking=True,
        help="The late fee is part of the price (价外费用) and bears the VAT of the bill it is "
        "for. Untick it to bill late fees without VAT.",
    )
    is_billed_at_settlement = fields.Boolean(
        string="Billed Once Paid",
        default=True,
        tracking=True,
        help="When money from anywhere, such as a line of the bank statement, settles a bill late, "
        "its late fee up to the day of that payment becomes a bill the next night. Unticked, it "
        "waits for a late fee run.",
    )
    legal_basis = fields.Text(
        tracking=True, help="Contract clause or decision the late fee rests on; printed on letters."
    )
    warning = fields.Text(compute="_compute_warning")
    item_ids = fields.One2many("property.charge.item", "late_fee_policy_id", string="Charge Items")
    active = fields.Boolean(default=True)

    _grace_days_sane = models.Constraint(
        "CHECK(grace_days BETWEEN 0 AND 366)", "Days of grace are a number from 0 to 366."
    )
    _cap_rate_sane = models.Constraint(
        "CHECK(cap_rate BETWEEN 0 AND 1)",
        "The cap is a share of the bill between 0% and 100%. Enter 30% as 30%, 0 for no cap.",
    )

    @api.model
    def _audit_fields(self):
        """Override: all but the rates, which tell of themselves."""
        return [
            "name",
            "grace_days",
            "cap_rate",
            "is_on_opening",
            "has_vat",
            "is_billed_at_settlement",
            "active",
        ]

    @api.depends("rate_ids.date_from", "rate_ids.rate")
    def _compute_rate(self):
        today = fields.Date.context_today(self)
        for policy in self:
            policy.rate = float(policy._rule().rate_on(today))

    @api.depends("rate_ids.rate", "cap_rate", "legal_basis")
    def _compute_warning(self):
        for policy in self:
            policy.warning = "\n".join(policy._warnings()) or False

    def _warnings(self):
        """Tell what a court would likely object to."""
        self.ensure_one()
        texts = []
        if not self.cap_rate:
            texts.append(
                self.env._(
                    "There is no cap: a court cuts late fees far above the loss. Usual are 30%."
                )
            )
        elif self.cap_rate > USUAL_CAP:
            texts.append(
                self.env._(
                    "The cap is above 30% of the bill, which courts usually hold to be excessive."
                )
            )
        highest = max(self.rate_ids.mapped("rate"), default=0.0)
        if highest * 365 > USUAL_TIMES_LPR * LPR:
            texts.append(
                self.env._(
                    "%(rate)s a day is %(year)s a year, more than %(times)s times the loan prime "
                    "rate (LPR). Courts often cut such rates.",
                    rate=self._percent(highest),
                    year=self._percent(highest * 365),
                    times=USUAL_TIMES_LPR,
                )
            )
        if self.rate_ids and not self.legal_basis:
            texts.append(self.env._("Enter the clause of the contract the late fee rests on."))
        return texts

    @api.constrains("site_id", "company_id")
    def _check_site_company(self):
        for policy in self:
            if policy.site_id and policy.site_id.company_id != policy.company_id:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s and site %(site)s belong to different companies. "
                        "Choose a site of %(company)s.",
                        policy=policy.name,
                        site=policy.site_id.name,
                        company=policy.company_id.name,
                    )
                )

    @api.model
    def _percent(self, rate):
        """Return a share as people write it: 0.0005 is 0.05%."""
        text = f"{(to_decimal(rate) * 100).quantize(Decimal('0.0001')):f}"
        return f"{text.rstrip('0').rstrip('.')}%"

    def _rule(self):
        """Return the rule of the kernel."""
        self.ensure_one()
        rates = sorted(
            (row.date_from, to_decimal(round(row.rate, 6)))
            for row in self.rate_ids
            if row.date_from
        )
        return Rule(tuple(rates), self.grace_days, to_decimal(round(self.cap_rate, 4)))

    @api.model
    def _fee_of_facts(self, facts):
        """Compute a late fee from frozen facts, plain JSON as a charge keeps it."""

        def day(text):
            return fields.Date.to_date(text)

        rule = Rule(
            tuple((day(start), Decimal(rate)) for start, rate in facts["rates"]),
            facts["grace_days"],
            Decimal(facts["cap_rate"]),
        )
        return late_fee(
            Decimal(facts["principal"]),
            day(facts["due"]),
            [(day(when), Decimal(change)) for when, change in facts["changes"]],
            rule,
            day(facts["until"]),
            Decimal(facts["capped_on"]),
        )
