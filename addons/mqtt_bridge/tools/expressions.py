"""Conditions on messages: a small language, checked and compiled once, that can do no harm.

It is a part of Python's: comparisons, ``and or not in``, arithmetic on numbers, fields by name or
index, and a few functions. Nothing in it can loop, grow, or reach anything but the message.
"""

import ast
import functools
import re
import warnings

LONGEST, MOST_NODES, BIGGEST = 1000, 200, 2**63
TEMPLATE_LONGEST = 500
SHOWN = 120  # characters of what is shown of a value

TOO_LONG, TOO_MANY, SYNTAX, NOT_ALLOWED, UNKNOWN_NAME, EMPTY = (
    *("too_long", "too_many", "syntax", "not_allowed", "unknown_name", "empty"),
)
CONSTANTS = {"true": True, "false": False, "null": None}


class Wrong(ValueError):
    """No expression: args are one of the reasons above, and the place at fault."""


class Undecided(Exception):
    """A message about which an expression says nothing: args[0] says why."""


class Missing(Undecided):
    """A field that the message does not have: args[0] is its name."""


def _get(value, name):
    try:
        found = value[name] if type(value) is dict else None
    except KeyError:
        found = None
    if found is None:
        raise Missing(name)
    return found


def _item(value, index):
    try:
        return value[index]
    except (KeyError, IndexError):
        raise Missing(str(index)[:SHOWN]) from None


def _number(value):
    if isinstance(value, (int, float)):
        return value if -BIGGEST < value < BIGGEST else float(value)
    raise TypeError(f"{type(value).__name__} is no number")


def _bits(value):
    if isinstance(value, int) and -BIGGEST < value < BIGGEST:
        return value
    raise TypeError("bits are only of whole numbers")


OPERATORS = {
    ast.Add: lambda a, b: _number(a) + _number(b),
    ast.Sub: lambda a, b: _number(a) - _number(b),
    ast.Mult: lambda a, b: _number(a) * _number(b),
    ast.Div: lambda a, b: _number(a) / _number(b),
    ast.FloorDiv: lambda a, b: _number(a) // _number(b),
    ast.Mod: lambda a, b: _number(a) % _number(b),
    ast.BitAnd: lambda a, b: _bits(a) & _bits(b),
    ast.BitOr: lambda a, b: _bits(a) | _bits(b),
    ast.BitXor: lambda a, b: _bits(a) ^ _bits(b),
    ast.RShift: lambda a, b: _bits(a) >> _bits(b),
}


def _has(find):
    try:
        return find() is not None
    except Missing:
        return False


def _default(find, otherwise):
    try:
        found = find()
    except Missing:
        return otherwise
    return otherwise if found is None else found


def _round(value, digits=0):
    if not isinstance(digits, int) or not 0 <= digits <= 10:
        raise ValueError("round takes 0 to 10 digits")
    return round(_number(value), digits)


def _to_number(value):
    return _number(float(value) if isinstance(value, str) else value)


def _to_text(value):
    if isinstance(value, (dict, list)):
        raise TypeError("no text of lists and objects")
    return show(value)


FUNCTIONS = {
    "abs": lambda value: abs(_number(value)),
    "min": min,
    "max": max,
    "len": len,
    "round": _round,
    "number": _to_number,
    "text": _to_text,
    "lower": lambda value: str.lower(value),
    "starts": lambda value, with_what: str.startswith(value, with_what),
    "ends": lambda value, with_what: str.endswith(value, with_what),
    "between": lambda value, low, high: low <= value <= high,
}
LAZY = {"has": (_has, 1), "default": (_default, 2)}  # their first argument may be missing
SCOPE = {
    "__builtins__": {},
    "_get": _get,
    "_item": _item,
    "_has": _has,
    "_default": _default,
    **{f"_do_{operator.__name__}": do for operator, do in OPERATORS.items()},
    **{f"_f_{name}": function for name, function in FUNCTIONS.items()},
}
PLAIN = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.IfExp),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot),
    *(ast.Load, ast.List, ast.Tuple),
)


