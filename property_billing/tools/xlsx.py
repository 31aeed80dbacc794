"""Workbooks of reports: plain values in, the bytes of an .xlsx out. Pure: no Odoo import."""

import io
from dataclasses import dataclass, field
from decimal import Decimal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

TEXT, MONEY, RATE, NUMBER, DATE = "text", "money", "rate", "number", "date"
#: An amount that is not added up.
PRICE = "price"
FORMATS = {
    MONEY: "#,##0.00;[Red]-#,##0.00",
    RATE: "0.00%",
    PRICE: "#,##0.00##",
    NUMBER: "#,##0",
    DATE: "yyyy-mm-dd",
}
WIDTHS = {TEXT: 16, MONEY: 15, RATE: 10, PRICE: 12, NUMBER: 10, DATE: 12}
PAPER_A4 = 9
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True)
class Column:
    """A column; a rate names the columns it divides, so that its total divides their sums."""

    label: str
    kind: str = TEXT
    width: int = 0
    rate_of: tuple = ()


@dataclass(frozen=True)
class Sheet:
    """A table with a title, lines that say what it shows, and totals below its money."""

    title: str
    columns: list
    rows: list
    heads: list = field(default_factory=list)
    total_label: str = ""
    page_label: str = "&P / &N"


def sheet_name(title, taken=()):
    """Return a name Excel accepts for a sheet: 31 characters, none of them special, unique.

    >>> sheet_name("收入 [1/2]"), sheet_name("a", {"a"})
    ('收入  1 2', 'a 2')
    """
    clean = title.translate(FORBIDDEN).strip()[:31].strip() or "1"
    lower = {name.lower() for name in taken}
    name, number = clean, 2
    while name.lower() in lower:
        name, number = f"{clean[:27]} {number}", number + 1
    return name


def build_workbook(sheets):
    """Write sheets, ready to print on A4 landscape.

    Text stays text whatever it starts with: nothing a person typed becomes a formula.

    :param sheets: list of Sheet
    :return: bytes

    >>> build_workbook([Sheet("T", [Column("A")], [["=1+1"]])])[:2]
    b'PK'
    """
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(output, options)
    taken = set()
    for sheet in sheets:
        name = sheet_name(sheet.title, taken)
        taken.add(name)
        _write_sheet(workbook, workbook.add_worksheet(name), sheet)
    workbook.close()
    return output.getvalue()


def _write_sheet(workbook, page, sheet):
    last = max(len(sheet.columns) - 1, 0)
    title = workbook.add_format({"bold": True, "font_size": 16, "font_color": "#0B5A4E"})
    soft = workbook.add_format({"font_color": "#5D6F6A"})
    head = workbook.add_format(
        {
            "bold": True,
            "bg_color": "#E4F2EE",
            "border": 1,
            "border_color": "#B9CBC4",
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
        }
    )
    page.set_row(0, 26)
    page.write_string(0, 0, sheet.title, title)
    for index, (label, text) in enumerate(sheet.heads, start=1):
        page.write_string(index, 0, f"{label}: {text}" if label else text, soft)
    top = len(sheet.heads) + 2
    page.set_row(top, 30)
    cells = [_cell_format(workbook, column.kind) for column in sheet.columns]
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width or WIDTHS[column.kind])
        page.write_string(top, index, column.label, head)
    for offset, row in enumerate(sheet.rows, start=top + 1):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, offset, index, column.kind, value, cells[index])
    end = top + len(sheet.rows)
    if sheet.total_label and sheet.rows:
        _write_totals(workbook, page, sheet, top + 1, end)
    if sheet.rows:
        page.autofilter(top, 0, end, last)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(PAPER_A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{sheet.title.replace('&', '&&')}&R{sheet.page_label}")


def _cell_format(workbook, kind, **more):
    shape = {"border": 1, "border_color": "#B9CBC4", **more}
    if kind in FORMATS:
        shape["num_format"] = FORMATS[kind]
    return workbook.add_format(shape)


def _write_cell(page, row, index, kind, value, shape):
    if value is None or value is False or value == "":
        page.write_blank(row, index, None, shape)
    elif kind == TEXT:
        page.write_string(row, index, str(value), shape)
    elif kind == DATE:
        page.write_datetime(row, index, value, shape)
    else:
        page.write_number(row, index, float(value), shape)


def _write_totals(workbook, page, sheet, first, end):
    bold = {"bold": True, "bg_color": "#F4F8F6"}
    totals = column_totals(sheet)
    for index, column in enumerate(sheet.columns):
        shape = _cell_format(workbook, column.kind, **bold)
        letter = xl_col_to_name(index)
        if index == 0:
            page.write_string(end + 1, 0, sheet.total_label, shape)
        elif column.kind == MONEY:
            formula = f"=SUM({letter}{first + 1}:{letter}{end + 1})"
            page.write_formula(end + 1, index, formula, shape, float(totals[index]))
        elif column.rate_of:
            above, below = (f"{xl_col_to_name(one)}{end + 2}" for one in column.rate_of)
            formula = f'=IF({below}=0,"",{above}/{below})'
            page.write_formula(end + 1, index, formula, shape, totals[index])
        else:
            page.write_blank(end + 1, index, None, shape)


def column_totals(sheet):
    """Return the totals of a sheet's columns: sums of money, quotients of sums for rates.

    :return: dict index -> Decimal of money, float of a rate or "" without a divisor

    >>> money, rate = Column("A", MONEY), Column("B", RATE, rate_of=(0, 1))
    >>> totals = column_totals(Sheet("T", [money, money, rate], [[1, 2, 0], [2, 6, 0]]))
    >>> totals[0], totals[1], totals[2]
    (Decimal('3'), Decimal('8'), 0.375)
    """
    totals = {
        index: sum((Decimal(str(row[index] or 0)) for row in sheet.rows), Decimal(0))
        for index, column in enumerate(sheet.columns)
        if column.kind == MONEY
    }
    for index, column in enumerate(sheet.columns):
        if column.rate_of:
            above, below = (totals[one] for one in column.rate_of)
            totals[index] = float(above / below) if below else ""
    return totals
