"""What the forms of receipts show; whoever renders one has printed it, and that is counted."""

from odoo import api, models

ROLL = "property_billing.report_property_receipt_roll"
#: Millimetres of an 80 mm receipt without its lines, and of each line.
ROLL_HEIGHT, ROLL_LINE = 102, 9


class ReportPropertyReceipt(models.AbstractModel):
    _name = "report.property_billing.report_property_receipt_a5"
    _description = "Receipt on A5"

    _layout = "a5"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the papers, counted as printed.

        :param docids: ids of receipts the user may read; blank forms print nothing
        """
        receipts = self.env["property.receipt"].browse(docids or [])
        receipts.check_access("read")
        receipts = receipts.filtered(lambda receipt: not receipt.is_blank)
        receipts._count_print()
        papers = {receipt.id: receipt._paper(self._layout) for receipt in receipts}
        return {
            "doc_ids": receipts.ids,
            "doc_model": "property.receipt",
            "docs": receipts,
            "papers": papers,
            "layout": self._layout,
        }


class ReportPropertyReceiptForm93(models.AbstractModel):
    _name = "report.property_billing.report_property_receipt_form_93"
    _inherit = "report.property_billing.report_property_receipt_a5"
    _description = "Receipt on a Form of 93 mm"

    _layout = "form_93"


class ReportPropertyReceiptForm140(models.AbstractModel):
    _name = "report.property_billing.report_property_receipt_form_140"
    _inherit = "report.property_billing.report_property_receipt_a5"
    _description = "Receipt on a Form of 140 mm"

    _layout = "form_140"


class ReportPropertyReceiptRoll(models.AbstractModel):
    _name = "report.property_billing.report_property_receipt_roll"
    _inherit = "report.property_billing.report_property_receipt_a5"
    _description = "Receipt on a Roll"

    _layout = "roll"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of `base`: a roll is cut where its longest receipt ends."""
        report = self
        if res_ids and self._get_report(report_ref).report_name == ROLL:
            # sudo: only the number of lines
            receipts_sudo = self.env["property.receipt"].sudo().browse(res_ids)
            rows = max((len(receipt.line_ids) for receipt in receipts_sudo), default=0)
            tenders = max((len(receipt.tenders or []) for receipt in receipts_sudo), default=0)
            height = ROLL_HEIGHT + ROLL_LINE * rows + 5 * tenders
            report = self.with_context(property_roll_height=height)
        return super(IrActionsReport, report)._render_qweb_pdf_prepare_streams(
            report_ref, data, res_ids=res_ids
        )

    def get_paperformat(self):
        """Override of `base`: a roll is as long as its receipt."""
        paper = super().get_paperformat()
        height = self.env.context.get("property_roll_height")
        if not height or self.report_name != ROLL:
            return paper
        return paper.new(
            {**paper.copy_data()[0], "property_exact_height": 0, "page_height": height}
        )
