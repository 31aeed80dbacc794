"""The workbook kernel."""

import doctest
import io
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged
from openpyxl import load_workbook

from ..tools import xlsx
from ..tools.xlsx import DATE, MONEY, RATE, Column, Sheet, build_workbook, column_totals, sheet_name

amounts = st.integers(-(10**9), 10**9).map(lambda fen: Decimal(fen).scaleb(-2))
# what XML 1.0 can hold
texts = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_categories=["Cs", "Cc"]),
    max_size=40,
)


@tagged("post_install", "-at_install")
class TestReportKernels(BaseCase):
    def test_examples_in_docstrings_hold(self):
        failed, attempted = doctest.testmod(xlsx)
        self.assertEqual(failed, 0)
        self.assertTrue(attempted)

    @settings(max_examples=40, deadline=None)
    @given(
        prefix=st.sampled_from(["=", "+", "-", "@", "\t=", "{=", "http://", "mailto:", ""]),
        text=texts,
        amount=amounts,
    )
    def test_what_goes_in_comes_out_and_no_text_becomes_a_formula(self, prefix, text, amount):
        sheet = Sheet("T", [Column("A"), Column("B", MONEY)], [[prefix + text, amount]])
        page = load_workbook(io.BytesIO(build_workbook([sheet]))).worksheets[0]
        cell, money = page["A4"], page["B4"]
        self.assertNotEqual(cell.data_type, "f")
        self.assertIsNone(cell.hyperlink)
        if (prefix + text).strip():
            self.assertEqual(cell.value.strip(), (prefix + text).strip())
        self.assertEqual(Decimal(str(money.value)).quantize(Decimal("0.01")), amount)

    @settings(max_examples=60, deadline=None)
    @given(rows=st.lists(st.tuples(amounts, amounts), max_size=30))
    def test_totals_are_sums_and_rates_divide_sums(self, rows):
        columns = [Column("A", MONEY), Column("B", MONEY), Column("R", RATE, rate_of=(0, 1))]
        totals = column_totals(Sheet("T", columns, [[one, two, 0] for one, two in rows]))
        above, below = (sum((row[place] for row in rows), Decimal(0)) for place in (0, 1))
        self.assertEqual((totals[0], totals[1]), (above, below))
        self.assertEqual(totals[2], float(above / below) if below else "")

    @settings(max_examples=60, deadline=None)
    @given(titles=st.lists(texts, min_size=1, max_size=8))
    def test_sheet_names_are_accepted_and_unique(self, titles):
        taken = set()
        for title in titles:
            name = sheet_name(title, taken)
            self.assertTrue(0 < len(name) <= 31)
            self.assertFalse(set("[]:*?/\\") & set(name))
            self.assertNotIn(name.lower(), {one.lower() for one in taken})
            taken.add(name)

    def test_dates_are_dates_and_blanks_are_blank(self):
        sheet = Sheet("T", [Column("D", DATE), Column("M", MONEY)], [[date(2026, 9, 30), None]])
        page = load_workbook(io.BytesIO(build_workbook([sheet]))).worksheets[0]
        self.assertEqual(page["A4"].value.date(), date(2026, 9, 30))
        self.assertIsNone(page["B4"].value)
