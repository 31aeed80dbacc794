"""Files of classic patrol wands: which device read which card at what time.

Programs of wands export text with or without heads, in the encodings of Chinese computers, and
people open it with a spreadsheet before they send it. What cannot be read is kept and told.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime

SEPARATORS = ",\t;|，"
SPACES = "spaces"
#: What programs of wands call their columns.
HEADS = {
    "device": (
        *("设备号", "设备编号", "设备", "巡更机", "巡更机号", "巡更棒", "巡更棒号", "机号", "棒号"),
        *("巡检器", "巡检器号", "巡检器编号", "巡检棒", "巡检机", "巡检机号", "采集器", "采集器号"),
        *("读卡器", "读卡器号", "device", "deviceid", "deviceno", "reader", "wand"),
    ),
    "card": (
        *("卡号", "点卡号", "地点卡", "地点卡号", "巡更点卡号", "巡检点卡号", "卡片编号", "标签号"),
        *("信息钮", "信息钮号", "钮号", "地点钮号", "地点编号", "点位编号"),
        *("card", "cardno", "cardid", "tag", "uid"),
    ),
    "time": (
        *(
            "时间",
            "打卡时间",
            "巡更时间",
            "巡检时间",
            "刷卡时间",
            "读卡时间",
            "记录时间",
            "日期时间",
        ),
        *("time", "datetime"),
    ),
    "date": ("日期", "打卡日期", "巡更日期", "巡检日期", "刷卡日期", "date"),
}
COLUMNS = {name: column for column, names in HEADS.items() for name in names}
TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*"
    r"(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2}))?[秒分]?"
)
PACKED = re.compile(r"(\d{4})(\d\d)(\d\d) ?(\d\d):?(\d\d):?(\d\d)?")
YEARS = range(2000, 2100)  # a wand with a dead battery says year 1; nothing reckons with that
ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")  # a spreadsheet has lost the last digits


class Unreadable(ValueError):
    """A file in no encoding that wands use."""


@dataclass(frozen=True)
class Reading:
    """A row of the file; ``at`` is by the wand's clock in local time.

    ``fault`` is empty, or what keeps the row from being read: columns, device, card, rounded, time.
    """

    number: int
    text: str
    device: str = ""
    card: str = ""
    at: datetime | None = None
    fault: str = ""


@dataclass(frozen=True)
class WandFile:
    """What was found in a file."""

    encoding: str
    separator: str
    readings: tuple


def read_file(content, device=""):
    """Read a file of a wand; blank rows and heads are no rows.

    :param content: bytes
    :param device: number of the wand for rows that name none
    :return: WandFile
    :raise Unreadable: it is no text

    >>> found = read_file("巡更机号,卡号,打卡时间\\n01,0012,2026-03-02 08:00:05\\n".encode("gbk"))
    >>> found.encoding, [(one.device, one.card, str(one.at)) for one in found.readings]
    ('gb18030', [('1', '12', '2026-03-02 08:00:05')])
    """
    text, encoding = decode(content)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    separator = separator_of([line for _number, line in lines[:20]])
    rows = [(number, line, split(line, separator)) for number, line in lines]
    columns = columns_of(rows[0][2]) if rows else None
    if columns:
        rows = rows[1:]
    readings = tuple(
        read_row(number, line, cells, columns or plain_columns(cells), device)
        for number, line, cells in rows
    )
    return WandFile(encoding, separator, readings)


def decode(content):
    """Read bytes as UTF-8 or UTF-16 with its mark, else as the encoding of Chinese Windows.

    :return: (text, name of the encoding)
    :raise Unreadable: it is none of them

    >>> decode("卡号".encode("gbk")), decode("卡号".encode("utf-8-sig"))
    (('卡号', 'gb18030'), ('卡号', 'utf-8'))
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding.removesuffix("-sig")
    raise Unreadable


def separator_of(lines):
    """Tell what separates the columns: what all lines have most of.

    >>> separator_of(["a;b;c", "1;2;3,5"]), separator_of(["01  12  2026-03-02 08:00"])
    (';', 'spaces')
    """
    counts = {mark: min((line.count(mark) for line in lines), default=0) for mark in SEPARATORS}
    best = max(counts, key=counts.get)
    return best if counts[best] else SPACES


def split(line, separator):
    """Split a row into cells, without what spreadsheets put around numbers.

    >>> split('="001",\\'0012, 2026/3/2 8:00', ",")
    ['001', '0012', '2026/3/2 8:00']
    """
    if separator == SPACES:
        cells = line.split()
        if len(cells) > 1 and re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", cells[-1]):
            cells[-2:] = [f"{cells[-2]} {cells[-1]}"]  # a day and its time are one cell
    else:
        cells = next(csv.reader(io.StringIO(line), delimiter=separator), [])
    return [cell.strip().lstrip("='\t").strip('"').strip() for cell in cells]


def columns_of(cells):
    """Recognise a row of heads.

    :return: {column: index}, None when it is none

    >>> columns_of(["序号", "设备 编号", "卡号", "巡检时间"])
    {'device': 1, 'card': 2, 'time': 3}
    >>> columns_of(["01", "12", "2026-03-02 08:00"])
    """
    found = {}
    for index, cell in enumerate(cells):
        name = re.sub(r"[\s()（）:：._-]", "", cell).lower()
        if name in COLUMNS:
            found.setdefault(COLUMNS[name], index)
    return found if "card" in found and {"time", "date"} & found.keys() else None


def plain_columns(cells):
    """Return the columns of a file without heads: device, card, time, or card and time."""
    if len(cells) == 2:
        return {"card": 0, "time": 1}
    return {"device": 0, "card": 1, "time": 2}


def read_row(number, line, cells, columns, device):
    """Read one row.

    :param columns: {column: index}
    :return: Reading
    """
    values = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    found, card = number_of(values.get("device") or device), number_of(values.get("card"))
    at = time_of(" ".join(filter(None, (values.get("date"), values.get("time")))))
    checks = (
        ("columns", max(columns.values()) >= len(cells)),
        ("device", not found),
        ("card", not card),
        ("rounded", ROUNDED.fullmatch(card) or ROUNDED.fullmatch(found)),
        ("time", at is None),
    )
    fault = next((name for name, holds in checks if holds), "")
    return Reading(number, line, found, card, at, fault)


def number_of(text):
    """Bring the number of a device or card into one spelling: spreadsheets drop leading zeros.

    >>> number_of(" 0012ab "), number_of("000"), number_of(None), number_of(12)
    ('12AB', '0', '', '12')
    """
    number = re.sub(r"[\s:-]", "", str(text or "")).upper()
    return number.lstrip("0") or number[:1]


def time_of(text):
    """Read a local time of this century.

    :return: datetime, None when it is none

    >>> [str(time_of(text)) for text in ("2026/3/2 8:05", "2026年3月2日 8时5分", "20260302080500")]
    ['2026-03-02 08:05:00', '2026-03-02 08:05:00', '2026-03-02 08:05:00']
    >>> time_of("2026-02-30 08:00"), time_of("0001-01-01 00:00:00")
    (None, None)
    """
    text = (text or "").strip()
    match = TIME.fullmatch(text) or PACKED.fullmatch(text)
    try:
        moment = datetime(*(int(part or 0) for part in match.groups())) if match else None
    except ValueError:
        return None
    return moment if moment and moment.year in YEARS else None
