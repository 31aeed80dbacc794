"""What must hold after every step of every household's life; each check is one statement.

Every check returns the rows that break it, so a failure names them. Sources: ARCHITECTURE
decisions 1 to 3 and the accounting rules of the ERP itself.
"""

from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL

# posted notes that take a bill back, wholly or in part; a negative charge's bill is a note itself
NOTES = """
    SELECT COALESCE(note.reversed_entry_id, note.credit_of_bill_id) AS bill_id, note.amount_total,
           note.amount_total * CASE note.move_type WHEN 'out_refund' THEN 1 ELSE -1 END AS signed
      FROM account_move note
     WHERE note.state = 'posted' AND note.property_charge_id IS NULL
       AND note.move_type IN ('out_invoice', 'out_refund')
       AND COALESCE(note.reversed_entry_id, note.credit_of_bill_id) IS NOT NULL
"""

CHECKS = {
    "every entry balances": """
        SELECT move_id, sum(balance) FROM account_move_line
         WHERE parent_state = 'posted' AND display_type NOT IN ('line_section', 'line_note')
      GROUP BY move_id HAVING sum(balance) <> 0
    """,
    "a posted charge has one posted bill of its amount": """
        SELECT charge.id, charge.amount, move.amount_total, move.state
          FROM property_charge charge LEFT JOIN account_move move ON move.id = charge.move_id
         WHERE charge.state = 'posted'
           AND (move.state IS DISTINCT FROM 'posted'
                OR move.property_charge_id IS DISTINCT FROM charge.id
                OR move.amount_total * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                   IS DISTINCT FROM charge.amount)
    """,
    "a bill of a charge is known to its charge": """
        SELECT move.id, move.property_charge_id, charge.move_id
          FROM account_move move JOIN property_charge charge ON charge.id = move.property_charge_id
         WHERE move.move_type = 'out_invoice' AND charge.move_id IS DISTINCT FROM move.id
    """,
    "a cancelled charge has a cancelled bill": """
        SELECT charge.id, move.state
          FROM property_charge charge JOIN account_move move ON move.id = charge.move_id
         WHERE charge.state = 'cancelled' AND move.state <> 'cancel'
    """,
    "a reversed charge is credited in full": """
        SELECT charge.id, charge.amount, sum(note.amount_total)
          FROM property_charge charge
          JOIN account_move bill ON bill.id = charge.move_id
     LEFT JOIN (%(notes)s) note ON note.bill_id = bill.id
         WHERE charge.state = 'reversed'
      GROUP BY charge.id, charge.amount
        HAVING sum(note.amount_total) IS DISTINCT FROM abs(charge.amount)
    """,
    "no bill is credited with more than its total": """
        SELECT bill.id, bill.amount_total, sum(note.amount_total)
          FROM account_move bill JOIN (%(notes)s) note ON note.bill_id = bill.id
      GROUP BY bill.id, bill.amount_total HAVING sum(note.amount_total) > bill.amount_total
    """,
    "charges less credits are what the ledger says": """
        SELECT charged.site_id, charged.amount, booked.amount
          FROM (SELECT charge.site_id, sum(charge.amount) - COALESCE(sum(note.amount), 0) AS amount
                  FROM property_charge charge
             LEFT JOIN (SELECT note.bill_id, sum(note.signed) AS amount
                          FROM (%(notes)s) note GROUP BY note.bill_id) note
                    ON note.bill_id = charge.move_id
                 WHERE charge.state IN ('posted', 'reversed')
              GROUP BY charge.site_id) charged
     FULL JOIN (SELECT move.site_id, sum(line.balance) AS amount
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id
                  JOIN account_account account ON account.id = line.account_id
                 WHERE move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
                   AND account.account_type = 'asset_receivable' AND move.site_id IS NOT NULL
              GROUP BY move.site_id) booked ON booked.site_id = charged.site_id
         WHERE COALESCE(charged.amount, 0) <> COALESCE(booked.amount, 0)
    """,
    "no bill owes less than nothing or more than its total": """
        SELECT id, amount_total, amount_residual FROM account_move
         WHERE move_type IN ('out_invoice', 'out_refund') AND state = 'posted'
           AND (amount_residual < 0 OR amount_residual > amount_total)
    """,
    "a residual is the total less what settled it": """
        SELECT line.id, line.balance, line.amount_residual
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
         WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
           AND line.amount_residual <> line.balance
               - COALESCE((SELECT sum(amount) FROM account_partial_reconcile
                            WHERE debit_move_id = line.id), 0)
               + COALESCE((SELECT sum(amount) FROM account_partial_reconcile
                            WHERE credit_move_id = line.id), 0)
    """,
    "no number is given twice in a journal": """
        SELECT journal_id, name FROM account_move WHERE state = 'posted'
      GROUP BY journal_id, name HAVING count(*) > 1
    """,
    "no day of a fee is billed twice": """
        SELECT one.id, two.id FROM property_charge one JOIN property_charge two
            ON two.fee_id = one.fee_id AND two.share = one.share AND two.id > one.id
           AND daterange(one.date_from, one.date_to, '[]')
            && daterange(two.date_from, two.date_to, '[]')
         WHERE one.state NOT IN ('cancelled', 'reversed')
           AND two.state NOT IN ('cancelled', 'reversed')
    """,
    "the receipts of a taking are its payments": """
        SELECT taking.id, taking.state, paid.amount, given.amount
          FROM property_collection taking
     LEFT JOIN (SELECT payment.collection_id, sum(payment.amount) AS amount
                  FROM account_payment payment
                 WHERE payment.state IN ('in_process', 'paid')
              GROUP BY payment.collection_id) paid ON paid.collection_id = taking.id
     LEFT JOIN (SELECT one.collection_id, sum(one.amount_total) AS amount
                  FROM (SELECT DISTINCT payment.collection_id, receipt.id, receipt.amount_total
                          FROM property_receipt receipt
                          JOIN account_payment_property_receipt_rel rel
                               ON rel.property_receipt_id = receipt.id
                          JOIN account_payment payment ON payment.id = rel.account_payment_id
                         WHERE payment.receipt_id IS NOT NULL AND receipt.state <> 'void'
                            OR payment.state IN ('in_process', 'paid') AND receipt.state = 'void'
                               AND payment.receipt_id IS NULL
                               AND NOT EXISTS (SELECT FROM property_receipt new
                                                WHERE new.replaces_id = receipt.id)) one
              GROUP BY one.collection_id) given ON given.collection_id = taking.id
         WHERE COALESCE(paid.amount, 0)
               <> CASE taking.state WHEN 'done' THEN taking.amount_received ELSE 0 END
            OR COALESCE(paid.amount, 0) < COALESCE(given.amount, 0)
            OR COALESCE(paid.amount, 0) > COALESCE(given.amount, 0)
               AND NOT EXISTS (SELECT FROM account_payment payment
                                 JOIN account_payment_property_receipt_rel rel
                                      ON rel.account_payment_id = payment.id
                                 JOIN property_receipt receipt
                                      ON receipt.id = rel.property_receipt_id
                                WHERE payment.collection_id = taking.id
                                  AND receipt.state = 'void')
    """,
    "a receipt in force is what its payments brought": """
        SELECT receipt.id, receipt.amount_total, sum(line.amount)
          FROM property_receipt receipt JOIN property_receipt_line line
            ON line.receipt_id = receipt.id
         WHERE NOT receipt.is_blank
      GROUP BY receipt.id, receipt.amount_total HAVING receipt.amount_total <> sum(line.amount)
     UNION ALL
        SELECT payment.id, payment.amount, sum(line.amount)
          FROM property_receipt receipt
          JOIN property_receipt_line line ON line.receipt_id = receipt.id
          JOIN account_payment payment ON payment.id = line.payment_id
         WHERE receipt.state = 'issued'
      GROUP BY payment.id, payment.amount, payment.state
        HAVING sum(line.amount) > payment.amount OR payment.state NOT IN ('in_process', 'paid')
    """,
    "a payment of the portal or the counter had a receipt": """
        SELECT payment.id, payment.amount
          FROM account_payment payment
         WHERE payment.state IN ('in_process', 'paid')
           AND (payment.payment_transaction_id IS NOT NULL OR payment.collection_id IS NOT NULL)
           AND payment.site_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM property_receipt_line line
                            WHERE line.payment_id = payment.id)
    """,
    "a closed shift stays as it was counted": """
        SELECT shift.id, line.expected, taken.amount, shift.amount_float
          FROM property_cashier_shift shift
          JOIN property_cashier_shift_line line ON line.shift_id = shift.id
          JOIN property_tender_method method ON method.id = line.method_id
     LEFT JOIN (SELECT taking.shift_id, tender.method_id, sum(tender.amount) AS amount
                  FROM property_collection taking
                  JOIN property_collection_tender tender ON tender.collection_id = taking.id
                 WHERE taking.state = 'done'
              GROUP BY taking.shift_id, tender.method_id) taken
                ON taken.shift_id = shift.id AND taken.method_id = line.method_id
         WHERE shift.state <> 'open' AND method.kind <> 'cash'
           AND line.expected <> COALESCE(taken.amount, 0)
     UNION ALL
        SELECT shift.id, 0, sum(tender.amount), 0
          FROM property_cashier_shift shift
          JOIN property_collection taking ON taking.shift_id = shift.id AND taking.state = 'done'
          JOIN property_collection_tender tender ON tender.collection_id = taking.id
         WHERE shift.state <> 'open'
      GROUP BY shift.id
        HAVING sum(tender.amount) <> (
                   SELECT sum(line.expected) - shift.amount_float + COALESCE((
                              SELECT sum(move.amount_total) FROM account_move move
                               WHERE move.cashier_shift_id = shift.id
                                 AND move.state = 'posted'), 0)  -- all before it was counted
                     FROM property_cashier_shift_line line WHERE line.shift_id = shift.id)
    """,
    "no number of a book of receipts is left out": """
        SELECT book_id, count(*), min(number), max(number)
          FROM property_receipt WHERE book_id IS NOT NULL
      GROUP BY book_id HAVING count(DISTINCT number) <> max(number) - min(number) + 1
                           OR count(*) <> count(DISTINCT number)
    """,
    "a late fee stands only on a bill that stands": """
        SELECT late.id, bill.id, bill.state
          FROM account_move late
          JOIN property_charge charge ON charge.move_id = late.id AND charge.state = 'posted'
          JOIN account_move bill ON bill.id = late.late_fee_bill_id
         WHERE late.state = 'posted' AND bill.state <> 'posted'
    """,
    "nothing but a posted entry settles": """
        SELECT partial.id
          FROM account_partial_reconcile partial
          JOIN account_move_line debit ON debit.id = partial.debit_move_id
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
         WHERE debit.parent_state <> 'posted' OR credit.parent_state <> 'posted'
    """,
}


