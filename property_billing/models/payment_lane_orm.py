"""The same payments the ordinary way: the steps of Odoo's wizard ``account.payment.register``."""

from ..models.property_charge import NO_MAIL


def pay(lane, orders):
    """Make payments, post them, and settle their bills part by part.

    Money that no part asks for stays an open credit of the payer.

    :param lane: PaymentLane with journal, method and day
    :param orders: list of PaymentOrder
    :return: account.payment, in the order of the orders
    """
    if not orders:
        return lane.env["account.payment"]
    payments, owed = _create(lane, orders)
    payments.action_post()
    return _settle(lane, orders, payments, owed)


def pay_in_order(lane, orders):
    """Do as ``pay``, but number the payments in the order of the orders."""
    payments, owed = _create(lane, orders)
    for payment in payments:
        payment.action_post()
    return _settle(lane, orders, payments, owed)


def _create(lane, orders):
    """Create payments.

    :return: (account.payment, dict bill id -> its open receivable line)
    """
    env = lane.env["account.payment"].with_company(lane.company)
    env = env.with_context(**NO_MAIL, lang=lane.company._billing_lang()).env
    bills = env["account.move"].browse({bill for order in orders for bill, _part in order.parts})
    owed = _owed(bills)
    payments = env["account.payment"].with_context(skip_invoice_sync=True, force_payment_move=True)
    payments = payments.create([_prepare_payment(lane, order, owed) for order in orders])
    return payments.with_context(skip_invoice_sync=False), owed


def _settle(lane, orders, payments, owed):
    """Reconcile each part with its payment, and tell each bill its payments."""
    pairs = []
    for order, payment in zip(orders, payments, strict=True):
        credit = payment.move_id.line_ids.filtered(
            lambda line, account=payment.destination_account_id: line.account_id == account
        )
        pairs += [credit + owed[bill] for bill, _part in order.parts]
    if pairs:
        # sudo: the payer's bill may carry a line of an entry the user cannot write
        payments.env["account.move.line"].sudo()._reconcile_plan([pair.sudo() for pair in pairs])
    # sudo: likewise
    moves_sudo = payments.env["account.move"].sudo()
    for order, payment in zip(orders, payments, strict=True):
        for bill_sudo in moves_sudo.browse([bill for bill, _part in order.parts]):
            bill_sudo.matched_payment_ids += payment
    payments.env.flush_all()
    return payments.with_env(lane.env)


def _owed(bills):
    """Return dict bill id -> its receivable line with something left."""
    lines = bills.sudo().line_ids.filtered(
        lambda line: line.display_type == "payment_term" and not line.reconciled
    )
    return {
        bill.id: own.sudo(False)
        for bill, own in lines.sorted(lambda line: (line.date_maturity, line.id))
        .grouped("move_id")
        .items()
    }


def _prepare_payment(lane, order, owed):
    account = next((owed[bill].account_id[:1].id for bill, _part in order.parts), False)
    if not account:
        partner = lane.env["res.partner"].browse(order.partner_id).with_company(lane.company)
        account = partner.property_account_receivable_id.id
    # sudo: the bank account of the company, by whoever may book payments
    bank_id = lane.journal.sudo().bank_account_id.id
    return {
        "date": lane.day,
        "amount": float(order.amount),
        "payment_type": "inbound",
        "partner_type": "customer",
        "memo": order.memo,
        "journal_id": lane.journal_id,
        "company_id": lane.company_id,
        "currency_id": lane.company.currency_id.id,
        "partner_id": order.partner_id,
        "payment_method_line_id": lane.method_id,
        "destination_account_id": account,
        "unit_id": order.unit_id or False,
        "site_id": order.site_id or False,
        **({"partner_bank_id": bank_id} if bank_id else {}),
    }
