from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.schedule import rounded


class PropertyLeaseTurnoverSettlement(models.Model):
    """What the declared turnover of a month or quarter owes, and why."""

    _name = "property.lease.turnover.settlement"
    _description = "Settlement of Turnover Rent"
    _inherit = ["property.scoped"]
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
    fee_id = fields.Many2one(related="term_id.fee_id", store=True, precompute=True, index=True)
    item_id = fields.Many2one(related="term_id.item_id", store=True, precompute=True)
    partner_id = fields.Many2one("res.partner", string="Tenant", required=True, readonly=True)
    brand = fields.Char(related="lease_id.brand")
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    due_date = fields.Date(string="Due", required=True, readonly=True)
    turnover = fields.Monetary(readonly=True, help="That counts.")
    amount_percentage = fields.Monetary(string="Percentage Rent", readonly=True)
    amount_base = fields.Monetary(string="Base Rent", readonly=True)
    amount_before = fields.Monetary(
        string="Settled before", readonly=True, help="Of the year; in its last settlement."
    )
    is_true_up = fields.Boolean(string="Closes the Year", readonly=True)
    is_estimated = fields.Boolean(string="Estimated", readonly=True)
    amount_rent = fields.Monetary(
        string="As Agreed", readonly=True, help="VAT included or not, as the lease says."
    )
    rent_difference = fields.Monetary(string="Difference as Agreed", readonly=True)
    amount = fields.Monetary(readonly=True, help="VAT included; negative to credit.")
    amount_difference = fields.Monetary(
        string="Corrected by", readonly=True, help="Charged or credited since, VAT included."
    )
    amount_credited = fields.Monetary(
        string="Credited of the Bill",
        readonly=True,
        copy=False,
        help="VAT included: a bill made anew leaves it out.",
    )
    explanation = fields.Text(readonly=True)
    parts = fields.Json(readonly=True, help="The lines of the bill.")
    charge_id = fields.Many2one("property.charge", compute="_compute_charge")
    extra_ids = fields.Many2many(
        "property.charge",
        string="Charged since",
        readonly=True,
        copy=False,
        help="What corrections charged on top of the bill.",
    )
    state = fields.Selection(
        [
            ("due", "To bill"),
            ("draft", "In a billing run"),
            ("billed", "Billed"),
            ("paid", "Paid"),
            ("credit", "To credit"),
            ("credited", "Credited"),
            ("nothing", "Nothing owed"),
        ],
        compute="_compute_charge",
    )
    is_credited = fields.Boolean(
        readonly=True, copy=False, help="It was credited wholly and is not billed any more."
    )

    _days_once = models.Constraint(
        "EXCLUDE USING gist (term_id WITH =, daterange(date_from, date_to, '[]') WITH &&)",
        "Turnover of these days is settled already. Correct its declaration instead.",
    )

    @api.depends("lease_id.name", "date_from")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.lease_id.name or ''} {one.date_from} – {one.date_to}"

    def _compute_charge(self):
        charges = {}
        # sudo: only to find the charges, and whether they are paid
        found_sudo = (
            self.env["property.charge"]
            .sudo()
            .search_fetch(
                [
                    ("fee_id", "in", self.sudo().fee_id.ids),
                    ("state", "not in", ("cancelled", "reversed")),
                ],
                ["fee_id", "date_from", "state"],
            )
        )
        for charge in found_sudo:
            charges[charge.fee_id.id, charge.date_from] = charge
        for one in self:
            charge_sudo = charges.get((one.sudo().fee_id.id, one.date_from))
            one.charge_id = charge_sudo and charge_sudo.sudo(self.env.su)
            one.state = one._state_with(charge_sudo)

    def _state_with(self, charge_sudo):
        """Return the state, given the charge that bills it."""
        if charge_sudo:
            paid = charge_sudo.payment_state in ("paid", "in_payment")
            return "draft" if charge_sudo.state == "draft" else "paid" if paid else "billed"
        if self.is_credited:
            return "credited"
        rest = self.currency_id.compare_amounts(self.amount + self.amount_difference, 0.0)
        return {1: "due", 0: "nothing", -1: "credit"}[rest]

    def _explanation_now(self):
        """Return why it owes what it owes by now, corrections counted."""
        self.ensure_one()
        if self.currency_id.is_zero(self.amount_difference):
            return self.explanation
        return self.env._(
            "%(why)s; corrected since by %(difference)s, in all %(amount)s",
            why=self.explanation,
            difference=f"{self.amount_difference:+,.2f}",
            amount=f"{self.amount + self.amount_difference:,.2f}",
        )

    def action_credit(self):
        """Credit what a year was settled too high: it is kept for the tenant as a prepayment.

        :raise UserError: when nothing is to be credited, or what it comes from is not billed
        """
        self.env["property.lease.turnover"]._check_finance()
        self.check_access("read")
        names = ("amount", "amount_difference", "is_credited", "charge_id", "state")
        for one in self._lock_and_reread(*names):
            if one.state != "credit":
                raise UserError(self.env._("%(one)s is not to be credited.", one=one.display_name))
            one._credit(-one.term_id.lease_id._decimal(one.amount), one.explanation)
            one.sudo().is_credited = True  # sudo: results are not written by hand
        return True

    def _credit(self, amount, reason):
        """Credit an amount of what the tenant was billed for the year: its own bill first, and what
        corrections charged for it, then the latest.

        :param amount: Decimal, VAT included
        """
        self.ensure_one()
        year = self.term_id._year_of(self)
        year.invalidate_recordset(["charge_id", "state"])
        # sudo: finance confirmed the turnover it follows from
        year_sudo = year.sudo().sorted(lambda one: (one == self, one.date_from), reverse=True)
        for one_sudo in year_sudo:
            bill_sudo = one_sudo.charge_id
            charges_sudo = bill_sudo | one_sudo.extra_ids.sorted("id", reverse=True)
            for charge_sudo in charges_sudo.filtered(lambda one: one.state == "posted"):
                part = min(amount, charge_sudo._amount_standing())
                if part <= 0:
                    continue
                is_whole = one_sudo._credit_charge(charge_sudo, part, reason)
                if charge_sudo == bill_sudo:
                    one_sudo.amount_credited += float(part)
                    one_sudo.is_credited |= is_whole
                amount -= part
        year.invalidate_recordset(["charge_id", "state"])
        # what an adjustment has credited before is not given back once more
        if amount and {"due", "draft"} & set(year.mapped("state")):
            raise UserError(
                self.env._(
                    "Turnover rent of the year waits to be billed. Bill it, then credit %(one)s.",
                    one=self.display_name,
                )
            )

    def _credit_charge(self, charge_sudo, amount, reason):
        """Credit an amount of a charge and keep what was paid for it.

        :return: whether nothing of the charge stands any more
        """
        is_whole = amount == charge_sudo._amount_standing()
        if is_whole:
            freed = charge_sudo._credit_whole()
        else:
            _note, freed = charge_sudo._credit_part(amount, reason)
        lines = [line.id for line, left in freed.items() if left > 0]
        self.env["property.prepayment"]._keep(
            self.env["account.move.line"].sudo().browse(lines), charge_sudo.unit_id, reason
        )
        return is_whole

    def _prepare_charge_vals(self, run):
        """Prepare the charge that bills the settlement in a run."""
        self.ensure_one()
        line = self.term_id._rent_line()
        company, tax = self.company_id, line.tax_id
        env = self.with_context(lang=company._billing_lang()).env
        is_included = self.lease_id.is_vat_included or not tax
        rent = self._rent_to_bill()
        amount = self.env["property.lease.instalment"]._with_vat(rent, line)
        return {
            "run_id": run.id,
            "fee_id": self.fee_id.id,
            "share": 0,
            "unit_id": line.unit_id.id,
            "item_id": self.item_id.id,
            "payer_id": self.partner_id.id,
            "meter_id": False,
            "allocation_id": False,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "tax_id": tax._as_included(company).id,
            "basis": {
                "kind": "sum",
                "amount": f"{rent:.2f}",
                "price_include": is_included,
                "rate": f"{tax.amount:g}" if tax else "",
                "note": self.lease_id.name,
                "due": str(self.due_date),
            },
            "quantity": 1.0,
            "amount": float(amount),
            "explanation": env._(
                "%(item)s, %(start)s to %(end)s, lease %(lease)s: %(why)s",
                item=self.item_id.name,
                start=self.date_from,
                end=self.date_to,
                lease=self.lease_id.name,
                why=self.explanation,
            ),
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "sequence": index,
                        "name": text,
                        "quantity": 1.0,
                        "price": amount,
                        "amount": amount,
                    },
                )
                for index, (text, amount) in enumerate(
                    self._billed_parts(env, rent, amount), start=1
                )
            ],
        }

    def _rent_to_bill(self):
        """Return what the bill asks for as agreed: what was credited of an undone one is left out.

        :return: Decimal, without VAT on top
        """
        decimal = self.lease_id._decimal
        rent, credited = decimal(self.amount_rent), decimal(self.amount_credited)
        tax = self.term_id._rent_line().tax_id
        if tax and not self.lease_id.is_vat_included:
            credited = rounded(credited * 100 / (100 + decimal(tax.amount)))
        return rent - credited

    def _billed_parts(self, env, rent, amount):
        """Return the lines of the bill: list of (text, amount), VAT on top as one of them."""
        parts = [tuple(part) for part in self.parts or ()]
        credited = float(self.lease_id._decimal(self.amount_rent) - rent)
        if credited:
            parts.append((env._("Credited since"), -credited))
        vat = float(amount - rent)
        return [*parts, (env._("VAT on top"), vat)] if vat else parts
