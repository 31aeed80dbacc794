"""Files that go to a bank for withholding and come back with results (托收). Pure: no Odoo import.

A layout says which columns a file has, in which order and under which headings, how money is
written and how the text is encoded. The last row may count and total the others.
"""

import csv
import hashlib
import io
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import xlsxwriter

#: What a file sent may say of each line, and the answer besides.
SENT = ("sequence", "agreement", "holder", "account", "amount", "summary", "note")
ANSWER = ("result", "paid", "code", "reason", "reference")
KEYS = SENT + ANSWER
HEADINGS = {
    "sequence": "序号",
    "agreement": "协议号",
    "holder": "户名",
    "account": "账号",
    "amount": "金额",
    "summary": "摘要",
    "note": "备注",
    "result": "扣款结果",
    "paid": "成功金额",
    "code": "错误码",
    "reason": "失败原因",
    "reference": "流水号",
}
TOTAL = "合计"
FEN = Decimal("0.01")
MOST = Decimal(10) ** 13
BREAKS = str.maketrans(dict.fromkeys("\r\n\t", " "))


class BankFileError(ValueError):
    """A file that cannot be read; ``code`` says why, ``details`` where."""

    def __init__(self, code, **details):
        super().__init__(code, details)
        self.code, self.details = code, details


@dataclass(frozen=True)
class Layout:
    """How a bank wants its file: ``columns`` and ``answer`` are pairs of key and heading."""

    columns: tuple = tuple((key, HEADINGS[key]) for key in SENT)
    answer: tuple = tuple((key, HEADINGS[key]) for key in ANSWER)
    encoding: str = "gb18030"
    delimiter: str = ","
    is_fen: bool = False
    has_header: bool = True
    has_trailer: bool = True
    successes: frozenset = field(default=frozenset(("成功", "0000", "00", "S", "Y")))


@dataclass(frozen=True)
class Answer:
    """What the bank says of one line."""

    row: int
    sequence: int
    agreement: str
    amount: Decimal
    is_paid: bool
    paid: Decimal
    code: str = ""
    reason: str = ""
    reference: str = ""


def parse_columns(text):
    """Read columns as people write them: one ``key=heading`` a line.

    >>> parse_columns("sequence=序号\\namount=金额")
    (('sequence', '序号'), ('amount', '金额'))
    >>> parse_columns("sequence\\nfoo=bar")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BankFileError: ('column', {'name': 'foo'})
    """
    columns = []
    for line in (text or "").splitlines():
        key, _sign, heading = (part.strip() for part in line.partition("="))
        if not key:
            continue
        if key not in KEYS:
            raise BankFileError("column", name=key)
        if key in dict(columns):
            raise BankFileError("column_twice", name=key)
        columns.append((key, heading or HEADINGS[key]))
    return tuple(columns)


def write_money(amount, is_fen=False):
    """Write an amount in yuan with two decimals, or in fen without.

    >>> write_money(Decimal("12.5")), write_money(Decimal("12.5"), is_fen=True)
    ('12.50', '1250')
    """
    return str(int(amount * 100)) if is_fen else str(amount.quantize(FEN))


def read_money(text, is_fen=False):
    """Read an amount as banks write it.

    >>> read_money("1,250.30"), read_money("1250", is_fen=True), read_money("¥3")
    (Decimal('1250.30'), Decimal('12.50'), Decimal('3.00'))
    >>> read_money("1.005")
    Traceback (most recent call last):
    ...
    ValueError: 1.005
    >>> read_money("1e309")
    Traceback (most recent call last):
    ...
    ValueError: 1e309
    """
    clean = str(text).strip().replace(",", "").removeprefix("¥").removeprefix("￥").strip()
    amount = _read_number(clean, MOST)
    if is_fen:
        amount /= 100
    if amount != amount.quantize(FEN):
        raise ValueError(text)
    return amount.quantize(FEN)


