from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ("received", "Received"),
    ("moved", "Transferred"),
    ("rent", "Used for rent"),
    ("deducted", "Deducted"),
    ("refunded", "Refunded"),
    ("other", "Other"),
]


class PropertyDepositMovement(models.Model):
    """Every movement of the deposits, as the journal items tell it (押金台账).

    The sum of all movements up to a day is the balance of the deposits account on that day: a row
    is a journal item that keeps a deposit, or a reconciliation that takes something of it.
    """

    _name = "property.deposit.movement"
    _description = "Movement of Deposits"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "account.move": ["origin_payment_id", "charge_item_id"],
        "account.move.line": ["balance", "date", "move_id", "parent_state"],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id", "max_date"],
        "property.charge.item": ["category"],
        "property.deposit": [
            *("company_id", "lease_id", "line_id", "origin_id", "partner_id", "site_id"),
            *("type_id", "unit_id"),
        ],
    }

    date = fields.Date(readonly=True)
    deposit_id = fields.Many2one("property.deposit", readonly=True)
    type_id = fields.Many2one("property.deposit.type", string="Kind of Deposit", readonly=True)
    lease_id = fields.Many2one("property.lease", readonly=True)
    unit_id = fields.Many2one("property.unit", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Payer", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    amount = fields.Monetary(readonly=True, help="Below zero when it leaves.")

    @property
    def _table_query(self):
        return SQL(
            """
            WITH kept AS (
                SELECT deposit.id AS deposit_id, deposit.type_id, deposit.lease_id,
                       deposit.unit_id, deposit.partner_id, deposit.site_id, deposit.company_id,
                       deposit.origin_id, line.id AS line_id, line.date, line.move_id, line.balance
                  FROM property_deposit deposit
                  JOIN account_move_line line ON line.id = deposit.line_id
                 WHERE line.parent_state = 'posted'
            ), taken AS (
                SELECT kept.*, partial.id AS partial_id, partial.amount, partial.max_date,
                       debit.move_id AS taken_move_id, move.origin_payment_id
                  FROM kept
                  JOIN account_partial_reconcile partial ON partial.credit_move_id = kept.line_id
                  JOIN account_move_line debit ON debit.id = partial.debit_move_id
                  JOIN account_move move ON move.id = debit.move_id
            ), used AS (
                SELECT taken.partial_id,
                       SUM(paid.amount) AS bills,
                       SUM(paid.amount) FILTER (WHERE item.category IN ('rent', 'turnover'))
                           AS rent
                  FROM taken
                  JOIN account_move_line credit
                    ON credit.move_id = taken.taken_move_id AND credit.balance < 0
                  JOIN account_partial_reconcile paid ON paid.credit_move_id = credit.id
                  JOIN account_move_line owed ON owed.id = paid.debit_move_id
                  JOIN account_move bill
                    ON bill.id = owed.move_id AND bill.move_type = 'out_invoice'
             LEFT JOIN property_charge_item item ON item.id = bill.charge_item_id
                 WHERE taken.origin_payment_id IS NULL
              GROUP BY taken.partial_id
            ), rows AS (
                SELECT kept.line_id::bigint * 4 AS id, kept.*, kept.move_id AS entry_id,
                       kept.date AS day, -kept.balance AS amount,
                       CASE WHEN kept.origin_id IS NULL THEN 'received' ELSE 'moved' END AS kind
                  FROM kept
                 UNION ALL
                SELECT taken.partial_id::bigint * 4 + 1, %(kept)s, taken.taken_move_id,
                       taken.max_date, -LEAST(used.rent, taken.amount), 'rent'
                  FROM taken JOIN used USING (partial_id)
                 WHERE used.rent <> 0
                 UNION ALL
                SELECT taken.partial_id::bigint * 4 + 2, %(kept)s, taken.taken_move_id,
                       taken.max_date, LEAST(COALESCE(used.rent, 0), taken.amount) - taken.amount,
                       CASE WHEN taken.origin_payment_id IS NOT NULL THEN 'refunded'
                            WHEN used.bills IS NOT NULL THEN 'deducted'
                            WHEN EXISTS (
                                SELECT FROM account_move_line line
                                  JOIN property_deposit heir ON heir.line_id = line.id
                                 WHERE line.move_id = taken.taken_move_id) THEN 'moved'
                            ELSE 'other' END
                  FROM taken LEFT JOIN used USING (partial_id)
                 WHERE taken.amount <> LEAST(COALESCE(used.rent, 0), taken.amount)
            )
            SELECT id, day AS date, deposit_id, type_id, lease_id, unit_id, partner_id, site_id,
                   company_id, entry_id AS move_id, kind, amount
              FROM rows
            """,
            kept=SQL(
                "taken.deposit_id, taken.type_id, taken.lease_id, taken.unit_id, taken.partner_id,"
                " taken.site_id, taken.company_id, taken.origin_id, taken.line_id, taken.date,"
                " taken.move_id, taken.balance"
            ),
        )
