import doctest
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import wand_file, wand_match
from ..tools.wand_file import Unreadable, read_file
from ..tools.wand_match import NEAR, Span, best

AT = datetime(2026, 3, 2, 8, 0, 5)
WANTED = [("1", "12", AT), ("1", "A3F", AT + timedelta(minutes=4))]
HEADS = (
    "设备号,卡号,时间",
    "巡更棒号,信息钮号,打卡时间",
    "Reader,Card No,Time",
    "设备编号,地点编号,巡检时间",
)


def found(content, device=""):
    return [(one.device, one.card, one.at) for one in read_file(content, device).readings]


@tagged("post_install", "-at_install")
class TestWandFile(BaseCase):
    def rows(self, separator=",", shape="%Y-%m-%d %H:%M:%S"):
        return "".join(
            f"{separator.join(('01', card, at.strftime(shape)))}\r\n"
            for card, at in (("0012", AT), ("0a3f", AT + timedelta(minutes=4)))
        )

    def test_documented_examples_hold(self):
        for module in (wand_file, wand_match):
            with self.subTest(module.__name__):
                self.assertFalse(doctest.testmod(module).failed)

    def test_files_of_many_programs_say_the_same(self):
        for encoding in ("gbk", "utf-8", "utf-8-sig", "utf-16"):
            for head in ("", *HEADS):
                for separator in ",\t;|":
                    lines = head.replace(",", separator)
                    text = f"{lines}\n{self.rows(separator)}\n\n" if head else self.rows(separator)
                    with self.subTest(encoding=encoding, head=head, separator=separator):
                        self.assertEqual(found(text.encode(encoding)), WANTED)

    def test_times_are_written_in_many_ways(self):
        for shape in (
            *("%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒"),
            *("%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d %H:%M:%S"),
        ):
            with self.subTest(shape):
                self.assertEqual(found(self.rows(shape=shape).encode()), WANTED)

    def test_a_day_and_a_time_may_stand_in_columns_of_their_own_and_in_any_order(self):
        text = "序号,日期,时间,卡号,备注,设备号\n1,2026-03-02,08:00:05,0012,,01\n"
        self.assertEqual(found(text.encode("gbk")), WANTED[:1])

    def test_columns_of_spaces_are_read(self):
        self.assertEqual(found(self.rows("   ").encode()), WANTED)

    def test_a_file_of_one_wand_names_it_nowhere(self):
        text = b"12,2026-03-02 08:00:05\n"
        self.assertEqual(found(text, "01"), WANTED[:1])
        [reading] = read_file(text).readings
        self.assertEqual(reading.fault, "device")

    def test_what_a_spreadsheet_did_to_numbers_is_undone_or_told(self):
        text = '设备号,卡号,时间\n="01",\'0012,2026/3/2 8:00:05\n1,1.23457E+09,2026/3/2 8:00\n'
        good, rounded = read_file(text.encode()).readings
        self.assertEqual((good.device, good.card, good.fault), ("1", "12", ""))
        self.assertEqual(rounded.fault, "rounded")

    def test_every_row_is_kept_with_what_is_wrong_with_it(self):
        text = (
            "设备号,卡号,时间\n01,12\n01,,2026-03-02 08:00\n01,12,yesterday\n,12,2026-03-02 08:00\n"
        )
        faults = [(one.number, one.fault) for one in read_file(text.encode()).readings]
        self.assertEqual(faults, [(2, "columns"), (3, "card"), (4, "time"), (5, "device")])

    def test_the_times_of_a_wand_without_a_battery_are_told(self):
        for time in ("0001-01-01 00:00:00", "9999-12-31 23:59:59"):
            [reading] = read_file(f"设备号,卡号,时间\n01,12,{time}\n".encode()).readings
            with self.subTest(time):
                self.assertEqual(reading.fault, "time")

    def test_a_workbook_is_no_text(self):
        for content in (b"PK\x03\x04\x00\x00\xff", b"\x00\x01\x02", b"\xff\xff\xff"):
            with self.subTest(content), self.assertRaises(Unreadable):
                read_file(content)

    @given(st.binary(max_size=200))
    def test_no_file_breaks_the_reader(self, content):
        try:
            readings = read_file(content).readings
        except Unreadable:
            return
        for one in readings:
            self.assertTrue(one.fault or (one.device and one.card and one.at))

    @given(
        st.integers(-500, 500),
        st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 90), st.booleans()), max_size=6),
    )
    def test_a_visit_belongs_to_the_patrol_that_somebody_would_choose(self, minute, patrols):
        at = AT + timedelta(minutes=minute)
        spans = [
            Span(n, AT + timedelta(minutes=start), AT + timedelta(minutes=start + length), is_own)
            for n, (start, length, is_own) in enumerate(patrols)
        ]
        gaps = {
            span.key: 0
            if span.opens <= at <= span.deadline
            else min(abs(at - span.opens), abs(at - span.deadline)).total_seconds()
            for span in spans
        }
        key = best(at, spans)
        near = [gap for gap in gaps.values() if gap <= NEAR.total_seconds()]
        if not near:
            self.assertIsNone(key)
            return
        self.assertEqual(gaps[key], min(near))
        rivals = [span for span in spans if gaps[span.key] == gaps[key]]
        self.assertEqual(spans[key].is_own, any(span.is_own for span in rivals))
