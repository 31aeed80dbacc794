import re
from decimal import Decimal

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.property_lease_document import KINDS
from ..tools.papers import MAX_BYTES, PaperError, paper_type
from .leases import PropertyLeases

AMOUNT = re.compile(r"[0-9]{1,11}(\.[0-9]{1,2})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_TEXT = 500
MOST_FILES = 4
MOST_REPORTS = 20  # of a month, however often it is declared anew
MAX_UPLOAD = MOST_FILES * MAX_BYTES + 2**20


def read_amount(text):
    """Return the amount that a person typed, or None.

    >>> read_amount(" 12,345.6 "), read_amount("-1"), read_amount("1e9"), read_amount(None)
    (Decimal('12345.6'), None, None, None)
    >>> read_amount("￥12，345.6")
    Decimal('12345.6')
    """
    if not isinstance(text, str):
        return None
    text = re.sub("[,，¥￥]", "", text).strip()  # in either width, as keyboards type them
    return Decimal(text) if text.isascii() and AMOUNT.fullmatch(text) else None


def read_day(text):
    """Return the day that a person chose, or None.

    >>> read_day("2026-02-28"), read_day("2026-02-30"), read_day("x"), read_day(None)
    (datetime.date(2026, 2, 28), None, None, None)
    """
    if not isinstance(text, str) or not DATE.fullmatch(text):
        return None
    try:
        return fields.Date.to_date(text)
    except ValueError:
        return None


def read_words(text, most=MOST_TEXT):
    """Return a text without control characters, cut to its length."""
    if not isinstance(text, str):
        return ""
    return "".join(c for c in text if c == "\n" or c.isprintable()).strip()[:most]


class PropertyLeaseSteps(PropertyLeases):
    """What a tenant does: declare turnover, upload papers, give notice; each step is his own."""

    def _property_lease_step(self, lease_id, done, take, form):
        """Take a step of a lease of the user and show what became of it.

        :param done: name of the step, for the message
        :param take: function of the lease that takes it, and raises UserError
        """
        lease_sudo = self._property_leases_sudo(lease_id)
        if not lease_sudo:
            return self._property_lease_missing()
        try:
            with request.env.cr.savepoint():
                found = take(lease_sudo)
        except (AccessError, UserError) as error:
            request.env.invalidate_all()
            return self._property_lease_page(lease_sudo, problem=str(error), form=form)
        if not found:
            return self._property_lease_missing()
        return request.redirect(f"/my/leases/{lease_sudo.id}?done={done}", code=303)

    # === Turnover ===

    @http.route(
        "/my/leases/<int:lease_id>/turnover/<int:row_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_UPLOAD,
    )
    def my_lease_declare(self, lease_id, row_id, **kwargs):
        """Declare the turnover of a month."""

        def take(lease_sudo):
            own_sudo = lease_sudo._portal_rows(lease_sudo.turnover_ids, request.env.user.partner_id)
            row_sudo = own_sudo.filtered(lambda one: one.id == row_id)
            if not row_sudo:
                return False
            amount = read_amount(kwargs.get("amount"))
            if amount is None:
                raise UserError(request.env._("Enter the turnover as a number, such as 128000.50."))
            files_sudo = self._property_till_reports_sudo(row_sudo)
            row_sudo._declare(float(amount), files_sudo, read_words(kwargs.get("note")))
            return True

        return self._property_lease_step(lease_id, "turnover", take, kwargs)

    def _property_till_reports_sudo(self, row_sudo):
        """Keep the till reports that were sent.

        :raise UserError: for a file that cannot be taken
        """
        contents = [
            (file.filename, file.read(MAX_BYTES + 1))
            for file in request.httprequest.files.getlist("files")[:MOST_FILES]
            if file.filename
        ]
        if len(row_sudo.attachment_ids) + len(contents) > MOST_REPORTS:
            raise UserError(
                request.env._(
                    "There are many till reports of this month already. Ask your leasing agent."
                )
            )
        values = []
        for name, content in contents:
            try:
                mimetype = paper_type(content)
            except PaperError as error:
                papers = request.env["property.lease.document"]
                raise UserError(papers._paper_problem(error.reason)) from None
            values.append(
                {
                    "name": read_words(name, 80) or "till",
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": row_sudo._name,
                    "res_id": row_sudo.id,
                }
            )
        # sudo: tenants make no attachments of records they may not write
        return request.env["ir.attachment"].sudo().create(values)

    # === Papers ===

    @http.route(
        "/my/leases/<int:lease_id>/papers",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_UPLOAD,
    )
    def my_lease_upload(self, lease_id, **kwargs):
        """Upload a licence, a permit or an insurance policy."""

        def take(lease_sudo):
            self._property_expect_tenant(lease_sudo)
            kinds = dict(KINDS)
            kind = kwargs.get("kind")
            if kind not in kinds:
                raise UserError(request.env._("Choose what kind of paper it is."))
            day = read_day(kwargs.get("date_to"))
            if kwargs.get("date_to") and not day:
                raise UserError(request.env._("Choose the day on which the paper expires."))
            file = request.httprequest.files.get("file")
            content = file.read(MAX_BYTES + 1) if file and file.filename else b""
            name = read_words(file.filename, 80) if file and file.filename else ""
            return request.env["property.lease.document"]._upload(
                lease_sudo,
                request.env.user.partner_id.commercial_partner_id,
                {
                    "kind": kind,
                    "name": read_words(kwargs.get("name"), 80) or name,
                    "date_to": day,
                    "file_name": name,
                },
                content,
            )

        return self._property_lease_step(lease_id, "paper", take, kwargs)

    def _property_expect_tenant(self, lease_sudo):
        if not lease_sudo._is_portal_tenant(request.env.user.partner_id):
            raise UserError(request.env._("Only the present tenant of the lease can do this."))

    # === Notice ===

    @http.route(
        "/my/leases/<int:lease_id>/notice",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_lease_notice(self, lease_id, **kwargs):
        """Give notice."""

        def take(lease_sudo):
            self._property_expect_tenant(lease_sudo)
            kind = kwargs.get("kind")
            if kind not in ("end", "leave"):
                raise UserError(request.env._("Choose whether you leave early or do not renew."))
            return request.env["property.lease.notice"]._give(
                lease_sudo,
                kind,
                read_day(kwargs.get("date_to")),
                read_words(kwargs.get("reason")),
            )

        return self._property_lease_step(lease_id, "notice", take, kwargs)

    @http.route(
        "/my/leases/<int:lease_id>/notice/<int:notice_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_lease_notice_withdraw(self, lease_id, notice_id, **kwargs):
        """Take a notice back that is not answered yet."""

        def take(lease_sudo):
            own_sudo = lease_sudo._portal_rows(lease_sudo.notice_ids, request.env.user.partner_id)
            notice_sudo = own_sudo.filtered(lambda one: one.id == notice_id)
            if notice_sudo:
                notice_sudo._withdraw()
            return notice_sudo

        return self._property_lease_step(lease_id, "withdrawn", take, kwargs)
