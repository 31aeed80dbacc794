from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2.errors import UniqueViolation


class PropertyCollection(models.Model):
    """One taking of money: the bills it settled, how it was paid, its receipts, and its undo.

    Everything happens in one transaction. Its token makes it happen once: the same token again
    returns the same taking.
    """

    _name = "property.collection"
    _description = "Counter Taking"
    _inherit = ["property.made.by.methods", "mail.thread"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index=True)
    token = fields.Char(required=True, readonly=True, copy=False)
    state = fields.Selection(
        [("done", "Done"), ("undone", "Undone")],
        required=True,
        default="done",
        readonly=True,
        tracking=True,
    )
    date = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Cashier", required=True, readonly=True, ondelete="restrict"
    )
    shift_id = fields.Many2one(
        "property.cashier.shift", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    site_id = fields.Many2one(
        "property.site", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one(
        "property.unit",
        string="Household Unit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    line_ids = fields.One2many("property.collection.line", "collection_id", readonly=True)
    tender_ids = fields.One2many("property.collection.tender", "collection_id", readonly=True)
    payment_ids = fields.One2many("account.payment", "collection_id", readonly=True)
    receipt_ids = fields.Many2many(
        "property.receipt", string="Receipts", compute="_compute_receipt_ids"
    )
    amount = fields.Monetary(readonly=True, help="Settled and kept in advance, in yuan.")
    amount_received = fields.Monetary(
        readonly=True, tracking=True, help="Money that came in, in yuan, without change given."
    )
    amount_used = fields.Monetary(
        string="Prepayments Used", readonly=True, help="Money that was in the books already."
    )
    amount_change = fields.Monetary(string="Change Given", readonly=True)
    discount_ids = fields.Many2many(
        "account.move",
        "property_collection_discount_rel",
        string="Discounts Granted",
        readonly=True,
        copy=False,
        help="Credit notes of campaigns, granted for paying these bills now.",
    )
    amount_discount = fields.Monetary(string="Discount", readonly=True)
    used_partials = fields.Json(
        readonly=True, help="Reconciliations with prepayments, for the undo."
    )
    undone_by_id = fields.Many2one("res.users", string="Undone by", readonly=True)
    undone_at = fields.Datetime(readonly=True)
    undo_reason = fields.Char(readonly=True, tracking=True)

    _token_unique = models.Constraint("UNIQUE(token)", "This money has been taken already.")

    def _compute_receipt_ids(self):
        # sudo: whoever sees the taking may know the numbers of its receipts
        receipts_sudo = (
            self.env["property.receipt"]
            .sudo()
            .search([("payment_ids.collection_id", "in", self.ids)])
        )
        for collection in self:
            collection.receipt_ids = receipts_sudo.filtered(
                lambda receipt, one=collection: one in receipt.payment_ids.collection_id
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Money taken stays on file. Undo it within the shift instead."))

    # === Taking money ===

    @api.model
    def _collect(self, bills_amounts, tenders, date=None, **options):
        """Take money, settle bills exactly as told and keep what is paid in advance.

        :param bills_amounts: list of (bill, Decimal): what each bill gets, late fees not included
        :param tenders: list of dict ``method`` (property.tender.method), ``amount`` (Decimal; more
            cash than needed is changed) and ``reference``
        :param date date: day of the payment; today when left out
        :param str token: names this taking; the same token never takes money twice
        :param shift: property.cashier.shift the money belongs to; it must be open
        :param unit: property.unit, the household at the counter
        :param dict late_fees: bill -> Decimal of its live late fee that is paid too
        :param dict discounts: bill -> dict ``campaign_id`` and ``amount`` that a campaign gives for
            paying the bill in full now, on top of what the bill gets
        :param dict expected: bill -> (residual, late fee) as the cashier saw them
        :param advances: list of dict ``unit``, ``payer``, ``item`` (or None), ``amount``, ``note``;
            a deposit has its ``deposit_type`` and ``deposit_note`` too
        :param scan: property.scan.payment whose money this is; its own hold does not count
        :param bool merged: one receipt for everything; else one an item
        :return: property.collection
        :raise UserError: when something changed meanwhile, or the money does not fit; then nothing
            has happened
        """
        token = options.get("token") or str(uuid4())
        if known := self._known(token):
            return known
        self.env["account.payment"].check_access("create")
        plan = self.env["property.collection.plan"]._prepare(
            bills_amounts, tenders, date or fields.Date.context_today(self), options
        )
        collection_sudo = self._claim(token, plan)
        collection_sudo._book(plan)
        collection_sudo._issue_receipts(plan["merged"])
        self.env["property.audit"]._log(
            "money",
            collection_sudo,
            after={
                "amount": str(plan["total"]),
                "bills": {bill.name: str(share) for bill, share in plan["shares"].items()},
                "advance": str(sum(one["amount"] for one in plan["advances"])),
            },
        )
        return collection_sudo.sudo(self.env.su)

    @api.model
    def _known(self, token):
        """Return the taking a token names.

        :raise UserError: when it was undone meanwhile, or is another cashier's
        """
        # sudo: a token is unguessable, but never tells about other people's takings
        known_sudo = self.sudo().search([("token", "=", token)])
        if not known_sudo:
            return None
        if known_sudo.state != "done" or known_sudo.user_id != self.env.user:
            raise UserError(
                self.env._(
                    "This taking has been finished already as %(number)s. Open the household "
                    "again.",
                    number=known_sudo.name,
                )
            )
        return known_sudo.sudo(self.env.su)

    @api.model
    def _claim(self, token, plan):
        """Create the document of a taking before any money is booked.

        :raise ConcurrencyError: when the same token is at work; the request is then run again and
            finds the result
        """
        # sudo: takings are made by this method only, whose caller may book payments
        records_sudo = self.sudo()
        sequence_sudo = self.env["ir.sequence"].sudo().with_company(plan["company"])
        try:
            with self.env.cr.savepoint():
                collection_sudo = records_sudo.create(
                    {
                        "name": sequence_sudo.next_by_code("property.collection"),
                        "token": token,
                        "date": plan["date"],
                        "user_id": self.env.uid,
                        "shift_id": plan["shift"].id,
                        "site_id": plan["site"].id,
                        "company_id": plan["company"].id,
                        "unit_id": plan["unit"].id,
                        "amount": float(plan["total"]),
                        "amount_received": float(plan["received"]),
                        "amount_used": float(plan["used"]),
                        "amount_change": float(plan["change"]),
                        "amount_discount": float(plan["discount"]),
                        "discount_ids": [(6, 0, plan["discounts"].ids)],
                        "line_ids": [(0, 0, vals) for vals in plan["line_vals"]],
                        "tender_ids": [(0, 0, vals) for vals in plan["tender_vals"]],
                    }
                )
        except UniqueViolation as error:
            raise ConcurrencyError from error
        return collection_sudo

    def _book(self, plan):
        """Post the payments, reconcile them part by part, keep the advances."""
        payments = (
            self.env["account.payment"]
            .with_user(self.env.user)
            .with_context(force_payment_move=True)
            .create([self._prepare_payment_vals(plan, one) for one in plan["payments"]])
        )
        payments.action_post()
        pairs = []
        for payment, planned in zip(payments, plan["payments"], strict=True):
            lines = payment.move_id.line_ids.filtered(
                lambda line, account=payment.destination_account_id: line.account_id == account
            )
            pairs += [lines + key._property_receivable_lines() for key, _part in planned.parts]
        uses = [
            credit.sudo().line_id + bill._property_receivable_lines()
            for bill, credit, _amount in plan["uses"]
        ]
        last = len(uses) - len(plan["last_use"])
        pairs = uses[:last] + pairs + uses[last:]
        before = self._partials_of(plan["uses"])
        if pairs:
            # sudo: a credit of the payer may carry a line of an entry the cashier cannot write
            self.env["account.move.line"].sudo()._reconcile_plan([pair.sudo() for pair in pairs])
        self.used_partials = (self._partials_of(plan["uses"]) - before).ids
        self._check_settled(plan)
        self._keep_advances(plan)

    def _partials_of(self, uses):
        # sudo: partial reconciliations have no rights of their own
        lines_sudo = self.env["account.move.line"].sudo()
        for _bill, credit, _amount in uses:
            lines_sudo |= credit.sudo().line_id
        lines_sudo.invalidate_recordset(["matched_debit_ids"])
        return lines_sudo.matched_debit_ids

    def _prepare_payment_vals(self, plan, planned):
        """Prepare one payment of money for the bills of one account."""
        partner, account, _site = planned.group
        bills = self.env["account.move"].browse([bill.id for bill, _part in planned.parts])
        return {
            "amount": float(planned.amount),
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "destination_account_id": account.id,
            "currency_id": self.currency_id.id,
            "invoice_ids": [(6, 0, bills.ids)],
            "site_id": self.site_id.id,
            "unit_id": self.unit_id.id,
            "date": self.date,
            **self._prepare_tender_vals(planned.tender),
        }

    def _prepare_tender_vals(self, tender):
        """Prepare what a payment takes from its tender."""
        method = tender["method"]
        lines = method.journal_id.inbound_payment_method_line_ids
        return {
            "journal_id": method.journal_id.id,
            "payment_method_line_id": lines.filtered(lambda line: line.code == "manual")[:1].id,
            "collection_id": self.id,
            "memo": " · ".join(
                filter(None, (self.name, method.name, tender.get("reference") or ""))
            ),
        }

    def _check_settled(self, plan):
        """Make sure every bill got its share to the fen, whatever modules did meanwhile."""
        bills = self.env["account.move"].browse([bill.id for bill in plan["shares"]])
        bills.invalidate_recordset(["amount_residual", "payment_state"])
        for bill, share in plan["shares"].items():
            wanted = float(plan["residuals"][bill] - share)
            if bill.currency_id.compare_amounts(bill.amount_residual, wanted):
                raise UserError(
                    self.env._(
                        "%(bill)s could not be settled exactly, so no money was taken. Open the "
                        "household again, or pay this bill by itself.",
                        bill=bill.display_name,
                    )
                )

    def _keep_advances(self, plan):
        """Book what is paid in advance, one prepayment or deposit a tender and purpose."""
        rows = self.line_ids.filtered(lambda line: line.kind in ("advance", "deposit"))
        for row, advance in zip(rows, plan["advance_parts"], strict=True):
            self._keep_advance(row, advance)

    def _keep_advance(self, row, advance):
        """Book one of them: a prepayment."""
        row.prepayment_id = self._receive("property.prepayment", advance, item=advance["item"])

    def _receive(self, model, advance, **purpose):
        """Book money that pays no bill.

        :param model: name of what keeps it
        :param dict advance: of the plan, see `_collect`
        :param purpose: what it is for, as the model's `_receive` asks
        :return: record of the model
        """
        tender = advance["tender"]
        return (
            self.env[model]
            .with_user(self.env.user)
            ._receive(
                advance["unit"],
                advance["payer"],
                float(advance["amount"]),
                tender["method"].journal_id.with_user(self.env.user),
                date=self.date,
                **purpose,
                **self._prepare_tender_vals(tender),
            )
        )

    def _issue_receipts(self, merged):
        self._issue_receipts_for(self.payment_ids, merged)

    def _issue_receipts_for(self, payments, merged):
        if payments:
            self.env["property.receipt"].with_user(self.env.user)._issue(
                payments.with_user(self.env.user).sorted("id"), merged=merged
            )
