import doctest
import unicodedata

from odoo.tests import BaseCase, tagged

from ..models import report_pdf as pdf
from ..tools import browser, document, paper, stylesheet


@tagged("post_install", "-at_install")
class TestKernels(BaseCase):
    def test_the_examples_in_the_kernels_hold(self):
        for module in (browser, document, paper, pdf, stylesheet):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertFalse(result.failed)

    def test_every_kangxi_radical_becomes_an_ideograph(self):
        for code in range(0x2F00, 0x2FD6):
            target = pdf._ideograph(b"%04X" % code)
            self.assertEqual(chr(int(target, 16)), unicodedata.normalize("NFKC", chr(code)))

    def test_font_faces_nobody_uses_are_left_out(self):
        css = "@font-face{font-family:Used;src:url(/a.woff)}" * 2
        css += "@font-face{font-family:Idle;src:url(/b.woff)}p{font-family:Used}"
        found = stylesheet.self_contained(css, lambda url: ("font/woff", b"x"))
        self.assertIn("Used", found)
        self.assertNotIn("Idle", found)

    def test_remote_font_faces_are_left_out(self):
        css = "@font-face{font-family:F;src:url(https://host/f.woff2)}p{font-family:F}"
        self.assertEqual(stylesheet.self_contained(css, lambda url: None), "p{font-family:F}")

    def test_header_of_the_last_record_serves_the_others(self):
        header = document.parse(
            f"<html><head></head><body class='b'><div id='{document.HEADERS}'><div>H"
            "<span class='page'></span>/<span class='topage'></span></div></div></body></html>"
        )
        sheet = paper.Paper(210, 297, top=40, header_spacing=35)
        root = document.marks(header, None, [(0, 2), (1, 1)], sheet)
        found = [node.text_content() for node in root.find_class("rc_sheet")]
        self.assertEqual(found, ["H1/2", "H2/2", "H1/1"])

    def test_nothing_to_mark_makes_no_marks(self):
        self.assertIsNone(document.marks(None, None, [(0, 1)], paper.Paper(210, 297)))

    def batched(self, *bodies):
        roots = [
            document.parse(f"<html><head></head><body class='c'>{body}</body></html>")
            for body in bodies
        ]
        return [len(batch) for batch in document.batches(roots)]

    def test_documents_that_look_alike_are_printed_together(self):
        self.assertEqual(self.batched("<p>a</p>", "<p>b</p>", "<p>c</p>"), [3])

    def test_documents_that_would_change_others_are_printed_alone(self):
        for odd in ("<style>p{}</style>", "<p style='position:fixed'>x</p>"):
            with self.subTest(odd=odd):
                self.assertEqual(self.batched("<p>a</p>", odd, "<p>b</p>", "<p>c</p>"), [1, 1, 2])

    def test_documents_in_other_languages_are_printed_apart(self):
        chinese = "<p data-oe-lang='zh_CN'>a</p>"
        self.assertEqual(self.batched(chinese, chinese, "<p data-oe-lang='ja_JP'>a</p>"), [2, 1])

    def test_long_and_many_documents_are_printed_in_several_goes(self):
        self.assertEqual(self.batched(*["<p>a</p>"] * 30), [25, 5])
        self.assertEqual(self.batched(*[f"<p>{'x' * 300_000}</p>"] * 2), [1, 1])
