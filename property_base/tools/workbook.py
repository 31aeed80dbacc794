"""Turn an uploaded file into plain sheets, with rows numbered as the spreadsheet shows them."""

import csv
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from io import BytesIO, StringIO

from .cellread import clean_text
from .zipguard import WorkbookError, file_kind

MAX_ROWS = 200_000
MAX_COLUMNS = 120
MAX_SHEETS = 60
_MERGE = re.compile(rb'<mergeCell[^>]*\bref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')


@dataclass
class Sheet:
    """A sheet: rows is a list of (row number, tuple of values), blank rows left out.

    :ivar hidden: whether the spreadsheet hides it
    """

    name: str
    rows: list = field(default_factory=list)
    hidden: bool = False


def read_workbook(filename, data):
    """Return the sheets of an .xlsx or .csv file.

    :param data: the bytes of the file
    :raise WorkbookError: when the file is refused; nothing was parsed then
    """
    if file_kind(filename, data) == "csv":
        return [_read_csv(filename, data)]
    return _read_xlsx(data)


def _read_xlsx(data):
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
            worksheets = book.worksheets
            if len(worksheets) > MAX_SHEETS:
                raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
            sheets = [_read_worksheet(worksheet, data) for worksheet in worksheets]
            book.close()
    except WorkbookError:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        raise WorkbookError("broken") from error
    except (
        SyntaxError,
        zipfile.BadZipFile,
        EOFError,
    ) as error:  # an XML parse error is a SyntaxError
        raise WorkbookError("broken") from error
    return sheets


def _read_worksheet(worksheet, data):
    sheet = Sheet(worksheet.title, hidden=worksheet.sheet_state != "visible")
    worksheet.reset_dimensions()
    for number, cells in enumerate(
        worksheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + 1, values_only=True), start=1
    ):
        if any(cell is not None and cell != "" for cell in cells):
            if number > MAX_ROWS:
                raise WorkbookError("too_many_rows", limit=MAX_ROWS)
            sheet.rows.append((number, _trim(cells)))
    _fill_merged(sheet, worksheet, data)
    return sheet


def _trim(cells):
    """Return a row without the blank cells at its end."""
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return tuple(cells[:end])


def _fill_merged(sheet, worksheet, data):
    """Copy the value of a cell merged downwards into the rows it covers."""
    path = getattr(worksheet, "_worksheet_path", None)
    if not path or not sheet.rows:
        return
    with zipfile.ZipFile(BytesIO(data)) as archive:
        xml = archive.read(path)
    start = xml.find(b"<mergeCells")
    if start < 0:
        return
    rows = {number: index for index, (number, _cells) in enumerate(sheet.rows)}
    for left, top, _right, bottom in _MERGE.findall(xml[start:]):
        column, top, bottom = _column_index(left), int(top), int(bottom)
        if top == bottom or top not in rows or bottom - top > MAX_ROWS:
            continue
        cells = sheet.rows[rows[top]][1]
        value = cells[column] if column < len(cells) else None
        for number in range(top + 1, bottom + 1):
            if number in rows and value is not None:
                old = list(sheet.rows[rows[number]][1])
                old += [None] * (column + 1 - len(old))
                old[column] = value
                sheet.rows[rows[number]] = (number, tuple(old))


def _column_index(letters):
    index = 0
    for byte in letters:
        index = index * 26 + byte - 64
    return index - 1


def _read_csv(filename, data):
    text = decode_text(data)
    if "\x00" in text:
        raise WorkbookError("not_workbook")
    head = "\n".join(text.splitlines()[:10])
    delimiter = max(",\t;", key=head.count)
    name = re.sub(r"\.[^.]*$", "", clean_text(filename)) or "CSV"
    sheet = Sheet(name)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            number, start = start, reader.line_num + 1
            if number > MAX_ROWS:
                raise WorkbookError("too_many_rows", limit=MAX_ROWS)
            if any(cell.strip() for cell in cells):
                sheet.rows.append((number, tuple(cell or None for cell in cells[:MAX_COLUMNS])))
    except csv.Error as error:
        raise WorkbookError("broken") from error
    if not sheet.rows:
        raise WorkbookError("empty")
    return sheet


def decode_text(data):
    """Return the text of a .csv: UTF-8 with or without mark, UTF-16 with mark, else GB 18030.

    >>> decode_text("楼栋号".encode("gb18030")), decode_text("楼栋号".encode("utf-8-sig"))
    ('楼栋号', '楼栋号')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("encoding")
