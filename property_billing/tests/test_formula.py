"""The formula kernel: right by an oracle of its own, and safe whatever is typed."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.formula import MAX_VALUE, VARIABLES, FormulaError, evaluate, names

VALUES = {name: Decimal(number) for number, name in enumerate(VARIABLES, start=2)}
leaves = st.one_of(
    st.integers(0, 99).map(lambda n: (str(n), Fraction(n))),
    st.decimals(0, 99, places=2).map(lambda d: (f"{d:f}", Fraction(d))),
    st.sampled_from(sorted(VARIABLES)).map(lambda name: (name, Fraction(VALUES[name]))),
)


def combine(children):
    """Build a text and, by plain arithmetic, what it must give; None where it divides by zero."""
    sign = st.sampled_from("+-*/")

    def binary(parts):
        (left, a), op, (right, b) = parts
        text = f"({left} {op} {right})"
        if a is None or b is None or (op == "/" and not b):
            return text, None
        return text, {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else None}[op]

    def chosen(parts):
        (left, a), (right, b) = parts
        text = f"IF({left} > {right}, max({left}, {right}), min({left}, {right}) - 1)"
        if a is None or b is None:
            return text, None
        return text, max(a, b) if a > b else min(a, b) - 1

    return st.one_of(
        st.tuples(children, sign, children).map(binary), st.tuples(children, children).map(chosen)
    )


@tagged("post_install", "-at_install")
class TestFormula(BaseCase):
    def assert_refused(self, text, kind=None):
        with self.assertRaises(FormulaError) as caught:
            evaluate(text, VALUES)
        if kind:
            self.assertEqual(caught.exception.kind, kind, text)

    @settings(max_examples=300, deadline=None)
    @given(st.recursive(leaves, combine, max_leaves=12))
    def test_formulas_agree_with_plain_arithmetic(self, case):
        text, wanted = case
        if len(text) > 400:
            return
        if wanted is None:
            self.assert_refused(text)
        elif abs(wanted) < MAX_VALUE:
            try:
                self.assertEqual(evaluate(text, VALUES), wanted)
            except FormulaError as error:
                self.assertIn(error.kind, ("large", "deep"))

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=80))
    def test_any_text_gives_a_number_or_a_clear_refusal(self, text):
        try:
            self.assertIsInstance(evaluate(text, VALUES), Fraction)
        except FormulaError as error:
            self.assertTrue(error.kind)

    def test_what_is_no_arithmetic_is_refused(self):
        for text, kind in (
            ("", "empty"),
            ("1 +", "syntax"),
            ("(1", "syntax"),
            ("9 ** 9 ** 9", "operation"),
            ("1 << 99999", "operation"),
            ("7 % 2", "operation"),
            ("7 // 2", "operation"),
            ("'a' * 9", "number"),
            ("1j", "number"),
            ("1e999", "number"),
            ("True", "number"),
            ("9999999999999", "number"),
            ("price.real", "operation"),
            ("[1][0]", "operation"),
            ("(lambda: 1)()", "function"),
            ("[x for x in (1, 2)]", "operation"),
            ("(x := 1)", "operation"),
            ("f'{price}'", "operation"),
            ("__import__('os').system('true')", "function"),
            ("open('x')", "function"),
            ("max(*[1, 2])", "operation"),
            ("max(1, key=2)", "arguments"),
            ("round(1, 2, 3)", "arguments"),
            ("round(1, 99)", "arguments"),
            ("max()", "arguments"),
            ("面积", "name"),
            ("area", "name"),
            ("1 ÷ 0", "zero"),
            ("price / (price - price)", "zero"),
            ("999999999999 * 999999999999", "large"),
            ("1 + (1 > 2)", "type"),
            ("not 1", "type"),
            ("IF(1, 2, 3)", "type"),
            ("1 > 2", "type"),
            ("+".join(["1"] * 300), "long"),
            ("(" * 240 + "1" + ")" * 240, "syntax"),
            ("(" * 600, "long"),
            ("-" * 60 + "1", "deep"),
            ("1\x00", "syntax"),
            ("1; 2", "syntax"),
            ("#", "syntax"),
        ):
            with self.subTest(text[:30]):
                self.assert_refused(text, kind)

    def test_chinese_signs_and_names_are_read(self):
        self.assertEqual(evaluate("（建筑面积＋套内面积）×２", VALUES), 10)
        self.assertEqual(evaluate("如果(人数 ≥ 5 and 楼层 ≠ 0, 1.5, 2)", VALUES), Fraction(3, 2))
        self.assertEqual(names("max(单价, 系数)"), {"price", "coefficient"})

    def test_only_the_chosen_branch_is_computed(self):
        self.assertEqual(evaluate("IF(persons > 0, 10 / persons, 0)", {**VALUES, "persons": 0}), 0)

    def test_rounding_is_half_up(self):
        self.assertEqual(evaluate("round(2.5)", {}), 3)
        self.assertEqual(evaluate("round(1.005, 2)", {}), Fraction(101, 100))
        self.assertEqual(evaluate("ceil(1.01) + floor(1.99) + abs(-1)", {}), 4)

    def test_a_variable_without_value_is_an_error(self):
        with self.assertRaises(FormulaError):
            evaluate("persons", {})
