"""Cashier daily (收费日报): movements of the money accounts by who, how and what for."""

from odoo import fields, models
from odoo.tools import SQL

#: Cash and bank, and the accounts payments wait on until the bank confirms them; the few distinct
#: ones are picked from the index of payments one after the other.
FIND_MONEY_ACCOUNTS = SQL(
    """
    SELECT ARRAY(
        SELECT id FROM account_account WHERE account_type = 'asset_cash'
         UNION
        SELECT account.id FROM account_account account
          JOIN account_payment_method_line method ON method.payment_account_id = account.id
         WHERE account.account_type NOT IN ('asset_receivable', 'liability_payable')
         UNION
        (WITH RECURSIVE used (id) AS (
            (SELECT MIN(outstanding_account_id) FROM account_payment)
             UNION ALL
            SELECT (SELECT MIN(outstanding_account_id) FROM account_payment
                     WHERE outstanding_account_id > used.id)
              FROM used WHERE used.id IS NOT NULL
         ) SELECT id FROM used WHERE id IS NOT NULL)
         UNION
        SELECT account.id FROM account_account account
          JOIN account_journal journal ON journal.default_account_id = account.id
         WHERE journal.type IN ('bank', 'cash')
    ) AS ids
    """
)
MONEY_ACCOUNTS = SQL("(SELECT ids FROM money_accounts)::integer[]")


