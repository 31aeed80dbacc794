from odoo import api, models

from odoo.addons.property_base.tools.cellread import (
    clean_text,
    is_blank,
    read_number,
    read_period,
    read_text,
)
from odoo.addons.property_base.tools.codes import building_code, plain_code
from odoo.addons.property_base.tools.headers import Column

WHOLE_SITE = ("全小区", "小区", "全部", "整个小区", "公共", "全区", "所有楼栋")


class PropertyImportSheetAllocation(models.AbstractModel):
    _name = "property.import.sheet.allocation"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Shared Costs"

    _sheet_kind = "allocation"
    _sheet_order = 80
    _sheet_names = ("公摊", "公摊费用", "分摊", "公摊明细", "公共能耗")
    _sheet_columns = (
        Column("building", ("楼栋", "楼栋号", "楼号", "分摊范围", "范围"), True),
        Column("item", ("项目", "收费项目", "费用项目", "收费编码", "编码"), True),
        Column("period", ("账期", "月份", "所属月份", "费用月份", "期间"), True),
        Column("amount", ("金额", "总金额", "公摊金额", "费用", "分摊金额"), True),
        Column("zone", ("区域", "分摊区域", "分区", "片区")),
        Column("note", ("备注", "附注")),
    )

    @api.model
    def _template_rows(self):
        return [{"building": "1栋", "item": "公摊电费", "period": "2024-02", "amount": 3326.12}]

    @api.model
    def _template_notes(self):
        return {
            "building": self.env._("Blank shares the sum among the whole site."),
            "item": self.env._("Name or code of an item with 计费方式 分摊."),
            "zone": self.env._(
                "Name of a zone of units set up before; then leave 楼栋 blank or write 全区."
            ),
        }

    @api.model
    def _convert(self, row, context):
        """Read one pool of one building and month."""
        vals = row.vals
        text = clean_text(row.raw.get("building")).replace(" ", "")
        whole = is_blank(text) or text in WHOLE_SITE
        vals["building"] = None if whole else self._cell(row, context, "building", building_code)
        vals["item"] = self._cell(row, context, "item", read_text, required=True)
        vals["period"] = self._cell(row, context, "period", read_period, required=True)
        vals["amount"] = self._cell(row, context, "amount", read_number, required=True, minimum=0)
        vals["note"] = clean_text(row.raw.get("note"))
        vals["zone"] = clean_text(row.raw.get("zone"))
        if vals["zone"] and vals["building"]:
            context.error(row, "zone", self.env._("Choose either a zone or a building, not both."))
        if vals["item"] and vals["period"]:
            place = vals["building"] or vals["zone"] or ""
            row.key = f"{place}|{vals['item']}|{vals['period'][0]}"

    @api.model
    def _shown_key(self, row):
        return " ".join(part for part in row.key.split("|") if part)

    @api.model
    def _references(self, row):
        references = [(("item",), row.vals["item"], "item")]
        if row.vals["building"]:
            references.insert(0, (("building",), row.vals["building"], "building"))
        return references

    @api.model
    def _check_references(self, row, context):
        """Also find an item by code when it was written by code."""
        key = plain_code(row.vals["item"])
        if context.find(("item",), row.vals["item"]) == (None, None, False):
            row.vals["item"] = key
        super()._check_references(row, context)

    @api.model
    def _check_table(self, rows, context):
        """Refuse items that are not shared, and zones that nobody set up."""
        zones = self._zones(context)
        for row in rows:
            if row.vals["zone"] and row.vals["zone"] not in zones:
                context.error(
                    row,
                    "zone",
                    self.env._(
                        "There is no zone %(zone)s on this site. Set it up in Billing Setup first.",
                        zone=row.vals["zone"],
                    ),
                )
            item = context.index("item").get(row.vals["item"])
            method = item.vals["method"] if item is not None else None
            if item is None:
                found = context.existing.get("item", {}).get(row.vals["item"])
                method = self.env["property.charge.item"].sudo().browse(found).method
            if method != "allocated":
                context.error(
                    row,
                    "item",
                    self.env._(
                        "%(item)s is not shared out (分摊). Correct the item or its 计费方式.",
                        item=row.vals["item"],
                    ),
                )

    @api.model
    def _zones(self, context):
        """Return dict name -> id of the zones of the site."""
        zones_sudo = self.env["property.zone"].sudo()
        return {
            zone.name: zone.id for zone in zones_sudo.search([("site_id", "=", context.site_id)])
        }

    @api.model
    def _existing(self, context):
        rows = self.env["property.allocation"].sudo().search([("site_id", "=", context.site_id)])
        result = {}
        for row in rows:
            for item in (row.item_id.name, row.item_id.code.upper()):
                place = row.building_id.code or row.zone_id.name or ""
                result[f"{place}|{item}|{row.date_from}"] = row.id
        return result

    @api.model
    def _import(self, rows, context):
        """Write the pools."""
        zones = self._zones(context)

        def prepare(row):
            vals = row.vals
            result = {
                "site_id": context.site_id,
                "building_id": (
                    vals["building"] and context.record_id(("building",), vals["building"])
                )
                or False,
                "item_id": context.record_id(("item",), vals["item"]),
                "date_from": vals["period"][0],
                "date_to": vals["period"][1],
                "amount": float(vals["amount"]),
            }
            if vals["zone"]:
                result["zone_id"] = zones[vals["zone"]]
            if vals["note"]:
                result["note"] = vals["note"]
            return result

        self._upsert("allocation", "property.allocation", rows, prepare, context)
