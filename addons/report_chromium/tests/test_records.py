import io

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ..models import report_pdf as pdf
from ..tools import browser
from .common import BrowserCase

LONG = """
<h2>Title</h2><div t-foreach="range(2 if o.name.endswith('B') else 1)" t-as="i"
     t-attf-style="page-break-after:{{'auto' if i_last else 'always'}}">
Name <t t-esc="o.name"/> part <t t-esc="i"/></div>
"""


@tagged("post_install", "-at_install")
class TestRecords(BrowserCase):
    def attachments(self):
        found = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.partners.ids)]
        )
        return {attachment.res_id: attachment for attachment in found}

    def assert_each_has_its_own(self, streams):
        """Check that every record got its pages, with its name and numbers, and no others."""
        self.assertEqual(list(streams), self.partners.ids)
        for partner, count in zip(self.partners, (1, 2, 1), strict=True):
            texts = self.texts(streams[partner.id])
            self.assertEqual(len(texts), count)
            for number, text in enumerate(texts, 1):
                self.assertIn("Headof" + partner.name.replace(" ", ""), text)
                self.assertIn(f"Foot{number}/{count}", text)

    def streams(self, **context):
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True, **context)
        streams = reports._render_qweb_pdf_prepare_streams(self.report, {}, self.partners.ids)
        return {res_id: found["stream"].getvalue() for res_id, found in streams.items()}

    def test_every_record_gets_its_own_pages_and_numbers(self):
        self.print_report(LONG)
        self.assert_each_has_its_own(self.streams())

    def test_records_shown_in_another_order_are_not_swapped(self):
        self.print_report(LONG)
        self.view.arch = self.view.arch.replace(
            't-foreach="docs"', "t-foreach=\"docs.sorted('id', reverse=True)\""
        )
        self.assert_each_has_its_own(self.streams())

    def test_records_of_one_page_each_in_another_order_are_not_swapped(self):
        self.print_report("<p>one</p>")
        self.view.arch = self.view.arch.replace(
            't-foreach="docs"', "t-foreach=\"docs.sorted('id', reverse=True)\""
        )
        for partner in self.partners:
            text = self.texts(self.streams()[partner.id])
            self.assertEqual(len(text), 1)
            self.assertIn("Headof" + partner.name.replace(" ", ""), text[0])

    def test_a_record_with_two_articles_keeps_both(self):
        self.print_report(LONG)
        self.view.arch = self.view.arch.replace(
            't-foreach="docs" t-as="o"', 't-foreach="[d for d in docs for _i in (1, 2)]" t-as="o"'
        )
        streams = self.streams()
        self.assertEqual([len(self.pages(streams[i])) for i in self.partners.ids], [2, 4, 2])

    def test_every_record_is_saved_as_its_own_attachment(self):
        self.report.attachment = "'p%d.pdf' % object.id"
        content = self.print_report(LONG, self.partners)
        self.assertEqual(len(self.pages(content)), 4)
        saved = {res_id: found.raw for res_id, found in self.attachments().items()}
        self.assert_each_has_its_own({partner.id: saved[partner.id] for partner in self.partners})

    def test_saved_attachments_are_reused_and_merged_with_new_ones(self):
        self.report.write({"attachment": "'p%d.pdf' % object.id", "attachment_use": True})
        self.print_report(LONG, self.partners[1])
        before = self.attachments()
        texts = self.texts(self.print_report("<p>Newtext</p>", self.partners))
        self.assertEqual(len(texts), 4)
        self.assertEqual(["Newtext" in text for text in texts], [True, False, False, True])
        after = self.attachments()
        self.assertEqual(after[self.partners[1].id], before[self.partners[1].id])
        self.assertEqual(len(after), 3)

    def test_the_same_record_twice_is_printed_twice(self):
        self.print_report(LONG)
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf(self.report, self.partners[:1].ids * 2)
        self.assertEqual(len(self.pages(content)), 2)

    def test_all_records_of_a_batch_are_printed_by_one_browser(self):
        started = []
        original = browser.Browser._start

        def start(this):
            started.append(this)
            original(this)

        self.patch(browser.Browser, "_start", start)
        self.print_report(LONG, self.partners)
        self.assertEqual(len(started), 1)

    def test_a_batch_is_printed_in_few_goes(self):
        printed = []
        original = browser.Browser.print_pdf

        def print_pdf(this, html, *args, **kwargs):
            printed.append(html)
            return original(this, html, *args, **kwargs)

        self.patch(browser.Browser, "print_pdf", print_pdf)
        self.print_report(LONG, self.partners)
        self.assertEqual(len(printed), 2)  # all bodies, then all headers and footers

    def test_a_record_with_styles_of_its_own_does_not_change_the_others(self):
        content = """<p>Text</p><style t-if="o.name.endswith('B')">p{display:none}</style>"""
        texts = self.texts(self.print_report(content, self.partners))
        self.assertEqual(["Text" in text for text in texts], [True, False, True])

    def test_records_that_cannot_be_told_apart_are_printed_one_by_one(self):
        self.patch(pdf, "split_pages", lambda content, names: None)
        self.print_report(LONG)
        self.assert_each_has_its_own(self.streams())

    def test_a_single_record_has_no_bookmarks(self):
        content = self.print_report(LONG)
        root = PdfFileReader(io.BytesIO(content)).trailer["/Root"]
        self.assertNotIn("/Outlines", root)