class _Rewriter(ast.NodeTransformer):
    """Check each node, and put guarded calls where Python would do more than we want."""

    def __init__(self, names):
        self.names, self.uses, self.members, self.count = names, set(), set(), 0

    def visit(self, node):
        self.count += 1
        if self.count > MOST_NODES:
            raise Wrong(TOO_MANY, str(MOST_NODES))
        return super().visit(node)

    def generic_visit(self, node):
        if not isinstance(node, PLAIN):
            raise Wrong(NOT_ALLOWED, type(node).__name__)
        return super().generic_visit(node)

    def visit_Constant(self, node):
        if node.value is not None and type(node.value) not in (bool, int, float, str):
            raise Wrong(NOT_ALLOWED, type(node.value).__name__)
        return node

    def visit_Name(self, node):
        if node.id in CONSTANTS:
            return ast.Constant(CONSTANTS[node.id])
        if node.id not in self.names:
            raise Wrong(UNKNOWN_NAME, node.id)
        self.uses.add(node.id)
        return ast.Subscript(ast.Name("_scope", ast.Load()), ast.Constant(node.id), ast.Load())

    def visit_Attribute(self, node):
        if node.attr.startswith("__"):
            raise Wrong(NOT_ALLOWED, node.attr)
        if isinstance(node.value, ast.Name):
            self.members.add((node.value.id, node.attr))
        return _call("_get", self.visit(node.value), ast.Constant(node.attr))

    def visit_Subscript(self, node):
        if isinstance(node.slice, ast.Slice):
            raise Wrong(NOT_ALLOWED, "[:]")
        return _call("_item", self.visit(node.value), self.visit(node.slice))

    def visit_UnaryOp(self, node):
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, operand)
        if isinstance(node.op, ast.USub):
            return _call("_do_Sub", ast.Constant(0), operand)
        raise Wrong(NOT_ALLOWED, type(node.op).__name__)

    def visit_BinOp(self, node):
        if type(node.op) not in OPERATORS:
            raise Wrong(NOT_ALLOWED, type(node.op).__name__)
        name = f"_do_{type(node.op).__name__}"
        return _call(name, self.visit(node.left), self.visit(node.right))

    def visit_Call(self, node):
        name = getattr(node.func, "id", None)
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            raise Wrong(NOT_ALLOWED, "=")
        if name in LAZY:
            if len(node.args) != LAZY[name][1]:
                raise Wrong(SYNTAX, name)
            first, *others = [self.visit(one) for one in node.args]
            return _call(f"_{name}", ast.Lambda(_arguments(), first), *others)
        if name not in FUNCTIONS:
            raise Wrong(UNKNOWN_NAME, name or "()")
        return _call(f"_f_{name}", *(self.visit(one) for one in node.args))


def _arguments(*names):
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


def _call(name, *arguments):
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


class Expression:
    """A compiled expression.

    >>> hot = parse("metrics.t > 80 and has(payload.on)", {"metrics", "payload"})
    >>> hot.truth({"metrics": {"t": 85}, "payload": {"on": 0}}), sorted(hot.uses)
    (True, ['metrics', 'payload'])
    >>> hot.truth({"metrics": {}, "payload": {}})
    Traceback (most recent call last):
    ...
    odoo.addons.mqtt_bridge.tools.expressions.Missing: t
    """

    def __init__(self, function, uses, members, places):
        self.function, self.places = function, places
        self.uses = uses  # names
        self.members = members  # (name, field) of each field of a name

    def value(self, scope):
        """Return what it gives for a message.

        :param scope: values by name; not changed
        :raise Undecided: when the message lacks a field, or has one of the wrong kind
        """
        try:
            return self.function(scope)
        except Undecided:
            raise
        except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
            raise Undecided(f"{type(error).__name__}: {error}"[:200]) from None

    def truth(self, scope):
        """Return whether it holds; a text is neither yes nor no."""
        found = self.value(scope)
        if not isinstance(found, (bool, int, float)):
            raise Undecided(f"{type(found).__name__} is neither yes nor no")
        return bool(found)

    def facts(self, scope, labels=None):
        """Return the values that it looked at, as a text.

        :param labels: by place, (name, unit) for people
        """
        found = []
        for text, place in self.places:
            short = re.sub(r"^(payload|metrics)\.", "", text)
            name, unit = (labels or {}).get(text, (short, ""))
            try:
                found.append(f"{name} = {show(place.value(scope))} {unit}".strip())
            except Undecided:
                continue
        return ", ".join(found)[:SHOWN]


