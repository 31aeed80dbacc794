from odoo import fields, http
from odoo.fields import Domain
from odoo.http import content_disposition, request

from odoo.addons.property_base.controllers.portal import is_record_id
from odoo.addons.property_billing.controllers.receipts import PropertyReceipts

from .lease_values import lease_page, lease_row


class PropertyLeases(PropertyReceipts):
    """The leases of a tenant: what was agreed, what is owed, what he has to do."""

    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the leases, and the months to declare."""
        values = super()._prepare_home_portal_values(counters)
        if "property_lease_count" in counters:
            values["property_lease_count"] = len(self._property_leases_sudo())
        if "property_lease_todo_count" in counters:
            values["property_lease_todo_count"] = sum(
                len(self._property_months_sudo(lease)) + len(self._property_offers_sudo(lease))
                for lease in self._property_leases_sudo()
            )
        return values

    # === Own records ===

    def _property_leases_sudo(self, lease_id=None):
        """Return the leases of the user, or one of them, none when it is not his.

        :param lease_id: as the client sent it
        """
        # sudo: the domain says what this person may see
        leases_sudo = request.env["property.lease"].sudo()
        domain = leases_sudo._portal_domain(request.env.user.partner_id)
        if lease_id is not None:
            if not is_record_id(lease_id):
                return leases_sudo
            domain &= Domain("id", "=", lease_id)
        return leases_sudo.search(domain, order="date_to desc, id desc")

    def _property_months_sudo(self, lease_sudo):
        """Return the months that wait to be declared by the user."""
        today = fields.Date.context_today(lease_sudo)
        rows_sudo = lease_sudo._portal_rows(
            lease_sudo.turnover_ids, request.env.user.partner_id
        ).filtered(lambda row: row.state in ("open", "estimated") and row.date_to < today)
        return rows_sudo.sorted("date_from")

    def _property_offers_sudo(self, lease_sudo):
        """Return the statements that wait for the user's answer."""
        own_sudo = lease_sudo._portal_rows(lease_sudo.moveout_ids, request.env.user.partner_id)
        return own_sudo.filtered(lambda one: one.step == "offered")

    # === Pages ===

    @http.route(
        "/my/leases", type="http", auth="user", website=True, methods=["GET"], sitemap=False
    )
    def my_leases(self, **kwargs):
        """Show the leases of the user, those that run first."""
        partner = request.env.user.partner_id
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_leases",
            leases=[
                lease_row(
                    one,
                    partner,
                    len(self._property_months_sudo(one)) + len(self._property_offers_sudo(one)),
                )
                for one in self._property_leases_sudo()
            ],
        )
        return request.render("property_leasing.portal_my_leases", values)

    @http.route(
        "/my/leases/<int:lease_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_lease(self, lease_id, **kwargs):
        """Show one lease."""
        lease_sudo = self._property_leases_sudo(lease_id)
        if not lease_sudo:
            return self._property_lease_missing()
        return self._property_lease_page(lease_sudo, done=kwargs.get("done"))

    def _property_lease_page(self, lease_sudo, problem=None, form=None, done=None):
        """Show a lease with what can be done.

        :param problem: what to correct, in a sentence
        :param form: the values as they were sent
        :param done: name of the step that was taken
        """
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_lease",
            one=lease_page(
                lease_sudo, request.env.user.partner_id, self._property_months_sudo(lease_sudo)
            ),
            problem=problem,
            form={key: one for key, one in (form or {}).items() if isinstance(one, str)},
            done=done if done in ("turnover", "paper", "notice", "withdrawn") else None,
            # room for other addons: links at the foot of a household's card
            household={"may_see_bills": True},
        )
        return request.render(
            "property_leasing.portal_my_lease", values, status=422 if problem else 200
        )

    def _property_lease_missing(self):
        values = {**self._prepare_portal_layout_values(), "page_name": "property_lease"}
        return request.render("property_leasing.portal_lease_missing", values, status=404)

    @http.route(
        "/my/leases/<int:lease_id>/contract",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_lease_contract(self, lease_id, **kwargs):
        """Download the contract as it was signed."""
        lease_sudo = self._property_leases_sudo(lease_id)
        if not lease_sudo or not lease_sudo.contract_text:
            return self._property_lease_missing()
        return self._property_pdf(
            "property_leasing.action_report_lease", lease_sudo, lease_sudo.name
        )

    @http.route(
        "/my/leases/<int:lease_id>/paper/<int:paper_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_lease_paper(self, lease_id, paper_id, **kwargs):
        """Download one of the papers that the user uploaded."""
        lease_sudo = self._property_leases_sudo(lease_id)
        own_sudo = lease_sudo and lease_sudo._portal_rows(
            lease_sudo.document_ids, request.env.user.partner_id
        )
        paper_sudo = own_sudo and own_sudo.filtered(lambda one: one.id == paper_id)
        if not paper_sudo:
            return self._property_lease_missing()
        stream = request.env["ir.binary"]._get_stream_from(
            paper_sudo, "file", filename=paper_sudo.file_name or paper_sudo.name
        )
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @http.route(
        "/my/leases/<int:lease_id>/turnover/<int:row_id>/file/<int:file_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_lease_till_report(self, lease_id, row_id, file_id, **kwargs):
        """Download a till report that the user sent."""
        lease_sudo = self._property_leases_sudo(lease_id)
        own_sudo = lease_sudo and lease_sudo._portal_rows(
            lease_sudo.turnover_ids, request.env.user.partner_id
        )
        row_sudo = own_sudo and own_sudo.filtered(lambda one: one.id == row_id)
        file_sudo = row_sudo and row_sudo.attachment_ids.filtered(lambda one: one.id == file_id)
        if not file_sudo:
            return self._property_lease_missing()
        return request.make_response(
            file_sudo.raw,
            [
                ("Content-Type", file_sudo.mimetype or "application/octet-stream"),
                ("Content-Disposition", content_disposition(file_sudo.name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-store"),
            ],
        )