class PropertyReportCashier(models.Model):
    """Every movement of cash, bank and outstanding-receipts accounts.

    Money is split by the items of the bills it settled; what is left of payments is an advance.
    The net sum of a day is what the ledger moved on these accounts that day.
    """

    _name = "property.report.cashier"
    _description = "Cashier Daily"
    _inherit = ["property.report"]
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "account.move.line": [
            "account_id",
            "balance",
            "company_id",
            "date",
            "journal_id",
            "move_id",
            "parent_state",
            "partner_id",
            "payment_id",
            "site_id",
            "unit_id",
            "charge_item_id",
        ],
        "account.move": ["origin_payment_id", "reversed_entry_id"],
        "account.payment": [
            "amount",
            "collector_id",
            "date",
            "journal_id",
            "outstanding_account_id",
            "partner_type",
            "partner_id",
            "payment_method_line_id",
            "payment_type",
            "site_id",
            "state",
            "unit_id",
        ],
        "account.partial.reconcile": ["amount", "debit_move_id", "credit_move_id"],
        "account.payment.method.line": ["payment_account_id"],
        "property.unit": ["building_id"],
        "property.charge.item": ["category"],
    }

    kind = fields.Selection(
        [
            ("taking", "Taking"),
            ("refund", "Refund"),
            ("void", "Void"),
            ("movement", "Other movement"),
        ],
        string="What",
        readonly=True,
        help="Other movements: deposits to the bank, bank statements, suppliers.",
    )
    collector_id = fields.Many2one("res.users", string="Cashier", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Money Journal", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line", string="Payment Method", readonly=True
    )
    amount_taken = fields.Monetary(string="Takings", readonly=True)
    amount_refunded = fields.Monetary(string="Refunds", readonly=True)
    amount_moved = fields.Monetary(string="Other Movements", readonly=True)
    amount_net = fields.Monetary(
        string="Net",
        readonly=True,
        help="Takings less refunds, with other movements: what the money accounts moved.",
    )
    amount_void = fields.Monetary(
        string="Voided", readonly=True, help="Cancelled payments; no longer in the ledger."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH money_accounts AS MATERIALIZED (%s)
            SELECT row.id, row.date, row.company_id, row.currency_id, row.site_id,
                   unit.building_id, row.unit_id, row.charge_item_id, charge_item.category,
                   row.partner_id, row.move_id, row.payment_id, row.collector_id, row.journal_id,
                   row.account_id, row.payment_method_line_id, row.kind,
                   CASE row.kind WHEN 'taking' THEN row.amount ELSE 0 END AS amount_taken,
                   CASE row.kind WHEN 'refund' THEN -row.amount ELSE 0 END AS amount_refunded,
                   CASE row.kind WHEN 'movement' THEN row.amount ELSE 0 END AS amount_moved,
                   CASE row.kind WHEN 'void' THEN 0 ELSE row.amount END AS amount_net,
                   CASE row.kind WHEN 'void' THEN row.amount ELSE 0 END AS amount_void
              FROM (%s UNION ALL %s) row
         LEFT JOIN property_unit unit ON unit.id = row.unit_id
         LEFT JOIN property_charge_item charge_item ON charge_item.id = row.charge_item_id
             WHERE row.amount <> 0
            """,
            FIND_MONEY_ACCOUNTS,
            self._money(),
            self._voids(),
        )

    def _money(self):
        """Return the query of money, split by item: what is left is advances and the like.

        Each item of the days asked for is looked up by itself. Joined as tables, PostgreSQL would
        read every item and reconciliation of the ledger for the few of a day.
        """
        return SQL(
            """
            SELECT part.id, line.date, line.company_id, line.company_currency_id AS currency_id,
                   line.site_id, line.partner_id, line.move_id, payment.id AS payment_id,
                   payment.collector_id, line.journal_id, line.account_id,
                   payment.payment_method_line_id,
                   CASE WHEN payment.id IS NULL OR payment.partner_type <> 'customer'
                        THEN part.kind
                        WHEN payment.payment_type = 'inbound' AND line.payment_id IS NOT NULL
                        THEN 'taking' ELSE 'refund' END AS kind,
                   part.charge_item_id, COALESCE(part.unit_id, line.unit_id) AS unit_id,
                   part.amount
              FROM account_move_line line
         LEFT JOIN LATERAL (
                -- a reversed payment is a refund of the same cashier's
                SELECT one.* FROM account_payment one
                 WHERE one.id = COALESCE(line.payment_id, (
                       SELECT reversed.origin_payment_id FROM account_move move
                         JOIN account_move reversed ON reversed.id = move.reversed_entry_id
                        WHERE move.id = line.move_id))
                 LIMIT 1
                   ) payment ON TRUE
        CROSS JOIN LATERAL (
                WITH settled AS MATERIALIZED (%(settled)s)
                SELECT settled.id::bigint * 4 + 1 AS id, settled.charge_item_id, settled.unit_id,
                       settled.amount,
                       -- banks collect by statement: what settles bills there nobody took
                       CASE WHEN settled.amount > 0 THEN 'taking' ELSE 'refund' END AS kind
                  FROM settled
             UNION ALL
                SELECT line.id::bigint * 4, NULL, NULL,
                       line.balance - COALESCE((SELECT SUM(amount) FROM settled), 0), 'movement'
                   ) part
             WHERE line.parent_state = 'posted' AND line.account_id = ANY(%(accounts)s)
               AND %(sites)s AND (%(items)s OR line.move_id = ANY(ARRAY(
                   SELECT side.move_id FROM account_partial_reconcile partial
                     JOIN account_move_line side
                       ON side.id IN (partial.debit_move_id, partial.credit_move_id)
                    WHERE %(partials)s)))
            """,
            items=self._report_rows(SQL("line.id"), 4, 0),
            partials=self._report_rows(SQL("partial.id"), 4, 1),
            settled=self._settled(),
            accounts=MONEY_ACCOUNTS,
            sites=self._report_sites(SQL("line.site_id")),
        )

    def _settled(self):
        """Return the query of what an entry of money settled, signed like the money account.

        It hangs on one money item of the entry only.
        """
        return SQL(
            """
            SELECT partial.id, bill.charge_item_id, bill.unit_id, partial.amount
              FROM account_move_line owed
        CROSS JOIN LATERAL (
                SELECT id, amount, debit_move_id AS bill_line_id
                  FROM account_partial_reconcile WHERE credit_move_id = owed.id
             UNION ALL
                SELECT id, -amount, credit_move_id
                  FROM account_partial_reconcile WHERE debit_move_id = owed.id
                   ) partial
              JOIN account_move_line bill ON bill.id = partial.bill_line_id
                                         AND bill.charge_item_id IS NOT NULL
             WHERE owed.move_id = line.move_id AND NOT owed.account_id = ANY(%(accounts)s)
               AND line.id = (
                   SELECT MIN(first.id) FROM account_move_line first
                    WHERE first.move_id = line.move_id AND first.account_id = ANY(%(accounts)s))
            """,
            accounts=MONEY_ACCOUNTS,
        )

    def _voids(self):
        """Return the query of cancelled payments of customers."""
        return SQL(
            """
            SELECT payment.id::bigint * 4 + 2 AS id, payment.date, payment.company_id,
                   company.currency_id, payment.site_id, payment.partner_id,
                   NULL::integer AS move_id, payment.id AS payment_id, payment.collector_id,
                   payment.journal_id, NULL::integer AS account_id,
                   payment.payment_method_line_id, 'void' AS kind,
                   NULL::integer AS charge_item_id, payment.unit_id,
                   CASE payment.payment_type WHEN 'inbound' THEN payment.amount
                        ELSE -payment.amount END AS amount
              FROM account_payment payment
              JOIN res_company company ON company.id = payment.company_id
             WHERE payment.state = 'canceled' AND payment.partner_type = 'customer' AND %s AND %s
            """,
            self._report_sites(SQL("payment.site_id")),
            self._report_rows(SQL("payment.id"), 4, 2),
        )

    def action_view_bill(self):
        """Open the payment, or the entry, behind a row."""
        self.check_access("read")
        self.ensure_one()
        kind, source = self.id % 4, self.id // 4
        if kind == 2:
            record = self.env["account.payment"].browse(source)
        elif kind == 1:
            # sudo: reconciliations have no rights of their own; what is opened has
            partial_sudo = self.env["account.partial.reconcile"].sudo().browse(source)
            sides_sudo = (partial_sudo.debit_move_id | partial_sudo.credit_move_id).move_id
            record = sides_sudo.filtered(lambda move: not move.is_invoice(True))[:1]
            record = (record.origin_payment_id or record).with_env(self.env)
        else:
            move = self.env["account.move.line"].browse(source).move_id
            record = move.origin_payment_id or move
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
