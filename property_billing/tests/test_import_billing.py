import base64
from datetime import date
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

from odoo.addons.property_base.tests import import_books

FAULTS = [
    *(("房屋", row) for row in (14, 29, 44, 81, 94)),
    *(("业主住户", row) for row in (9, 12, 16, 19, 24)),
    *(("车位", row) for row in (7, 13)),
    *(("水电表", row) for row in (8, 10)),
    *(("抄表", row) for row in (15, 18, 21)),
]
DEPENDENTS = {
    ("业主住户", 20): 14,
    ("业主住户", 21): 14,
    ("业主住户", 47): 29,
    ("业主住户", 48): 29,
    ("业主住户", 74): 44,
    ("业主住户", 134): 81,
    ("业主住户", 156): 94,
    ("车位", 245): 94,
    ("车位", 261): 14,
    ("水电表", 14): 14,
    ("水电表", 29): 29,
    ("水电表", 44): 44,
    ("水电表", 81): 81,
    ("水电表", 94): 94,
    **{("抄表", row): 8 for row in (16, 17)},
    **{("抄表", row): 10 for row in (22, 23, 24)},
    **{("抄表", row): 14 for row in (34, 35, 36)},
    **{("抄表", row): 29 for row in (79, 80, 81)},
    **{("抄表", row): 44 for row in (124, 125, 126)},
    **{("抄表", row): 81 for row in (235, 236, 237)},
    **{("抄表", row): 94 for row in (274, 275, 276)},
    ("期初欠费", 4): 81,
}
#: Good rows whose key a faulty row repeats: pointed out, and imported.
TWINS = {("房屋", 43): 44, ("车位", 6): 7, ("水电表", 11): 10}


class ImportBillingCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company._billing_prepare_accounting()

    @classmethod
    def upload(cls, source, filename="book.xlsx", **vals):
        if isinstance(source, dict):
            source = import_books.workbook(source)
        elif isinstance(source, str):
            filename, source = source.split("/")[-1], Path(file_path(source)).read_bytes()
        return cls.env["property.import"].create(
            {
                "filename": filename,
                "file": base64.b64encode(source),
                "company_id": cls.company.id,
                **vals,
            }
        )

    def rows(self, imp, severity):
        return [(i.sheet, i.row) for i in imp.issue_ids if i.severity == severity]


