from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.typed_amount import typed_amount

MAX_MONTHS = 36
ZERO = Decimal(0)


def _is_ids(values):
    """Tell whether something a client sent is a list of ids."""
    return isinstance(values, list | tuple) and all(type(one) is int for one in values)


class PropertyCounter(models.AbstractModel):
    _inherit = "property.counter"

    @api.model
    def preview(self, spec):
        """Reckon what a taking would do, without doing it.

        :param dict spec: ``unit_id``; ``bill_ids`` chosen; ``late_fees`` (bool) whether they are
            paid too; ``amount`` (text) to share out instead of paying everything chosen;
            ``months`` to pay ahead and ``fee_ids`` of what; ``deposit``: dict ``type_id``,
            ``payer_id``, ``amount`` (text) and ``note``; ``tenders``: list of dict ``method_id``,
            ``amount`` (text, empty for what is missing) and ``reference``
        :return: dict of plain values for the screen
        """
        self._check_cashier()
        reckoned = self._reckon(spec)
        discount = self._discount(reckoned["discounts"])
        return {
            "pays": {
                str(bill.id): self._text(bill, share) for bill, share in reckoned["bills"].items()
            },
            "late": {
                str(bill.id): self._text(bill, share) for bill, share in reckoned["late"].items()
            },
            "discounts": {
                str(bill.id): {"amount": f"{one['amount']:.2f}", "text": one["text"]}
                for bill, one in reckoned["discounts"].items()
            },
            "ahead": [
                {
                    "name": one["note"],
                    "payer": one["payer"].name,
                    "amount": f"{one.get('gross', one['amount']):.2f}",
                }
                for one in reckoned["advances"]
            ],
            "gifts": self._gift_rows(reckoned["advances"]),
            "due_bills": f"{sum(reckoned['bills'].values(), ZERO):.2f}",
            "due_late": f"{sum(reckoned['late'].values(), ZERO):.2f}",
            "offers": self._offer_rows(reckoned["discounts"]),
            "due_gross": f"{sum(reckoned['bills'].values(), ZERO) + discount:.2f}",
            "due_discount": f"{discount:.2f}",
            "due_ahead": f"{sum((one['amount'] for one in reckoned['advances']), ZERO):.2f}",
            "due": f"{reckoned['due']:.2f}",
            "tenders": [f"{one['amount']:.2f}" for one in reckoned["tenders"]],
            "paid": f"{reckoned['paid']:.2f}",
            "change": f"{reckoned['change']:.2f}",
            "missing": f"{reckoned['missing']:.2f}",
            "too_much": f"{reckoned['too_much']:.2f}",
            "prepaid": f"{reckoned['prepaid']:.2f}",
        }

    @api.model
    def take(self, spec, token):
        """Take the money: settle, keep what is paid ahead, issue the receipt.

        :param dict spec: as for `preview`, with ``seen``: bill id (text) -> [open amount, late fee]
            and ``due`` (text), the sum, as the screen showed them
        :param str token: names this taking; sent again, it returns the same result
        :return: dict with the taking and where its receipt is printed
        """
        self._check_cashier()
        if not isinstance(token, str) or not 16 <= len(token) <= 64:
            raise UserError(self.env._("Open the household again and repeat."))
        collections = self.env["property.collection"]
        taking = collections._known(token)
        if not taking:
            self._check_spec(spec)
            shift = self.env["property.cashier.shift"]._mine(
                self._head(spec.get("unit_id")).site_id
            )
            if not shift:
                raise UserError(self.env._("Open your shift on this site before you take money."))
            reckoned = self._reckon(spec)
            self._check_due(spec, reckoned)
            taking = collections._collect(
                list(reckoned["bills"].items()),
                reckoned["tenders"],
                token=token,
                shift=shift,
                unit=reckoned["unit"],
                late_fees=reckoned["late"],
                discounts=reckoned["discounts"],
                advances=reckoned["advances"],
                expected=self._seen(spec, reckoned),
            )
        return self._taken_values(taking)

    @api.model
    def undo(self, collection_id, reason):
        """Take a taking back within its shift.

        :param int collection_id: property.collection
        :param str reason: why
        :return: its values for the screen
        """
        self._check_cashier()
        taking = self._taking(collection_id)
        taking._undo(reason)
        return self._taking_values(taking)

    @api.model
    def last_takings(self):
        """Return the latest takings of the user's open shift, for undo and reprint."""
        self._check_cashier()
        shift = self.env["property.cashier.shift"]._mine()
        takings = self.env["property.collection"].search(
            [("shift_id", "=", shift.id), ("user_id", "=", self.env.uid)], limit=10
        )
        return [self._taking_values(one) for one in takings if shift]

    @api.model
    def print_url(self, collection_id):
        """Return the address of the printed receipt of a taking."""
        self._check_cashier()
        return self._print_url(self._taking(collection_id))

    # === The shift ===

    @api.model
    def open_shift(self, site_id, amount_float):
        """Open the user's shift on a site.

        :param int site_id: property.site
        :param amount_float: text, cash in the drawer in yuan
        """
        self._check_cashier()
        site = self.env["property.site"].browse(site_id if isinstance(site_id, int) else 0)
        if not site.exists():
            raise UserError(self.env._("Choose the site of your counter."))
        amount = self._amount(amount_float)
        return self._shift_values(self.env["property.cashier.shift"]._open(site, amount))

    @api.model
    def shift_figures(self):
        """Return what the system expects in the user's open shift."""
        self._check_cashier()
        shift = self._my_shift()
        return [
            {
                "method_id": figure["method"].id,
                "name": figure["method"].name,
                "is_cash": figure["is_cash"],
                "is_counted": figure["method"].kind != "prepayment",
                "count": figure["count"],
                "expected": f"{figure['expected']:.2f}",
            }
            for figure in shift._figures()
        ]

    @api.model
    def close_shift(self, denominations, counted, explanations, note=""):
        """Close the user's open shift.

        :param dict denominations: value (text) -> number of notes or coins
        :param dict counted: method id (text) -> amount counted (text)
        :param dict explanations: method id (text) -> why there is a difference
        :return: dict with the shift and where its report is printed
        """
        self._check_cashier()
        shift = self._my_shift()
        shift._close(
            {str(key): number for key, number in (denominations or {}).items() if number},
            {int(key): self._amount(text) for key, text in (counted or {}).items() if text != ""},
            {int(key): str(text)[:500] for key, text in (explanations or {}).items()},
            str(note or "")[:2000],
        )
        report = self.env.ref("property_billing.action_report_cashier_shift")
        return {
            "shift": self._shift_values(shift),
            "print_url": f"/report/pdf/{report.report_name}/{shift.id}",
        }

    @api.model
    def _my_shift(self):
        shift = self.env["property.cashier.shift"]._mine()
        if not shift:
            raise UserError(self.env._("You have no open shift."))
        return shift

    # === Reckoning ===

    @api.model
    def _reckon(self, spec):
        """Turn the wishes of the screen into bills, late fees, advances and tenders."""
        self._check_spec(spec)
        head = self._head(spec.get("unit_id"))
        units = head | head.child_ids
        chosen = set(spec.get("bill_ids") or ())
        bills = self._open_bills(units).filtered(lambda bill: bill.id in chosen)
        if len(bills) != len(chosen):
            raise UserError(
                self.env._(
                    "Some of these bills have been settled meanwhile. Open the household again."
                )
            )
        live = bills._property_late_fees() if spec.get("late_fees", True) else {}
        late = {bill: live[bill.id] for bill in bills if live.get(bill.id)}
        amount = spec.get("amount")
        amount = None if amount in (None, "", False) else self._amount(amount)
        shares, late, discounts, rest = self._share_out(
            bills, late, amount, head.site_id.settlement_order
        )
        advances = self._advances(spec, units) + self._deposits(spec, head)
        if rest:
            advances.append(self._rest_advance(head, rest))
        due = sum((*shares.values(), *late.values()), ZERO)
        due += sum((one["amount"] for one in advances), ZERO)
        prepayments = self.env["property.prepayment"]._open(units)
        prepaid = sum((self._amount(self._text(p, p.amount_left)) for p in prepayments), ZERO)
        return {
            "unit": head,
            "bills": shares,
            "late": late,
            "discounts": discounts,
            "advances": advances,
            "due": due,
            "prepaid": prepaid,
            **self._reckon_tenders(spec, due, min(prepaid, due)),
        }

    @api.model
    def _check_spec(self, spec):
        """Refuse wishes of a shape that the screen never sends.

        :raise UserError: saying to start over
        """
        rows = spec.get("tenders") or [] if isinstance(spec, dict) else None
        is_known = (
            isinstance(rows, list | tuple)
            and all(isinstance(row, dict) for row in rows)
            and all(isinstance(spec.get(key) or {}, dict) for key in ("seen", "deposit"))
            and all(_is_ids(spec.get(key) or ()) for key in ("bill_ids", "fee_ids"))
            and _is_ids([row.get("method_id") or 1 for row in rows])
        )
        if not is_known:
            raise UserError(self.env._("Open the household again and repeat."))

    @api.model
    def _advances(self, spec, units):
        """Return what is paid ahead: months of standing fees, one advance a payer."""
        months = spec.get("months") or 0
        if not isinstance(months, int) or not 0 <= months <= MAX_MONTHS:
            raise UserError(
                self.env._("Pay between 1 and %(months)s months ahead.", months=MAX_MONTHS)
            )
        if not months:
            return []
        wanted = spec.get("fee_ids")
        rows = [row for row in self._standing(units) if wanted is None or row["fee_id"] in wanted]
        if not rows:
            raise UserError(
                self.env._("This household has no monthly fee to pay ahead. Enter an amount.")
            )
        groups = {}
        for row in rows:
            groups.setdefault(row["_payer"], []).append(row)
        return [
            {
                "unit": units[:1],
                "payer": payer,
                "item": mine[0]["_fee"].item_id if len(mine) == 1 else None,
                "amount": sum((row["_monthly"] for row in mine), ZERO) * months,
                "note": self.env._(
                    "%(months)s months ahead: %(items)s",
                    months=months,
                    items="、".join(
                        f"{row['item']} {row['unit']} {row['how']} = {row['monthly']}"
                        for row in mine
                    ),
                ),
            }
            for payer, mine in groups.items()
        ]

    @api.model
    def _rest_advance(self, head, rest):
        payer = head._property_payer_on("tenant", fields.Date.context_today(self)).get(head.id)
        if not payer:
            raise UserError(
                self.env._(
                    "%(unit)s has no owner or tenant to keep a prepayment for. Register who lives "
                    "there first.",
                    unit=head.code,
                )
            )
        return {
            "unit": head,
            "payer": payer,
            "item": None,
            "amount": rest,
            "note": self.env._("Kept as a prepayment"),
        }

    @api.model
    def _reckon_tenders(self, spec, due, prepaid):
        methods = self.env["property.tender.method"]
        tenders = []
        rest = due
        for row in spec.get("tenders") or ():
            method = methods.browse(row.get("method_id") or 0).exists()
            method.check_access("read")
            if not method:
                raise UserError(self.env._("Choose how it is paid."))
            if row.get("amount") in (None, "", False):
                amount = max(min(rest, prepaid) if method.kind == "prepayment" else rest, ZERO)
            else:
                amount = self._amount(row["amount"])
            tenders.append(
                {"method": method, "amount": amount, "reference": row.get("reference") or ""}
            )
            rest -= amount
        paid = due - rest
        cash = sum((one["amount"] for one in tenders if one["method"].kind == "cash"), ZERO)
        return {
            "tenders": tenders,
            "paid": paid,
            "missing": max(rest, ZERO),
            "change": min(max(-rest, ZERO), cash),
            "too_much": max(-rest - cash, ZERO),
        }

    @api.model
    def _amount(self, text):
        """Return what was typed as an amount of money.

        :raise UserError: for anything that is no amount of yuan and fen
        """
        try:
            return typed_amount(text)
        except ValueError as error:
            raise UserError(
                self.env._("%(text)s is no amount. Enter yuan and fen, such as 128.50.", text=text)
            ) from error

    @api.model
    def _seen(self, spec, reckoned):
        """Return the figures the cashier saw, by bill.

        :return: dict bill -> (open amount, late fee)
        """
        seen = spec.get("seen") or {}
        return {
            bill: tuple(self._amount(text) for text in seen[str(bill.id)])
            for bill in {**reckoned["bills"], **reckoned["late"]}
            if str(bill.id) in seen
        }

    # === Results ===

    @api.model
    def _taking(self, collection_id):
        taking = self.env["property.collection"].browse(
            collection_id if isinstance(collection_id, int) else 0
        )
        if not taking.exists():
            raise UserError(self.env._("This taking is no longer there. Open the household again."))
        taking.check_access("read")
        return taking

    @api.model
    def _taken_values(self, taking):
        return {
            **self._taking_values(taking),
            "change": self._text(taking, taking.amount_change),
            "received": self._text(taking, taking.amount_received),
            "used": self._text(taking, taking.amount_used),
            "print_url": self._print_url(taking),
            "shift": self._shift_values(taking.shift_id),
        }

    @api.model
    def _print_url(self, taking):
        """Return the address of the receipt on paper; empty when no money came in."""
        receipts = taking.receipt_ids.sudo(self.env.su)
        if not receipts:
            return ""
        action = receipts.action_print()
        ids = ",".join(str(one) for one in action["context"]["active_ids"])
        return f"/report/pdf/{action['report_name']}/{ids}"
