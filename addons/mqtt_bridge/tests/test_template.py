"""Templates against frames that are written the other way round, and against anything at all."""

import json
import struct
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, Form, tagged

from ..tools import checksums, decoding, frames, template
from ..tools.decoding import Unreadable
from .common import BridgeCommon

WATER = """
[reading]
lead FE
expect 68
kind u8 : 10=冷水, 11=热水
address bcd 7 little
_control u8
_length u8
_item hex 2 little
number u8
volume bcd 4 little / 100
unit u8 : 2C=m³
status u16 little : bit0=valve shut, bit2=low battery
check sum8
expect 16
"""
MODBUS = """
[three phases]
address u8
expect 03
_length u8
voltage u16 / 10
current u16 / 100
power i32
check crc16
[fault]
address u8
expect 83
fault u8 : 02=no such register
check crc16
"""
ENERGY = """
lead FE
expect 68
address bcd 6 little
expect 68
_control u8
_length u8
_item hex 4 little minus33
energy bcd 4 little minus33 / 100
check sum8
expect 16
"""
LINES = st.text("abxu816 bcdhexlittle/*+-:=,.{}[]texpskiphgbkas jon$0123456789", max_size=30)


def water(volume, number=1, battery=False, address="00112233445566"):
    """Write a frame of CJ/T 188."""
    body = bytes.fromhex("6810") + bytes.fromhex(address)[::-1] + bytes.fromhex("811690 1F")
    body += bytes([number]) + bytes.fromhex(f"{round(volume * 100):08}")[::-1] + b"\x2c"
    body += (4 if battery else 0).to_bytes(2, "little")
    return b"\xfe" * 3 + body + checksums.sum8(body) + b"\x16"


def read(text, payload):
    return template.decode(template.parse(text), payload, json.loads)


@tagged("post_install", "-at_install")
class TestTemplate(BaseCase):
    @given(st.integers(0, 99_999_999), st.integers(0, 255), st.booleans())
    def test_a_water_meter_is_read_as_it_was_written(self, hundredths, number, battery):
        found = read(WATER, water(hundredths / 100, number, battery))
        self.assertEqual(found["volume"], hundredths / 100)
        self.assertEqual((found["number"], found["unit"], found["kind"]), (number, "m³", "冷水"))
        self.assertEqual(found["status"], {"valve shut": False, "low battery": battery})
        self.assertEqual((found["address"], found["frame"]), ("00112233445566", "reading"))
        self.assertNotIn("_control", found)

    @given(st.integers(0, 20), st.integers(1, 255))
    def test_no_changed_byte_goes_unnoticed(self, place, change):
        """A sum does not tell two bytes that change together, but it tells every single one."""
        frame = bytearray(water(12.34))
        frame[3 + place % (len(frame) - 3)] ^= change
        with self.assertRaises(frames.Misfit):
            read(WATER, bytes(frame))

    @given(st.integers(0, 65535), st.integers(0, 65535), st.integers(-(2**31), 2**31 - 1))
    def test_registers_of_modbus_are_read(self, volts, amperes, watts):
        body = b"\x07\x03\x08" + struct.pack(">HHi", volts, amperes, watts)
        found = read(MODBUS, body + checksums.crc16(body))
        self.assertEqual(
            (found["voltage"], found["current"], found["power"]),
            (round(volts / 10, 9), round(amperes / 100, 9), watts),
        )

    def test_the_kind_of_message_that_fits_reads_it(self):
        body = b"\x07\x83\x02"
        found = read(MODBUS, body + checksums.crc16(body))
        self.assertEqual(found, {"frame": "fault", "address": 7, "fault": "no such register"})

    def test_energy_of_dlt645_is_read_with_its_33_taken_off(self):
        data = bytes(one + 0x33 for one in bytes.fromhex("00000100") + bytes.fromhex("78563412"))
        body = bytes.fromhex("68 665544332211 68 91 08") + data
        found = read(ENERGY, b"\xfe\xfe" + body + checksums.sum8(body) + b"\x16")
        self.assertEqual(found, {"address": "112233445566", "energy": 123456.78})

    def test_a_part_may_say_how_long_another_is(self):
        text = "size u8\nplace gbk size\nlevel f32\nrest_of_it rest"
        place = "三层走道".encode("gbk")
        payload = bytes([len(place)]) + place + struct.pack(">f", 7.5) + b"\x01\x02"
        found = read(text, payload)
        self.assertEqual((found["place"], found["level"]), ("三层走道", 7.5))
        self.assertEqual(found["rest_of_it"], "0102")

    @given(
        st.text(st.characters(codec="gb18030", exclude_characters=",;\r\n\0"), max_size=12),
        st.decimals(-10_000, 10_000, allow_nan=False, places=2),
    )
    def test_a_text_is_read_between_its_literals(self, place, level):
        text = "as gbk\ntext 报警,{place};浓度={level number}%"
        found = read(text, f"报警,{place};浓度={level}%\r\n".encode("gb18030"))
        self.assertEqual(found, {"place": place.strip(), "level": float(level)})

    def test_a_frame_in_json_keeps_what_stands_around_it(self):
        payload = json.dumps({"imei": "867", "hex": water(1.5).hex()}).encode()
        found = read(WATER.replace("[reading]", "[reading]\nas json $.hex hex"), payload)
        self.assertEqual((found["volume"], found["envelope"]["imei"]), (1.5, "867"))

    def test_the_example_of_the_guide_reads_what_it_says(self):
        guide = Path(__file__).parents[1] / "readme" / "devices.md"
        example = guide.read_text().split("```")[1]
        payload = json.dumps({"data": water(2.75, battery=True).hex()}).encode()
        found = read(example, payload)
        self.assertEqual((found["volume"], found["meter_type"]), (2.75, "cold"))
        self.assertTrue(found["status"]["low battery"])
        found = read(example, "报警,大堂,浓度=9%".encode("gbk"))
        self.assertEqual((found["frame"], found["place"], found["level"]), ("alarm", "大堂", 9.0))

    def test_lines_that_are_none_are_named(self):
        for text, line in {
            "": 1,
            "volume bcd": 1,
            "a u8\nb u9": 2,
            "a u8\na u8": 2,
            "a hex b": 1,
            "a u8\nb hex a\nc hex d": 3,
            "a hex 5000": 1,
            "a u8 / 0": 1,
            "frame u8": 1,
            "expect 6": 1,
            "lead FEFE": 1,
            "[x]": 1,
            "[x]\n[y]\na u8": 1,
            "as gbk\ntext no hole": 2,
            "as gbk\ntext {a}{b}": 2,
            "as gbk\ntext {a},{a}": 2,
            "as gbk\ntext {a": 2,
            "as gbk\na u8": 2,
            "as json topic:1 hex\na u8": 1,
            "as json $.a bytes\na u8": 1,
            "a u8 : 1=": 1,
            "check md5": 1,
        }.items():
            with self.subTest(text=text), self.assertRaises(template.Wrong) as wrong:
                template.parse(text)
            self.assertEqual(wrong.exception.args[0], line, text)

    @given(st.lists(LINES, max_size=6), st.binary(max_size=60))
    def test_any_text_is_a_template_or_is_refused_and_reads_or_refuses_any_bytes(
        self, lines, payload
    ):
        try:
            kinds = template.parse("\n".join(lines))
        except template.Wrong:
            return
        try:
            json.dumps(decoding.decode(payload, "template", 100, kinds), allow_nan=False)
        except Unreadable as refused:
            self.assertIn(refused.reason, ("not_template", "empty"))

    @given(st.binary(max_size=80))
    def test_any_bytes_are_read_or_refused_with_a_reason(self, payload):
        for text in (WATER, MODBUS, ENERGY, "as gbk\ntext {a}=\t{b number}", "as hex\na f64"):
            try:
                found = decoding.decode(payload, "template", 100, template.parse(text))
            except Unreadable as refused:
                self.assertIn(refused.reason, ("not_template", "empty"))
            else:
                json.dumps(found, allow_nan=False)