def broken(env):
    """Run every check.

    :return: dict name of the check -> rows that break it; empty when all hold
    """
    env.flush_all()
    found = {}
    for name, query in CHECKS.items():
        env.cr.execute(SQL(query, notes=SQL(NOTES)))
        if rows := env.cr.fetchall():
            found[name] = rows[:5]
    return found


def unbalanced(env, company, day):
    """Compare what is kept and owed with the accounts.

    :param date day: a day no entry is later than
    :return: dict what -> (by the records, by the accounts) of what differs
    """
    env.flush_all()
    end = day + timedelta(days=3650)
    deposits = env["property.deposit"]._ledger(company, end)
    total = sum(deposit["amount_left"] for deposit in env["property.deposit"].search([]))
    report = env["property.report.ageing"].with_context(property_as_of=end)
    ((aged,),) = report._read_group([("company_id", "=", company.id)], [], ["amount_open:sum"])
    env.cr.execute(
        """
        SELECT COALESCE(sum(line.balance), 0)
          FROM account_move_line line JOIN account_account account ON account.id = line.account_id
         WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
           AND line.company_id = %s
        """,
        [company.id],
    )
    receivable = env.cr.fetchone()[0]
    pairs = {
        "deposits": (deposits["total"], deposits["booked"]),
        "deposits left": (total, deposits["booked"]),
        "ageing": (aged, receivable),
    }
    return {what: pair for what, pair in pairs.items() if len({_fen(one) for one in pair}) > 1}


def _fen(amount):
    return Decimal(str(amount or 0)).quantize(Decimal("0.01"))
