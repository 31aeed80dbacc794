from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import plan
from ..tools.correction import as_sum, corrected
from ..tools.rounding import to_decimal

FEN = Decimal("0.01")


class PropertyAdjustment(models.Model):
    """A posted charge put right: credited wholly, in part, or billed anew (退费与调整)."""

    _name = "property.adjustment"
    _description = "Adjustment of a Bill"
    _inherit = ["property.approval", "property.by.methods", "property.evidence"]
    _order = "id desc"

    charge_id = fields.Many2one(
        "property.charge",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'posted')]",
        tracking=True,
    )
    unit_id = fields.Many2one(related="charge_id.unit_id", store=True, precompute=True, index=True)
    site_id = fields.Many2one(related="charge_id.site_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(
        related="charge_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    payer_id = fields.Many2one(related="charge_id.payer_id")
    explanation = fields.Text(related="charge_id.explanation")
    amount_standing = fields.Monetary(
        compute="_compute_amounts", string="Billed", help="The bill less its credit notes."
    )
    amount_paid = fields.Monetary(compute="_compute_amounts", string="Paid")
    kind = fields.Selection(
        [
            ("whole", "Credit the whole bill"),
            ("part", "Credit part of it"),
            ("correction", "Credit it and bill anew"),
        ],
        required=True,
        default="whole",
        tracking=True,
    )
    reason_code = fields.Selection(
        [
            ("area", "Wrong area or quantity"),
            ("price", "Wrong price"),
            ("reading", "Wrong reading"),
            ("double", "Billed twice"),
            ("service", "Service not rendered"),
            ("payer", "Wrong payer"),
            ("goodwill", "Goodwill"),
            ("other", "Other"),
        ],
        required=True,
        tracking=True,
    )
    reason = fields.Text(required=True, tracking=True)
    amount = fields.Monetary(
        string="Amount to Credit", tracking=True, help="VAT included; for a part of the bill."
    )
    new_quantity = fields.Float(
        digits=(16, 4), tracking=True, help="Area in m², consumption, or number; 0 leaves it."
    )
    new_price = fields.Float(digits=(16, 6), tracking=True, help="Per unit; 0 leaves it.")
    new_amount = fields.Monetary(
        compute="_compute_new_amount",
        store=True,
        readonly=False,
        tracking=True,
        help="VAT included; follows from quantity and price, or entered where neither applies.",
    )
    paid_part = fields.Selection(
        [("keep", "Keep as prepayment"), ("refund", "Pay back")],
        string="What Was Paid Too Much",
        required=True,
        default="keep",
        tracking=True,
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        tracking=True,
    )
    new_charge_id = fields.Many2one("property.charge", readonly=True, copy=False)
    prepayment_ids = fields.Many2many(
        "property.prepayment", string="Kept", readonly=True, copy=False
    )
    amount_freed = fields.Monetary(
        string="Kept or Paid Back", readonly=True, copy=False, tracking=True
    )

    _amounts_not_negative = models.Constraint(
        "CHECK(amount >= 0 AND new_quantity >= 0 AND new_price >= 0 AND new_amount >= 0)",
        "Amounts, quantities and prices cannot be negative.",
    )

    @api.depends("charge_id")
    def _compute_amounts(self):
        for request in self:
            charge = request.charge_id
            if not charge.move_id:
                request.amount_standing = request.amount_paid = 0.0
                continue
            request.amount_standing = float(charge._amount_standing())
            request.amount_paid = float(sum(charge._paying_lines().values(), Decimal(0)))

    @api.depends("kind", "charge_id", "new_quantity", "new_price")
    def _compute_new_amount(self):
        for request in self:
            if request.kind != "correction":
                request.new_amount = 0.0
            elif request.new_quantity or request.new_price:
                try:
                    request.new_amount = float(plan.derive(request._corrected_basis())["amount"])
                except (ValueError, KeyError):
                    request.new_amount = 0.0
            else:
                request.new_amount = request.new_amount or 0.0

    @api.depends("charge_id.display_name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            name = request.charge_id.display_name or ""
            request.display_name = f"{name} · {labels.get(request.kind, '')}"

    @api.model
    def _method_fields(self):
        """Override: what the correction made."""
        return super()._method_fields() | {"new_charge_id", "prepayment_ids", "amount_freed"}

    @api.model_create_multi
    def create(self, vals_list):
        """Only ask about charges one may see."""
        requests = super().create(vals_list)
        requests.charge_id.check_access("read")
        return requests

    def _corrected_basis(self):
        """Return the facts as they should have been.

        :raise ValueError: when the facts know no such quantity or price
        """
        self.ensure_one()
        quantity = to_decimal(self.new_quantity) if self.new_quantity else None
        price = to_decimal(self.new_price) if self.new_price else None
        basis = self.charge_id.basis or {}
        if quantity is None and price is None:
            return as_sum(basis, to_decimal(self.new_amount).quantize(FEN), note=self.reason)
        return corrected(basis, quantity, price)

    # Hooks of the approval --------------------------------------------------------------------

    def _approval_impact(self):
        self.ensure_one()
        standing = float(self.charge_id._amount_standing())
        if self.kind == "whole":
            return 1, -standing
        if self.kind == "part":
            return 1, -self.amount
        return 2, self.new_amount - standing

    def _check_request(self):
        self.ensure_one()
        charge = self.charge_id
        charge._lock_bills()
        if charge.state != "posted":
            raise UserError(
                self.env._(
                    "%(charge)s is not billed any more. Choose the charge that stands now.",
                    charge=charge.display_name,
                )
            )
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why, so that whoever approves it knows."))
        # sudo: a manager approves without accounting rights
        if charge.move_id.sudo()._property_in_progress():
            raise UserError(
                self.env._(
                    "An online payment of this bill is still being processed. "
                    "Wait for its result first."
                )
            )
        if self.paid_part == "refund":
            if not self.journal_id:
                raise UserError(self.env._("Choose the journal the money is paid from."))
            self.env["property.credit"]._check_journal(self.journal_id, self.unit_id)
        if self.kind == "part":
            self._check_part()
        elif self.kind == "correction":
            self._check_correction()

    def _check_part(self):
        standing = float(self.charge_id._amount_standing())
        compare = self.currency_id.compare_amounts
        if compare(self.amount, 0) <= 0 or compare(self.amount, standing) >= 0:
            raise UserError(
                self.env._(
                    "Only %(amount)s of the bill stands. Credit less than that, or all of it.",
                    amount=self.currency_id.format(standing),
                )
            )

    def _check_correction(self):
        try:
            amount = plan.derive(self._corrected_basis())["amount"]
        except (ValueError, KeyError) as error:
            raise UserError(
                self.env._(
                    "This charge has no single quantity or price of that kind. "
                    "Leave both empty and enter the new amount."
                )
            ) from error
        if amount <= 0:
            raise UserError(
                self.env._("The new amount must be positive. To bill nothing, credit the whole.")
            )
        if self.currency_id.compare_amounts(float(amount), self.new_amount):
            raise UserError(
                self.env._(
                    "Quantity and price make %(derived)s, not %(entered)s. Clear them to bill an "
                    "amount of your own.",
                    derived=self.currency_id.format(float(amount)),
                    entered=self.currency_id.format(self.new_amount),
                )
            )
        if not self.currency_id.compare_amounts(
            self.new_amount, float(self.charge_id._amount_standing())
        ):
            raise UserError(self.env._("The new bill equals the old one. There is nothing to do."))

    def _on_approved(self):
        self.ensure_one()
        charge = self.charge_id
        if self.kind == "part":
            _note, freed = charge._credit_part(to_decimal(self.amount).quantize(FEN), self.reason)
        else:
            freed = charge._credit_whole()
        if self.kind == "correction":
            freed = self._bill_anew(freed)
        self._keep_or_refund({line: amount for line, amount in freed.items() if amount > 0})

    def _bill_anew(self, freed):
        """Post the corrected charge and settle it with what the old bill had been paid with.

        :param freed: dict credit line -> Decimal
        :return: what is left of it
        """
        charge = self.charge_id
        # sudo: nobody makes charges by hand; the adjustment was approved
        new_sudo = (
            self.env["property.charge"]
            .sudo()
            .create(charge._prepare_replacement_vals(self._corrected_basis(), self.reason))
        )
        self.sudo().new_charge_id = new_sudo
        bill_sudo = new_sudo.with_context(property_no_prepayments=True)._post().sudo()
        return bill_sudo._property_settle_with(freed)

    def _keep_or_refund(self, freed):
        if not freed:
            return
        lines_sudo = self.env["account.move.line"].sudo().browse([line.id for line in freed])
        kept = self.env["property.prepayment"]._keep(lines_sudo, self.unit_id, self.reason)
        if self.paid_part == "refund":
            for prepayment in kept:
                prepayment._refund(
                    float(freed[prepayment.sudo().line_id]), self.journal_id, memo=self.reason
                )
        # sudo: results are not written by hand
        self.sudo().write(
            {
                "prepayment_ids": [(6, 0, kept.ids)],
                "amount_freed": float(sum(freed.values())),
            }
        )
