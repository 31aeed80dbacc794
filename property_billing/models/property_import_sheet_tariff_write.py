"""Writing charge items and tariffs; reading and checking them stands beside this file."""

from odoo import api, models

from .property_import_sheet_tariff import EVERY_HOUSEHOLD, EVERY_SPACE


class PropertyImportSheetTariff(models.AbstractModel):
    _inherit = "property.import.sheet.tariff"

    @api.model
    def _import(self, rows, context):
        """Write the charge items, then their tariffs.

        A company that never kept accounts gets its chart first: prices need VAT, bills accounts.
        """
        company = self.env["res.company"].browse(context.company_id)
        if not company.chart_template:
            company._billing_prepare_accounting()
        items = self._import_items(rows, context)
        self._import_tariffs(rows, items, context)

    @api.model
    def _import_items(self, rows, context):
        """Return dict code -> item id."""
        latest = {}
        for row in sorted(rows, key=lambda row: row.vals["date_from"]):
            latest[row.vals["code"]] = row
        existing = {
            item.code.upper(): item
            for item in self._known_items(context).sorted(lambda item: bool(item.site_id))
        }
        types = self.env["property.import.sheet.unit"]._types(
            [
                word
                for row in rows
                for word in row.vals["scope"]
                if word not in EVERY_HOUSEHOLD + EVERY_SPACE
            ],
            context,
        )
        result, new = {}, []
        for code, row in latest.items():
            vals = self._prepare_item(row, types, context)
            if code in existing:
                self._update_item(existing[code], vals, context)
                result[code] = existing[code].id
            else:
                new.append({**vals, "code": code})
        records = self._create("property.charge.item", new, context)
        context.note_created(records.product_id)
        result.update((item.code, item.id) for item in records)
        context.records["item"] = dict(result)
        for row in latest.values():
            context.records["item"].setdefault(row.vals["name"], result[row.vals["code"]])
        return result

    @api.model
    def _update_item(self, item, vals, context):
        types = vals.pop("unit_type_ids")
        if set(types[0][2]) != set(item.unit_type_ids.ids):
            vals["unit_type_ids"] = types
            item.write({"unit_type_ids": types})
            context.note_updated(item._name)
        vals.pop("unit_type_ids", None)
        vals.pop("site_id")
        vals.pop("company_id")
        self._update(item, {**vals, "active": True}, context)

    @api.model
    def _prepare_item(self, row, types, context):
        vals = row.vals
        said = {key: vals[key] for key in ("base", "cycle_months") if vals.get(key)}
        return {
            **said,
            "name": vals["name"],
            "company_id": context.company_id,
            "site_id": context.site_id,
            "category": self._category(vals),
            "method": vals["method"],
            "payer_role": "tenant" if vals["method"] == "metered" else "owner",
            "meter_kind": vals["meter_kind"] or False,
            "allocation_basis": vals["basis"],
            "late_fee_rate": float(vals["late"] or 0),
            "unit_type_ids": [(6, 0, self._scope_types(vals["scope"], types))],
        }

    @api.model
    def _scope_types(self, scope, types):
        unit_types = self.env["property.unit.type"].search([("kind", "!=", "public")])
        ids = []
        for word in scope:
            if word in EVERY_HOUSEHOLD:
                wanted = unit_types.filtered(lambda t: t.kind != "parking")
                ids += wanted.ids
            elif word in types:
                ids.append(types[word])
            else:
                named = unit_types.filtered(lambda t, word=word: t.name == word)
                ids += (named or unit_types.filtered(lambda t: t.kind == "parking")).ids
        return list(dict.fromkeys(ids))

    @api.model
    def _category(self, vals):
        if vals["method"] == "allocated":
            return "allocation"
        if vals["meter_kind"]:
            return {
                "cold_water": "water",
                "hot_water": "water",
                "electricity": "electricity",
                "gas": "gas",
                "heat": "heat",
            }[vals["meter_kind"]]
        words = "".join((vals["name"], vals.get("kind") or "", *vals["scope"]))
        if "车" in words or "地下固定" in words or "地上月租" in words:
            return "parking"
        if "物业" in words or vals["method"] == "area":
            return "management"
        return "other"

    @api.model
    def _import_tariffs(self, rows, items, context):
        existing = context.existing.get("tariff", {})
        company = self.env["res.company"].browse(context.company_id)
        taxes = {
            rate: self.env["account.tax"]._vat_tax(company, float(rate * 100)).id
            for rate in {row.vals["tax"] for row in rows if row.vals["tax"]}
        }
        new = []
        # The earlier tariff is closed before its successor is written.
        for row in sorted(rows, key=lambda row: row.vals["date_from"]):
            vals = {
                "date_from": row.vals["date_from"],
                "date_to": row.vals["date_to"] or False,
                "price": float(row.vals["price"] or 0),
                "tax_id": taxes.get(row.vals["tax"], False),
            }
            found = existing.get(row.key)
            if found:
                tariff = self.env["property.tariff"].browse(found)
                self._update(tariff, vals, context)
                self._update_tiers(tariff, row.vals["tiers"], context)
            else:
                vals["item_id"] = items[row.vals["code"]]
                vals["tier_ids"] = self._tier_commands(row.vals["tiers"])
                new.append(vals)
        self.env.flush_all()
        self._create("property.tariff", new, context)

    @api.model
    def _tier_commands(self, tiers):
        return [
            (0, 0, {"qty_from": float(low), "qty_to": float(high or 0), "price": float(price)})
            for low, high, price in tiers
        ]

    @api.model
    def _update_tiers(self, tariff, tiers, context):
        wanted = [(float(low), float(high or 0), float(price)) for low, high, price in tiers]
        current = [(tier.qty_from, tier.qty_to or 0.0, tier.price) for tier in tariff.tier_ids]
        if wanted != current:
            tariff.write({"tier_ids": [(5, 0, 0), *self._tier_commands(tiers)]})
            context.note_updated(tariff._name)

    @api.model
    def _finish(self, context):
        """Bring back the fees that an undone import had put aside."""
        fees = self.env["property.fee"].search(
            [
                ("site_id", "=", context.site_id),
                ("active", "=", False),
                ("import_id.state", "=", "undone"),
            ]
        )
        fees.filtered(lambda fee: fee.unit_id.active and fee.item_id.active).write(
            {"active": True, "import_id": False}
        )
        self.env["property.charge.item"]._sync_fees(
            self.env["property.unit"].search(
                [("site_id", "=", context.site_id), ("active", "=", True)]
            )
        )
