"""Recognise the header row of a sheet and the columns under it."""

import re
from dataclasses import dataclass, field

from .cellread import clean_text

#: The header row stands in one of the first rows of a sheet.
HEADER_ROWS = 10
_BRACKETS = re.compile(r"[(\[【{<][^)\]】}>]*[)\]】}>]")
_NOISE = re.compile(r"[\s*:：、,，.。/\\_\-—]")
_TOTAL = re.compile(
    r"(?:本页|本月|本栋|本表|全部|总)?(?:合计|小计|总计|共计|累计)(?:[\s:：(（].*|\d.*)?"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表|制表|编制|审核|复核|打印|截止|单位|联系|以上|以下空白).*"
)
_TITLE_TAIL = r"(?:台账|台帐|一览表|明细表|明细|信息表|登记表|汇总表|档案|清单|资料|表|名册|册)?"


@dataclass
class Column:
    """What a handler says about one of its columns.

    :ivar key: its name in the row's values
    :ivar labels: header texts that mean it; the first is the one shown to people
    :ivar needed: whether a sheet without it is not recognised
    """

    key: str
    labels: tuple
    needed: bool = False

    def matches(self, texts):
        """Return whether one of the column's labels is among normalised header texts."""
        return any(normalise_header(label) in texts for label in self.labels)


@dataclass
class Header:
    """Where the header stands and which column is which."""

    row: int
    columns: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    unknown: list = field(default_factory=list)
    limit: int | None = None


def normalise_header(value):
    """Return a header text without units, brackets, stars and punctuation.

    >>> [normalise_header(text) for text in ("建筑面积(㎡)", " *楼 栋 号：", "金额（元）")]
    ['建筑面积', '楼栋号', '金额']
    """
    text = clean_text(value)
    return _NOISE.sub("", _BRACKETS.sub("", text)).lower() or _NOISE.sub("", text).lower()


def match_header(cells, columns):
    """Return the :class:`Header` a row would be for these columns (row number left 0), or ``None``.

    The first column with a label wins; a cell ``说明`` with nothing known to its right closes
    the table.
    """
    wanted = {normalise_header(label): column for column in columns for label in column.labels}
    header = Header(0)
    note = None
    for index, cell in enumerate(cells):
        text = normalise_header(cell) if isinstance(cell, str) else ""
        if not text:
            continue
        column = wanted.get(text)
        if column is not None and column.key not in header.columns:
            header.columns[column.key] = index
            header.labels[column.key] = clean_text(cell)
        elif text in ("说明", "填写说明", "备注说明", "注意事项"):
            note = index if note is None else note
        else:
            header.unknown.append((index, clean_text(cell)))
    if any(column.needed and column.key not in header.columns for column in columns):
        return None
    if note is not None:
        if all(index < note for index in header.columns.values()):
            header.limit = note
            header.unknown = [(i, text) for i, text in header.unknown if i < note]
        else:
            header.unknown.append((note, "说明"))
    header.unknown = [text for _index, text in header.unknown]
    return header


def find_header(rows, columns):
    """Return the best :class:`Header` among the first rows of a sheet, or ``None``.

    :param rows: list of (row number, cells)
    """
    best = None
    for number, cells in rows[:HEADER_ROWS]:
        if number > HEADER_ROWS:
            break
        header = match_header(cells, columns)
        if header and (best is None or len(header.columns) > len(best.columns)):
            header.row = number
            best = header
    return best


def is_total(text):
    """Return whether the first text of a row says it is a total.

    >>> is_total("合计"), is_total("本页小计:"), is_total("合计户")
    (True, True, False)
    """
    return bool(_TOTAL.fullmatch(clean_text(text).replace(" ", "")))


def is_note(text):
    """Return whether the only text of a row is a remark of the person who made the sheet.

    >>> is_note("制表:物业服务中心"), is_note("1-1-101")
    (True, False)
    """
    return bool(_NOTE.fullmatch(clean_text(text)))


def site_from_title(text, words):
    """Return the community's name in a title such as ``翠湖花园 楼栋台账``, or ``None``.

    :param words: the sheet's names, longest match first

    >>> site_from_title("翠湖花园 业主住户台账", ["业主住户", "业主"])
    '翠湖花园'
    >>> site_from_title("楼栋台账", ["楼栋"]) is None
    True
    """
    title = clean_text(text)
    for word in sorted(words, key=len, reverse=True):
        match = re.fullmatch(rf"(.+?)[\s\-—_:的]*{re.escape(word)}{_TITLE_TAIL}", title)
        if match:
            name = match[1].strip(" -—_:·《》")
            return re.sub(r"^关于", "", name) or None
    return None


def site_from_filename(filename):
    """Return a community's name in a file name, or ``None`` when nothing is left of it.

    >>> site_from_filename("阳光花园资产导入模板2024.xlsx"), site_from_filename("hc(1).xlsx")
    ('阳光花园', 'hc')
    >>> site_from_filename("房产台账.xlsx") is None
    True
    """
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}$", "", clean_text(filename).split("/")[-1])
    stem = re.sub(r"[(\[【].*?[)\]】]", "", stem)
    stem = re.sub(
        r"(?:资产|房产|房屋|业主|车位|基础|信息|数据|资料|导入|导出|模板|模版|台账|台帐|明细|汇总|ledger|import"
        r"|template|小区台账|\d{4,8}|副本|最终版?|copy)",
        "",
        stem,
        flags=re.IGNORECASE,
    )
    return stem.strip(" -—_.·~") or None
