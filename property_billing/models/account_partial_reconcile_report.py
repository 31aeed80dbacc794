"""What a settlement means to the reports: the bill it counts on, and whether it was money."""

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

#: Journals whose entries are money.
MONEY_JOURNALS = ("bank", "cash", "credit")
SIDES = ("debit_move_id", "credit_move_id")
#: Says of a whole ledger what `_compute_settlement` says of some of it.
FILL = """
    UPDATE account_partial_reconcile partial
       SET bill_line_id = bill.id, settling_payment_id = other.payment_id,
           settled_by = CASE
               WHEN other_move.move_type = 'out_refund' THEN 'credited'
               WHEN other.payment_id IS NOT NULL OR other.statement_line_id IS NOT NULL
                    OR journal.type IN ('bank', 'cash', 'credit')
                    OR NOT EXISTS (
                       SELECT FROM account_move_line item
                         JOIN account_account account ON account.id = item.account_id
                        WHERE item.move_id = other.move_id
                          AND account.account_type <> 'asset_receivable')
               THEN 'collected' ELSE 'other' END
      FROM account_move_line bill
      JOIN account_move bill_move ON bill_move.id = bill.move_id,
           account_move_line other
      JOIN account_move other_move ON other_move.id = other.move_id
      JOIN account_journal journal ON journal.id = other.journal_id
     WHERE bill.id = partial.%(own)s AND other.id = partial.%(others)s
       AND bill.display_type = 'payment_term' AND bill_move.site_id IS NOT NULL
       AND bill_move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
       AND other.parent_state = 'posted'
       AND NOT (other.display_type = 'payment_term' AND other_move.site_id IS NOT NULL)
"""


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    bill_line_id = fields.Many2one(
        "account.move.line",
        compute="_compute_settlement",
        store=True,
        help="Item of the site's bill or credit note that this settles. Empty when it settles "
        "none, or two against each other, or while the other entry is a draft.",
    )
    settled_by = fields.Selection(
        [("collected", "Money"), ("credited", "Credit note"), ("other", "Other entry")],
        compute="_compute_settlement",
        store=True,
    )
    settling_payment_id = fields.Many2one(
        "account.payment", compute="_compute_settlement", store=True, index="btree_not_null"
    )

    # A balance as of a past day undoes what was settled later.
    _property_max_date_index = models.Index("(max_date)")
    # A report of a group reads half a million settlements: in an index alone.
    _property_settlement_index = models.Index(
        "(bill_line_id) INCLUDE (id, max_date, amount, debit_move_id, credit_move_id, settled_by,"
        " settling_payment_id) WHERE bill_line_id IS NOT NULL"
    )

    def _auto_init(self):
        """Override of `base` to fill the columns of a ledger that is there by two statements."""
        cr = self.env.cr
        if not column_exists(cr, self._table, "bill_line_id"):
            create_column(cr, self._table, "bill_line_id", "int4")
            create_column(cr, self._table, "settled_by", "varchar")
            create_column(cr, self._table, "settling_payment_id", "int4")
            if column_exists(cr, "account_move", "site_id"):
                self._fill_settlements()
        return super()._auto_init()

    @api.model
    def _fill_settlements(self):
        """Write what is computed below where it is not written yet."""
        for own, others in (SIDES, SIDES[::-1]):
            names = {"own": SQL.identifier(own), "others": SQL.identifier(others)}
            self.env.cr.execute(SQL(FILL, **names))

    @api.depends(
        *(
            f"{side}.{name}"
            for side in SIDES
            for name in (
                *("site_document", "parent_state", "payment_id", "statement_line_id"),
                *("journal_id.type", "move_id.move_type"),
            )
        )
    )
    def _compute_settlement(self):
        handed_over = self._entries_of_receivables()
        for partial in self:
            debit, credit = partial.debit_move_id, partial.credit_move_id
            bill, other = (debit, credit) if debit.site_document else (credit, debit)
            counts = bill.site_document and not other.site_document
            if not counts or other.parent_state != "posted":
                partial.bill_line_id = partial.settling_payment_id = partial.settled_by = False
                continue
            is_money = (
                other.payment_id
                or other.statement_line_id
                or other.journal_id.type in MONEY_JOURNALS
                or other.move_id in handed_over
            )
            is_credit = other.move_id.move_type == "out_refund"
            partial.bill_line_id = bill
            partial.settling_payment_id = other.payment_id
            partial.settled_by = "credited" if is_credit else "collected" if is_money else "other"

    def _entries_of_receivables(self):
        """Return the entries without any other account: they hand over money received earlier."""
        entries = (self.debit_move_id | self.credit_move_id).move_id.filtered(
            lambda move: (
                move.move_type == "entry"
                and not move.origin_payment_id
                and not move.statement_line_id
            )
        )
        if not entries:
            return entries
        others = self.env["account.move.line"]._read_group(
            [
                ("move_id", "in", entries.ids),
                ("account_id", "!=", False),
                ("account_id.account_type", "!=", "asset_receivable"),
            ],
            ["move_id"],
        )
        return entries.browse(set(entries.ids) - {move.id for (move,) in others})

    @api.model
    def _settle_anew(self, accounts):
        """Say again what entries on some accounts settled: whether it was money hangs on them.

        :param accounts: account.account whose type has changed
        """
        lines = self.env["account.move.line"].search(
            [("account_id", "in", accounts.ids), ("move_id.move_type", "=", "entry")]
        )
        items = lines.move_id.line_ids
        partials = items.matched_debit_ids | items.matched_credit_ids
        for name in ("bill_line_id", "settled_by", "settling_payment_id"):
            self.env.add_to_compute(self._fields[name], partials)
