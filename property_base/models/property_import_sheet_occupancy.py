from datetime import date

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.cellread import is_blank, read_date, read_text
from ..tools.codes import unit_code
from ..tools.headers import Column
from ..tools.rowgraph import OK

ROLES = {
    "业主": "owner",
    "产权人": "owner",
    "房主": "owner",
    "户主": "owner",
    "业主本人": "owner",
    "产权所有人": "owner",
    "共有人": "co_owner",
    "共有产权人": "co_owner",
    "共同产权人": "co_owner",
    "共同业主": "co_owner",
    "家庭成员": "family",
    "家属": "family",
    "家人": "family",
    "配偶": "family",
    "子女": "family",
    "父母": "family",
    "成员": "family",
    "户员": "family",
    "租户": "tenant",
    "租客": "tenant",
    "承租人": "tenant",
    "承租方": "tenant",
    "租赁户": "tenant",
    "使用人": "tenant",
    "代理人": "agent",
    "委托人": "agent",
    "代办人": "agent",
}


class PropertyImportSheetOccupancy(models.AbstractModel):
    _name = "property.import.sheet.occupancy"
    _inherit = ["property.import.sheet", "property.import.people"]
    _description = "Workbook Sheet: Owners and Residents"

    _sheet_kind = "occupancy"
    _sheet_order = 40
    _sheet_names = ("业主住户", "业主", "住户", "业主信息", "住户信息", "人员", "客户", "业户")
    _sheet_columns = (
        Column(
            "unit",
            ("房屋", "房号", "房屋编号", "房产", "房间号", "房屋号", "单元房号", "所属房屋"),
            True,
        ),
        Column(
            "name", ("姓名", "业主姓名", "住户姓名", "名称", "业主名称", "客户名称", "业主"), True
        ),
        Column(
            "role",
            ("身份", "角色", "关系", "住户类型", "与业主关系", "业主类型", "类型", "人员类型"),
        ),
        Column("phone", ("手机号", "手机", "电话", "联系电话", "手机号码", "联系方式")),
        Column(
            "id_number",
            ("证件号码", "身份证号", "身份证号码", "身份证", "证件号", "统一社会信用代码"),
        ),
        Column(
            "date_from", ("入住日期", "入住时间", "迁入日期", "开始日期", "起始日期", "入伙日期")
        ),
        Column("date_to", ("迁出日期", "搬离日期", "迁出时间", "结束日期", "退租日期", "截止日期")),
        Column("note", ("备注", "说明", "附注")),
    )

    @api.model
    def _template_rows(self):
        start = date(2013, 9, 1)
        return [
            {
                "unit": "1-1-101",
                "name": "张三",
                "role": "业主",
                "phone": "13800000001",
                "id_number": "990000200306169067",
                "date_from": start,
            },
            {"unit": "1-1-101", "name": "李四", "role": "家庭成员", "date_from": start},
            {"unit": "2-0-S01", "name": "王五", "role": "业主", "date_from": start},
            {
                "unit": "2-0-S01",
                "name": "赵六",
                "role": "租户",
                "phone": "13800000002",
                "date_from": date(2024, 1, 1),
                "note": "租约三年",
            },
        ]

    @api.model
    def _template_notes(self):
        return {
            "unit": self.env._("Building-entrance-room, like 1-1-101; entrance 0 for shops."),
            "role": self.env._("业主, 共有人, 家庭成员, 租户 or 代理人; blank means 业主."),
            "date_from": self.env._("First day. Blank takes the unit's handover date."),
            "date_to": self.env._("Last day, inclusive. Fill it in for former owners and tenants."),
        }

    @api.model
    def _convert(self, row, context):
        """Read one person of one unit."""
        vals = row.vals
        vals["unit"] = self._cell(row, context, "unit", unit_code, required=True)
        vals["role"] = self._choice(row, context, "role", ROLES, default="owner")
        self._read_person(row, context)
        vals["date_from"] = self._cell(row, context, "date_from", read_date)
        end = row.raw.get("date_to")
        open_end = not is_blank(end) and read_text(end) in ("至今", "长期", "永久", "在住")
        vals["date_to"] = None if open_end else self._cell(row, context, "date_to", read_date)
        vals["note"] = self._cell(row, context, "note", read_text)
        if vals["date_from"] and vals["date_to"] and vals["date_to"] < vals["date_from"]:
            context.error(
                row,
                "date_to",
                self.env._(
                    "The person leaves before moving in (%(day)s). Correct one of the two dates.",
                    day=vals["date_from"],
                ),
            )
        if vals["unit"] and vals["name"] and vals["role"]:
            day = vals["date_from"].isoformat() if vals["date_from"] else ""
            identity = vals.get("id_number") or vals.get("phone") or ""
            row.key = "|".join((vals["unit"], vals["role"], day, vals["name"], identity))

    @api.model
    def _key_column(self):
        return "name"

    @api.model
    def _shown_key(self, row):
        return f"{row.vals['unit']} {row.vals['name']}"

    @api.model
    def _references(self, row):
        references = [(("unit", "parking"), row.vals["unit"], "unit")]
        if row.vals.get("person"):
            references.append((("hc_person",), row.vals["person"], "owner"))
        return references

    @api.model
    def _check_table(self, rows, context):
        """Fill in missing first days; make a second owner at the same time a co-owner."""
        for row in rows:
            if row.vals["date_from"] is None:
                self._default_start(row, context)
        self._split_owners([row for row in rows if row.state == OK], context)
        self._check_people(rows, context)

    @api.model
    def _default_start(self, row, context):
        unit, _faulty, _known = context.find(("unit", "parking"), row.vals["unit"])
        start = None
        if unit is not None:
            start = unit.vals.get("handover_date") or unit.vals.get("date_from")
        else:
            unit_id = context.record_id(("unit", "parking"), row.vals["unit"])
            record = self.env["property.unit"].sudo().browse(unit_id)
            start = record.handover_date or record.billing_date_from
        end = row.vals["date_to"]
        if start is None or start is False or (end and end < start):
            context.error(
                row,
                "date_from",
                self.env._(
                    "The first day is missing and the unit has no handover date to take instead. "
                    "Fill it in."
                ),
            )
            return
        row.vals["date_from"] = start

    @api.model
    def _split_owners(self, rows, context):
        owners = {}
        for row in rows:
            if row.vals["role"] == "owner":
                owners.setdefault(row.vals["unit"], []).append(row)
        for unit_rows in owners.values():
            taken = []
            for row in unit_rows:
                start, end = row.vals["date_from"], row.vals["date_to"] or date.max
                clash = next((t for t in taken if t[0] <= end and start <= t[1]), None)
                if clash is None:
                    taken.append((start, end, row))
                    continue
                row.vals["role"] = "co_owner"
                context.warn(
                    row,
                    "role",
                    self.env._(
                        "Row %(row)s is the owner at the same time; this person is read as "
                        "co-owner. If the unit was sold, give row %(row)s its last day.",
                        row=clash[2].number,
                    ),
                )

    @api.model
    def _import(self, rows, context):
        """Write the people, then who has which unit from when to when."""
        partners = self._match_people(rows, context)
        units = {row.vals["unit"]: self._unit_id(row, context) for row in rows}
        stored = self.env["property.occupancy"].search([("unit_id", "in", list(units.values()))])
        matched, missing = self._match_occupancies(rows, units, partners, stored)
        # Ends are written first: a new owner needs the former one's place.
        for row, record in sorted(
            matched.items(), key=lambda item: item[0].vals["date_to"] is None
        ):
            vals = self._prepare_dates(row)
            if row.vals.get("is_date_guessed"):
                vals.pop("date_from")
            self._update(record, vals, context)
        self.env.flush_all()
        others = stored - stored.browse([record.id for record in matched.values()])
        self._check_room(missing, units, others)
        self._create(
            "property.occupancy",
            [
                {
                    "unit_id": units[row.vals["unit"]],
                    "partner_id": partners[row],
                    "role": row.vals["role"],
                    **self._prepare_dates(row),
                }
                for row in missing
            ],
            context,
        )

    @api.model
    def _unit_id(self, row, context):
        return context.record_id(("unit", "parking"), row.vals["unit"])

    @api.model
    def _prepare_dates(self, row):
        vals = {"date_from": row.vals["date_from"], "date_to": row.vals["date_to"] or False}
        if row.vals["note"]:
            vals["note"] = row.vals["note"]
        return vals

    @api.model
    def _match_occupancies(self, rows, units, partners, stored):
        """Return (row -> record, rows without one): same unit, person, role and first day.

        A row whose first day was corrected takes the one remaining record of an import that has
        the same unit, person and role.
        """
        exact, loose = {}, {}
        for record in stored:
            key = (record.unit_id.id, record.partner_id.id, record.role)
            exact[(*key, record.date_from)] = record
            if record.import_id:
                loose.setdefault(key, []).append(record)
        matched, rest, missing = {}, [], []
        used = set()
        for row in rows:
            key = (units[row.vals["unit"]], partners[row], row.vals["role"])
            record = exact.get((*key, row.vals["date_from"]))
            if record is not None and record.id not in used:
                matched[row] = record
                used.add(record.id)
            else:
                rest.append((row, key))
        for row, key in rest:
            free = [record for record in loose.get(key, ()) if record.id not in used]
            if len(free) == 1:
                matched[row] = free[0]
                used.add(free[0].id)
            else:
                missing.append(row)
        return matched, missing

    @api.model
    def _check_room(self, rows, units, others):
        """Refuse an owner where the system knows another one for the same time.

        :raise UserError: naming the rows
        """
        owners = others.filtered(lambda record: record.role == "owner").grouped("unit_id")
        taken = {unit.id: records for unit, records in owners.items()}
        clashes = []
        for row in rows:
            if row.vals["role"] != "owner":
                continue
            end = row.vals["date_to"] or date.max
            for record in taken.get(units[row.vals["unit"]], ()):
                if record.date_from <= end and row.vals["date_from"] <= (
                    record.date_to or date.max
                ):
                    clashes.append(
                        self.env._(
                            "%(sheet)s, row %(row)s: unit %(unit)s already has the owner %(owner)s "
                            "from %(day)s.",
                            sheet=row.sheet,
                            row=row.number,
                            unit=row.vals["unit"],
                            owner=record.partner_id.name,
                            day=record.date_from,
                        )
                    )
        if clashes:
            raise UserError(
                self.env._(
                    "These owners overlap with owners in the system. Record the sale with the "
                    "transfer wizard, or correct the dates:\n%(lines)s",
                    lines="\n".join(clashes[:20]),
                )
            )
