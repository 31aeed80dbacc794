from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PropertyDepositLedgers(http.Controller):
    """The workbook of a deposit ledger."""

    @http.route(
        "/property/deposit_ledger/<int:wizard_id>.xlsx", type="http", auth="user", methods=["GET"]
    )
    def property_deposit_ledger(self, wizard_id, **kwargs):
        """Send the workbook somebody asked for, to nobody else."""
        wizard = request.env["property.deposit.ledger"].browse(wizard_id).exists()
        try:
            wizard.check_access("read")
            if not wizard:
                raise MissingError(request.env._("Ask for the ledger again: it has expired."))
            name, content = wizard._workbook()
        except (AccessError, MissingError) as fault:
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
