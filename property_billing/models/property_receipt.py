import base64
import secrets
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_data_uri

from ..tools.receipt_numbers import PaperLine, fit_lines
from .property_receipt_book import LAYOUTS

#: What the paper says; it is never edited.
FROZEN_FIELDS = frozenset(
    (
        "name",
        "number",
        "book_id",
        "holder_id",
        "site_id",
        "company_id",
        "payment_ids",
        "payer_id",
        "payer_name",
        "on_behalf",
        "date",
        "issued_on",
        "cashier_id",
        "line_ids",
        "tenders",
        "amount_total",
        "amount_words",
        "token",
        "is_imported",
        "replaces_id",
    )
)
REPORTS = {
    "a5": "property_billing.action_report_property_receipt_a5",
    "form_93": "property_billing.action_report_property_receipt_form_93",
    "form_140": "property_billing.action_report_property_receipt_form_140",
    "roll": "property_billing.action_report_property_receipt_roll",
}
#: Lines a form takes before they are gathered by item.
CAPACITY = {"a5": 8, "form_93": 4, "form_140": 9, "roll": 60}
COPIES = 10


class PropertyReceipt(models.Model):
    """One paper that says what was received, from whom and for what (收据)."""

    _name = "property.receipt"
    _description = "Receipt"
    _inherit = ["property.made.by.methods"]
    _order = "id desc"
    _rec_names_search = ["name", "payer_name"]

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    number = fields.Integer(
        string="Number in the Book", readonly=True, copy=False, aggregator=False
    )
    book_id = fields.Many2one(
        "property.receipt.book", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    holder_id = fields.Many2one(
        "res.users",
        string="Holder of the Book",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who held the book when the number was taken; empty for books made on demand.",
    )
    site_id = fields.Many2one("property.site", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    currency_id = fields.Many2one("res.currency", readonly=True, required=True)
    payment_ids = fields.Many2many("account.payment", readonly=True)
    payer_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    payer_name = fields.Char(string="Received from", readonly=True)
    on_behalf = fields.Char(string="On Behalf of", readonly=True)
    date = fields.Date(
        string="Received on", readonly=True, required=True, index=True, help="Day of the money."
    )
    issued_on = fields.Date(
        readonly=True, required=True, index=True, help="Day the number was taken."
    )
    cashier_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    line_ids = fields.One2many("property.receipt.line", "receipt_id", string="For", readonly=True)
    units_text = fields.Char(string="Units", readonly=True)
    tenders = fields.Json(readonly=True, help="How the money came: method and amount.")
    tender_text = fields.Char(string="Paid by", compute="_compute_tender_text")
    amount_total = fields.Monetary(string="Total", readonly=True, required=True)
    amount_words = fields.Char(string="Total in Words", readonly=True)
    state = fields.Selection(
        [("issued", "Issued"), ("void", "Void"), ("lost", "Lost")],
        required=True,
        readonly=True,
        default="issued",
        index=True,
        copy=False,
    )
    is_blank = fields.Boolean(
        string="Blank Form", readonly=True, help="A form that was spoilt or lost before its use."
    )
    is_imported = fields.Boolean(
        string="From an Earlier System",
        readonly=True,
        help="Its paper was made by an earlier system; the number belongs to no book here.",
    )
    void_reason = fields.Char(string="Reason", readonly=True, copy=False)
    void_by_id = fields.Many2one(
        "res.users", string="Voided by", readonly=True, copy=False, ondelete="restrict"
    )
    void_on = fields.Date(readonly=True, copy=False, index=True)
    has_copies = fields.Boolean(
        string="All Copies Recovered",
        readonly=True,
        copy=False,
        help="All three parts of the void form were stamped and filed.",
    )
    replaces_id = fields.Many2one(
        "property.receipt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    replaced_by_ids = fields.One2many("property.receipt", "replaces_id", string="Replaced by")
    print_count = fields.Integer(
        string="Times Printed", readonly=True, copy=False, aggregator=False
    )
    token = fields.Char(
        readonly=True, copy=False, groups="base.group_system", help="Opens the page that verifies."
    )

    _number_once = models.UniqueIndex(
        "(book_id, number) WHERE book_id IS NOT NULL", "This receipt number is taken."
    )
    _imported_once = models.UniqueIndex(
        "(site_id, name) WHERE book_id IS NULL AND state <> 'void'",
        "This receipt number was imported already.",
    )
    _token_once = models.UniqueIndex("(token)")
    _void_has_reason = models.Constraint(
        "CHECK(state = 'issued' OR void_reason IS NOT NULL)", "Say why."
    )

    @api.depends("tenders")
    def _compute_tender_text(self):
        for receipt in self:
            digits = receipt.currency_id.decimal_places
            receipt.tender_text = "、".join(
                f"{tender['method']} {float(tender['amount']):.{digits}f}"
                for tender in receipt.tenders or []
            )

    @api.depends("name")
    def _compute_display_name(self):
        for receipt in self:
            receipt.display_name = receipt.name or self.env._("Receipt without number")

    # Guards -----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Give every receipt an address nobody can guess."""
        return super().create([{"token": secrets.token_urlsafe(24), **vals} for vals in vals_list])

    def write(self, vals):
        """Override of `base`: what the paper says stays as it was printed."""
        if FROZEN_FIELDS & vals.keys():
            raise UserError(
                self.env._("A receipt is not edited. Void it, then issue a new one for the money.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A receipt number stays on file. Void the receipt instead of deleting it.")
        )

    # Printing ---------------------------------------------------------------------------------

    def action_print(self):
        """Print on the form of the book."""
        self.check_access("read")
        receipts = self.filtered(lambda receipt: not receipt.is_blank)
        if not receipts:
            raise UserError(self.env._("A blank form has nothing to print."))
        return receipts._print_action().report_action(receipts)

    def _print_action(self):
        """Return the report that prints the receipts on the form of their book.

        :raise UserError: when they have different forms
        """
        layouts = {receipt._layout() for receipt in self}
        if len(layouts) > 1:
            raise UserError(
                self.env._(
                    "These receipts have different forms. Print those of one form at a time."
                )
            )
        return self.env.ref(REPORTS[layouts.pop()])

    def _layout(self):
        self.ensure_one()
        return self.sudo().book_id.layout or LAYOUTS[0][0]

    def _count_print(self):
        """Count that the receipts are printed once more; every copy but the first is logged."""
        if not self:
            return
        # sudo: whoever may read a receipt may print it, nobody writes the counter by hand
        self.env.cr.execute(
            "UPDATE property_receipt SET print_count = COALESCE(print_count, 0) + 1"
            " WHERE id = ANY(%s)",
            [self.ids],
        )
        self.invalidate_recordset(["print_count"])
        copies = self.filtered(lambda receipt: receipt.print_count > 1)
        if copies:
            self.env["property.audit"]._log("money", copies, after={"action": "reprint"})

    def _watermark(self):
        """Return what is printed across the paper, nothing on the original."""
        self.ensure_one()
        if self.state == "void":
            return self.env._("VOID")
        if self.state == "lost" or self.is_imported:
            return self.env._("DUPLICATE")
        if self.print_count > 1:
            return self.env._("REPRINT %(number)s", number=self.print_count - 1)
        return ""

    def _paper(self, layout):
        """Return everything a form shows, as plain values.

        :param layout: one of the forms
        :return: dict
        """
        self.ensure_one()
        statements = self.env["property.statement"]
        lines = fit_lines(
            [
                PaperLine(
                    line.name,
                    line.unit_text or "",
                    line.date_from,
                    line.date_to,
                    Decimal(str(line.amount)),
                    line.kind == "late_fee",
                    1,
                )
                for line in self.line_ids
            ],
            CAPACITY[layout],
        )
        return {
            "receipt": self,
            "company": self.company_id,
            "currency": self.currency_id,
            "lines": [
                {
                    "name": line.name,
                    "unit": line.unit,
                    "period": statements._period(line.date_from, line.date_to),
                    "amount": float(line.amount),
                    "is_late_fee": line.is_late_fee,
                    "count": line.count,
                }
                for line in lines
            ],
            "watermark": self._watermark(),
            "qr": self._verify_qr(),
            "site": self.sudo().site_id.name or "",
            "cashier": self.sudo().cashier_id.name or "",
        }

    def _verify_url(self):
        """Return the address of the page that tells whether the paper is genuine."""
        self.ensure_one()
        # sudo: the token is printed on the paper, but nobody lists tokens
        return f"{self.company_id.get_base_url()}/property/receipt/verify/{self.sudo().token}"

    def _verify_qr(self):
        code = self.env["ir.actions.report"].barcode(
            barcode_type="QR", value=self._verify_url(), width=240, height=240, quiet=False
        )
        return image_data_uri(base64.b64encode(code))