def read_count(text):
    """Read a number of rows.

    >>> read_count("12"), read_count("12.0")
    (12, 12)
    >>> read_count("1e999999999")
    Traceback (most recent call last):
    ...
    ValueError: 1e999999999
    """
    return int(_read_number(text, MOST))


def _read_number(text, most):
    """Read a number below a limit: of a larger one, not even the digits can be counted."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not (number.is_finite() and -most < number < most):  # abs() would round
        raise ValueError(text)
    return number


def table(layout, rows):
    """Return the cells of a file: heading, one row a line, then number, total and checksum.

    :param rows: list of dict with the keys of the columns; ``amount`` Decimal
    :return: list of list of str

    >>> rows = [{"sequence": 1, "agreement": "A1", "holder": "张三", "account": "6222",
    ...          "amount": Decimal("3"), "summary": "1-1-101", "note": ""}]
    >>> for line in table(Layout(), rows): print("|".join(line))
    序号|协议号|户名|账号|金额|摘要|备注
    1|A1|张三|6222|3.00|1-1-101|
    合计|1|||3.00||08EDB015165E
    """
    keys = [key for key, _heading in layout.columns]
    lines = [
        [
            write_money(row[key], layout.is_fen)
            if key == "amount"
            else str(row.get(key) or "").translate(BREAKS)
            for key in keys
        ]
        for row in rows
    ]
    cells = [[heading for _key, heading in layout.columns], *lines] if layout.has_header else lines
    if not layout.has_trailer:
        return cells
    trailer = [""] * len(keys)
    trailer[-1] = checksum(lines)
    trailer[1] = str(len(lines))
    trailer[0] = TOTAL
    total = sum((row["amount"] for row in rows), Decimal(0))
    trailer[keys.index("amount")] = write_money(total, layout.is_fen)
    return [*cells, trailer]


def checksum(lines):
    """Return twelve characters that change when any cell of the lines does."""
    text = "\n".join("\x1f".join(line) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:12].upper()


def write_csv(layout, rows):
    """Return the bytes of the file as text."""
    out = io.StringIO()
    csv.writer(out, delimiter=layout.delimiter, lineterminator="\r\n").writerows(
        table(layout, rows)
    )
    return out.getvalue().encode(layout.encoding)


def write_xlsx(layout, rows):
    """Return the bytes of the file as a workbook; every cell is text, so no digit is lost."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(TOTAL)
    form = book.add_format({"num_format": "@"})
    sheet.set_column(0, len(layout.columns) - 1, 18, form)
    for number, line in enumerate(table(layout, rows)):
        for column, text in enumerate(line):
            sheet.write_string(number, column, text, form)
    book.close()
    return out.getvalue()


