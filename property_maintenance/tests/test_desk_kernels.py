import doctest
import io

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase
from PIL import Image

from ..tools import field_step, photo, request_form
from .desk_common import photo_bytes


class TestDeskKernels(BaseCase):
    def test_examples_in_the_kernels_hold(self):
        for module in (photo, request_form, field_step):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    @settings(max_examples=15, deadline=None)
    @given(
        width=st.integers(1, 2000),
        height=st.integers(1, 2000),
        kind=st.sampled_from(["JPEG", "PNG"]),
    )
    def test_a_photo_becomes_a_small_jpeg_of_the_same_shape(self, width, height, kind):
        cleaned = photo.clean_photo(photo_bytes((width, height), kind))
        with Image.open(io.BytesIO(cleaned)) as image:
            self.assertEqual(image.format, "JPEG")
            self.assertLessEqual(max(image.size), 1600)
            self.assertEqual(max(image.size), min(1600, max(width, height)))
            longest = width if width >= height else height
            scale = max(image.size) / longest
            self.assertAlmostEqual(image.width, width * scale, delta=1.01)
            self.assertAlmostEqual(image.height, height * scale, delta=1.01)

    def test_place_device_and_comment_of_a_photo_are_dropped_and_it_stands_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by 90 degrees
        exif[0x010F] = "Secret Phone"
        exif.get_ifd(0x8825)[1] = "N"
        sent = photo_bytes((60, 20), exif=exif, comment=b"Secret place")
        cleaned = photo.clean_photo(sent)
        self.assertIn(b"Secret", sent)
        self.assertNotIn(b"Secret", cleaned)
        with Image.open(io.BytesIO(cleaned)) as image:
            self.assertEqual(image.size, (20, 60))
            self.assertFalse(dict(image.getexif()))

    def test_what_is_transparent_becomes_white(self):
        stream = io.BytesIO()
        Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(stream, "PNG")
        with Image.open(io.BytesIO(photo.clean_photo(stream.getvalue()))) as image:
            self.assertEqual(image.getpixel((4, 4)), (255, 255, 255))

    @settings(max_examples=60, deadline=None)
    @given(
        head=st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"<svg"]),
        body=st.binary(max_size=300),
    )
    def test_rubbish_is_refused_and_breaks_nothing(self, head, body):
        with self.assertRaises(photo.PhotoError):
            photo.clean_photo(head + body)

    def test_damaged_photos_are_refused(self):
        with self.assertRaises(photo.PhotoError) as caught:
            photo.clean_photo(photo_bytes()[:25])
        self.assertEqual(caught.exception.reason, "broken")

    def test_too_many_bytes_or_pixels_are_refused(self):
        for data in (
            photo_bytes() + b"\0" * photo.MAX_BYTES,
            photo_bytes((8000, 7000), "PNG", mode="1"),
        ):
            with self.assertRaises(photo.PhotoError) as caught:
                photo.clean_photo(data)
            self.assertEqual(caught.exception.reason, "too_large")

    @settings(max_examples=80, deadline=None)
    @given(value=st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()), st.booleans()))
    def test_the_form_reader_takes_a_value_or_raises_its_own_error(self, value):
        readers = (
            lambda: request_form.read_id(value, "x"),
            lambda: request_form.read_text(value, "x", 50),
            lambda: request_form.read_moment(value, "x", "Asia/Shanghai"),
            lambda: request_form.read_where(value),
            lambda: request_form.read_token(value),
        )
        for reader in readers:
            try:
                reader()
            except request_form.FormError:
                continue
