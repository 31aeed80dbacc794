from odoo.tests import tagged

from .common import PIXEL, BrowserCase

ROWS = """
<table class="table"><thead><tr><th>Itemhead</th></tr></thead><tbody>
<tr t-foreach="range(70)" t-as="i"><td>row <t t-esc="i"/></td></tr></tbody></table>
"""
POINTS_PER_MM = 72 / 25.4


@tagged("post_install", "-at_install")
class TestLayout(BrowserCase):
    def size(self, content):
        return tuple(round(float(value)) for value in self.pages(content)[0].mediabox[2:])

    def positions(self, content, page=0):
        """Return {text: (left, top) in mm} of the pieces of text of a page."""
        found = {}
        height = float(self.pages(content)[page].mediabox[3])

        def visit(text, cm, tm, _font, _size):
            if text.strip():
                left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                bottom = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                found.setdefault(
                    text.strip(), (left / POINTS_PER_MM, (height - bottom) / POINTS_PER_MM)
                )

        self.pages(content)[page].extract_text(visitor_text=visit)
        return found

    def images(self, content):
        resources = self.pages(content)[0]["/Resources"]
        names = resources.get("/XObject", {})
        return [name for name in names if names[name]["/Subtype"] == "/Image"]

    def test_every_page_has_header_and_footer_with_its_number(self):
        texts = self.texts(self.print_report(ROWS))
        self.assertGreater(len(texts), 1)
        for number, text in enumerate(texts, 1):
            self.assertIn("HeadofPartnerA", text)
            self.assertIn(f"Foot{number}/{len(texts)}", text)

    def test_table_heads_are_repeated_on_the_second_page(self):
        texts = self.texts(self.print_report(ROWS))
        self.assertIn("Itemhead", texts[0])
        self.assertIn("Itemhead", texts[1])

    def test_no_row_is_lost_between_pages(self):
        text = "".join(self.texts(self.print_report(ROWS)))
        for number in range(70):
            self.assertIn(f"row{number}", text)

    def test_chinese_is_extracted_as_it_was_written(self):
        words = "金额 页 长 车牌 物业管理费 业主 门 见 贝 风 食 马 鱼 鸟 齐 龙 一 人 大 水 电 止"
        text = self.texts(self.print_report(f"<p>{words}</p>"))[0]
        self.assertIn("".join(words.split()), text)

    def test_right_to_left_text_is_printed(self):
        content = self.print_report('<p dir="rtl">שלום</p>')
        self.assertIn("ש", self.texts(content)[0])

    def test_paper_is_a4_upright(self):
        self.assertEqual(self.size(self.print_report("<p>x</p>")), (595, 842))

    def test_paper_format_turns_the_sheet(self):
        self.paperformat.orientation = "Landscape"
        self.assertEqual(self.size(self.print_report("<p>x</p>")), (842, 595))

    def test_context_turns_the_sheet(self):
        self.assertEqual(self.size(self.print_report("<p>x</p>", landscape=True)), (842, 595))

    def test_other_and_custom_sizes_are_used(self):
        self.paperformat.format = "Letter"
        self.assertEqual(self.size(self.print_report("<p>x</p>")), (612, 792))
        self.paperformat.write({"format": "custom", "page_width": 100, "page_height": 150})
        self.paperformat.invalidate_recordset()
        self.assertEqual(self.size(self.print_report("<p>x</p>")), (283, 425))

    def test_body_starts_below_the_top_margin_and_header_above_it(self):
        found = self.positions(self.print_report("<div>Bodytext</div>"))
        body = next(place for text, place in found.items() if "Body" in text)
        head = next(place for text, place in found.items() if "Head" in text)
        foot = next(place for text, place in found.items() if "Foot" in text)
        self.assertTrue(40 < body[1] < 47, body)
        self.assertTrue(5 < head[1] < 12, head)
        self.assertTrue(277 < foot[1] < 284, foot)
        self.assertTrue(10 <= body[0] < 16, body)

    def test_template_may_set_its_own_top_margin(self):
        self.print_report("<div>Bodytext</div>")
        self.view.arch = self.view.arch.replace(
            '<t t-call="web.html_container">',
            '<t t-call="web.html_container"><t t-set="data_report_margin_top" t-value="80"/>',
        )
        found = self.positions(self.render(self.partners[:1]))
        body = next(place for text, place in found.items() if "Body" in text)
        self.assertTrue(80 < body[1] < 87, body)

    def test_images_are_inside_without_a_web_server(self):
        self.partners[0].image_1920 = PIXEL
        attachment = self.env["ir.attachment"].create(
            {"name": "dot.png", "datas": PIXEL, "public": True}
        )
        for source in (
            f"data:image/png;base64,{PIXEL}",
            f"/web/image/{attachment.id}",
            f"/web/image/res.partner/{self.partners[0].id}/image_128",
            "/report/barcode/QR/hello?width=100&amp;height=100",
            "/web/static/img/logo.png",
        ):
            with self.subTest(source=source):
                content = self.print_report(f'<img src="{source}" width="50" height="50"/>')
                self.assertEqual(len(self.images(content)), 1)

    def test_report_without_header_and_footer_is_printed(self):
        content = self.env["ir.actions.report"]._run_wkhtmltopdf(
            ["<html><head></head><body><p>Plain</p></body></html>"]
        )
        self.assertEqual(self.texts(content), ["Plain"])

    def test_language_of_a_document_chooses_the_font_of_its_characters(self):
        content = self.print_report("<p>直</p>", lang="en_US")
        fonts = {
            str(font["/BaseFont"])
            for page in self.pages(content)
            for font in (page["/Resources"]["/Font"][name] for name in page["/Resources"]["/Font"])
            if "/BaseFont" in font
        }
        self.assertFalse([name for name in fonts if "Serif" in name], fonts)
