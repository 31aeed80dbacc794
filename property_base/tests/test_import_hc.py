from datetime import date

from odoo.tests import tagged

from . import import_books
from .test_import_ledger import ImportCase


@tagged("post_install", "-at_install")
class TestImportHc(ImportCase):
    """The layouts of HC小区物业管理系统."""

    def test_the_five_sheets_are_read_without_mapping(self):
        imp = self.upload(import_books.hc_workbook(), "阳光花园导入.xlsx")
        self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
        imp.action_import()
        site = imp.site_id
        self.assertEqual(site.name, "阳光花园")
        self.assertEqual(
            [(b.code, b.entrance_count, b.floor_count, b.has_lift) for b in site.building_ids],
            [("1", 2, 6, True), ("2", 0, 2, False)],
        )
        units = {unit.code: unit for unit in site.unit_ids}
        self.assertEqual(
            sorted(units), ["001", "002", "1-1-1011", "1-1-1012", "1-2-1021", "2-0-101"]
        )
        self.assertEqual(units["1-2-1021"].type_id.name, "宿舍")
        self.assertEqual(units["1-2-1021"].state, "unsold")
        self.assertEqual(units["2-0-101"].kind, "office")
        home = units["1-1-1011"]
        self.assertEqual((home.owner_id.name, home.owner_id.phone), ("张三", False))
        self.assertEqual(home.handover_date, date(2024, 1, 1))
        family = home.occupancy_ids.filtered(lambda row: row.role == "family").partner_id
        self.assertEqual((family.name, family.id_number_masked), ("李四", False))
        self.assertEqual(units["1-1-1012"].tenant_id.name, "赵六")
        self.assertEqual(units["001"].parent_id, home)
        self.assertFalse(units["001"].billing_date_to)
        self.assertEqual(units["002"].billing_date_to, date(2024, 12, 31))
        self.assertEqual(units["002"].space_vehicle_ids.kind, "truck")

    def test_past_payments_are_known_where_nothing_takes_them(self):
        handler = self.env["property.import.sheet.hc_history"]
        self.assertEqual(handler._matches_name("房屋缴费历史"), 2)
        self.assertFalse(handler._sheet_imports)
        self.assertIn("期初欠费", handler._ignored_message())

    def test_importing_again_changes_nothing(self):
        self.upload(import_books.hc_workbook(), "阳光花园.xlsx").action_import()
        again = self.upload(import_books.hc_workbook(), "阳光花园.xlsx")
        again.action_import()
        created = {model for model, ids in again.sudo().created_records.items() if ids}
        self.assertEqual((created, again.updated_count), (set(), 0))

    def test_older_editions_lack_columns(self):
        book = import_books.hc_workbook()
        book["业主信息"] = [
            ["业主编号", "业主名称", "性别", "年龄", "手机号", "身份证号"],
            [1, "张三", "男", 40, "18999999999", "1" * 18],
            [3, "王五", "男", 50, "13800000003", "1" * 18],
            [5, "钱七", "男", 50, "13800000005", "1" * 18],
        ]
        book["房屋信息"] = [row[:9] for row in book["房屋信息"]]
        book["车位信息"] = [row[:10] for row in book["车位信息"]]
        imp = self.upload(book, "老小区.xlsx")
        self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
        imp.action_import()
        units = {unit.code: unit for unit in imp.site_id.unit_ids}
        self.assertEqual(units["1-1-1011"].owner_id.name, "张三")
        self.assertEqual(units["2-0-101"].type_id.name, "商铺")

    def test_faults_are_found_with_their_rows(self):
        book = import_books.hc_workbook()
        book["业主信息"][5][4] = "138000"
        book["房屋信息"][2][8] = "2024-03-01#2024-04-01"
        book["房屋信息"][3][6] = 77
        book["楼栋单元"].append(["1", "1", 6, "有"])
        imp = self.upload(book, "阳光花园.xlsx")
        imp.action_check()
        self.assertEqual(
            self.errors(imp),
            [("楼栋单元", 5), ("业主信息", 6), ("房屋信息", 3), ("房屋信息", 4)],
        )
        self.assertIn(("房屋信息", 5), self.errors(imp, "warning"))

    def test_the_flat_sheet_is_read(self):
        imp = self.upload(import_books.hc_asset_sheet(), "平安里资产.xlsx")
        self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
        imp.action_import()
        units = {unit.code: unit for unit in imp.site_id.unit_ids}
        self.assertEqual(sorted(units), ["1-1-1011", "1-1-1012", "2-0-101"])
        self.assertEqual(
            sorted((o.partner_id.name, o.role) for o in units["1-1-1011"].occupancy_ids),
            [("张三", "owner"), ("李四", "co_owner"), ("王五", "tenant")],
        )
        self.assertEqual(units["1-1-1012"].state, "unsold")
        self.assertEqual(units["2-0-101"].state, "leased")
        self.assertEqual(imp.site_id.building_ids.mapped("floor_count"), [6, 2])
