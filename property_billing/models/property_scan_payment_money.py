import logging
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
ZERO = Decimal(0)


class PropertyScanPayment(models.Model):
    """How the money of a scanned code becomes a taking, or is kept when it comes too late."""

    _inherit = "property.scan.payment"

    # === Freezing ===

    @api.model
    def _frozen_plan(self, reckoned, expected):
        """Return what `_collect` needs as plain values."""
        return {
            "bills": {str(bill.id): str(share) for bill, share in reckoned["bills"].items()},
            "late": {str(bill.id): str(fee) for bill, fee in reckoned["late"].items()},
            "discounts": {
                str(bill.id): [one["campaign_id"], str(one["amount"])]
                for bill, one in reckoned["discounts"].items()
            },
            "advances": [self._frozen_advance(one) for one in reckoned["advances"]],
            "tenders": [
                [one["method"].id, str(one["amount"]), one.get("reference") or ""]
                for one in reckoned["tenders"]
            ],
            "expected": {
                str(bill.id): [str(residual), str(late)]
                for bill, (residual, late) in expected.items()
            },
        }

    @api.model
    def _frozen_advance(self, advance):
        return {
            "unit": advance["unit"].id,
            "payer": advance["payer"].id,
            "item": advance["item"].id if advance["item"] else False,
            "amount": str(advance["amount"]),
            "note": advance.get("note") or "",
            "deposit_type": advance["deposit_type"].id if advance.get("deposit_type") else False,
            "deposit_note": advance.get("deposit_note") or "",
            "gifts": [
                {
                    **gift,
                    "unit": gift["unit"].id,
                    "payer": gift["payer"].id,
                    "item": gift["item"].id,
                    "tax": gift["tax"].id,
                    "amount": str(gift["amount"]),
                }
                for gift in advance.get("gifts", ())
            ],
        }

    @api.model
    def _thawed_advance(self, values):
        return {
            **values,
            **self._thawed(values),
            "item": self.env["property.charge.item"].browse(values["item"] or []) or None,
            "deposit_type": self.env["property.deposit.type"].browse(
                values.get("deposit_type") or []
            ),
            "gifts": [
                {
                    **gift,
                    **self._thawed(gift),
                    "tax": self.env["account.tax"].browse(gift["tax"] or []),
                }
                for gift in values.get("gifts", ())
            ],
        }

    @api.model
    def _thawed(self, values):
        return {
            "unit": self.env["property.unit"].browse(values["unit"]),
            "payer": self.env["res.partner"].browse(values["payer"]),
            "item": self.env["property.charge.item"].browse(values["item"] or []),
            "amount": Decimal(values["amount"]),
        }

    @api.model
    def _frozen_terms(self, reckoned, date):
        """Return the late fees and discounts a payer is shown, as a transaction keeps them.

        :return: dict, or False when money of another kind pays a part: what belongs to whom is
            then said by the taking alone
        """
        tenders = [one for one in reckoned["tenders"] if one["amount"]]
        if len(tenders) != 1 or reckoned["missing"] or reckoned["too_much"]:
            return False
        bills = self.env["account.move"]
        return bills._property_frozen_terms(
            {
                bill.id: {
                    "day": date,
                    "late_fee": reckoned["late"].get(bill, ZERO),
                    "discount": reckoned["discounts"].get(bill, {}).get("amount", ZERO),
                    "campaign_id": reckoned["discounts"].get(bill, {}).get("campaign_id", False),
                }
                for bill in dict.fromkeys(
                    (*reckoned["bills"], *reckoned["late"], *reckoned["discounts"])
                )
            }
        )

    def _transaction_vals(self):
        """Return the values every transaction of this payment carries."""
        self.ensure_one()
        return {
            "scan_payment_id": self.id,
            "invoice_ids": [(6, 0, self.line_ids.move_id.ids)],
            "property_amounts": {
                str(line.move_id.id): line.amount for line in self.line_ids if line.amount
            },
            "property_terms": self.terms or None,
        }

    # === Arriving ===

    def _receive_money(self, transaction, extra_create_values):
        """Book the money of a transaction that is done: once, whoever notices first.

        While the code is waiting it becomes exactly the taking that was asked for. Otherwise —
        given up, expired, paid twice, settled meanwhile, shift closed — the money settles what is
        still open and the rest is kept in advance, with a note for the cashier.

        :param transaction: payment.transaction, sudoed
        :param dict extra_create_values: values for every payment
        :return: the first payment
        """
        self.ensure_one()
        # sudo: money that arrived is booked whoever notices it; the cashier asked for it
        self = self.sudo()
        self._lock_row()
        was_waiting = self.state == "waiting"
        collection = self._collect_exactly(transaction) if not self.collection_id else None
        is_exact = bool(collection)
        if not collection:
            collection = self._collect_what_is_open(transaction)
        if collection:
            payments = collection.payment_ids.filtered(
                lambda payment: payment.payment_transaction_id == transaction
            ).sorted("id")
            transaction.payment_id = payments[:1]
        else:
            payments = self._keep_money(transaction, extra_create_values)
        if not (is_exact and was_waiting):
            self._note_for_cashier(transaction, collection, is_exact)
        self._finish(collection, is_exact and was_waiting)
        return payments[:1]

    def _finish(self, collection, is_exact):
        if self.state != "done":
            self.state = "done" if is_exact else "kept"
        if collection and not self.collection_id:
            self.collection_id = collection
        self.line_ids.write({"is_held": False})
        for other in self.transaction_ids.filtered(lambda tx: tx.state == "draft"):
            other._set_canceled()
        self._tell()

    def _as_cashier(self):
        """Return the record as its cashier works with it, in the cashier's words."""
        company = self.company_id
        return (
            self.with_user(self.user_id)
            .with_context(
                lang=self.user_id.lang, tz=self.user_id.tz, allowed_company_ids=company.ids
            )
            .with_company(company)
        )

    def _try_collect(self, bills_amounts, tenders, **options):
        """Make the taking, or return None when it is not possible any more."""
        mine = self._as_cashier()
        try:
            with self.env.cr.savepoint():
                return mine.env["property.collection"]._collect(
                    bills_amounts, tenders, date=self.date, scan=mine, **options
                )
        except UserError as error:
            _logger.info("scan payment %s: no taking as asked: %s", self.id, error)
            return None

    def _collect_exactly(self, transaction):
        """Take the money just as it was asked for."""
        mine = self._as_cashier()
        env, plan = mine.env, self.plan
        bills = env["account.move"]
        tenders = [
            {
                "method": env["property.tender.method"].browse(method_id),
                "amount": Decimal(amount),
                "reference": reference,
            }
            for method_id, amount, reference in plan["tenders"]
        ]
        if self.state != "waiting" and len(tenders) > 1:
            # the other money was given back when the payment was given up
            return None
        scanned = next(one for one in tenders if one["method"].id == self.method_id.id)
        scanned.update(self._arrived(transaction))
        return self._try_collect(
            [(bills.browse(int(key)), Decimal(share)) for key, share in plan["bills"].items()],
            tenders,
            token=self.token,
            shift=mine.shift_id,
            unit=mine.unit_id,
            late_fees={bills.browse(int(k)): Decimal(fee) for k, fee in plan["late"].items()},
            discounts={
                bills.browse(int(key)): {"campaign_id": campaign_id, "amount": Decimal(amount)}
                for key, (campaign_id, amount) in plan["discounts"].items()
            },
            advances=[mine._thawed_advance(one) for one in plan["advances"]],
            expected={
                bills.browse(int(key)): (Decimal(residual), Decimal(late))
                for key, (residual, late) in plan["expected"].items()
            },
        )

    def _arrived(self, transaction):
        return {
            "transaction": transaction,
            "reference": transaction.provider_reference or transaction.reference,
        }

    def _collect_what_is_open(self, transaction):
        """Take the scanned money for what of the bills is still open, the rest in advance."""
        mine = self._as_cashier()
        try:
            with self.env.cr.savepoint():
                bills = mine._still_open()
                reckoned = mine.env["property.counter"]._reckon(
                    {
                        "unit_id": self.unit_id.id,
                        "bill_ids": bills.ids,
                        "amount": str(self._decimal(transaction.amount)),
                        "tenders": [
                            {
                                "method_id": self.method_id.id,
                                "amount": str(self._decimal(transaction.amount)),
                            }
                        ],
                    }
                )
        except UserError as error:
            _logger.info("scan payment %s: nothing to take: %s", self.id, error)
            return None
        for tender in reckoned["tenders"]:
            tender.update(self._arrived(transaction))
        options = self._options(reckoned, mine.shift_id, {})
        return self._try_collect(
            list(reckoned["bills"].items()),
            reckoned["tenders"],
            token=f"{self.token}-{transaction.id}",
            **options,
        )

    def _still_open(self):
        units = self.unit_id | self.unit_id.child_ids
        bills = self.env["property.counter"]._open_bills(units) & self.line_ids.move_id
        return bills - bills._property_in_progress(self)

    def _keep_money(self, transaction, extra_create_values):
        """Book the money outside of a shift, as the portal does; what is left is kept."""
        first = transaction._property_create_payments(
            transaction._property_intended_amounts(),
            {"unit_id": self.unit_id.id, "site_id": self.site_id.id, **extra_create_values},
        )
        payments = self.env["account.payment"].search(
            [("payment_transaction_id", "=", transaction.id)]
        )
        left = payments.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.amount_residual < 0
        )
        self.env["property.prepayment"]._keep(left, self.unit_id, transaction.reference)
        return first | payments

    def _note_for_cashier(self, transaction, collection, is_exact):
        """Say what became of money that did not come as it was asked for."""
        mine = self._as_cashier()
        values = {
            "unit": self.unit_id.code,
            "amount": self.currency_id.format(transaction.amount),
            "reference": transaction.provider_reference or transaction.reference,
        }
        if is_exact:
            text = mine.env._(
                "%(unit)s: %(amount)s arrived after the code was given up (%(reference)s). It was "
                "taken as asked, as %(taking)s.",
                taking=collection.name,
                **values,
            )
        elif collection:
            kept = sum(collection.line_ids.filtered("prepayment_id").mapped("amount"))
            text = mine.env._(
                "%(unit)s: %(amount)s arrived (%(reference)s), but the bills had changed. It is "
                "taken as %(taking)s; %(kept)s of it is kept as a prepayment.",
                taking=collection.name,
                kept=self.currency_id.format(kept),
                **values,
            )
        else:
            text = mine.env._(
                "%(unit)s: %(amount)s arrived too late for the shift (%(reference)s). It settled "
                "what was open; the rest is kept as a prepayment.",
                **values,
            )
        if len(self.plan["tenders"]) > 1 and not is_exact:
            text += " " + mine.env._("Only the scanned money is booked: check the rest.")
        self.write({"note": "\n".join(filter(None, (self.note, text))), "is_note_open": True})
        self.message_post(body=text)
