from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RequestKpi(http.Controller):
    """The workbook of the figures per person."""

    @http.route("/property/kpi/<int:kpi_id>.xlsx", type="http", auth="user", methods=["GET"])
    def property_kpi(self, kpi_id, **kwargs):
        """Send the workbook somebody asked for, to nobody else."""
        kpi = request.env["property.request.kpi"].browse(kpi_id).exists()
        if not kpi:
            raise request.not_found()
        try:
            kpi.check_access("read")
            name, content = kpi._workbook()
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
