"""Master meters, estimates and zones of a workbook."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.property_base.tests import import_books

from .test_import_billing import ImportBillingCase, ledger_with_bills

METERS = ["表号", "房屋", "类型", "初始读数", "位数", "安装日期", "总表"]
POOLS = ["楼栋", "项目", "账期", "金额", "分摊区域"]


@tagged("post_install", "-at_install")
class TestImportMetering(ImportBillingCase):
    def book(self, **sheets):
        return {**ledger_with_bills(), **sheets}

    def imported(self, book):
        imp = self.upload(book)
        self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
        imp.action_import()
        return imp

    def meters(self, imp):
        meters = self.env["property.meter"].search([("site_id", "=", imp.site_id.id)])
        return {meter.code: meter for meter in meters}

    def faults(self, imp):
        imp.action_check()
        return [(one.sheet, one.row) for one in imp.issue_ids if one.severity == "error"]

    def test_meters_are_put_behind_their_master_whatever_the_order_of_rows(self):
        book = self.book(
            水电表=[
                METERS,
                ["W1", "1-1-101", "冷水表", 99990, 5, "2025-01-01", "Z1"],
                ["Z1", None, "水", 0, 6, "2025-01-01", None],
                ["W2", "1-1-102", "水", 0, 5, "2025-01-01", "z1"],
            ]
        )
        imp = self.imported(book)
        meters = self.meters(imp)
        self.assertEqual(meters["Z1"].sub_meter_ids, meters["W1"] | meters["W2"])
        self.assertFalse(meters["Z1"].master_id)
        again = self.upload(book)
        again.action_import()
        self.assertEqual(again.updated_count, 0)
        # a later book moves a meter to a master that is on file
        moved = self.book(
            水电表=[
                METERS,
                ["W1", "1-1-101", "冷水表", 99990, 5, "2025-01-01", "W2"],
                ["W2", "1-1-102", "水", 0, 5, "2025-01-01", "Z1"],
            ]
        )
        later = self.upload(moved)
        later.action_import()
        self.assertEqual(meters["W1"].master_id, meters["W2"])

    def test_masters_that_cannot_be_are_pointed_out(self):
        book = self.book(
            水电表=[
                METERS,
                ["W1", "1-1-101", "冷水表", 99990, 5, "2025-01-01", "W2"],
                ["W2", "1-1-102", "水", 0, 5, "2025-01-01", "W1"],
                ["D1", "1-1-102", "电", 0, 5, "2025-01-01", "W1"],
                ["D2", "1-1-102", "电", 0, 5, "2025-01-01", "Q9"],
            ]
        )
        found = {row for sheet, row in self.faults(self.upload(book)) if sheet == "水电表"}
        self.assertLessEqual({4, 5}, found)
        self.assertTrue({2, 3} & found, "one of a ring at least")

    def test_estimated_readings_are_marked(self):
        book = self.book(
            抄表=[
                ["表号", "抄表日期", "读数", "是否估抄"],
                ["W2", "2025-01-31", 12.5, "是"],
                ["W2", "2025-02-28", 20, "否"],
                ["W2", "2025-03-31", 25, None],
            ]
        )
        imp = self.imported(book)
        readings = self.meters(imp)["W2"].reading_ids.sorted("date")
        self.assertEqual(readings.mapped("is_estimated"), [True, False, False])
        wrong = self.book(
            抄表=[
                ["表号", "抄表日期", "读数", "是否估抄"],
                ["W2", "2025-01-31", 12.5, "也许"],
            ]
        )
        self.assertIn(("抄表", 2), self.faults(self.upload(wrong)))

    def test_a_pool_can_name_a_zone_that_was_set_up(self):
        imp = self.imported(import_books.small_ledger())
        zone = self.env["property.zone"].create({"name": "高区", "site_id": imp.site_id.id})
        book = self.book(
            公摊=[
                POOLS,
                [None, "公摊费", "2025年1月", 100, "高区"],
                ["1栋", "公摊费", "2025年1月", 50, None],
            ]
        )
        self.imported(book)
        pools = self.env["property.allocation"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual(pools.filtered("zone_id").zone_id, zone)
        self.assertEqual(sorted(pools.mapped("amount")), [50, 100])
        self.assertEqual(set(pools.mapped("date_to")), {date(2025, 1, 31)})
        again = self.upload(book)
        again.action_import()
        self.assertEqual(again.updated_count, 0)
        for row in (
            [None, "公摊费", "2025年1月", 1, "低区"],
            ["1栋", "公摊费", "2025年1月", 1, "高区"],
        ):
            wrong = self.upload(self.book(公摊=[POOLS, row]))
            self.assertIn(("公摊", 2), self.faults(wrong))