def parse(text, names):
    """Compile an expression.

    :param names: that it may use
    :return: Expression
    :raise Wrong: when it is none, or does what is not allowed

    >>> parse("payload.t ** 9", {"payload"})
    Traceback (most recent call last):
    ...
    odoo.addons.mqtt_bridge.tools.expressions.Wrong: ('not_allowed', 'Pow')
    >>> parse("payload.a[0]['b c'] & 4 == 4 or -payload.x in [1, 2]", {"payload"}).places[0][0]
    "payload.a[0]['b c']"
    """
    return _parse(text.strip(), frozenset(names))


@functools.lru_cache(maxsize=2048)
def _parse(text, names):
    if not text:
        raise Wrong(EMPTY, "")
    if len(text) > LONGEST:
        raise Wrong(TOO_LONG, str(LONGEST))
    with warnings.catch_warnings():  # what Python finds odd is refused, or does what it says
        warnings.simplefilter("ignore", SyntaxWarning)
        tree = _tree(text)
        places = [
            (ast.unparse(node), Expression(*_compiled(ast.Expression(node), names), ()))
            for node in _places(_tree(text).body, names)
        ]
        return Expression(*_compiled(tree, names), tuple(places))


def _tree(text):
    try:
        return ast.parse(text.replace("\n", " "), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Wrong(SYNTAX, str(getattr(error, "msg", error))[:SHOWN]) from None


def _compiled(tree, names):
    rewriter = _Rewriter(names)
    body = rewriter.visit(tree).body
    function = ast.Expression(ast.Lambda(_arguments("_scope"), body))
    code = compile(ast.fix_missing_locations(function), "<condition>", "eval")
    function = eval(code, SCOPE)  # noqa: S307 - its nodes were checked
    return function, frozenset(rewriter.uses), frozenset(rewriter.members)


def _places(node, names):
    """Find the fields that an expression looks at, each once and as a whole."""
    found, waiting, seen = [], [node], set()
    while waiting:
        node = waiting.pop(0)
        base = node
        while isinstance(base, (ast.Attribute, ast.Subscript)):
            base = base.value
        if isinstance(node, (ast.Attribute, ast.Subscript)) and getattr(base, "id", "") in names:
            if ast.dump(node) not in seen:
                seen.add(ast.dump(node))
                found.append(node)
            continue
        waiting.extend(ast.iter_child_nodes(node))
    return found[:6]


def show(value):
    """Write a value as people read it.

    >>> show(21.50000001), show(True), show("开"), show(3.0), show({"a": 1})
    ('21.5', 'true', '开', '3', "{'a': 1}")
    """
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return f"{value:.7g}"
    return str(value)[:SHOWN]


class Template:
    """A text with expressions in braces.

    >>> Template("{device.name}: {metrics.t} °C, {metrics.x}", {"device", "metrics"}).fill(
    ...     {"device": {"name": "Lift 1"}, "metrics": {"t": 85.0}}
    ... )
    'Lift 1: 85 °C, ?'
    """

    def __init__(self, text, names):
        if len(text) > TEMPLATE_LONGEST:
            raise Wrong(TOO_LONG, str(TEMPLATE_LONGEST))
        parts = re.split(r"\{([^{}]*)\}", text)
        self.texts = parts[::2]
        self.expressions = [parse(part, names) for part in parts[1::2]]
        self.uses = frozenset().union(*(one.uses for one in self.expressions))
        self.members = frozenset().union(*(one.members for one in self.expressions))

    def fill(self, scope):
        """Write the text for a message; a question mark stands for what it lacks."""
        found = [self.texts[0]]
        for expression, text in zip(self.expressions, self.texts[1:], strict=True):
            try:
                found.append(show(expression.value(scope)))
            except Undecided:
                found.append("?")
            found.append(text)
        return "".join(found)[:TEMPLATE_LONGEST]
