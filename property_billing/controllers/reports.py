from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PropertyReports(http.Controller):
    """Workbooks of reports."""

    @http.route("/property/report/<int:wizard_id>.xlsx", type="http", auth="user", methods=["GET"])
    def property_report(self, wizard_id, **kwargs):
        """Send the workbook somebody asked for, to nobody else."""
        wizard = request.env["property.report.wizard"].browse(wizard_id).exists()
        try:
            wizard.check_access("read")
            if not wizard:
                raise MissingError(request.env._("Ask for the report again: it has expired."))
            name, content = wizard._workbook()
        except (AccessError, MissingError) as fault:
            raise request.not_found(str(fault)) from fault
        except UserError as fault:
            response = request.make_response(str(fault), [("Content-Type", "text/plain")])
            response.status_code = 400
            return response
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
