"""Why a charge differs from the one before it, and whether it can still be derived."""

from odoo import api, fields, models

from ..tools import plan
from ..tools.difference import compare
from ..tools.rounding import FEN, to_decimal
from .billing_words import Words

COPIED = ("share", "date_from", "date_to", "quantity", "amount", "basis", "explanation")
COPIED_RECORDS = (
    "fee_id",
    "unit_id",
    "item_id",
    "payer_id",
    "meter_id",
    "allocation_id",
    "tax_id",
)


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    difference_text = fields.Text(
        compute="_compute_difference_text",
        string="Against the Last Period",
        help="What makes the amount differ from the charge before, cause by cause.",
    )

    previous_charge_id = fields.Many2one(
        "property.charge", compute="_compute_previous_charge_id", string="Charge Before"
    )

    @api.depends("fee_id", "date_from", "state")
    def _compute_previous_charge_id(self):
        previous = self._previous_charges()
        for charge in self:
            charge.previous_charge_id = previous.get(charge._origin.id)

    @api.depends("basis", "previous_charge_id")
    def _compute_difference_text(self):
        words = {}
        for charge in self:
            before = charge.previous_charge_id
            if not before or not charge.basis:
                charge.difference_text = False
                continue
            company = charge.company_id
            if company not in words:
                words[company] = Words(self.env)
            charge.difference_text = words[company].difference(
                before, charge, compare(before.basis, charge.basis)
            )

    def _difference_for(self, partner):
        """Return the difference to the charge before as a resident may see it.

        Only a charge to the same payer is compared: nobody reads what another person was billed.

        :param partner: the reader
        """
        before = self.previous_charge_id
        if before.payer_id.commercial_partner_id != self.payer_id.commercial_partner_id:
            return False
        return self.with_context(lang=partner.env.lang).difference_text

    def _previous_charges(self):
        """Return dict charge id -> the charge of the same fee that ended last before it."""
        ids = self._origin.ids
        if not ids:
            return {}
        self.flush_model(["fee_id", "date_to", "date_from", "state", "basis", "share"])
        self.env.cr.execute(
            """
            SELECT charge.id, earlier.id
              FROM property_charge charge
              JOIN LATERAL (
                   SELECT id FROM property_charge earlier
                    WHERE earlier.fee_id = charge.fee_id
                      AND earlier.state = 'posted'
                      AND NOT COALESCE(earlier.is_opening, FALSE)
                      AND earlier.date_to < charge.date_from
                    ORDER BY earlier.date_to DESC,
                             (earlier.share = charge.share) DESC, earlier.id DESC
                    LIMIT 1) earlier ON TRUE
             WHERE charge.id = ANY(%s) AND NOT COALESCE(charge.is_opening, FALSE)
            """,
            [ids],
        )
        pairs = dict(self.env.cr.fetchall())
        # The charges are read as the reader may: what is not his is not compared.
        readable = self.browse(pairs.values())._filtered_access("read")
        return {new: self.browse(old) for new, old in pairs.items() if self.browse(old) in readable}

    def _underivable(self):
        """Derive the charges of the recordset again from their frozen facts.

        :return: list of (charge id, billed, derived) of those that differ; empty is as it must be
        """
        found = []
        for charge in self:
            billed = to_decimal(charge.amount).quantize(FEN)
            derived = plan.derive(charge.basis)["amount"]
            if derived != billed:
                found.append((charge.id, billed, derived))
        return found

    def _prepare_restored_vals(self):
        """Prepare a charge that says again, word for word, what an undone one said."""
        self.ensure_one()
        return {
            **{name: self[name] for name in COPIED},
            **{name: self[name].id for name in COPIED_RECORDS},
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "sequence": line.sequence,
                        "name": line.name,
                        "quantity": line.quantity,
                        "price": line.price,
                        "amount": line.amount,
                    },
                )
                for line in self.line_ids
            ],
        }
