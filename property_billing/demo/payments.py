"""Book the payments of the demo sites through ordinary accounting.

Bank debits arrive as one line of a bank statement with a counterpart per bill; people at the
counter or on the phone make a payment each. Either way every bill is reconciled by itself.
"""

from decimal import Decimal

from odoo.fields import Command

from odoo.addons.property_base.models.property_demo_loader import QUIET

from .behaviour import DEBIT, Bill, plan_deposits

#: Payments get their entry at once; nobody reads the chatter of a demo, and silence is faster.
BOOKED = {**QUIET, "force_payment_move": True}
#: Payments booked and reconciled in one go.
BATCH = 200


def collect(env, site, today, habits, seed, spared=()):
    """Pay a site's open bills the way its community does.

    :param today: payments lie before or on this day
    :param seed: same bills and seed: same payments
    :param spared: households whose bills stay open
    :return: how many bills were paid wholly or in part
    """
    env = env(context={**env.context, **BOOKED})
    bills = [bill for bill in _open_bills(env, site) if bill.household not in spared]
    deposits = plan_deposits(bills, today, habits, seed)
    debits, payments = {}, []
    for deposit in deposits:
        if deposit.channel == DEBIT:
            debits.setdefault(deposit.day, []).append(deposit)
        else:
            payments.append(deposit)
    _book_debits(env, site, debits)
    for start in range(0, len(payments), BATCH):
        book_payments(env, site, payments[start : start + BATCH])
    return sum(len(deposit.parts) for deposit in deposits)


def _open_bills(env, site):
    """Return the wholly unpaid bills of a site, a home and its spaces being one household."""
    moves = env["account.move"].search(
        [
            ("site_id", "=", site.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"),
        ],
        order="invoice_date, id",
    )
    return [
        Bill(
            key=move.id,
            household=f"{(move.unit_id.parent_id or move.unit_id).code}/{move.partner_id.name}",
            period_end=move.period_to or move.invoice_date,
            amount=Decimal(str(move.amount_residual)),
            is_opening=move.is_opening,
        )
        for move in moves
    ]


def _receivables(env, deposits):
    """Return bill id -> its receivable line, read in one query."""
    keys = [key for deposit in deposits for key, _amount in deposit.parts]
    lines = env["account.move.line"].search(
        [("move_id", "in", keys), ("account_type", "=", "asset_receivable")]
    )
    return {line.move_id.id: line for line in lines}


def bank_journal(env, record):
    """Return the bank account of the company that a site, or another record, belongs to."""
    return env["account.journal"].search(
        [("company_id", "=", record.company_id.id), ("type", "=", "bank")], limit=1
    )


def _book_debits(env, site, debits):
    """Book each day's debits as one line of the bank statement and reconcile bill by bill."""
    # The lines are given whole: there is nothing for Odoo to add to them.
    env = env(context={**env.context, "skip_invoice_sync": True})
    journal = bank_journal(env, site)
    receivables = _receivables(env, [deposit for day in debits.values() for deposit in day])
    for day, deposits in sorted(debits.items()):
        parts = [part for deposit in deposits for part in deposit.parts]
        total = float(sum(amount for _key, amount in parts))
        label = f"{DEBIT} {site.name} {len(deposits)}户"
        counterparts = [
            {
                **_counterpart(receivables[key]),
                "amount_currency": -float(amount),
                "balance": -float(amount),
            }
            for key, amount in parts
        ]
        liquidity = {
            "name": label,
            "account_id": journal.default_account_id.id,
            "currency_id": site.company_id.currency_id.id,
            "amount_currency": total,
            "balance": total,
            "analytic_distribution": False,
        }
        statement_line = env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "payment_ref": label,
                "amount": total,
                "site_id": site.id,
                "line_ids": [Command.create(vals) for vals in (liquidity, *counterparts)],
            }
        )
        credits = statement_line.line_ids.filtered(lambda line: line.balance < 0)
        env["account.move.line"]._reconcile_plan(
            [
                credit + receivables[key]
                for credit, (key, _amount) in zip(credits, parts, strict=True)
            ]
        )


def _counterpart(receivable):
    """Return the values that a counterpart line has in common with the bill's own line."""
    return {
        "name": receivable.move_id.name,
        "partner_id": receivable.partner_id.id,
        "account_id": receivable.account_id.id,
        "currency_id": receivable.currency_id.id,
        "analytic_distribution": False,
    }


def book_payments(env, site, deposits):
    """Make one payment a deposit and reconcile it with its bills, one after the other.

    :return: the payments, in the order of the deposits
    """
    journal = bank_journal(env, site)
    receivables = _receivables(env, deposits)
    payments = env["account.payment"].create(
        [_prepare_payment_vals(site, journal, deposit, receivables) for deposit in deposits]
    )
    payments.action_post()
    plan = []
    for payment, deposit in zip(payments, deposits, strict=True):
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        plan += [credit + receivables[key] for key, _amount in deposit.parts]
    env["account.move.line"]._reconcile_plan(plan)
    return payments


def _prepare_payment_vals(site, journal, deposit, receivables):
    first = receivables[deposit.parts[0][0]]
    return {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": first.partner_id.id,
        "destination_account_id": first.account_id.id,
        "amount": float(sum(amount for _key, amount in deposit.parts)),
        "date": deposit.day,
        "journal_id": journal.id,
        "memo": f"{deposit.channel} {first.move_id.unit_id.code}",
        "site_id": site.id,
        "unit_id": (first.move_id.unit_id.parent_id or first.move_id.unit_id).id,
    }
