from odoo import api, models

from ..tools import idcard
from ..tools.cellread import clean_text, is_blank, read_phones
from ..tools.codes import plain_code
from ..tools.headers import Column

NO_PHONE = "18999999999"
NO_ID_NUMBER = "1" * 18
#: Owner types by code, and by word.
HC_ROLES = {
    "1001": "owner",
    "业主": "owner",
    "1002": "family",
    "家庭成员": "family",
    "1003": "tenant",
    "租客": "tenant",
    "租户": "tenant",
    "1004": "family",
    "临时人员": "family",
}


def hc_phones(value):
    """Return the phone numbers of a cell; the layout's placeholder means none."""
    return [] if clean_text(value) == NO_PHONE else read_phones(value)


def hc_id_number(value, today=None):
    """Return the ID number of a cell; the layout's placeholder means none."""
    digits = clean_text(value)
    if digits == NO_ID_NUMBER or (
        isinstance(value, int | float) and f"{value:.0f}"[:15] == "1" * 15
    ):
        return None
    return idcard.read_id_number(value, today)


def hc_number(value):
    """Return a person's number in the old system; blank and 0 mean nobody."""
    code = None if is_blank(value) else plain_code(value)
    return None if code in ("0", "-1") else code


class PropertyImportSheetHcPerson(models.AbstractModel):
    """Layout of HC小区物业管理系统: people by number; rooms and spaces say whose they are."""

    _name = "property.import.sheet.hc_person"
    _inherit = ["property.import.sheet", "property.import.people"]
    _description = "Workbook Sheet: People (HC)"

    _sheet_kind = "hc_person"
    _sheet_order = 5
    _sheet_names = ("业主信息", "业主")
    _sheet_columns = (
        Column("owner", ("业主编号",), True),
        Column("name", ("业主名称", "姓名", "业主姓名"), True),
        Column("number", ("编号", "人员编号")),
        Column("sex", ("性别",)),
        Column("age", ("年龄",)),
        Column("phone", ("手机号", "联系电话", "电话")),
        Column("id_number", ("身份证号", "身份证", "证件号码")),
        Column("role", ("业主类型", "类型")),
    )

    @api.model
    def _convert(self, row, context):
        """Read one person; an older edition has owners only and no numbers of their own."""
        vals = row.vals
        self._read_person(row, context)
        vals["owner"] = self._cell(row, context, "owner", hc_number, required=True)
        number = self._cell(row, context, "number", hc_number)
        row.key = number or vals["owner"]
        vals["role"] = self._choice(row, context, "role", HC_ROLES, default="owner")

    @api.model
    def _read_phones(self, row, context):
        return self._cell(row, context, "phone", hc_phones) or []

    @api.model
    def _read_id_number(self, row, context):
        return self._cell(row, context, "id_number", hc_id_number, today=context.today)

    @api.model
    def _key_column(self):
        return "number"

    @api.model
    def _references(self, row):
        if row.vals["role"] == "owner":
            return []
        return [(("hc_person",), row.vals["owner"], "owner")]

    @api.model
    def _check_table(self, rows, context):
        """Point out one ID number under several names."""
        self._check_people(rows, context)

    @api.model
    def _members(self, number, context):
        """Return the rows of everybody who belongs to an owner's number, the owner first."""
        if "hc_members" not in context.scratch:
            members = context.scratch["hc_members"] = {}
            for row in context.tables.get("hc_person", ()):
                members.setdefault(row.vals["owner"], []).append(row)
        rows = context.scratch["hc_members"].get(number, [])
        return sorted(rows, key=lambda row: row.vals["role"] != "owner")