def read_csv(layout, content):
    """Return the rows of a text file with their numbers.

    :param bytes content: the file
    :return: list of (row number, cells)
    :raise BankFileError: when it is no such text
    """
    # a file that starts with a mark says itself that it is UTF-8
    is_marked = content.startswith(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8-sig" if is_marked else layout.encoding)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter))
    except UnicodeDecodeError as error:
        raise BankFileError("encoding", encoding=layout.encoding) from error
    except csv.Error as error:
        raise BankFileError("text") from error
    return list(enumerate(rows, start=1))


def plain(cell):
    """Return what a cell says as text; a number in a workbook is what people see.

    >>> plain(None), plain(3.0), plain(12.5), plain(" A1 ")
    ('', '3', '12.5', 'A1')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def read_answers(layout, rows):
    """Read the bank's answer and check its own totals.

    Columns are found by their headings; a layout without a heading has them in its own order, the
    answer after what was sent.

    :param rows: list of (row number, cells), of ``read_csv`` or of a workbook
    :return: list of Answer
    :raise BankFileError: when something is missing, unreadable or does not sum up
    """
    rows = [(number, [plain(cell) for cell in row]) for number, row in rows]
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows:
        raise BankFileError("empty")
    places = _places(layout, rows)
    lines = rows[1:] if layout.has_header else rows
    trailers = [one for one in lines if one[1][0] == TOTAL]
    lines = [one for one in lines if one[1][0] != TOTAL]
    if layout.has_trailer and (len(trailers) != 1 or rows[-1] != trailers[0]):
        raise BankFileError("trailer")
    answers = [_answer(layout, places, number, row) for number, row in lines]
    if not answers:
        raise BankFileError("empty")
    for number, row in trailers:
        _check_trailer(layout, places, number, row, answers)
    return answers


def _places(layout, rows):
    wanted = layout.columns + layout.answer
    if not layout.has_header:
        return {key: place for place, (key, _heading) in enumerate(wanted)}
    headings = rows[0][1]
    places = {key: headings.index(heading) for key, heading in wanted if heading in headings}
    for key in ("sequence", "agreement", "amount", "result"):
        if key not in places:
            raise BankFileError("missing", heading=dict(wanted).get(key, HEADINGS[key]))
    return places


def _answer(layout, places, number, row):
    def text(key):
        place = places.get(key)
        return row[place] if place is not None and place < len(row) else ""

    def amount(key):
        try:
            return read_money(text(key), layout.is_fen)
        except ValueError as error:
            raise BankFileError("amount", row=number, text=text(key)) from error

    try:
        sequence = read_count(text("sequence"))
    except ValueError as error:
        raise BankFileError("sequence", row=number, text=text("sequence")) from error
    result = text("result")
    if not result:
        raise BankFileError("result", row=number)
    asked, is_paid = amount("amount"), result in layout.successes
    paid = amount("paid") if text("paid") else asked if is_paid else Decimal(0)
    if (not 0 < paid <= asked) if is_paid else paid:
        raise BankFileError("paid", row=number, paid=paid, amount=asked)
    return Answer(
        number,
        sequence,
        text("agreement"),
        asked,
        is_paid,
        paid,
        text("code"),
        text("reason") or ("" if is_paid else result),
        text("reference"),
    )


def _check_trailer(layout, places, number, row, answers):
    cells = [*row, *[""] * (max(places.values()) + 1 - len(row))]
    try:
        count, total = read_count(cells[1]), read_money(cells[places["amount"]], layout.is_fen)
    except ValueError as error:
        raise BankFileError("total", row=number, text=" ".join(cells).strip()) from error
    found = sum((answer.amount for answer in answers), Decimal(0))
    if (count, total) != (len(answers), found):
        raise BankFileError(
            "totals", count=len(answers), amount=found, said_count=count, said_amount=total
        )


def check_answers(answers, sent):
    """Compare an answer with what was sent.

    :param answers: list of Answer
    :param sent: dict sequence -> (agreement, Decimal amount, whether it was answered before)
    :return: list of (code, row number, details), empty when all fits

    >>> one = Answer(2, 1, "A1", Decimal(3), True, Decimal(3))
    >>> check_answers([one], {1: ("A1", Decimal(3), False)})
    []
    >>> [code for code, _row, _details in check_answers([one, one], {1: ("A1", Decimal(4), True)})]
    ['other_amount', 'answered', 'duplicate', 'other_amount', 'answered', 'duplicate']
    """
    counts, problems = Counter(answer.sequence for answer in answers), []
    for answer in answers:
        known = sent.get(answer.sequence)
        details = {"sequence": answer.sequence, "agreement": answer.agreement}
        if not known or known[0] != answer.agreement:
            problems.append(("unknown", answer.row, details))
            continue
        if known[1] != answer.amount:
            details = {**details, "amount": answer.amount, "sent": known[1]}
            problems.append(("other_amount", answer.row, details))
        if known[2]:
            problems.append(("answered", answer.row, details))
        if counts[answer.sequence] > 1:
            problems.append(("duplicate", answer.row, details))
    return problems
