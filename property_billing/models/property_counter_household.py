from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.rounding import round_step
from ..tools.settlement import due_of_bill, in_order
from ..tools.vat import tax_on_top

LAST_SHOWN = 5
MAX_BILLS = 600


class PropertyCounter(models.AbstractModel):
    _inherit = "property.counter"

    @api.model
    def open_household(self, unit_id):
        """Return everything the counter shows of one household.

        :param int unit_id: a unit of it; a parking space stands for the household it belongs to
        :return: dict of plain values, amounts as text
        """
        self._check_cashier()
        head = self._head(unit_id)
        units = head | head.child_ids
        bills = self._open_bills(units)
        late_fees = bills._property_late_fees()
        prepayments = self.env["property.prepayment"]._open(units)
        return {
            "unit": self._unit_values(head),
            "bills": [self._bill_values(bill, late_fees) for bill in bills],
            "late_of_paid": self._late_of_paid(units),
            "prepayments": [
                {
                    "id": one.id,
                    "payer": one.partner_id.name,
                    "item": one.item_id.name or "",
                    "date": fields.Date.to_string(one.date),
                    "left": self._text(one, one.amount_left),
                }
                for one in prepayments
            ],
            "deposits": self._deposit_values(units),
            "standing": [
                {key: value for key, value in one.items() if not key.startswith("_")}
                for one in self._standing(units)
            ],
            "last": self._last_values(head),
        }

    @api.model
    def _head(self, unit_id):
        unit = self.env["property.unit"].browse(unit_id if isinstance(unit_id, int) else 0)
        unit = unit.exists()
        if not unit:
            raise UserError(self.env._("This household is no longer there. Search again."))
        unit.check_access("read")
        return unit.parent_id or unit

    @api.model
    def _open_bills(self, units):
        """Return the open bills of units in the order of settlement of their site."""
        bills = self.env["account.move"].search(
            self._open_domain(units), order="invoice_date_due, id", limit=MAX_BILLS
        )
        by_id = {bill.id: bill for bill in bills}
        order = units[:1].site_id.settlement_order or "law"
        dues = [self._due(bill, Decimal(1)) for bill in bills]
        return bills.browse([by_id[due.key[0]].id for due in in_order(dues, order)])

    @api.model
    def _late_of_paid(self, units):
        """Sum the late fees of bills that were paid late: the next run makes bills of them.

        :return: text; empty when there are none
        """
        moves = self.env["account.move"]
        paid = moves.search(
            moves._property_late_fee_domain()
            & Domain("unit_id", "in", units.ids)
            & Domain("amount_residual", "=", 0)
        )
        total = sum(paid._property_late_fees().values())
        return self._text(paid[:1], total) if total else ""

    @api.model
    def _due(self, bill, amount, kind="bill"):
        item = bill.charge_item_id
        days = bill.invoice_date_due or bill.invoice_date, bill.period_from
        return due_of_bill(bill.id, amount, days, item.sequence, item.category == "late_fee", kind)

    @api.model
    def _unit_values(self, head):
        people = self._people(head).get(head, [])
        labels = dict(
            self.env["property.occupancy"]._fields["role"]._description_selection(self.env)
        )
        return {
            "id": head.id,
            "code": head.code,
            "site_id": head.site_id.id,
            "site": head.site_id.name,
            "area": f"{head.area_billable:g}" if head.area_billable else "",
            "people": [
                {
                    "name": row.partner_id.name or "",
                    "role": labels.get(row.role, ""),
                    "phone": row.partner_id.phone_masked or "",
                }
                for row in people[:4]
            ],
            "spaces": [space.code for space in head.child_ids],
        }

    @api.model
    def _bill_values(self, bill, late_fees):
        today = fields.Date.context_today(self)
        due = bill.invoice_date_due or bill.invoice_date
        day = bill.period_to or bill.period_from or bill.invoice_date
        return {
            "id": bill.id,
            "number": bill.name,
            "month": f"{day:%Y-%m}",
            "period": self.env["property.statement"]._period(bill.period_from, bill.period_to),
            "item_id": bill.charge_item_id.id,
            "item": bill.charge_item_id.name or bill.ref or bill.name,
            "unit": bill.unit_id.code,
            "payer": bill.partner_id.name or "",
            "due": fields.Date.to_string(due),
            "overdue": max((today - due).days, 0),
            "is_opening": bill.is_opening,
            "total": self._text(bill, bill.amount_total),
            "residual": self._text(bill, bill.amount_residual),
            "late_fee": self._text(bill, late_fees.get(bill.id, 0)),
        }

    @api.model
    def _deposit_values(self, units):
        """Return the deposits kept for units; filled by whoever keeps deposits."""
        deposits = self.env["property.deposit"]
        return [
            {"id": one.id, "name": one.display_name, "left": self._text(one, one.amount_left)}
            for one in deposits.search([("unit_id", "in", units.ids)])
            if one.amount_left > 0
        ]

    @api.model
    def _last_values(self, head):
        """Return the last takings of a household at this or another counter."""
        takings = self.env["property.collection"].search(
            [("unit_id", "=", head.id)], limit=LAST_SHOWN
        )
        return [self._taking_values(one) for one in takings]

    @api.model
    def _taking_values(self, taking):
        mine = taking.user_id == self.env.user and taking.shift_id.state == "open"
        return {
            "id": taking.id,
            "name": taking.name,
            "date": fields.Date.to_string(taking.date),
            "at": fields.Datetime.context_timestamp(self, taking.create_date).strftime("%H:%M"),
            "amount": self._text(taking, taking.amount),
            "methods": "、".join(dict.fromkeys(taking.tender_ids.method_id.mapped("name"))),
            "receipts": "、".join(filter(None, taking.receipt_ids.mapped("name"))),
            "unit": taking.unit_id.code or "",
            "state": taking.state,
            "can_undo": taking.state == "done" and mine,
        }

    # === Standing fees, for paying ahead ===

    @api.model
    def _standing(self, units):
        """Return what units are charged month by month, with how that comes about.

        :return: list of dict ``fee_id``, ``item``, ``unit``, ``how``, ``monthly`` (text) and, for
            the server alone, ``_fee``, ``_payer``, ``_tax`` and ``_monthly`` (Decimal)
        """
        today = fields.Date.context_today(self)
        fees = self.env["property.fee"].search(
            Domain("unit_id", "in", units.ids)
            & Domain("method", "in", ("area", "fixed"))
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )
        tariffs = (
            self.env["property.tariff"]
            .search(
                Domain("item_id", "in", fees.item_id.ids)
                & Domain("date_from", "<=", today)
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
            )
            .grouped("item_id")
        )
        payers = defaultdict(dict)
        for role in ("owner", "tenant"):
            payers[role] = fees.unit_id._property_payer_on(role, today)
        rows = []
        for fee in fees:
            tariff = tariffs.get(fee.item_id, self.env["property.tariff"])[:1]
            payer = payers[fee.payer_role].get(fee.unit_id.id)
            row = self._standing_row(fee, tariff)
            if row["_monthly"] > 0 and payer:
                rows.append({**row, "_payer": payer})
        return rows

    @api.model
    def _standing_row(self, fee, tariff):
        item, unit = fee.item_id, fee.unit_id
        price = Decimal(str(fee.price or tariff.price or 0))
        base = Decimal(str(unit.area_billable if item.method == "area" else 1))
        factor = Decimal(str(fee.quantity))
        step = Decimal(str(round(item.rounding_step, 2)))
        monthly = round_step(Fraction(price * base * factor), step, item.rounding_direction)
        if tariff and not tariff.price_include and tariff.tax_id:
            monthly += tax_on_top(monthly, Decimal(str(tariff.tax_id.amount)))
        how = f"{price.normalize():f}"
        if item.method == "area":
            how += f" × {unit.area_billable:g} m²"
        if factor != 1:
            how += f" × {factor.normalize():f}"
        return {
            "fee_id": fee.id,
            "item": item.name,
            "unit": unit.code,
            "how": how,
            "monthly": f"{monthly:.2f}",
            "_fee": fee,
            "_tax": tariff.tax_id,
            "_monthly": monthly,
        }

    @api.model
    def _text(self, record, amount):
        """Return an amount as text with the digits of the currency, for the screen."""
        return f"{float(amount):.{record.currency_id.decimal_places}f}"
