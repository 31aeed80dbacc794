"""What must hold after every step of every household's life; each check is one statement.

Every check returns the rows that break it, so a failure names them. Sources: ARCHITECTURE
decisions 1 to 3 and the accounting rules of the ERP itself.
"""

from decimal import Decimal

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
     LEFT JOIN account_move note ON note.reversed_entry_id = bill.id AND note.state = 'posted'
         WHERE charge.state = 'reversed'
      GROUP BY charge.id, charge.amount
        HAVING sum(note.amount_total) IS DISTINCT FROM charge.amount
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
}


def broken(env):
    """Run every check.

    :return: dict name of the check -> rows that break it; empty when all hold
    """
    env.flush_all()
    found = {}
    for name, query in CHECKS.items():
        env.cr.execute(query)
        if rows := env.cr.fetchall():
            found[name] = rows[:5]
    return found


def underived(charges):
    """Derive charges again from their frozen facts.

    :return: list of (charge id, derived, billed) that differ
    """
    found = []
    for charge in charges:
        derived = charge._derive()["amount"]
        if derived != Decimal(str(charge.amount)).quantize(Decimal("0.01")):
            found.append((charge.id, derived, charge.amount))
    return found
