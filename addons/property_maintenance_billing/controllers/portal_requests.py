from odoo.fields import Domain
from odoo.http import request

from odoo.addons.property_maintenance.controllers.portal_requests import PropertyRequests


class PropertyRequestBills(PropertyRequests):
    def _property_request_values(self, request_sudo):
        """Override of `property_maintenance` to lead to the bill of an accepted quotation."""
        values = super()._property_request_values(request_sudo)
        # sudo: the domain says which bills this person may see
        bills_sudo = request.env["account.move"].sudo()
        bill_sudo = bills_sudo.search(
            bills_sudo._property_portal_domain(request.env.user.partner_id)
            & Domain("id", "in", request_sudo.quotation_id.charge_id.move_id.ids)
        )
        is_open = bill_sudo.amount_residual > 0
        url = "/my/bills" if is_open else "/my/bills/history"
        return {**values, "bill_url": url if bill_sudo else ""}
