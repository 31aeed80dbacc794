"""Print reports with Chromium where stock would run wkhtmltopdf."""

import logging
import os

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import document, paper
from ..tools.browser import Browser, BrowserError, BrowserTimeoutError, find_chromium
from . import report_pdf as pdf

_logger = logging.getLogger(__name__)

PATH_PARAMETER = "report_chromium.path"
TIMEOUT_PARAMETER = "report_chromium.timeout"
PATH_VARIABLE = "CHROMIUM"
DEFAULT_TIMEOUT = 60  # seconds, for each document


class Bodies(list):
    """The bodies of a report, each with the id of the record it shows."""

    def __init__(self, bodies, res_ids):
        super().__init__(bodies)
        self.res_ids = list(res_ids)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        """Override of `base`: PDFs can be printed where there is a Chromium.

        :return: as stock, "ok" with Chromium.
        """
        return "ok" if self._chromium_path() else super().get_wkhtmltopdf_state()

    @api.model
    def _chromium_path(self):
        """Return the path of the browser to print with, None to print as stock does."""
        parameters_sudo = self.env["ir.config_parameter"].sudo()  # not readable by most users
        chosen = os.environ.get(PATH_VARIABLE) or parameters_sudo.get_param(PATH_PARAMETER)
        return find_chromium(chosen)

    @api.model
    def _chromium_timeout(self):
        """Return the seconds a document may take."""
        parameters_sudo = self.env["ir.config_parameter"].sudo()  # not readable by most users
        value = paper.number(parameters_sudo.get_param(TIMEOUT_PARAMETER), DEFAULT_TIMEOUT)
        return value if value > 0 else DEFAULT_TIMEOUT

    def _prepare_html(self, html, report_model=False):
        """Override of `base`: let the bodies know their records, for splitting the PDF."""
        prepared = super()._prepare_html(html, report_model=report_model)
        if not prepared:
            return prepared
        bodies, res_ids, *others = prepared
        return Bodies(bodies, res_ids), res_ids, *others

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of `base`: print the records in the order asked for.

        Stock gives the n-th part of the PDF to the n-th record; a template that shows its
        records in another order would swap their attachments.
        """
        is_distinct = res_ids and len(res_ids) == len(set(res_ids))
        ordered = self.with_context(report_chromium_res_ids=tuple(res_ids) if is_distinct else None)
        return super(IrActionsReport, ordered)._render_qweb_pdf_prepare_streams(
            report_ref, data, res_ids=res_ids
        )

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Override of `base`: print with Chromium; as stock does when there is none."""
        executable = self._chromium_path()
        if not executable:
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        report = self._get_report(report_ref) if report_ref else self
        sheet = self._chromium_paper(
            report.get_paperformat(), landscape, specific_paperformat_args or {}
        )
        order, groups = self._chromium_order(bodies)
        header, footer = (
            self._chromium_inline(document.parse(html)) if html else None
            for html in (header, footer)
        )
        try:
            with Browser(executable, self._chromium_timeout()) as browser:
                roots = [document.parse(bodies[index]) for index in order]
                printed = self._chromium_print_bodies(browser, roots, sheet)
                counts = [len(pages) for pages in printed]
                pages = list(zip(order, counts, strict=True))
                marks = self._chromium_print_marks(browser, header, footer, pages, sheet)
        except (BrowserError, OSError) as error:
            raise self._chromium_user_error(error) from error
        return pdf.assemble(printed, marks, sheet.points, groups)

    @api.model
    def _chromium_order(self, bodies):
        """Return the order to print the bodies in, and the record of each.

        :return: indexes of the bodies; ids in that order, None when the records are not known.
        """
        wanted = self.env.context.get("report_chromium_res_ids")
        res_ids = getattr(bodies, "res_ids", None)
        if not wanted or not res_ids or not set(res_ids) <= set(wanted):
            return range(len(bodies)), None
        position = {res_id: index for index, res_id in enumerate(wanted)}
        order = sorted(range(len(bodies)), key=lambda index: position[res_ids[index]])
        return order, [res_ids[index] for index in order]

    @api.model
    def _chromium_paper(self, paperformat, landscape, specific):
        """Return the sheet to print on.

        :param paperformat: `report.paperformat` record, may be empty.
        :param landscape: True to force it; None to let the template decide.
        :param specific: measures the template sets itself (``data-report-…``).
        """
        if landscape is None:
            landscape = specific.get("data-report-landscape")
        width, height = paperformat.print_page_width, paperformat.print_page_height
        if not (width and height):
            width, height = paper.A4
        width, height = paper.oriented(width, height, landscape)
        return paper.Paper(
            width=width,
            height=height,
            top=paper.number(specific.get("data-report-margin-top"), paperformat.margin_top),
            right=paperformat.margin_right,
            bottom=paper.number(
                specific.get("data-report-margin-bottom"), paperformat.margin_bottom
            ),
            left=paperformat.margin_left,
            header_spacing=paper.number(
                specific.get("data-report-header-spacing"), paperformat.header_spacing
            ),
            header_line=paperformat.header_line,
            scale=1.0 if paperformat.disable_shrinking else paper.SHRINK,
        )

    @api.model
    def _chromium_inline(self, root):
        """Put everything a report document shows inside it; return its root."""
        resources = self.env["ir.report.resource"]
        base_url = self._get_report_url()
        document.inline(
            root,
            lambda url: resources._read_stylesheet(url, base_url),
            lambda url: resources._read_image(url, base_url),
        )
        return root

    @api.model
    def _chromium_lang(self, root):
        """Return the language a document is written in."""
        return document.body_language(root) or self.env.lang or self.env.user.lang

    @api.model
    def _chromium_print_bodies(self, browser, roots, sheet):
        """Print bodies without header and footer, as many at a time as look alike.

        :return: for each body the list of its pages.
        """
        printed = []
        for batch in document.batches(roots, self.env.lang):
            parts = None
            if len(batch) > 1:
                joined, names = document.join(batch)
                parts = pdf.split_pages(self._chromium_print(browser, joined, sheet), names)
            if parts is None:
                contents = [self._chromium_print(browser, root, sheet) for root in batch]
                parts = [pdf.read_pages(content) for content in contents]
            printed.extend(parts)
        return printed

    @api.model
    def _chromium_print(self, browser, root, sheet):
        """Print one document within the margins of the sheet; return the PDF, bytes."""
        self._chromium_inline(root)
        document.finish(root, document.BODY_CSS, self._chromium_lang(root))
        html = document.serialise(root)
        return browser.print_pdf(html, sheet.width, sheet.height, sheet.margins, sheet.scale)

    @api.model
    def _chromium_print_marks(self, browser, header, footer, pages, sheet):
        """Print the headers and footers of all pages at once.

        :param pages: (index of the body, number of its pages) in printing order.
        :return: PDF with a page for each page of the bodies; None without headers and footers.
        """
        root = document.marks(header, footer, pages, sheet)
        if root is None:
            return None
        document.finish(root, document.MARKS_CSS, self._chromium_lang(root))
        html = document.serialise(root)
        return browser.print_pdf(html, sheet.width, sheet.height, scale=sheet.scale)

    @api.model
    def _chromium_user_error(self, error):
        """Return what to tell the user; the browser's own words go to the log only."""
        _logger.error("Chromium did not print: %s\n%s", error, getattr(error, "detail", ""))
        if isinstance(error, BrowserTimeoutError):
            return UserError(
                self.env._(
                    "Printing took longer than %(seconds)s seconds and was stopped. Print fewer"
                    " documents at a time, or ask your administrator to raise the system"
                    " parameter %(parameter)s.",
                    seconds=round(self._chromium_timeout()),
                    parameter=TIMEOUT_PARAMETER,
                )
            )
        return UserError(
            self.env._(
                "The PDF could not be printed because the browser Chromium stopped. Try again; if"
                " it happens again, ask your administrator to look into the server log."
            )
        )
