"""A formula for a monthly amount, as a clerk writes it. Pure: no Odoo import, no eval.

Numbers, the documented variables, + − × ÷, comparisons, ``and or not``, ``a if b else c`` and the
functions min, max, round, floor, ceil, abs and when (also written IF or 如果). Exact fractions
throughout. Everything else is refused, and so is what is too long, too deep or too large: a formula
can neither run code nor hang.
"""

import ast
import operator
import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from .rounding import round_step

#: variable -> the name it has in Chinese
VARIABLES = {
    "area_gross": "建筑面积",
    "area_net": "套内面积",
    "area_billable": "计费面积",
    "persons": "人数",
    "spaces": "车位数",
    "vehicles": "车辆数",
    "floor_number": "楼层",
    "units_building": "楼栋户数",
    "months": "月数",
    "price": "单价",
    "coefficient": "系数",
}
MAX_LENGTH, MAX_NODES, MAX_DEPTH, MAX_VALUE = 500, 200, 25, 10**12
_ALIASES = {chinese: name for name, chinese in VARIABLES.items()}
_SIGNS = str.maketrans(
    "×÷−–（），＋－＊／＜＞＝　０１２３４５６７８９．", "*/--(),+-*/<>= 0123456789."
)
_WORDS = (
    (re.compile(r"\bIF(?=\s*\()|如果(?=\s*\()"), "when"),
    (re.compile("≤"), "<="),
    (re.compile("≥"), ">="),
    (re.compile("≠"), "!="),
)
_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARE = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class FormulaError(ValueError):
    """What is wrong with a formula.

    :ivar kind: empty, long, syntax, deep, number, name, function, arguments, operation, type, zero,
        large or negative
    :ivar detail: the word it is about
    """

    def __init__(self, kind, detail=""):
        super().__init__(f"{kind} {detail}".strip())
        self.kind, self.detail = kind, detail


def names(text):
    """Check a formula without values and return the variables it uses.

    >>> sorted(names("max(建筑面积 × 单价, 50)"))
    ['area_gross', 'price']
    >>> try:
    ...     names("__import__('os')")
    ... except FormulaError as error:
    ...     error.kind, error.detail
    ('function', '__import__')
    """
    return _parse(text)[1]


def evaluate(text, variables):
    """Compute a formula.

    :param variables: dict name -> Decimal, Fraction or int
    :return: Fraction
    :raise FormulaError: when it cannot be computed

    >>> evaluate("area_gross * price if floor_number > 6 else 30", {
    ...     "area_gross": Decimal("88.5"), "price": Decimal("0.5"), "floor_number": 7})
    Fraction(177, 4)
    >>> evaluate("IF(人数 ≥ 3, 20, 10) + round(10 ÷ 3, 2)", {"persons": 3})
    Fraction(2333, 100)
    """
    result = _value(_parse(text)[0], variables)
    return _number(result)


def _plain(text):
    text = (text or "").strip().translate(_SIGNS)
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return text


@lru_cache(maxsize=512)
def _parse(text):
    """Return the checked tree and the names it uses."""
    plain = _plain(text)
    if not plain:
        raise FormulaError("empty")
    if len(plain) > MAX_LENGTH:
        raise FormulaError("long", str(MAX_LENGTH))
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError("syntax", str(getattr(error, "text", "") or "").strip()[:40]) from None
    used = set()
    if sum(1 for _node in ast.walk(tree)) > MAX_NODES * 2:
        raise FormulaError("deep")
    _check(tree, used, 0)
    return tree, frozenset(used)


def _check(node, used, depth):
    if depth > MAX_DEPTH:
        raise FormulaError("deep")
    if isinstance(node, ast.Constant):
        _constant(node)
        return
    if isinstance(node, ast.Name):
        used.add(_variable(node.id))
        return
    for child in _children(node):
        _check(child, used, depth + 1)


def _children(node):
    """Return what an allowed node is made of.

    :raise FormulaError: when the node is not allowed
    """
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub, ast.Not)):
        return [node.operand]
    if isinstance(node, ast.Compare) and all(type(op) in _COMPARE for op in node.ops):
        return [node.left, *node.comparators]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.IfExp):
        return [node.test, node.body, node.orelse]
    if isinstance(node, ast.Call):
        return _arguments(node)
    raise FormulaError("operation", type(node).__name__)


def _arguments(node):
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in _FUNCTIONS:
        raise FormulaError("function", name)
    low, high = _FUNCTIONS[name][1:]
    if node.keywords or not low <= len(node.args) <= high:
        raise FormulaError("arguments", name)
    return node.args


def _variable(name):
    name = _ALIASES.get(name, name)
    if name not in VARIABLES:
        raise FormulaError("name", name[:40])
    return name


def _constant(node):
    value = node.value
    if type(value) not in (int, float) or not abs(value) <= MAX_VALUE:
        raise FormulaError("number", str(value)[:20] if type(value) in (float, str) else "")
    return Fraction(Decimal(str(value)))


def _value(node, variables):
    if isinstance(node, ast.Constant):
        return _constant(node)
    if isinstance(node, ast.Name):
        name = _variable(node.id)
        if variables.get(name) is None:
            raise FormulaError("name", name)
        return Fraction(variables[name])
    if isinstance(node, ast.BinOp):
        return _binary(node, variables)
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand, variables)
        if isinstance(node.op, ast.Not):
            return not _truth(value)
        return -_number(value) if isinstance(node.op, ast.USub) else _number(value)
    if isinstance(node, ast.Compare):
        return _compare(node, variables)
    if isinstance(node, ast.BoolOp):
        wanted = isinstance(node.op, ast.Or)
        return any(_truth(_value(one, variables)) is wanted for one in node.values) is wanted
    if isinstance(node, ast.IfExp):
        chosen = node.body if _truth(_value(node.test, variables)) else node.orelse
        return _value(chosen, variables)
    return _call(node, variables)


def _binary(node, variables):
    left, right = (_number(_value(one, variables)) for one in (node.left, node.right))
    if isinstance(node.op, ast.Div) and not right:
        raise FormulaError("zero")
    return _number(_BINARY[type(node.op)](left, right))


def _compare(node, variables):
    left = _number(_value(node.left, variables))
    for op, other in zip(node.ops, node.comparators, strict=True):
        right = _number(_value(other, variables))
        if not _COMPARE[type(op)](left, right):
            return False
        left = right
    return True


def _call(node, variables):
    name = node.func.id
    if name == "when":
        test, then, otherwise = node.args
        return _value(then if _truth(_value(test, variables)) else otherwise, variables)
    return _number(_FUNCTIONS[name][0](*(_number(_value(one, variables)) for one in node.args)))


def _round(value, digits=0):
    if digits != int(digits) or not 0 <= digits <= 6:
        raise FormulaError("arguments", "round")
    return Fraction(round_step(value, Decimal(1).scaleb(-int(digits))))


_FUNCTIONS = {
    "min": (min, 1, 20),
    "max": (max, 1, 20),
    "round": (_round, 1, 2),
    "floor": (floor, 1, 1),
    "ceil": (ceil, 1, 1),
    "abs": (abs, 1, 1),
    "when": (None, 3, 3),
}


def _number(value):
    if isinstance(value, bool):
        raise FormulaError("type")
    if abs(value) > MAX_VALUE:
        raise FormulaError("large")
    return Fraction(value)


def _truth(value):
    if not isinstance(value, bool):
        raise FormulaError("type")
    return value
