"""Arrears taken over from an earlier ledger: bills, but neither income nor collection."""

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.rounding import FEN, to_decimal
from .billing_words import Words


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    @api.model
    def _create_opening_bills(self, rows):
        """Post one bill for every row of arrears, to the owner of its last day, dated that day.

        Idempotent: a row that exists with the same amount is left alone; with another amount it
        is undone and billed anew.

        :param rows: list of dict: ``unit_id``, ``item_id`` (ids), ``date_from``, ``date_to``
            (dates), ``amount`` (yuan), optional ``import_id``
        :return: the charges of the rows, in order
        :raise UserError: when a unit has no owner
        """
        if not rows:
            return self.browse()
        units = self.env["property.unit"].browse({row["unit_id"] for row in rows})
        existing = {
            (charge.unit_id.id, charge.item_id.id, charge.date_from, charge.date_to): charge
            for charge in self.search(
                [
                    ("unit_id", "in", units.ids),
                    ("is_opening", "=", True),
                    ("past_receipt", "=", False),
                    ("state", "in", ("draft", "posted")),
                ]
            )
        }
        result, missing, changed = {}, [], self.browse()
        for index, row in enumerate(rows):
            charge = existing.get(
                (row["unit_id"], row["item_id"], row["date_from"], row["date_to"])
            )
            if charge and not charge.currency_id.compare_amounts(charge.amount, row["amount"]):
                result[index] = charge.id
                continue
            changed |= charge or self.browse()
            missing.append((index, row))
        changed._undo()
        if missing:
            self._check_opening_free([row for _index, row in missing])
            charges = self.create(self._prepare_opening_vals([row for _index, row in missing]))
            charges._post()
            result.update(
                (index, charge.id) for (index, _row), charge in zip(missing, charges, strict=True)
            )
        return self.browse([result[index] for index in range(len(rows))])

    @api.model
    def _check_opening_free(self, rows):
        """Raise for arrears of days that are billed already.

        :raise UserError: naming the unit, the days and the bill
        """
        fees = self._opening_fees(rows)
        taken = self.search(
            [
                ("fee_id", "in", list(fees.values())),
                ("state", "not in", ("cancelled", "reversed")),
                ("share", "<=", 0),
            ]
        ).grouped(lambda charge: charge.fee_id.id)
        for row in rows:
            for charge in taken.get(fees[row["unit_id"], row["item_id"]], ()):
                if charge.date_from <= row["date_to"] and row["date_from"] <= charge.date_to:
                    raise UserError(
                        self.env._(
                            "%(charge)s is billed already (%(bill)s), so it cannot be taken over "
                            "as arrears from %(start)s to %(end)s too. Leave the row out, or undo "
                            "that bill first.",
                            charge=charge.display_name,
                            bill=charge.move_id.name or charge.run_id.name or "",
                            start=row["date_from"],
                            end=row["date_to"],
                        )
                    )

    @api.model
    def _prepare_opening_vals(self, rows):
        """Prepare opening charges: no VAT, the whole sum as it stands in the ledger."""
        units = self.env["property.unit"].browse([row["unit_id"] for row in rows])
        items = self.env["property.charge.item"].browse([row["item_id"] for row in rows])
        by_unit = {unit.id: unit for unit in units}
        by_item = {item.id: item for item in items}
        owners = {
            day: units._property_payer_on("owner", day) for day in {row["date_to"] for row in rows}
        }
        fees = self._opening_fees(rows)
        words = {}
        values = []
        for row in rows:
            unit, item = by_unit[row["unit_id"]], by_item[row["item_id"]]
            payer = owners[row["date_to"]].get(unit.id)
            if not payer:
                raise UserError(
                    self.env._(
                        "Unit %(unit)s has no owner to bill its arrears to. Enter the owner of "
                        "%(day)s first.",
                        unit=unit.code,
                        day=row["date_to"],
                    )
                )
            company = unit.company_id
            if company not in words:
                words[company] = Words(self.with_context(lang=company._billing_lang()).env)
            values.append(self._prepare_opening_charge(row, item, payer, fees, words[company]))
        return values

    @api.model
    def _prepare_opening_charge(self, row, item, payer, fees, words):
        amount = to_decimal(row["amount"]).quantize(FEN)
        basis = {"kind": "sum", "amount": str(amount), "opening_arrears": True}
        result = {
            "lines": [{"quantity": 1, "price": amount, "amount": amount}],
            "net": amount,
            "gross": amount,
        }
        lines = words.lines({"name": item.name}, basis, result)
        name, quantity, price, total = lines[0]
        return {
            "fee_id": fees[row["unit_id"], row["item_id"]],
            "unit_id": row["unit_id"],
            "item_id": row["item_id"],
            "payer_id": payer.id,
            "date_from": row["date_from"],
            "date_to": row["date_to"],
            "quantity": 1.0,
            "amount": float(amount),
            "basis": basis,
            "explanation": words.explain(
                {"name": item.name}, basis, result, [name], row["date_from"], row["date_to"]
            ),
            "line_ids": [
                (0, 0, {"name": name, "quantity": quantity, "price": price, "amount": total})
            ],
            "is_opening": True,
            "import_id": row.get("import_id") or False,
        }

    @api.model
    def _opening_fees(self, rows):
        """Return dict (unit id, item id) -> fee id, with ended fees created where none stands."""
        fees_sudo = self.env["property.fee"].sudo()
        found = fees_sudo.with_context(active_test=False).search(
            [
                ("unit_id", "in", [row["unit_id"] for row in rows]),
                ("item_id", "in", [row["item_id"] for row in rows]),
            ],
            order="date_from desc, id desc",
        )
        fees = {(fee.unit_id.id, fee.item_id.id): fee.id for fee in found}
        missing = {}
        for row in rows:
            key = (row["unit_id"], row["item_id"])
            if key not in fees:
                span = missing.setdefault(key, [row["date_from"], row["date_to"]])
                span[:] = [min(span[0], row["date_from"]), max(span[1], row["date_to"])]
        created = fees_sudo.create(
            [
                {
                    "unit_id": unit_id,
                    "item_id": item_id,
                    "date_from": first,
                    "date_to": last,
                    "payer_role": "owner",
                    "is_automatic": False,
                }
                for (unit_id, item_id), (first, last) in missing.items()
            ]
        )
        fees.update(zip(missing, created.ids, strict=True))
        return fees
