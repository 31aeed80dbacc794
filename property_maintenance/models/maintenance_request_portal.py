from odoo import api, fields, models
from odoo.fields import Domain


class MaintenanceRequest(models.Model):
    """What residents see of their requests."""

    _inherit = "maintenance.request"

    form_token = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Of the form that raised the request: sent twice, it raises one.",
    )

    _form_token_unique = models.UniqueIndex(
        "(form_token) WHERE form_token IS NOT NULL",
        "This form was sent already. Open the list of requests.",
    )

    def _compute_access_url(self):
        """Override of `portal`: residents have a page for each request."""
        result = super()._compute_access_url()
        for request in self.filtered("site_id"):
            request.access_url = f"/my/requests/{request.id}"
        return result

    @api.model
    def _property_portal_domain(self, partner):
        """Return the domain of the requests a person may see and act on in the portal.

        :param partner: `res.partner` of the user
        """
        return Domain("contact_id", "=", partner.id) & Domain("site_id", "!=", False)

    @api.model
    def _property_waiting_domain(self, partner):
        """Return the domain of the requests that wait for something the person does.

        :param partner: `res.partner` of the user
        """
        waiting = Domain("step", "=", "done") | Domain("quotation_state", "=", "sent")
        return self._property_portal_domain(partner) & waiting

    def _portal_photos_sudo(self):
        """Return the photos that the resident may see: of the request and of its public steps."""
        self.ensure_one()
        # sudo: callers found the request among those of the user
        request_sudo = self.sudo()
        return request_sudo.photo_ids | request_sudo.step_ids.filtered("is_public").photo_ids
