from odoo import models

ORDER = [
    "property.meter.reading",
    "property.allocation",
    "property.fee",
    "property.meter",
    "property.tariff",
    "property.charge.item",
    "product.product",
]


class PropertyImport(models.Model):
    _inherit = "property.import"

    def _undo_blockers(self):
        """Override of `property_base` to refuse once anything was billed or paid on the import."""
        blockers = super()._undo_blockers()
        created = self.created_records or {}
        units = created.get("property.unit", [])
        own = created.get("property.charge", [])
        charges = self.env["property.charge"]
        billed = charges.search_count(
            [
                "|",
                "|",
                ("unit_id", "in", units),
                ("item_id", "in", created.get("property.charge.item", [])),
                ("meter_id", "in", created.get("property.meter", [])),
                ("id", "not in", own),
                ("state", "in", ("draft", "posted")),
            ]
        )
        if billed:
            blockers.append(
                self.env._(
                    "%(count)s charges were made on it since. Undo their billing runs first.",
                    count=billed,
                )
            )
        opening = charges.browse(own).exists()
        opening = opening.filtered(lambda charge: charge.state == "posted")
        # past payments are taken back with their bills
        opening = opening.filtered(lambda charge: not charge.past_receipt)
        paid = opening._to_credit()
        if paid:
            blockers.append(
                self.env._(
                    "%(count)s of its opening bills were paid or locked. Take the payments back "
                    "first.",
                    count=len(paid),
                )
            )
        return blockers

    def _undo_order(self):
        """Override of `property_base` to remove billing records before what they hang on."""
        return ["property.charge", *ORDER, *super()._undo_order()]

    def _undo_prepare(self):
        """Override of `property_base` to cancel the opening bills and clear away standing fees."""
        super()._undo_prepare()
        created = self.created_records or {}
        self.env["property.charge"].browse(created.get("property.charge", [])).exists()._undo()
        fees = self.env["property.fee"].search(
            [
                "|",
                "|",
                ("unit_id", "in", created.get("property.unit", [])),
                ("item_id", "in", created.get("property.charge.item", [])),
                ("meter_id", "in", created.get("property.meter", [])),
            ]
        )
        used = self.env["property.charge"].search([("fee_id", "in", fees.ids)]).fee_id
        (fees - used).unlink()
        used.write({"active": False, "import_id": self.id})

    def _undo_kept(self, model, ids):
        """Override of `property_base` to keep what cancelled bills refer to, archived."""
        kept = super()._undo_kept(model, ids)
        charges = self.env["property.charge"]
        if model == "property.charge":
            return set(ids)
        if model == "res.partner":
            moves = self.env["account.move"].search([("partner_id", "in", ids)])
            lines = self.env["account.move.line"].search([("partner_id", "in", ids)])
            return kept | set(moves.partner_id.ids) | set(lines.partner_id.ids)
        field = {
            "property.unit": "unit_id",
            "property.charge.item": "item_id",
            "property.meter": "meter_id",
            "property.allocation": "allocation_id",
            "property.fee": "fee_id",
            "property.building": "building_id",
            "property.site": "site_id",
        }.get(model)
        if field:
            found = charges.search([(field, "in", ids)])
            kept |= set(found[field].ids)
        if model == "property.unit":
            kept |= set(charges.search([("unit_id.parent_id", "in", ids)]).unit_id.parent_id.ids)
        if model == "product.product":
            items = self.env["property.charge.item"].search([("product_id", "in", ids)])
            kept |= set(items.product_id.ids)
        return kept
