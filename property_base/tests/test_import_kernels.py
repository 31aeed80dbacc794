import doctest
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import (
    cellread,
    codes,
    headers,
    idcard,
    plate,
    rowgraph,
    workbook,
    zipguard,
)
from . import import_books

FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@tagged("post_install", "-at_install")
class TestImportKernels(BaseCase):
    def test_the_examples_in_the_docstrings_hold(self):
        for module in (cellread, codes, headers, idcard, plate, rowgraph, workbook):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    @given(st.decimals(0, 10**9, places=2))
    def test_a_number_is_read_however_it_is_spelled(self, number):
        for text in (
            f"{number}",
            f" {number} ㎡",
            f"{number:,}元",
            str(number).translate(FULL_WIDTH),
            f"¥{number}",
        ):
            self.assertEqual(cellread.read_number(text), number, text)

    @given(DAYS)
    def test_a_day_is_read_however_it_is_spelled(self, day):
        for value in (
            day,
            day.isoformat(),
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}.{day.month}.{day.day}",
            f"{day.year}/{day.month}/{day.day}",
            f"{day:%Y%m%d}",
            int(f"{day:%Y%m%d}"),
            (day - date(1899, 12, 30)).days,
            f"{day.year}年{day.month}月{day.day}日".translate(FULL_WIDTH),
        ):
            self.assertEqual(cellread.read_date(value), day, repr(value))

    @given(st.text(max_size=30))
    def test_any_text_is_read_or_refused_but_never_breaks(self, text):
        readers = (
            cellread.read_number,
            cellread.read_date,
            cellread.read_period,
            cellread.read_phones,
            cellread.read_rate,
            cellread.read_name,
            idcard.read_id_number,
            plate.read_plates,
            codes.unit_code,
            codes.building_code,
            codes.entrance_code,
            codes.room_code,
        )
        for reader in readers:
            try:
                reader(text)
            except cellread.CellError:
                pass

    @given(st.integers(min_value=-(10**20), max_value=10**20) | st.floats() | st.booleans())
    def test_any_number_cell_is_read_or_refused_but_never_breaks(self, value):
        for reader in (
            cellread.read_number,
            cellread.read_date,
            cellread.read_phones,
            idcard.read_id_number,
            codes.unit_code,
        ):
            try:
                reader(value)
            except cellread.CellError:
                pass

    def test_doubtful_values_are_refused(self):
        for reader, value, code in (
            (cellread.read_number, "九十八", "number"),
            (cellread.read_number, "坏", "number"),
            (cellread.read_number, "98..5", "number"),
            (cellread.read_number, "1,23", "number"),
            (cellread.read_number, "#REF!", "excel_error"),
            (cellread.read_date, "2019-02-30", "no_such_day"),
            (cellread.read_date, "24.9.1", "date"),
            (cellread.read_date, 2013, "date"),
            (cellread.read_date, "2013", "date"),
            (cellread.read_date, date(1900, 1, 1), "date_range"),
            (cellread.read_period, "2026-13", "period"),
            (cellread.read_rate, "六", "rate"),
            (cellread.read_phones, "1300000", "phone_length"),
            (cellread.read_phones, "12345678901", "phone_form"),
            (idcard.read_id_number, "990000199401014571", "id_check"),
            (idcard.read_id_number, "99000019940230457X", "id_birth"),
            (idcard.read_id_number, "9900001994010145", "id_length"),
            (idcard.read_id_number, 9.9000020030616e17, "id_precision"),
            (plate.read_plates, "ABC", "plate"),
            (plate.read_plates, "浙AO1234", "plate"),
            (codes.unit_code, "一楼", "unit_code"),
        ):
            with self.assertRaises(cellread.CellError, msg=repr(value)) as caught:
                reader(value)
            self.assertEqual(caught.exception.code, code, repr(value))

    @given(st.lists(st.integers(1, 300), min_size=3, max_size=40, unique=True), st.data())
    def test_a_repeated_key_blames_the_row_that_left_the_gap(self, numbers, data):
        numbers.sort()
        keys = [f"W{number:05d}" for number in range(1, len(numbers) + 1)]
        place = data.draw(st.integers(1, len(keys) - 2))
        missing = keys[place]
        keys[place] = keys[place + data.draw(st.sampled_from((-1, 1)))]
        rows = [rowgraph.Row("s", n, "meter", {}, key=key) for n, key in enumerate(keys)]
        [(faulty, twin)] = rowgraph.find_duplicates(rows)
        self.assertEqual((faulty.number, twin.key), (place, keys[place]))
        faulty.state = rowgraph.ERROR
        index = rowgraph.KeyIndex(rows)
        self.assertIs(index.explain(missing), faulty)
        self.assertIsNone(index.explain("W99999"))

    def test_a_repeat_far_from_its_place_is_the_faulty_one(self):
        keys = ["1-1-101", "1-1-102", "1-1-201", "1-1-202", "1-1-101", "1-1-302"]
        rows = [rowgraph.Row("s", n, "unit", {}, key=key) for n, key in enumerate(keys)]
        [(faulty, twin)] = rowgraph.find_duplicates(rows)
        self.assertEqual((faulty.number, twin.number), (4, 0))

    def test_a_fault_in_the_last_row_explains_only_the_next_key(self):
        rows = [rowgraph.Row("s", n, "meter", {}, key=f"W{n:03d}") for n in range(1, 6)]
        rows.append(rowgraph.Row("s", 6, "meter", {}))
        rows[-1].state = rowgraph.ERROR
        index = rowgraph.KeyIndex(rows)
        self.assertIs(index.explain("W006"), rows[-1])
        self.assertIsNone(index.explain("W999"))

    def test_hostile_files_are_refused_before_they_are_parsed(self):
        good = import_books.workbook({"房屋": [["房号", "建筑面积"]]})
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
        entities = io.BytesIO()
        with zipfile.ZipFile(entities, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
        macro = io.BytesIO(good)
        with zipfile.ZipFile(macro, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"x")
        crowd = io.BytesIO()
        with zipfile.ZipFile(crowd, "w") as archive:
            for number in range(zipguard.MAX_ENTRIES + 1):
                archive.writestr(str(number), b"")
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        for name, data, code in (
            ("a.xlsx", b"", "empty"),
            ("a.xlsx", bomb.getvalue(), "bomb"),
            ("a.xlsx", crowd.getvalue(), "bomb"),
            ("a.xlsx", entities.getvalue(), "entities"),
            ("a.xlsx", macro.getvalue(), "macro"),
            ("a.xlsx", ole + "EncryptedPackage".encode("utf-16-le"), "password"),
            ("a.xls", ole, "old_xls"),
            ("a.xlsx", b"PK\x03\x04broken", "broken"),
            ("a.xlsx", good[: len(good) // 2], "broken"),
            ("a.xlsx", b"not a workbook", "broken"),
            ("a.pdf", b"%PDF-1.7", "not_workbook"),
            ("a.csv", b"\x89PNG\r\n\x1a\n", "not_workbook"),
            ("a.csv", b"a\x00b", "not_workbook"),
        ):
            with self.assertRaises(zipguard.WorkbookError, msg=code) as caught:
                workbook.read_workbook(name, data)
            self.assertEqual(caught.exception.code, code, name)

    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused_but_never_break(self, data):
        for prefix in (b"", b"PK\x03\x04"):
            for name in ("a.xlsx", "a.csv"):
                try:
                    workbook.read_workbook(name, prefix + data)
                except zipguard.WorkbookError:
                    pass

    def test_text_files_keep_their_line_numbers(self):
        text = "楼栋号,房号,建筑面积\n\n1栋,101,88.5\n"
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            [sheet] = workbook.read_workbook("房屋.csv", text.encode(encoding))
            self.assertEqual(sheet.name, "房屋")
            self.assertEqual(sheet.rows[1], (3, ("1栋", "101", "88.5")))

    def test_cells_merged_downwards_count_for_every_row(self):
        book = import_books.openpyxl.Workbook()
        sheet = book.active
        for row in (["楼栋号", "房号"], ["1栋", "101"], [None, "102"]):
            sheet.append(row)
        sheet.merge_cells("A2:A3")
        stream = io.BytesIO()
        book.save(stream)
        [read] = workbook.read_workbook("a.xlsx", stream.getvalue())
        self.assertEqual(read.rows[2], (3, ("1栋", "102")))

    def test_notes_to_the_right_of_a_table_are_not_columns(self):
        columns = (headers.Column("a", ("房号",), True), headers.Column("b", ("备注", "说明")))
        header = headers.match_header(("房号", "建筑面积(㎡)", None, "说明", "必填"), columns)
        self.assertEqual(
            (header.columns, header.unknown), ({"a": 0, "b": 3}, ["建筑面积(㎡)", "必填"])
        )
        header = headers.match_header(("房号", None, "说明", "必填"), columns[:1])
        self.assertEqual((header.limit, header.unknown), (2, []))

    def test_rates_are_fractions(self):
        self.assertEqual(cellread.read_rate("0.05%"), Decimal("0.0005"))
        self.assertEqual(cellread.read_rate("万分之三"), Decimal("0.0003"))
        self.assertEqual(cellread.read_rate("免税"), 0)

    def test_a_period_ends_with_its_month(self):
        for value in ("2024-02", "2024年2月", "202402", date(2024, 2, 9)):
            first, last = cellread.read_period(value)
            self.assertEqual((first, last), (date(2024, 2, 1), date(2024, 3, 1) - timedelta(1)))
