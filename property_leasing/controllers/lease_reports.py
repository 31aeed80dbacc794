from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LeaseReports(http.Controller):
    """Workbooks of the reports of leasing."""

    @http.route(
        "/property/lease/report/<int:wizard_id>.xlsx", type="http", auth="user", methods=["GET"]
    )
    def property_lease_report(self, wizard_id, **kwargs):
        """Send the workbook somebody asked for, to nobody else."""
        wizard = request.env["property.lease.report.wizard"].browse(wizard_id).exists()
        if not wizard:
            raise request.not_found(request.env._("Ask for the report again: it has expired."))
        try:
            wizard.check_access("read")
            name, content = wizard._workbook()
        except AccessError as fault:
            raise request.not_found(str(fault)) from fault
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
