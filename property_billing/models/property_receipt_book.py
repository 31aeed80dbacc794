from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.receipt_numbers import format_number, spans

LAYOUTS = [
    ("a5", "A5 sheet"),
    ("form_93", "Three-part form 241 × 93 mm"),
    ("form_140", "Three-part form 241 × 140 mm"),
    ("roll", "80 mm roll"),
]
#: Forms of one printed book; more is a typing error.
MAX_FORMS = 20000
#: What may still be changed in a book that has only been taken into stock.
RANGE_FIELDS = frozenset(
    ("prefix", "number_from", "number_to", "digits", "site_id", "company_id", "is_automatic")
)
STEP_FIELDS = frozenset(("state", "holder_id", "issued_on", "issued_by_id"))
OPEN_STATES = ("issued", "using")


class PropertyReceiptBook(models.Model):
    """A run of receipt numbers: a box of forms somebody answers for, or made on demand (票据本)."""

    _name = "property.receipt.book"
    _description = "Receipt Book"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "site_id, prefix, number_from"
    _check_company_auto = True

    name = fields.Char(string="Book", compute="_compute_name", store=True)
    is_automatic = fields.Boolean(
        string="Made on Demand",
        readonly=True,
        copy=False,
        help="Has no forms in stock: receipts without another book, such as online payments, "
        "take their numbers from it.",
    )
    layout = fields.Selection(
        LAYOUTS, string="Form", required=True, default="a5", tracking=True, help="Paper size."
    )
    prefix = fields.Char(
        default="",
        tracking=True,
        help="Letters before the number. Digits at its end belong to the number.",
    )
    number_from = fields.Integer(string="First Number", required=True, default=1, tracking=True)
    number_to = fields.Integer(string="Last Number", required=True, default=100, tracking=True)
    digits = fields.Integer(
        required=True, default=6, help="Numbers are filled up with zeros to so many digits."
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one(
        "property.site", index=True, ondelete="restrict", check_company=True, tracking=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    holder_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Cashier who took the book; only he uses its numbers.",
    )
    issued_on = fields.Date(string="Handed Out on", readonly=True, copy=False, tracking=True)
    issued_by_id = fields.Many2one("res.users", string="Handed Out by", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("stock", "In Stock"),
            ("issued", "Handed Out"),
            ("using", "In Use"),
            ("used", "Used Up"),
            ("written_off", "Written Off"),
        ],
        required=True,
        readonly=True,
        default="stock",
        copy=False,
        index=True,
        tracking=True,
    )
    note = fields.Char()
    receipt_ids = fields.One2many("property.receipt", "book_id", string="Receipts", readonly=True)
    move_ids = fields.One2many(
        "property.receipt.book.move", "book_id", string="Movements", readonly=True
    )
    qty_total = fields.Integer(
        string="Numbers", compute="_compute_figures", help="Forms of the whole book."
    )
    qty_used = fields.Integer(string="Used", compute="_compute_figures", help="Valid receipts.")
    qty_void = fields.Integer(string="Void", compute="_compute_figures")
    qty_lost = fields.Integer(string="Lost", compute="_compute_figures")
    qty_left = fields.Integer(
        string="Left",
        compute="_compute_figures",
        help="Numbers nobody has used yet. A book made on demand has none in stock.",
    )
    amount_used = fields.Monetary(
        string="Amount Received", compute="_compute_figures", help="Total of the valid receipts."
    )
    next_number = fields.Char(compute="_compute_next_number")
    left_text = fields.Char(
        string="Numbers Left",
        compute="_compute_next_number",
        help="Which numbers are still free, for counting the forms.",
    )

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, (COALESCE(prefix, '')) WITH =,"
        " int4range(number_from, number_to, '[]') WITH &&)",
        "Another book of the company already has some of these numbers. Check the first and last "
        "number, or use another prefix.",
    )
    _range_ordered = models.Constraint(
        "CHECK(number_from > 0 AND number_to >= number_from)",
        "The first number is at least 1, and the last is not before the first. Correct them.",
    )
    _digits_fit = models.Constraint(
        "CHECK(digits BETWEEN 1 AND 9 AND length(number_to::text) <= digits)",
        "The last number has more digits than the book. Enter between 1 and 9 digits, enough for "
        "the last number.",
    )
    _prefix_plain = models.Constraint(
        "CHECK(prefix IS NULL OR prefix !~ '[0-9]$')",
        "Digits at the end of the prefix belong to the number. Move them there.",
    )
    _site_of_forms = models.Constraint(
        "CHECK(is_automatic OR site_id IS NOT NULL)",
        "Choose the site whose stock the book belongs to.",
    )
    _holder_of_state = models.Constraint(
        "CHECK(is_automatic OR (state IN ('issued', 'using')) <= (holder_id IS NOT NULL))",
        "A book that is issued must have a holder.",
    )
    _automatic_once = models.UniqueIndex(
        "(company_id, COALESCE(site_id, 0)) WHERE is_automatic AND state = 'using'",
        "This site already has a book for receipts made on demand.",
    )

    @api.depends("prefix", "number_from", "number_to", "digits", "is_automatic")
    def _compute_name(self):
        for book in self:
            prefix, digits = book.prefix or "", book.digits
            first = format_number(prefix, book.number_from or 0, digits)
            last = format_number("", book.number_to or 0, digits)
            book.name = prefix.rstrip("-") if book.is_automatic else f"{first}–{last}"

    @api.depends("site_id")
    def _compute_company_id(self):
        for book in self:
            book.company_id = book.site_id.company_id or book.company_id or self.env.company

    @api.depends(
        "receipt_ids.state", "receipt_ids.amount_total", "number_from", "number_to", "state"
    )
    def _compute_figures(self):
        states = {}
        # sudo: totals of a book the reader may see; its receipts follow its site
        receipts_sudo = self.env["property.receipt"].sudo()
        for book, state, count, amount in receipts_sudo._read_group(
            [("book_id", "in", self.ids)], ["book_id", "state"], ["__count", "amount_total:sum"]
        ):
            states[book.id, state] = (count, amount)
        for book in self:
            used, amount = states.get((book._origin.id, "issued"), (0, 0.0))
            book.qty_used, book.amount_used = used, amount
            book.qty_void = states.get((book._origin.id, "void"), (0, 0.0))[0]
            book.qty_lost = states.get((book._origin.id, "lost"), (0, 0.0))[0]
            taken = used + book.qty_void + book.qty_lost
            book.qty_total = taken if book.is_automatic else book.number_to - book.number_from + 1
            has_left = not book.is_automatic and book.state != "written_off"
            book.qty_left = book.qty_total - taken if has_left else 0

    @api.depends("receipt_ids", "number_from", "number_to", "digits", "prefix", "state")
    def _compute_next_number(self):
        numbers = {}
        printed = self.filtered(lambda book: not book.is_automatic and book.state != "written_off")
        # sudo: which numbers of a visible book are taken
        receipts_sudo = self.env["property.receipt"].sudo()
        for book, used in receipts_sudo._read_group(
            [("book_id", "in", printed.ids)], ["book_id"], ["number:array_agg"]
        ):
            numbers[book.id] = set(used)
        last = dict(
            receipts_sudo._read_group(
                [("book_id", "in", (self - printed).ids)], ["book_id"], ["number:max"]
            )
        )
        for book in self:
            if book not in printed:
                is_open = book.state == "using"
                following = (last.get(book) or book.number_from - 1) + 1
                book.next_number = book._shown(following) if is_open else False
                book.left_text = False
                continue
            if book.number_to - book.number_from >= MAX_FORMS:
                # a number too many was typed: the book cannot be saved like this
                book.next_number = book.left_text = False
                continue
            used = numbers.get(book.id, set())
            left = [n for n in range(book.number_from, book.number_to + 1) if n not in used]
            book.next_number = book._shown(left[0]) if left else False
            book.left_text = "、".join(
                book._shown(low) if low == high else f"{book._shown(low)}–{book._shown(high)}"
                for low, high in spans(left)
            )

    def _shown(self, number):
        """Return a number of the book as it is printed."""
        return format_number(self.prefix, number, self.digits)

    @api.constrains("number_from", "number_to", "is_automatic")
    def _check_size(self):
        for book in self:
            if not book.is_automatic and book.number_to - book.number_from >= MAX_FORMS:
                raise ValidationError(
                    self.env._(
                        "A book holds at most %(count)s forms. Check the last number, or take "
                        "the forms into stock as several books.",
                        count=MAX_FORMS,
                    )
                )

    @api.model
    def _method_fields(self):
        """Override: the state and the holder."""
        return super()._method_fields() | STEP_FIELDS | {"is_automatic"}

    # Guards -----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Take new books into stock."""
        for vals in vals_list:
            if vals.get("prefix"):
                vals["prefix"] = str(vals["prefix"]).strip().upper()
            if not self.env.su and (STEP_FIELDS | {"is_automatic"}) & vals.keys():
                self._refuse_step_fields()
        books = super().create(vals_list)
        books.filtered(lambda book: not book.is_automatic)._log_move("in")
        return books

    def write(self, vals):
        """Override of `base`: numbers of a book that has moved stay, steps have their buttons."""
        if not self.env.su and (STEP_FIELDS | {"is_automatic"}) & vals.keys():
            self._refuse_step_fields()
        if vals.get("prefix"):
            vals = {**vals, "prefix": str(vals["prefix"]).strip().upper()}
        if RANGE_FIELDS & vals.keys() and not self.env.context.get("property_book_step"):
            if any(not book._is_untouched() for book in self):
                raise UserError(
                    self.env._(
                        "The numbers of a book that was issued, moved or used stay as they are. "
                        "Return it to stock and write it off, or transfer it to another site."
                    )
                )
            result = super().write(vals)
            self.move_ids.sudo().unlink()
            self._log_move("in")
            return result
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(not book._is_untouched() for book in self):
            raise UserError(
                self.env._(
                    "A book that was issued, moved or used stays on file. Write it off instead."
                )
            )
        # sudo: the entry into stock goes with the book that was entered by mistake
        self.sudo().move_ids.unlink()

    def _is_untouched(self):
        """Tell whether a book has only been taken into stock, so that a mistake may be mended."""
        self.ensure_one()
        return (
            self.state == "stock"
            and not self.is_automatic
            and set(self.sudo().move_ids.mapped("kind")) <= {"in"}
            and not self.sudo().receipt_ids
        )

    def _refuse_step_fields(self):
        raise UserError(
            self.env._(
                "Issue, return, transfer or write off the book with its buttons: its state and "
                "holder follow from that."
            )
        )

    def action_view_receipts(self):
        """Show the receipts of the book."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_receipt_action"
        )
        return {**action, "domain": [("book_id", "=", self.id)], "context": {}}

    # Finding ----------------------------------------------------------------------------------

    @api.model
    def _in_use(self, user, site, company):
        """Return the books a receipt may take its number from, the first choice first.

        :param user: `res.users` who receives the money
        :param site: `property.site` of the payment, may be empty
        :return: the user's own books of the site, sudo
        """
        # sudo: whoever may receive money gets a number, without rights on books
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("site_id", "=", site.id),
                ("holder_id", "=", user.id),
                ("state", "in", OPEN_STATES),
                ("is_automatic", "=", False),
            ],
            order="state desc, prefix, number_from, id",
        )
