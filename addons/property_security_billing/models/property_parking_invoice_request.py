import base64
import binascii

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.urls import urljoin

from odoo.addons.property_base.tools.idcard import is_valid_company_code
from odoo.addons.property_security.models.property_visitor_visit import (
    PHONES_AT_ONCE,
    PHONES_KEPT,
)

from ..tools.invoice_title import read_title

#: Whom the invoice is for and what became of it: nobody writes that by hand.
FIXED = frozenset(
    (
        "payment_id",
        "kind",
        "title",
        "tax_number",
        "email",
        "phone",
        "amount",
        "state",
        "amount_issued",
        "issued_on",
        "decided_uid",
    )
)
ISSUER_GROUPS = "property_base.group_finance,property_base.group_manager"
#: How the files of electronic invoices begin: PDF, OFD (a zip), XML.
BEGINNINGS = {b"%PDF": "pdf", b"PK\x03\x04": "ofd", b"<?xml": "xml"}


class PropertyParkingInvoiceRequest(models.Model):
    """A driver asks for a VAT invoice (电子发票) of what he has paid; finance issues it."""

    _name = "property.parking.invoice.request"
    _description = "Parking Invoice Request"
    _inherit = ["property.parking.scoped", "mail.thread"]
    _order = "id desc"
    _rec_name = "title"

    payment_id = fields.Many2one(
        "property.parking.payment", required=True, readonly=True, index=True, ondelete="restrict"
    )
    plate_display = fields.Char(related="payment_id.plate_display", string="Number Plate")
    paid_at = fields.Datetime(related="payment_id.paid_at")
    area_id = fields.Many2one(related="payment_id.area_id", store=True, index=True, precompute=True)
    site_id = fields.Many2one(related="payment_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="payment_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("company", "Company"), ("person", "Person")], required=True, readonly=True
    )
    title = fields.Char(
        required=True, readonly=True, help="Whom the invoice is made out to (抬头)."
    )
    tax_number = fields.Char(string="Taxpayer Number", readonly=True)
    email = fields.Char(string="E-mail", readonly=True, groups=ISSUER_GROUPS)
    phone = fields.Char(readonly=True, groups=ISSUER_GROUPS)
    amount = fields.Monetary(
        string="Amount to Invoice",
        compute="_compute_amount",
        compute_sudo=True,
        help="What was paid less what was given back, VAT inside.",
    )
    state = fields.Selection(
        [("new", "New"), ("issued", "Issued"), ("refused", "Refused")],
        required=True,
        default="new",
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    number = fields.Char(string="Invoice Number", copy=False, tracking=True)
    file = fields.Binary(
        string="Invoice File", attachment=True, copy=False, help="PDF, OFD or XML, for the driver."
    )
    file_name = fields.Char(copy=False)
    issued_on = fields.Date(readonly=True, copy=False)
    amount_issued = fields.Monetary(string="Issued Amount", readonly=True, copy=False)
    is_over = fields.Boolean(
        string="Red-Letter Invoice Needed",
        compute="_compute_is_over",
        search="_search_is_over",
        compute_sudo=True,
        help="Money was given back after the invoice had been issued.",
    )
    reason = fields.Char(tracking=True, help="Why it is refused; the driver reads this.")
    decided_uid = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False, ondelete="set null"
    )

    _once = models.UniqueIndex(
        "(payment_id) WHERE state != 'refused'", "An invoice has been asked for already."
    )
    _number_once = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL",
        "This invoice number stands on another request. Look at the number again.",
    )

    @api.depends("payment_id.amount_net")
    def _compute_amount(self):
        for one in self:
            one.amount = one.payment_id.amount_net

    @api.depends("state", "amount_issued", "payment_id.amount_net")
    def _compute_is_over(self):
        for one in self:
            one.is_over = one.state == "issued" and (
                one.currency_id.compare_amounts(one.amount_issued, one.payment_id.amount_net) > 0
            )

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        issued = self.sudo().search([("state", "=", "issued")])  # filtered by the rules again
        return [("id", "in" if True in value else "not in", issued.filtered("is_over").ids)]

    @api.model
    def _method_fields(self):
        """Override: what the driver asked for, and what became of it."""
        return super()._method_fields() | FIXED

    def write(self, vals):
        """Keep what was asked for, and what was issued."""
        if not self.env.su:
            if not FIXED.isdisjoint(vals):
                raise UserError(
                    self.env._("Issue or refuse the request: its state follows from that.")
                )
            if any(one.state != "new" for one in self) and {"number", "file", "reason"} & {*vals}:
                raise UserError(
                    self.env._("This has been decided, and the driver has it. It stays as it is.")
                )
        return super().write(vals)

    # Asking -----------------------------------------------------------------------------------

    @api.model
    def _ask(self, payment_sudo, typed):
        """Note that a driver wants an invoice.

        :param payment_sudo: property.parking.payment whose link he has
        :param dict typed: what he typed
        :return: (property.parking.invoice.request, names of what is wrong)
        :raise UserError: when there is nothing to invoice, or he has asked already
        """
        clean, wrong = read_title(typed, is_valid_company_code)
        if wrong:
            return self.browse(), wrong
        payment_sudo._lock_and_reread("amount_net", "refund_ids")
        if payment_sudo.currency_id.compare_amounts(payment_sudo.amount_net, 0) <= 0:
            raise UserError(self.env._("This payment has been given back: nothing to invoice."))
        # sudo: nobody is logged in; the link is the right
        requests_sudo = self.sudo()
        if payment_sudo.invoice_request_ids.filtered(lambda one: one.state != "refused"):
            raise UserError(self.env._("An invoice has been asked for already."))
        asked_sudo = requests_sudo.create({"payment_id": payment_sudo.id, **clean})
        return asked_sudo, []

    # Deciding ---------------------------------------------------------------------------------

    def action_issue(self):
        """Note that the invoice has been issued; the driver can take it from his link.

        :raise UserError: without its number, or with a file that is none
        """
        for one in self._decidable():
            if not (one.number or "").strip():
                raise UserError(self.env._("Enter the number of the invoice."))
            one._check_file()
            amount = one.amount
            if one.currency_id.compare_amounts(amount, 0) <= 0:
                raise UserError(
                    self.env._("This payment has been given back meanwhile. Refuse the request.")
                )
            one._decide("issued", amount_issued=amount, issued_on=fields.Date.context_today(one))
            one._send_mail()

    def action_refuse(self):
        """Refuse the request, with a reason the driver reads; he may ask again."""
        for one in self._decidable():
            if not (one.reason or "").strip():
                raise UserError(self.env._("Say why, so that the driver understands it."))
            one._decide("refused")

    def _decidable(self):
        self.check_access("write")
        if not self.env.user.has_groups(ISSUER_GROUPS):
            raise AccessError(self.env._("Finance issues invoices. Ask them."))
        if decided := self._lock_and_reread("state").filtered(lambda one: one.state != "new"):
            raise UserError(self.env._("%(title)s has been decided.", title=decided[0].title))
        return self

    def _decide(self, state, **vals):
        # sudo: the state is written by the steps only
        self.sudo().write({"state": state, "decided_uid": self.env.uid, **vals})
        self.env["property.audit"]._log("money", self, after={"state": state})

    @api.autovacuum
    def _gc_contacts(self):
        """Forget how to reach drivers whose requests were decided and are long past."""
        before = fields.Datetime.now() - PHONES_KEPT
        old = (
            Domain("state", "!=", "new")
            & Domain("create_date", "<", before)
            & (Domain("email", "!=", False) | Domain("phone", "!=", False))
        )
        self.search(old, limit=PHONES_AT_ONCE).write({"email": False, "phone": False})

    def _file_content(self):
        """Return the file (bytes) and its kind; nothing where there is none."""
        self.ensure_one()
        try:
            content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        except (binascii.Error, ValueError):
            content = b""
        kinds = [kind for begin, kind in BEGINNINGS.items() if content.startswith(begin)]
        return content, kinds[0] if kinds else ""

    def _check_file(self):
        content, kind = self._file_content()
        if content and not kind:
            raise UserError(self.env._("Choose the PDF, OFD or XML file of the invoice."))

    def _send_mail(self):
        """Send the link to who wanted it by e-mail."""
        one_sudo = self.sudo()  # the address is the driver's; nobody reads the link but he
        if not one_sudo.email:
            return
        lang = one_sudo.company_id._billing_lang()
        env = one_sudo.with_context(lang=lang).env
        url = urljoin(one_sudo.area_id.get_base_url(), one_sudo.payment_id._receipt_path())
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (
            env._(
                "Your invoice %(number)s over %(amount)s for parking has been issued.",
                number=one_sudo.number,
                amount=one_sudo.currency_id.format(one_sudo.amount_issued),
            ),
            url,
            env._("See receipt and invoice"),
        )
        one_sudo.env["mail.mail"].create(
            {
                "subject": env._("Parking invoice %(number)s", number=one_sudo.number),
                "email_to": one_sudo.email,
                "body_html": body,
                "auto_delete": True,
            }
        )