@tagged("post_install", "-at_install")
class TestImportSampleLedger(ImportBillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dirty = cls.upload("property_base/tests/data/cuihu_ledger_dirty.xlsx", skip_faulty=True)
        cls.dirty.action_import()
        cls.site = cls.dirty.site_id
        cls.units = {unit.code: unit for unit in cls.site.unit_ids}

    def test_exactly_the_planted_faults_are_errors(self):
        self.assertEqual(self.rows(self.dirty, "error"), FAULTS)

    def test_each_dependent_row_gets_one_warning_that_names_the_cause(self):
        warnings = [i for i in self.dirty.issue_ids if i.severity == "warning"]
        found = [(i.sheet, i.row) for i in warnings]
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(set(found), DEPENDENTS.keys() | TWINS.keys())
        for issue in warnings:
            cause = {**DEPENDENTS, **TWINS}[issue.sheet, issue.row]
            self.assertIn(str(cause), issue.message)

    def test_the_quirks_are_read(self):
        units = self.units
        self.assertEqual(units["1-1-1404"].area_gross, 107.90)
        self.assertEqual(units["1-1-1501"].area_gross, 98.54)
        for code in ("1-1-1502", "1-1-1503", "1-1-1504"):
            self.assertEqual(units[code].handover_date, date(2014, 9, 1), code)
        self.assertEqual(units["1-1-503"].owner_id.phone, "13000007337")
        self.assertEqual(units["1-1-504"].owner_id.name, "萧雨梅")
        self.assertEqual(units["B1-015"].space_vehicle_ids.plate, "鲁F4667J")

    def test_the_good_rows_and_only_they_are_imported(self):
        self.assertEqual(len(self.site.unit_ids), 911 + 316)
        for code in ("1-1-303", "1-1-702", "1-1-1101", "1-2-202", "1-2-503", "B1-004"):
            self.assertNotIn(code, self.units)
        meters = self.env["property.meter"].search([("site_id", "=", self.site.id)])
        self.assertEqual(len(meters), 896 - 2 - 5)

    def test_the_corrected_workbook_completes_the_site(self):
        clean = self.upload("property_billing/demo/cuihu_ledger.xlsx")
        self.assertTrue(clean.action_check())
        self.assertFalse(clean.issue_ids)
        clean.action_import()
        self.assertEqual(clean.site_id, self.site)
        self.assertEqual(len(self.site.unit_ids), 916 + 320)
        self.assertEqual(len(self.site.unit_ids.filtered("handover_date")), 896)
        occupancies = self.site.unit_ids.occupancy_ids
        self.assertEqual(len(occupancies), 902 + 157 + 354 + 105)
        self.assertEqual(len(occupancies.filtered(lambda o: o.role == "owner")), 902)
        readings = self.env["property.meter.reading"].search_count([("site_id", "=", self.site.id)])
        self.assertEqual(readings, 2688)
        opening = self.env["property.charge"].search(
            [("site_id", "=", self.site.id), ("is_opening", "=", True)]
        )
        self.assertEqual(len(opening), 70)
        self.assertEqual(round(sum(opening.mapped("amount")), 2), 169916.72)
        self.assertEqual(set(opening.mapped("state")), {"posted"})
        again = self.upload("property_billing/demo/cuihu_ledger.xlsx")
        again.action_import()
        created = {model for model, ids in again.sudo().created_records.items() if ids}
        self.assertEqual((created, again.updated_count), (set(), 0))


def ledger_with_bills():
    """Return the small ledger with prices, meters, readings, a pool and arrears."""
    return {
        **import_books.small_ledger(),
        "收费标准": [
            ["编码", "收费项目", "计费方式", "单价", "适用范围", "生效日期", "失效日期", "税率"],
            ["wyf", "物业费", "按面积", 2.5, "住宅、商铺", "2020-01-01", "2024-12-31", 0.06],
            ["WYF", "物业费", "面积", "2.80元", "住宅、商铺", "2025年1月1日", None, "6%"],
            ["SF", "水费", "阶梯", "0-15：3；15-：4", "冷水表", "2020-01-01", None, "3%"],
            ["GT", "公摊费", "分摊", None, "住宅", "2020-01-01", None, "13%"],
        ],
        "水电表": [
            ["表号", "房屋", "类型", "倍率", "初始读数", "位数", "安装日期"],
            ["W1", "1-1-101", "冷水表", None, 99990, 5, "2025-01-01"],
            ["W2", "1-1-102", "水", 1, 0, 5, "2025-01-01"],
        ],
        "抄表": [
            ["表号", "抄表日期", "读数"],
            ["W1", "2025-01-31", 5],
            ["W2", "2025-01-31", 12.5],
            ["W2", "2025-02-28", "20 吨"],
        ],
        "公摊": [["楼栋", "项目", "账期", "金额"], ["1栋", "公摊费", "2025年1月", 100]],
        "期初欠费": [
            ["房屋", "收费编码", "账期起", "账期止", "金额"],
            ["1-1-101", "WYF", "2024-01", "2024-06", "1,215.00"],
        ],
    }


@tagged("post_install", "-at_install")
class TestImportBilling(ImportBillingCase):
    def test_prices_meters_pools_and_arrears_are_read(self):
        imp = self.upload(ledger_with_bills())
        self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
        imp.action_import()
        items = self.env["property.charge.item"].search([("site_id", "=", imp.site_id.id)])
        by_code = {item.code: item for item in items}
        self.assertEqual(sorted(by_code), ["GT", "SF", "WYF"])
        self.assertEqual(sorted(by_code["WYF"].tariff_ids.mapped("price")), [2.5, 2.8])
        self.assertEqual(by_code["WYF"].tariff_ids.tax_id.amount, 6)
        self.assertEqual(by_code["SF"].tariff_ids.tier_ids.mapped("price"), [3, 4])
        self.assertEqual(by_code["SF"].payer_role, "tenant")
        self.assertEqual(len(by_code["WYF"].fee_ids), 7)
        self.assertEqual(len(by_code["SF"].fee_ids), 2)
        pool = self.env["property.allocation"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual((pool.amount, pool.date_to), (100, date(2025, 1, 31)))
        opening = self.env["property.charge"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual((opening.amount, opening.date_to), (1215, date(2024, 6, 30)))
        self.assertEqual(opening.payer_id.name, "张三")

    def test_bases_and_cycles_are_read_as_people_write_them(self):
        book = import_books.small_ledger()
        book["收费标准"] = [
            ["编码", "收费项目", "计费方式", "单价", "适用范围", "周期", "税率"],
            ["A", "物业费", "按建筑面积", 2.5, "住宅", "季度", "6%"],
            ["B", "采暖费", "套内面积", 2.5, "住宅", "每年", "6%"],
            ["C", "垃圾费", "按人", 5, "住宅", "2个月", "6%"],
            ["D", "车辆费", "按车", 5, "住宅", None, "6%"],
            ["E", "车位费", "按车位", 80, "车位", "月", "6%"],
            ["F", "车位服务费", "按车位", 10, "住宅", "偶尔", "6%"],
            ["G", "卫生费", "按户", 10, "住宅", "半年", "6%"],
        ]
        imp = self.upload(book)
        imp.action_check()
        warned = [i.row for i in imp.issue_ids if i.sheet == "收费标准" and i.severity == "warning"]
        self.assertEqual(warned, [7])
        imp.action_import()
        items = self.env["property.charge.item"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual(
            {item.code: (item.method, item.base, item.cycle_months) for item in items},
            {
                "A": ("area", "gross", 3),
                "B": ("area", "net", 12),
                "C": ("fixed", "person", 2),
                "D": ("fixed", "vehicle", 1),
                "E": ("fixed", "unit", 1),
                "F": ("fixed", "space", 1),
                "G": ("fixed", "unit", 6),
            },
        )

    def test_faults_of_many_kinds_are_found(self):
        book = ledger_with_bills()
        tariffs, meters = book["收费标准"], book["水电表"]
        tariffs.append(["A", "甲费", "看心情", 1, "住宅", "2020-01-01", None, "6%"])
        tariffs.append(["B", "乙费", "固定", None, "住宅", "2020-01-01", None, "6%"])
        tariffs.append(["C", "丙费", "阶梯", "0-15:3;20-:4", "冷水表", "2020-01-01", None, "3%"])
        tariffs.append(["D", "丁费", "固定", 5, "火星", "2020-01-01", None, "六"])
        tariffs.append(["WYF", "物业费", "面积", 3, "住宅", "2024-06-01", "2025-02-01", "6%"])
        meters.append(["W3", "1-1-201", "蒸汽", 1, 0, 5, "2025-01-01"])
        meters.append(["W4", "1-1-201", "冷水", -1, 0, 5, "2025-01-01"])
        meters.append(["W5", "1-1-201", "冷水", 1, 123456, 5, "2025-01-01"])
        meters.append(["W6", "9-9-999", "冷水", 1, 0, 5, "2025-01-01"])
        book["抄表"] += [
            ["W2", "2025-02-28", 21],
            ["W2", "2025-03-31", 100000],
            ["W2", "2024-01-01", 1],
            ["W2", "2025-04-30", 3],
            ["W1", "2099-01-01", 6],
        ]
        book["公摊"] += [
            ["9栋", "公摊费", "2025-01", 1],
            ["1栋", "物业费", "2025-01", 1],
            ["1栋", "公摊费", "2025-13", 1],
        ]
        book["期初欠费"] += [
            ["1-1-101", "WYF", "2024-06-01", "2024-07-31", 10],
            ["1-1-102", "没有", "2024-06-01", "2024-07-31", 10],
            ["1-1-102", "WYF", "2024-08-01", "2024-07-31", 10],
            ["1-1-102", "WYF", "2024-01-01", "2024-02-29", 0],
            ["1-1-102", "WYF", "2024-01-01", "2099-01-31", 5],
        ]
        imp = self.upload(book)
        imp.action_check()
        self.assertEqual(
            self.rows(imp, "error"),
            [("收费标准", row) for row in (6, 7, 8, 9, 10)]
            + [("水电表", row) for row in (4, 5, 6, 7)]
            + [("抄表", row) for row in (5, 6, 7, 8, 9)]
            + [("公摊", row) for row in (3, 4, 5)]
            + [("期初欠费", row) for row in (3, 4, 5, 6, 7)],
        )

    def test_arrears_of_a_unit_whose_owner_row_is_faulty_wait_for_it(self):
        book = ledger_with_bills()
        book["住户"][1][3] = "123"
        imp = self.upload(book, skip_faulty=True)
        imp.action_check()
        self.assertEqual(self.rows(imp, "error"), [("住户", 2)])
        self.assertEqual(self.rows(imp, "warning"), [("期初欠费", 2)])
        imp.action_import()
        self.assertFalse(
            self.env["property.charge"].search_count([("site_id", "=", imp.site_id.id)])
        )

    def test_undo_cancels_the_opening_bills_and_a_new_import_starts_afresh(self):
        imp = self.upload(ledger_with_bills())
        imp.action_import()
        site = imp.site_id
        bill = self.env["property.charge"].search([("site_id", "=", site.id)]).move_id
        imp.action_undo()
        self.assertEqual(bill.state, "cancel")
        self.assertFalse(site.active)
        self.assertFalse(self.env["property.unit"].search([("site_id", "=", site.id)]))
        self.assertFalse(self.env["property.meter"].search([("site_id", "=", site.id)]))
        again = self.upload(ledger_with_bills())
        again.action_import()
        self.assertEqual(again.site_id, site)
        self.assertEqual(len(site.unit_ids), 9)
        charges = self.env["property.charge"].search(
            [("site_id", "=", site.id), ("state", "=", "posted")]
        )
        self.assertEqual(charges.mapped("amount"), [1215])
        fees = self.env["property.fee"].search(
            [("site_id", "=", site.id), ("item_id.code", "=", "WYF")]
        )
        self.assertEqual(len(fees), 7)

    def test_nothing_is_undone_once_it_was_billed(self):
        imp = self.upload(ledger_with_bills())
        imp.action_import()
        run = self.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, imp.site_id.ids)],
                "date_from": "2025-01-01",
                "date_to": "2025-01-31",
            }
        )
        run.action_compute()
        run.action_post()
        with self.assertRaises(UserError):
            imp.action_undo()
        self.assertEqual(len(imp.site_id.unit_ids), 9)
        run.action_undo()
        imp.action_undo()
        self.assertEqual(imp.state, "undone")

    def test_a_file_of_readings_alone_adds_to_the_site(self):
        self.upload(ledger_with_bills()).action_import()
        text = "表号,抄表日期,读数\nW1,2025.2.28,30\nW2,2025.3.31,31\n"
        imp = self.upload(text.encode(), "抄表.csv", site_name="梧桐苑")
        imp.action_import()
        readings = self.env["property.meter.reading"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual(len(readings), 5)

    def test_a_changed_sum_of_arrears_is_billed_anew(self):
        imp = self.upload(ledger_with_bills())
        imp.action_import()
        book = ledger_with_bills()
        book["期初欠费"][1][4] = 1000
        self.upload(book).action_import()
        charges = self.env["property.charge"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual(
            sorted(zip(charges.mapped("amount"), charges.mapped("state"), strict=True)),
            [(1000, "posted"), (1215, "cancelled")],
        )

    def test_the_fees_of_the_other_system_come_with_their_rooms(self):
        for _round in range(2):
            imp = self.upload(import_books.hc_workbook(), "阳光花园.xlsx")
            self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
            imp.action_import()
        fees = self.env["property.fee"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual(
            sorted((fee.unit_id.code, fee.item_id.code, fee.date_from) for fee in fees),
            [
                ("1-1-1011", "1", date(2024, 1, 1)),
                ("1-1-1011", "1-附加", date(2024, 1, 1)),
                ("1-1-1011", "2", date(2024, 2, 1)),
                ("1-1-1012", "1", date(2024, 3, 1)),
                ("1-1-1012", "1-附加", date(2024, 3, 1)),
                ("2-0-101", "2", date(2024, 1, 1)),
            ],
        )
        tariffs = {fee.item_id.code: fee.item_id.tariff_ids for fee in fees}
        self.assertEqual(
            {code: t.price for code, t in tariffs.items()}, {"1": 2.5, "1-附加": 10, "2": 15}
        )
        self.assertEqual(fees.item_id.filtered(lambda i: i.code == "1").method, "area")
        book = import_books.hc_workbook()
        book["房屋信息"][1][7] = "1#9"
        imp = self.upload(book, "阳光花园.xlsx")
        imp.action_check()
        self.assertEqual(self.rows(imp, "error"), [("房屋信息", 2)])
