"""What 计费方式 and 周期 say besides the method: the base and the cycle."""

import re

from odoo import api, models

from odoo.addons.property_base.tools.cellread import clean_text

from .property_import_sheet_tariff import EVERY_SPACE

#: Words of 计费方式 that say what the price is multiplied with.
BASES = (
    ("net", ("套内",)),
    ("gross", ("建筑面积",)),
    ("person", ("按人",)),
    ("space", ("按车位",)),
    ("vehicle", ("按车",)),
)
CYCLES = {
    "月": 1,
    "每月": 1,
    "月付": 1,
    "双月": 2,
    "两月": 2,
    "季": 3,
    "季度": 3,
    "每季": 3,
    "季付": 3,
    "半年": 6,
    "每半年": 6,
    "半年付": 6,
    "年": 12,
    "年度": 12,
    "每年": 12,
    "年付": 12,
}


class PropertyImportSheetTariff(models.AbstractModel):
    _inherit = "property.import.sheet.tariff"

    @api.model
    def _read_base(self, row):
        """Return what the price is multiplied with; None leaves the item's own."""
        text = clean_text(row.raw.get("method")).replace(" ", "")
        is_space = any(word in EVERY_SPACE or "车" in word for word in row.vals["scope"])
        for base, words in BASES:
            if any(word in text for word in words):
                # An item whose units are the spaces themselves charges each of them once.
                return "unit" if base == "space" and is_space else base
        return None

    @api.model
    def _read_cycle(self, row, context):
        """Return the months of a cycle; None where nothing is said."""
        text = clean_text(row.raw.get("cycle")).replace(" ", "")
        match = re.fullmatch(r"每?(\d{1,2})个?月", text)
        if match and 1 <= int(match[1]) <= 60:
            return int(match[1])
        if text and text not in CYCLES and row.vals["method"] in ("area", "fixed"):
            context.warn(
                row,
                "cycle",
                self.env._(
                    "“%(value)s” is no cycle known here and is left out. Write 月, 季度, 半年, "
                    "年 or a number like 2个月.",
                    value=text[:40],
                ),
            )
        return CYCLES.get(text)
