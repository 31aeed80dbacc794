"""Write a ledger the way a site office keeps it: title, note, headers, rows."""

import io
from datetime import date, datetime, time

import xlsxwriter


def write_workbook(site_name: str, sheets: dict, as_of: date) -> bytes:
    """Return the .xlsx of a ledger.

    :param sheets: sheet name -> (headers, rows); dates in rows become Excel dates
    :param as_of: the day the ledger was closed, printed in the note of row 2
    :return: the file; the same arguments give the same bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": site_name, "created": datetime.combine(as_of, time())})
    title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    head = book.add_format({"bold": True, "bg_color": "#DCE9E4", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, (headers, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, len(headers) - 1, f"{site_name} {name}台账", title)
        sheet.write_string(1, 0, f"制表:物业服务中心  截止日期:{as_of.isoformat()}")
        sheet.write_row(2, 0, headers, head)
        sheet.set_column(0, len(headers) - 1, 14)
        sheet.freeze_panes(3, 0)
        for index, row in enumerate(rows, start=3):
            _write_row(sheet, index, row, day)
    book.close()
    return stream.getvalue()


def _write_row(sheet, index: int, row: tuple, day) -> None:
    for column, value in enumerate(row):
        if value is None:
            continue
        if isinstance(value, date):
            sheet.write_datetime(index, column, datetime.combine(value, time()), day)
        elif isinstance(value, str):
            sheet.write_string(index, column, value)
        else:
            sheet.write_number(index, column, value)
