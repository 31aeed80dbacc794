from odoo import api, models

#: Code of the item that carries the surcharge of a by-area fee.
SURCHARGE = "%s-附加"


class PropertyImportSheetHcFeeLink(models.AbstractModel):
    """Which room is charged which fee from when; made from the rooms of the HC layout."""

    _name = "property.import.sheet.hc_fee_link"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Fees of Rooms (HC)"

    _sheet_kind = "hc_fee_link"
    _sheet_order = 55

    @api.model
    def _sheet_label(self):
        return self.env._("Fees of rooms")

    @api.model
    def _key_column(self):
        return "fees"

    @api.model
    def _references(self, row):
        return [(("unit",), row.vals["unit"], "fees"), (("item",), row.vals["item"], "fees")]

    @api.model
    def _import(self, rows, context):
        """Write a standing fee for each, and a second one for its surcharge."""
        wanted = {}
        items = context.records.get("item", {}), context.existing.get("item", {})
        for row in rows:
            unit_id = context.record_id(("unit",), row.vals["unit"])
            for code in (row.vals["item"], SURCHARGE % row.vals["item"]):
                item_id = items[0].get(code) or items[1].get(code)
                if item_id:
                    wanted[unit_id, item_id] = row.vals["date_from"]
        existing = {
            (fee.unit_id.id, fee.item_id.id): fee
            for fee in self.env["property.fee"].search(
                [("unit_id", "in", [unit_id for unit_id, _item in wanted])], order="date_from, id"
            )
        }
        new = []
        for (unit_id, item_id), start in wanted.items():
            fee = existing.get((unit_id, item_id))
            if fee is None:
                new.append({"unit_id": unit_id, "item_id": item_id, "date_from": start})
            elif not fee.charge_ids:
                self._update(fee, {"date_from": start, "active": True}, context)
        self._create("property.fee", new, context)