@tagged("post_install", "-at_install")
class TestTemplateSubscription(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dtu = cls.subscribe(
            topic="dtu/+",
            name="Water meters",
            decoder="template",
            template=WATER,
            device_path="$.address",
            message_id_path=False,
            timestamp_path=False,
            sequence_path="$.number",
        )

    def test_frames_are_stored_as_messages_of_the_meter_that_they_name(self):
        kinds = self.store(self.delivery(water(7.25), topic="dtu/867"))
        self.assertEqual(kinds, ["stored"])
        self.assertEqual(self.messages.device_id.code, "00112233445566")
        self.assertIn('"volume": 7.25', self.messages.preview)
        shown = self.messages.with_context(bin_size=True)  # as the client asks for a form
        self.assertIn("$.status[&#39;low battery&#39;]", shown.values)
        self.assertEqual(self.messages.sequence, 1)

    def test_a_frame_that_does_not_fit_is_a_dead_letter_until_the_template_is_mended(self):
        self.dtu.template = WATER.replace("expect 68", "expect 67")
        self.store(self.delivery(water(7.25), topic="dtu/867"))
        self.assertEqual(self.letters.reason, "not_template")
        self.assertIn("68 instead of 67", self.letters.detail)
        self.dtu.template = WATER
        self.letters.action_replay()
        self.assertEqual(self.letters.state, "replayed")
        self.assertEqual(len(self.messages), 1)
        self.assert_balanced()

    def test_a_template_with_a_fault_is_refused_with_its_line(self):
        for values in ({"template": "a u8\nb u9"}, {"template": False}):
            with self.subTest(values=values), self.assertRaises(ValidationError) as refusal:
                self.dtu.write(values)
        self.assertIn("Line", str(refusal.exception))

    def test_whoever_writes_a_template_sees_what_it_reads_in_a_sample(self):
        with Form(self.dtu) as form:
            form.sample = water(3.5).hex(" ")
            self.assertIn('"volume": 3.5', form.sample_result)
            form.sample = "FE 68"
            self.assertIn("the frame ends", form.sample_result)
            form.template = "as gbk\ntext 报警,{place}"
            form.sample = "报警,大堂"
            self.assertIn("大堂", form.sample_result)
            form.template = "a u9"
            self.assertIn("Line 1", form.sample_result)
            form.template = WATER
