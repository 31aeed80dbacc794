"""Steps of a receipt book: issue, return, transfer, and handing out its numbers one by one."""

import re
from string import ascii_uppercase

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, mute_logger
from psycopg2 import IntegrityError
from psycopg2.errors import ExclusionViolation, UniqueViolation

from ..tools.receipt_numbers import format_number, free_numbers
from .property_receipt_book import OPEN_STATES

KEEPER_GROUPS = ("property_base.group_finance", "property_base.group_manager")
HOLDER_GROUPS = ("property_base.group_cashier", "property_base.group_finance")
#: Digits of the numbers of books made on demand.
AUTOMATIC_DIGITS = 7
FIGURES = ("qty_total", "qty_used", "qty_void", "qty_lost", "qty_left", "amount_used")
TAKEN = re.compile(r"\)=\(\d+, (\d+)\)")


class PropertyReceiptBook(models.Model):
    _inherit = "property.receipt.book"

    # Steps ------------------------------------------------------------------------------------

    def _check_keeper(self):
        """Raise unless the user keeps the stock of forms."""
        self.check_access("write")
        if not self.env.su and not any(self.env.user.has_group(name) for name in KEEPER_GROUPS):
            raise UserError(self.env._("Finance or a site manager keeps the receipt books."))

    def _lock(self):
        """Wait until nobody else works with the books, then read them anew."""
        return self._lock_and_reread("state", "holder_id", "site_id")

    def _expect(self, *states):
        for book in self:
            if book.is_automatic:
                raise UserError(
                    self.env._(
                        "%(book)s is made on demand: it has no forms to hand over.", book=book.name
                    )
                )
            if book.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "Book %(book)s is %(state)s, so this step is not possible now.",
                        book=book.name,
                        state=labels[book.state],
                    )
                )

    def _step(self, **vals):
        # sudo: state and holder are written by the steps alone, whose access was checked
        self.sudo().with_context(property_book_step=True).write(vals)

    def _issue_to(self, user, note=None):
        """Hand books in stock to the cashier who will use them (领用).

        :param user: `res.users` with a collecting role on the site
        :raise UserError: when the book is not in stock or the user may not collect there
        """
        self._check_keeper()
        self._lock()._expect("stock")
        if not user.active or not any(user.has_group(name) for name in HOLDER_GROUPS):
            raise UserError(
                self.env._(
                    "%(user)s does not collect money. Choose a cashier or finance.", user=user.name
                )
            )
        for book in self:
            # sudo: the sites of a colleague
            may_everywhere = user.has_group("property_base.group_director")
            if not may_everywhere and book.site_id not in user.sudo().property_site_ids:
                raise UserError(
                    self.env._(
                        "%(user)s does not work at %(site)s. Choose somebody who does, or "
                        "transfer the book first.",
                        user=user.name,
                        site=book.site_id.name,
                    )
                )
            if not book.qty_left:
                raise UserError(
                    self.env._("Book %(book)s has no number left. Write it off.", book=book.name)
                )
        self._log_move("issue", holder=user, note=note)
        self._step(
            state="issued",
            holder_id=user.id,
            issued_on=self._today(),
            issued_by_id=self.env.uid,
        )

    def _return(self, note=None):
        """Take books back into stock, with the numbers they have left."""
        self._check_keeper()
        self._lock()._expect(*OPEN_STATES)
        self._log_move("return", note=note)
        self._step(state="stock", holder_id=False)

    def _transfer(self, site, note=None):
        """Move books in stock to another site of the company (调拨).

        :param site: `property.site` the user may write too
        """
        self._check_keeper()
        self._lock()._expect("stock")
        if any(book.site_id == site for book in self):
            raise UserError(self.env._("The book is at %(site)s already.", site=site.name))
        if any(book.company_id != site.company_id for book in self):
            raise UserError(
                self.env._("A book stays in its company. Choose a site of the same company.")
            )
        site.check_access("read")
        self._log_move("transfer", site=site, note=note)
        self._step(site_id=site.id)

    def _write_off(self, note=None):
        """Close books whose figures somebody else has checked; what is left is destroyed (核销)."""
        self._lock()._expect("stock", "issued", "using", "used")
        self._log_move("write_off", note=note)
        self._step(state="written_off")

    def _log_move(self, kind, site=None, holder=None, note=None):
        """Write a step into the log of movements, before it is done.

        :param site: where the forms go; where they are when left out
        :param holder: who gets them; the stock when left out
        """
        # the count must not be a figure read before the book was locked
        self.invalidate_recordset(FIGURES)
        common = {"kind": kind, "date": self._today(), "user_id": self.env.uid, "note": note}
        vals_list = []
        for book in self:
            here = {"site_id": book.site_id.id, "holder_id": book.holder_id.id}
            there = {"site_id": (site or book.site_id).id, "holder_id": holder and holder.id}
            base = {**common, "book_id": book.id}
            if kind != "in":
                vals_list.append({**base, **here, "quantity": -book.qty_left})
            if kind != "write_off":
                vals_list.append({**base, **there, "quantity": book.qty_left})
        # sudo: nobody writes the log by hand
        moves = self.env["property.receipt.book.move"].sudo().create(vals_list)
        if kind != "in":
            for book in self:
                self.env["property.audit"]._log(
                    "money",
                    book,
                    before={"holder": book.holder_id.name or "", "state": book.state},
                    after={
                        "action": kind,
                        "count": book.qty_left,
                        "holder": holder and holder.name,
                    },
                    reason=note or None,
                )
        return moves

    def _today(self):
        return self.site_id[:1]._today()

    # Numbers ----------------------------------------------------------------------------------

    @api.model
    def _automatic(self, site, company):
        """Return the book of a site for receipts made on demand, created when there is none.

        :param site: `property.site`, may be empty: the company's own book
        :return: the book, sudo
        """
        # sudo: made by the first payment, whoever makes it
        books_sudo = self.sudo()
        book = books_sudo.search(
            [
                ("company_id", "=", company.id),
                ("site_id", "=", site.id),
                ("is_automatic", "=", True),
                ("state", "=", "using"),
            ],
            limit=1,
        )
        if book:
            return book
        prefix = books_sudo._automatic_prefix(site, company)
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                return books_sudo.create(
                    {
                        "is_automatic": True,
                        "company_id": company.id,
                        "site_id": site.id,
                        "prefix": prefix,
                        "digits": AUTOMATIC_DIGITS,
                        "number_from": 1,
                        "number_to": 10**AUTOMATIC_DIGITS - 1,
                        "state": "using",
                    }
                )
        except (UniqueViolation, ExclusionViolation) as error:
            # Somebody made it a moment ago; this transaction cannot see it and starts again.
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _automatic_prefix(self, site, company):
        """Return SJ (收据) and the site's code, or a variant where a box of forms has that one."""
        code = re.sub(r"\s+", "", site.sudo().code or "").upper()
        words = ["SJ", *(f"SJ{letter}" for letter in ascii_uppercase)]
        wanted = [f"{word}-{code}-" if code else f"{word}-" for word in words]
        found = self.search([("company_id", "=", company.id), ("prefix", "in", wanted)])
        taken = set(found.mapped("prefix"))
        return next(prefix for prefix in wanted if prefix not in taken)

    def _take_numbers(self, receipts_sudo):
        """Give receipts the next numbers of the book, as far as it has some.

        The lock on the book lasts until the transaction ends: the next one waits, takes the
        number after this one, or the same if this one is rolled back. A number taken since this
        transaction began is invisible to it, but not to the unique index: it is skipped.

        :param receipts_sudo: receipts without a number, in order
        :return: those that got none
        """
        self.ensure_one()
        self._lock()
        if self.state not in OPEN_STATES:
            return receipts_sudo
        taken = set()
        while True:
            numbers = self._free(len(receipts_sudo), taken)
            if not numbers:
                break
            try:
                with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db"):
                    self._write_numbers(receipts_sudo.ids, numbers)
                break
            except IntegrityError as error:
                found = TAKEN.search(error.diag.message_detail or "")
                if not isinstance(error, UniqueViolation) or not found:
                    raise
                taken.add(int(found.group(1)))
        got = receipts_sudo[: len(numbers)]
        got.invalidate_recordset(["number", "name", "book_id", "holder_id"])
        self.invalidate_recordset(["receipt_ids", "next_number", "left_text", *FIGURES])
        if got and self.state == "issued":
            self._step(state="using")
        if not self._free(1, taken | set(numbers)):
            self._step(state="used")
        return receipts_sudo[len(numbers) :]

    def _write_numbers(self, ids, numbers):
        """Write numbers on rows this transaction has made."""
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s)",
                receipt_id,
                number,
                format_number(self.prefix, number, self.digits),
            )
            for receipt_id, number in zip(ids, numbers, strict=False)
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE property_receipt receipt
                   SET book_id = %s, holder_id = %s, number = taken.number, name = taken.name
                  FROM (VALUES %s) AS taken (id, number, name)
                 WHERE receipt.id = taken.id
                """,
                self.id,
                self.holder_id.id or None,
                values,
            )
        )

    def _free(self, count, taken):
        """Return the next free numbers, in order.

        :param count: how many are wanted
        :param taken: numbers known to be taken although this transaction does not see them
        """
        # sudo: numbers are taken whoever may see the receipts
        receipts_sudo = self.env["property.receipt"].sudo()
        mine = [("book_id", "=", self.id)]
        if self.is_automatic:
            [(last,)] = receipts_sudo._read_group(mine, [], ["number:max"])
            first = (last or self.number_from - 1) + 1
            return free_numbers(first, self.number_to, taken, count)
        [(used,)] = receipts_sudo._read_group(mine, [], ["number:array_agg"])
        return free_numbers(self.number_from, self.number_to, taken | set(used or ()), count)
