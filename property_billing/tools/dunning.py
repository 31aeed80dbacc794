"""What a dunning notice may say, and how its text is filled in. Pure: no Odoo import.

Sources: 民法典 §944 (no cutting of power, water, heat or gas for arrears); notices only remind,
demand and name the ways of law.
"""

import re

#: Measures that a property company may not take, or threaten, for arrears.
FORBIDDEN = (
    "停水",
    "停电",
    "断水",
    "断电",
    "停气",
    "断气",
    "停暖",
    "停热",
    "限电",
    "限水",
    "停梯",
    "停用电梯",
    "锁门",
    "换锁",
    "封门",
    "停卡",
    "门禁卡失效",
    "禁止出入",
    "禁止进入",
    "拖车",
    "锁车",
    "曝光",
    "公布姓名",
    "拉闸",
    "禁止通行",
    "限制出入",
    "限制通行",
    "不予放行",
    "注销门禁",
    "冻结门禁",
    "cut off",
    "cut your",
    "disconnect",
    "shut off",
    "turn off",
    "lock out",
)
#: The same said in other words: stopping or limiting what a household cannot do without.
_MEASURE = re.compile(
    r"(?:停止|暂停|中止|中断|终止|切断|掐断|断开|限制|关停|关闭|停用)"
    r"(?:对?[您你贵](?:家|户|方)?的?)?(?:供应|供给|提供|供|使用|用|开放)?"
    r"(?:生活|日常|自来)?用?(?:水|电梯|电(?!子|话|视)|气|燃气|煤气|天然气|暖气?|热(?!线)|网络?|门禁|道闸)"
    r"|(?:stop|suspend|cease|interrupt)\w*(?: the| your)?(?: supply of)? "
    r"(?:water|power|electricity|gas|heat)"
)
PLACEHOLDERS = ("payer", "unit", "site", "amount", "principal", "late_fee", "days", "deadline")
_FIELD = re.compile(r"\{([^{}]*)\}")
_SPACES = re.compile(r"[\s·,，。、-]+")


def forbidden_words(text):
    """Find threats that the law forbids, also when written with spaces or points between.

    :return: list of words found: those of ``FORBIDDEN`` in its order, then other wordings

    >>> forbidden_words("逾期将停 水、停·电")
    ['停水', '停电']
    >>> forbidden_words("请于10日内缴清，逾期我司将依法通过诉讼或仲裁主张权利。")
    []
    >>> forbidden_words("We will CUT OFF the water")
    ['cut off']
    >>> forbidden_words("逾期将停止供电，并暂停您家的用水")
    ['停止供电', '暂停您家的用水']
    """
    plain = text.lower()
    dense = _SPACES.sub("", plain)
    words = [word for word in FORBIDDEN if word in plain or _SPACES.sub("", word) in dense]
    for source in (dense, plain):
        words += [match[0] for match in _MEASURE.finditer(source) if match[0] not in words]
    return words


def unknown_placeholders(text):
    """Find what stands in braces and is no placeholder.

    >>> unknown_placeholders("{payer}，您好：{unit} 欠费 {ammount}")
    ['ammount']
    """
    return [name for name in _FIELD.findall(text) if name not in PLACEHOLDERS]


def fill(text, values):
    """Put values into a text; no attribute, index or format can be reached.

    >>> fill("{payer}：{amount} 元", {"payer": "袁静", "amount": "12.50"})
    '袁静：12.50 元'
    >>> fill("{payer.__class__}", {"payer": "x"})
    '{payer.__class__}'
    """
    return _FIELD.sub(lambda match: str(values.get(match[1], match[0])), text)


def promise_state(today, promised_day, promised, paid):
    """Tell whether a promise to pay holds.

    :param promised: Decimal promised
    :param paid: Decimal received for the bills since the promise was made
    :return: "kept", "open" or "broken"

    >>> from datetime import date
    >>> from decimal import Decimal as D
    >>> promise_state(date(2026, 9, 1), date(2026, 9, 10), D(100), D(100))
    'kept'
    >>> promise_state(date(2026, 9, 10), date(2026, 9, 10), D(100), D(40))
    'open'
    >>> promise_state(date(2026, 9, 11), date(2026, 9, 10), D(100), D(40))
    'broken'
    """
    if paid >= promised:
        return "kept"
    return "open" if today <= promised_day else "broken"
