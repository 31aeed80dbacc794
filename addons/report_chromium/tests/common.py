"""A report of partners, printed for real."""

import io
import os

from odoo.tests import TransactionCase
from odoo.tools.pdf import PdfFileReader

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
)
LAYOUT = """
<t t-name="report_chromium.test_report">
    <t t-call="web.html_container">
        <t t-foreach="docs" t-as="o">
            <div class="header"><span>Head of <t t-esc="o.name"/></span></div>
            <div class="article" t-att-data-oe-model="o._name" t-att-data-oe-id="o.id">
                %s
            </div>
            <div class="footer">Foot <span class="page"/> / <span class="topage"/></div>
        </t>
    </t>
</t>
"""


class ReportCase(TransactionCase):
    """Reports of partners whose template each test writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # OdooBot, who runs tests, sees the images of reports as the public does.
        cls.env = cls.env(user=cls.env.ref("base.user_admin"))
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Partner {letter}"} for letter in "ABC"]
        )
        cls.paperformat = cls.env["report.paperformat"].create(
            {
                "name": "Test sheet",
                "format": "A4",
                "orientation": "Portrait",
                "margin_top": 40,
                "margin_bottom": 20,
                "margin_left": 10,
                "margin_right": 10,
                "header_spacing": 35,
            }
        )
        # Templates without an xml id take the style of margins from the company's sheet.
        cls.env.company.paperformat_id = cls.paperformat
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Partners",
                "model": "res.partner",
                "report_name": "report_chromium.test_report",
                "paperformat_id": cls.paperformat.id,
            }
        )
        cls.view = cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "report_chromium.test_report",
                "key": "report_chromium.test_report",
                "arch": LAYOUT % "",
            }
        )

    def print_report(self, content, records=None, **context):
        """Print partners with ``content`` as the body of each, and return the PDF."""
        self.view.arch = LAYOUT % content
        return self.render(self.partners[:1] if records is None else records, **context)

    def render(self, records, **context):
        """Print partners with the present template, and return the PDF."""
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True, **context)
        content, kind = reports._render_qweb_pdf(self.report, records.ids)
        self.assertEqual(kind, "pdf")
        return content

    def pages(self, content):
        """Return the pages of a PDF."""
        return PdfFileReader(io.BytesIO(content)).pages

    def texts(self, content):
        """Return the text of each page of a PDF, without the spaces."""
        return ["".join(page.extract_text().split()) for page in self.pages(content)]


class BrowserCase(ReportCase):
    """Tests that need a browser: without one they fail under CI and are skipped elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.actions.report"]._chromium_path():
            return
        message = "No Chromium: install it, or name it in the environment variable CHROMIUM."
        if os.environ.get("CI"):
            raise AssertionError(message)
        cls.skipTest(cls, message)
