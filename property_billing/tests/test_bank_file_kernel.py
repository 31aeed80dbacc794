"""Files of the bank: whatever is written is read again, and anything changed is noticed."""

import doctest
import unittest
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ..tools import bank_file
from ..tools.bank_file import ANSWER, HEADINGS, SENT, BankFileError, Layout

WORDS = st.text(
    st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), max_size=12
)
MONEY = st.decimals("0.01", "9999999.99", places=2)
LAYOUTS = st.builds(
    lambda extra, answer, encoding, delimiter, is_fen, has_header, has_trailer: Layout(
        columns=tuple((key, HEADINGS[key]) for key in ["sequence", "agreement", *extra]),
        answer=tuple((key, HEADINGS[key]) for key in ["result", *answer]),
        encoding=encoding,
        delimiter=delimiter,
        is_fen=is_fen,
        has_header=has_header,
        has_trailer=has_trailer,
    ),
    st.permutations(["amount", *SENT[2:4], *SENT[5:]]),
    st.permutations(ANSWER[1:]),
    st.sampled_from(["gb18030", "utf-8", "utf-8-sig"]),
    st.sampled_from([",", "|", ";", "\t"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
LINES = st.lists(
    st.tuples(
        st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True), MONEY, st.integers(0, 2), WORDS, WORDS
    ),
    min_size=1,
    max_size=12,
)


def rows_of(lines):
    return [
        {
            "sequence": number,
            "agreement": agreement,
            "holder": holder,
            "account": "6222021001",
            "amount": amount,
            "summary": "1-1-101、1-1-102",
            "note": note,
        }
        for number, (agreement, amount, _result, holder, note) in enumerate(lines, start=1)
    ]


def answer(layout, lines):
    """Fill in the columns of the answer as a bank does.

    :return: (cells, what each line got)
    """
    cells = [list(row) for row in bank_file.table(layout, rows_of(lines))]
    start, got = int(layout.has_header), []
    if layout.has_header:
        cells[0] += [heading for _key, heading in layout.answer]
    for row, (_agreement, amount, kind, _holder, _note) in zip(cells[start:], lines, strict=False):
        paid = {0: Decimal(0), 1: amount, 2: (amount / 2).quantize(bank_file.FEN)}[kind]
        got.append(paid)
        said = {
            "result": "成功" if paid else "失败",
            "paid": bank_file.write_money(paid, layout.is_fen),
            "reason": "" if paid else "余额不足",
        }
        row += [said.get(key, "") for key, _heading in layout.answer]
    return cells, got


class TestBankFile(unittest.TestCase):
    def test_examples_in_the_docstrings_hold(self):
        failed, attempted = doctest.testmod(bank_file)
        self.assertEqual(failed, 0)
        self.assertGreater(attempted, 8)

    @settings(max_examples=60, deadline=None)
    @given(LAYOUTS, LINES)
    def test_what_goes_out_comes_back(self, layout, lines):
        cells, got = answer(layout, lines)
        answers = bank_file.read_answers(layout, list(enumerate(cells, start=1)))
        self.assertEqual([one.paid for one in answers], got)
        self.assertEqual([one.amount for one in answers], [line[1] for line in lines])
        self.assertEqual([one.agreement for one in answers], [line[0] for line in lines])
        sent = {number: (line[0], line[1], False) for number, line in enumerate(lines, start=1)}
        self.assertEqual(bank_file.check_answers(answers, sent), [])

    @settings(max_examples=60, deadline=None)
    @given(LAYOUTS, LINES)
    def test_the_text_holds_every_cell(self, layout, lines):
        content = bank_file.write_csv(layout, rows_of(lines))
        if layout.encoding == "utf-8-sig":
            self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        read = [list(row) for _number, row in bank_file.read_csv(layout, content)]
        self.assertEqual(read, bank_file.table(layout, rows_of(lines)))

    @settings(max_examples=60, deadline=None)
    @given(LINES, st.data())
    def test_a_changed_amount_is_noticed(self, lines, data):
        layout = Layout()
        cells, _got = answer(layout, lines)
        place = data.draw(st.integers(1, len(lines)))
        column = [key for key, _heading in layout.columns].index("amount")
        other = data.draw(MONEY)
        assume(other != lines[place - 1][1])
        cells[place][column] = str(other)
        with self.assertRaises(BankFileError):
            bank_file.read_answers(layout, list(enumerate(cells, start=1)))

    def test_the_checksum_tells_two_files_apart(self):
        lines = [["1", "A", "3.00"], ["2", "B", "4.00"]]
        other = [["1", "A", "4.00"], ["2", "B", "3.00"]]
        self.assertNotEqual(bank_file.checksum(lines), bank_file.checksum(other))
        self.assertEqual(bank_file.checksum(lines), bank_file.checksum([list(x) for x in lines]))
