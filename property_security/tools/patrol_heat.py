"""The heat table of patrols: how much happened at which point in which hour of the day."""

import io
from dataclasses import dataclass

import xlsxwriter

HOURS = 24
LEVELS = 5
#: Background and text of the levels, from nothing to the most; green: visits, red: misses.
COLOURS = {
    "visits": ("#FFFFFF", "#E3F2EE", "#B5DDD2", "#7CC2B0", "#3E9C86", "#0B6B5C"),
    "missed": ("#FFFFFF", "#FBE6E4", "#F3BDB8", "#E68C84", "#D1564B", "#A32016"),
}
DARK = 4  # from this level on text is white


@dataclass(frozen=True)
class Row:
    """A point: what identifies it, its name and route, and a number for each hour."""

    key: int
    name: str
    route: str
    cells: tuple

    @property
    def total(self):
        """Return the sum of the row."""
        return sum(self.cells)


def rows_of(points, counts):
    """Lay out the table; points where nothing happened have a row too.

    :param points: list of (key, name, route) in the order of the rows
    :param counts: {(key, hour): number}; keys that are no point are left out
    :return: list of Row

    >>> [row] = rows_of([(1, "Gate", "Night")], {(1, 2): 3, (9, 2): 7})
    >>> row.cells[1:4], row.total
    ((0, 3, 0), 3)
    """
    return [
        Row(key, name, route, tuple(counts.get((key, hour), 0) for hour in range(HOURS)))
        for key, name, route in points
    ]


def level(number, most):
    """Tell how warm a cell is: 0 for nothing, LEVELS for the most of the table.

    >>> [level(number, 10) for number in (0, 1, 2, 3, 10)]
    [0, 1, 1, 2, 5]
    """
    return -(-number * LEVELS // most) if number else 0


def most_of(rows):
    """Return the greatest number of the table, 0 when there is none."""
    return max((number for row in rows for number in row.cells), default=0)


def totals_of(rows):
    """Return the sum of each hour."""
    return [sum(row.cells[hour] for row in rows) for hour in range(HOURS)]


def build_heat_book(title, heads, words, measure, rows):
    """Write the table as a workbook, ready to print on A4 landscape; text is never a formula.

    :param title: name of the sheet and its first line
    :param heads: lines below the title
    :param words: dict with the words ``point``, ``route`` and ``total``
    :param measure: key of COLOURS
    :param rows: list of Row
    :return: bytes of an .xlsx

    >>> words = {"point": "Point", "route": "Route", "total": "Total"}
    >>> build_heat_book("T", [], words, "visits", rows_of([(1, "=1+1", "R")], {}))[:2]
    b'PK'
    """
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(output, options)
    page = book.add_worksheet(title.translate(dict.fromkeys(map(ord, "[]:*?/\\'"), " "))[:31])
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    for index, text in enumerate(heads, start=1):
        page.write_string(index, 0, text)
    _write_table(book, page, len(heads) + 2, words, measure, rows)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return output.getvalue()


def _write_table(book, page, top, words, measure, rows):
    border = {"border": 1, "border_color": "#B9CBC4", "align": "center"}
    head = book.add_format({**border, "bold": True, "bg_color": "#E4F2EE"})
    text = book.add_format({**border, "align": "left"})
    shades = [
        book.add_format(
            {**border, "bg_color": colour, "font_color": "#FFFFFF" if step >= DARK else "#1B2B27"}
        )
        for step, colour in enumerate(COLOURS[measure])
    ]
    labels = [words["route"], words["point"], *(f"{hour:02d}" for hour in range(HOURS))]
    for column, label in enumerate([*labels, words["total"]]):
        page.write_string(top, column, label, head)
    page.set_column(0, 1, 20)
    page.set_column(2, HOURS + 2, 5)
    most = most_of(rows)
    for line, row in enumerate(rows, start=top + 1):
        page.write_string(line, 0, row.route, text)
        page.write_string(line, 1, row.name, text)
        for hour, number in enumerate(row.cells):
            page.write_number(line, hour + 2, number, shades[level(number, most)])
        page.write_number(line, HOURS + 2, row.total, head)
    last = top + 1 + len(rows)
    page.write_string(last, 1, words["total"], head)
    for column, number in enumerate([*totals_of(rows), sum(row.total for row in rows)], start=2):
        page.write_number(last, column, number, head)
    page.freeze_panes(top + 1, 2)
