"""The workbook of the figures per person: plain values in, the bytes of an .xlsx out."""

import io

import xlsxwriter

HEAD = {
    "bold": True,
    "bg_color": "#E4F2EE",
    "border": 1,
    "border_color": "#B9CBC4",
    "align": "center",
    "valign": "vcenter",
    "text_wrap": True,
}


def build_kpi_book(title, heads, columns, rows):
    """Write one sheet, ready to print on A4 landscape; text never becomes a formula.

    :param str title: name of the sheet and its first line
    :param heads: lines below the title
    :param columns: list of (label, number format or None for text, width)
    :param rows: list of lists of values; None leaves a cell empty
    :return: bytes

    >>> build_kpi_book("T", [], [("Name", None, 12)], [["=1+1"]])[:2]
    b'PK'
    """
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(output, options)
    page = book.add_worksheet(title.translate(dict.fromkeys(map(ord, "[]:*?/\\'"), " "))[:31])
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    for index, text in enumerate(heads, start=1):
        page.write_string(index, 0, text)
    top = len(heads) + 2
    head = book.add_format(HEAD)
    for index, (label, number_format, width) in enumerate(columns):
        shape = book.add_format({"border": 1, "border_color": "#B9CBC4"})
        if number_format:
            shape.set_num_format(number_format)
        page.set_column(index, index, width)
        page.write_string(top, index, label, head)
        for offset, row in enumerate(rows, start=top + 1):
            if row[index] is None:
                page.write_blank(offset, index, None, shape)
            elif number_format:
                page.write_number(offset, index, row[index], shape)
            else:
                page.write_string(offset, index, str(row[index]), shape)
    page.freeze_panes(top + 1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return output.getvalue()
