import base64
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open, mute_logger

from . import import_books

BASE_SHEETS = ("楼栋", "房屋", "业主住户", "车位")
BASE_MODELS = ("property.site", "property.building", "property.unit", "property.occupancy")


class ImportCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Import Company"})
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})

    @classmethod
    def upload(cls, sheets, filename="book.xlsx", **vals):
        data = sheets if isinstance(sheets, bytes) else import_books.workbook(sheets)
        return cls.env["property.import"].create(
            {
                "filename": filename,
                "file": base64.b64encode(data),
                "company_id": cls.company.id,
                **vals,
            }
        )

    def errors(self, imp, severity="error", sheets=None):
        return [
            (issue.sheet, issue.row)
            for issue in imp.issue_ids
            if issue.severity == severity and (sheets is None or issue.sheet in sheets)
        ]

    def counts(self, site):
        return {
            "units": len(site.unit_ids),
            "people": len(site.unit_ids.occupancy_ids),
            "vehicles": self.env["property.vehicle"].search_count([("site_id", "=", site.id)]),
        }


@tagged("post_install", "-at_install")
class TestImportLedger(ImportCase):
    def test_a_ledger_in_other_words_and_another_order_is_read(self):
        imp = self.upload(import_books.small_ledger())
        self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
        self.assertEqual(imp.state, "checked")
        self.assertFalse(self.env["property.site"].search([("name", "=", "梧桐苑")]))
        imp.action_import()
        self.assertEqual(imp.site_id.name, "梧桐苑")
        self.assertEqual(imp.site_id.company_id, self.company)
        units = {unit.code: unit for unit in imp.site_id.unit_ids}
        self.assertEqual(len(units), 9)
        self.assertEqual(units["1-1-101"].area_gross, 81)
        self.assertEqual(units["1-1-101"].handover_date, date(2020, 5, 1))
        self.assertEqual(units["2-0-S1"].area_gross, 60.5)
        self.assertEqual(units["A-1"].parent_id, units["1-1-101"])
        self.assertEqual(units["1-1-101"].owner_id.name, "张三")
        self.assertEqual(units["1-1-102"].owner_id.name, "赵六")
        self.assertEqual(units["2-0-S1"].tenant_id.name, "孙八")
        self.assertEqual(units["1-1-101"].owner_id, units["1-1-201"].owner_id)
        self.assertEqual(units["A-1"].space_vehicle_ids.plate, "浙A12345")
        former = units["1-1-102"].occupancy_ids.filtered("date_to")
        self.assertEqual((former.partner_id.name, former.date_to), ("王五", date(2023, 12, 31)))

    def test_importing_again_changes_and_doubles_nothing(self):
        self.upload(import_books.small_ledger()).action_import()
        site = self.env["property.site"].search([("name", "=", "梧桐苑")])
        before = self.counts(site)
        again = self.upload(import_books.small_ledger())
        again.action_import()
        self.assertEqual(again.site_id, site)
        self.assertEqual((self.counts(site), again.updated_count), (before, 0))

    def test_a_corrected_workbook_updates(self):
        self.upload(import_books.small_ledger()).action_import()
        book = import_books.small_ledger()
        book["房产"][5][1] = 99.5
        book["住户"][1][5] = "2020-06-15"
        book["住户"][6][6] = "2024-06-30"
        book["住户"].append(["2-S1", "周九", "业主", "13800000009", None, "2024-07-01", None])
        book["住户"][6][2] = "业主"
        again = self.upload(book)
        again.action_import()
        units = {unit.code: unit for unit in again.site_id.unit_ids}
        self.assertEqual(len(units), 9)
        self.assertEqual(units["1-1-101"].area_gross, 99.5)
        self.assertEqual(units["1-1-101"].area_billable, 99.5)
        owner = units["1-1-101"].occupancy_ids.filtered(lambda row: row.role == "owner")
        self.assertEqual((len(owner), owner.date_from), (1, date(2020, 6, 15)))
        self.assertEqual(units["2-0-S1"].owner_id.name, "周九")

    def test_corrected_names_and_numbers_change_the_person_they_belong_to(self):
        first = self.upload(import_books.small_ledger())
        first.action_import()
        units = {unit.code: unit for unit in first.site_id.unit_ids}
        people = {code: units[code].owner_id for code in ("1-1-101", "1-1-102", "2-0-S1")}
        book = import_books.small_ledger()
        for row in (1, 5):
            book["住户"][row][1] = "张叁"
        book["住户"][4][4] = import_books.ID_NUMBERS[3]
        book["住户"][6][3] = "13800000077"
        again = self.upload(book)
        again.action_import()
        self.assertEqual({code: units[code].owner_id for code in people}, people)
        self.assertEqual(people["1-1-101"].name, "张叁")
        self.assertTrue(people["1-1-102"].id_number_masked.endswith("9528"))
        self.assertEqual(people["2-0-S1"].phone, "13800000077")
        self.assertEqual(again.updated_count, 3)

    def test_undo_removes_what_the_import_created_and_nothing_else(self):
        stranger = self.env["res.partner"].create({"name": "Test Stranger"})
        first = self.upload(import_books.small_ledger())
        first.action_import()
        book = import_books.small_ledger()
        book["房产"].insert(-1, ["住宅", 70, "1号楼", 1, "303", 3, "2020-05-01"])
        second = self.upload(book)
        second.action_import()
        self.assertEqual(len(first.site_id.unit_ids), 10)
        with self.assertRaises(UserError):
            first.action_undo()
        second.action_undo()
        site = first.site_id
        self.assertEqual(len(site.unit_ids), 9)
        people = site.unit_ids.occupancy_ids.partner_id
        first.action_undo()
        self.assertEqual(first.state, "undone")
        self.assertFalse(site.exists() or people.exists())
        self.assertTrue(stranger.exists())

    def test_undo_spares_people_who_live_elsewhere_too(self):
        first = self.upload(import_books.small_ledger())
        first.action_import()
        second = self.upload(import_books.small_ledger("银杏里"))
        second.action_import()
        people = second.site_id.unit_ids.occupancy_ids.partner_id
        first.action_undo()
        self.assertEqual(people.exists(), people)
        self.assertTrue(all(people.mapped("active")))
        self.assertEqual(len(second.site_id.unit_ids.occupancy_ids), 7)

    def test_errors_stand_in_the_way_unless_good_rows_are_wanted(self):
        book = import_books.small_ledger()
        book["房产"][5][1] = "坏"
        imp = self.upload(book)
        self.assertFalse(imp.action_check())
        self.assertEqual(self.errors(imp), [("房产", 6)])
        self.assertEqual(self.errors(imp, "warning"), [("住户", 2), ("住户", 3), ("停车位", 2)])
        with self.assertRaises(UserError):
            imp.action_import()
        self.assertFalse(self.env["property.site"].search([("name", "=", "梧桐苑")]))
        imp.skip_faulty = True
        imp.action_import()
        self.assertNotIn("1-1-101", imp.site_id.unit_ids.mapped("code"))
        self.assertEqual(len(imp.site_id.unit_ids), 7)

    def test_every_planted_fault_of_the_base_sheets_is_found_and_no_other(self):
        with file_open("property_base/tests/data/cuihu_ledger_dirty.xlsx", "rb") as stream:
            imp = self.upload(stream.read(), "cuihu_ledger_dirty.xlsx", skip_faulty=True)
        imp.action_check()
        self.assertEqual(
            self.errors(imp, sheets=BASE_SHEETS),
            [("房屋", row) for row in (14, 29, 44, 81, 94)]
            + [("业主住户", row) for row in (9, 12, 16, 19, 24)]
            + [("车位", row) for row in (7, 13)],
        )
        warnings = self.errors(imp, "warning", BASE_SHEETS)
        self.assertEqual(len(warnings), len(set(warnings)))
        for dependent in (("业主住户", 21), ("业主住户", 74), ("业主住户", 134), ("车位", 261)):
            self.assertIn(dependent, warnings)
        cause = imp.issue_ids.filtered(lambda i: (i.sheet, i.row) == ("业主住户", 74)).message
        self.assertIn("44", cause)
        self.assertIn("房屋", cause)
        for quirk in (59, 60, 61, 62, 63, 920, 921):
            self.assertNotIn(("房屋", quirk), self.errors(imp) + warnings)

    def test_two_owners_at_a_time_become_owner_and_co_owner(self):
        book = import_books.small_ledger()
        book["住户"][3][6] = None
        imp = self.upload(book)
        self.assertTrue(imp.action_check())
        self.assertEqual(self.errors(imp, "warning"), [("住户", 5)])
        imp.action_import()
        unit = imp.site_id.unit_ids.filtered(lambda u: u.code == "1-1-102")
        self.assertEqual(
            sorted((o.partner_id.name, o.role) for o in unit.occupancy_ids),
            [("王五", "owner"), ("赵六", "co_owner")],
        )

    def test_a_workbook_without_a_title_takes_the_name_it_is_given(self):
        book = {"房屋": [["房号", "建筑面积"], ["1-1-101", 88], ["1-1-102", 89]]}
        imp = self.upload(book, site_name="星河湾")
        imp.action_import()
        self.assertEqual(imp.site_id.name, "星河湾")
        self.assertEqual(imp.site_id.building_ids.mapped("name"), ["1栋"])
        named = self.upload(book, "御景园房屋台账.xlsx")
        named.action_import()
        self.assertEqual(named.site_id.name, "御景园")
        nameless = self.upload(book, "房屋台账.xlsx")
        self.assertFalse(nameless.action_check())

    def test_a_text_file_of_one_sheet_is_read(self):
        self.upload(import_books.small_ledger()).action_import()
        text = "房号,姓名,身份,手机号,入住日期\n1-1-301,吴十,业主,13800000010,2021年1月1日\n"
        imp = self.upload(text.encode("gb18030"), "住户.csv", site_name="梧桐苑")
        imp.action_import()
        unit = imp.site_id.unit_ids.filtered(lambda u: u.code == "1-1-301")
        self.assertEqual(unit.owner_id.name, "吴十")

    def test_what_is_not_recognised_is_said(self):
        book = import_books.small_ledger()
        book["装修记录"] = [["装修单位", "押金"], ["甲", 1000]]
        book["房产"][4].append("朝向")
        imp = self.upload(book)
        imp.action_check()
        self.assertEqual(self.errors(imp, "warning"), [("装修记录", 0)])
        self.assertIn("装修记录", imp.summary)
        self.assertIn("朝向", imp.summary)
        book["房产"][4][4] = "什么"
        imp = self.upload(book)
        imp.action_check()
        self.assertIn(("房产", 0), self.errors(imp))
        nothing = self.upload({"Sheet1": [["a", "b"], [1, 2]]})
        self.assertFalse(nothing.action_check())
        nothing.skip_faulty = True
        with self.assertRaisesRegex(UserError, "No sheet"):
            nothing.action_import()

    def test_hostile_files_are_refused_in_words(self):
        for name, data in (
            ("a.xlsx", b"PK\x03\x04"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
            ("a.exe", b"MZ"),
        ):
            imp = self.upload(data, name)
            with self.assertRaises(UserError):
                imp.action_check()
            with self.assertRaises(UserError):
                imp.action_import()
            self.assertEqual(imp.state, "draft")

    def test_faults_of_many_kinds_are_found(self):
        today = date.today()
        book = import_books.small_ledger()
        book["楼宇"].append(["无", "1栋", 3, 1])
        book["房产"].insert(-1, ["火星基地", 70, "1号楼", 1, "304", 3, None])
        book["房产"].insert(-1, ["住宅", None, "1号楼", 1, "305", 3, None])
        book["房产"].insert(-1, ["住宅", 70, "1号楼", 5, "307", 3, None])
        book["房产"].insert(-1, ["住宅", 0, "1号楼", 1, "306", 3, None])
        people = book["住户"]
        people.append(["1-1-301", "甲", "国王", None, None, "2020-01-01", None])
        people.append(["1-1-301", "12345", "业主", None, None, "2020-01-01", None])
        people.append(["1-1-302", "丙", "业主", None, "990000203012319067", "2020-01-01", None])
        people.append(list(people[2]))
        people.append(["1-1-399", "丁", "业主", None, None, "2020-01-01", None])
        book["停车位"].append(["A-3", "地下固定", "1-1-101", "浙A12I45", "2021-01-01"])
        book["停车位"].append(["A-4", "地下固定", "1-1-101", "浙AZ12345", today + timedelta(1)])
        imp = self.upload(book)
        imp.action_check()
        self.assertEqual(
            self.errors(imp),
            [("楼宇", 6), ("房产", 13), ("房产", 14), ("房产", 15), ("房产", 16)]
            + [("住户", row) for row in (9, 10, 11, 12, 13)]
            + [("停车位", 4)],
        )
        self.assertIn(("停车位", 5), self.errors(imp, "warning"))

    def test_an_owner_entered_since_is_not_overwritten(self):
        imp = self.upload(import_books.small_ledger())
        imp.action_import()
        unit = imp.site_id.unit_ids.filtered(lambda u: u.code == "1-1-301")
        self.env["property.occupancy"].create(
            {
                "unit_id": unit.id,
                "partner_id": self.env["res.partner"].create({"name": "Test Buyer"}).id,
                "role": "owner",
                "date_from": "2025-01-01",
            }
        )
        book = import_books.small_ledger()
        book["住户"].append(["1-1-301", "郑一", "业主", None, None, "2020-05-01", None])
        again = self.upload(book)
        with self.assertRaisesRegex(UserError, "1-1-301"), mute_logger("odoo.sql_db"):
            again.action_import()
        with self.assertRaises(UserError):
            imp.action_undo()

    def test_the_template_passes_its_own_check(self):
        content = self.env["property.import"]._build_template()
        imp = self.upload(content, "template.xlsx")
        self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
        self.assertFalse(imp.issue_ids, imp.issue_ids.mapped("message"))
        imp.action_import()
        self.assertIn("1-1-101", imp.site_id.unit_ids.mapped("code"))

    def test_an_imported_workbook_is_not_imported_twice(self):
        imp = self.upload(import_books.small_ledger())
        imp.action_import()
        with self.assertRaises(UserError):
            imp.action_import()
        with self.assertRaises(UserError):
            imp.write({"site_name": "x"})
        with self.assertRaises(UserError):
            imp.unlink()

    def test_ten_times_the_rows_take_no_more_queries_than_batches_need(self):
        def book(name, rooms):
            rows = [["房号", "建筑面积", "交房日期"]]
            rows += [[f"1-1-{room}", 80, "2020-01-01"] for room in range(101, 101 + rooms)]
            return {"房屋": [[f"{name} 房屋台账"], *rows]}

        self.upload(book("预热", 2)).action_import()
        few = self._queries(book("十户", 10))
        many = self._queries(book("百户", 100))
        self.assertLess(many, few + 40)

    def _queries(self, book):
        imp = self.upload(book)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        imp.action_import()
        return self.env.cr.sql_log_count - before
