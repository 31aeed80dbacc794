"""Payments at the counter that were scanned: most arrive, one payer thinks better of it."""

from uuid import uuid4

from .staff import owed

SCANS = 4  # households that are asked to scan; the last one pays in cash after all


def pay_by_scan(env, site, cashier, households, today):
    """Let WeChat Pay of the demo be scanned, where the provider of `payment_demo` is there.

    :param cashier: res.users with an open shift
    :param households: property.unit
    :param today: day of the payments
    """
    providers = env["payment.provider"].search(
        [
            ("company_id", "=", site.company_id.id),
            ("state", "in", ("enabled", "test")),
            ("code", "not in", ("none", "custom")),
        ]
    )
    methods = env["property.tender.method"]._for_site(site)
    wechat = methods.filtered(lambda method: method.kind == "wechat")[:1]
    wechat.provider_id = providers[:1]
    if not wechat.provider_id:
        return
    for number, unit in enumerate(households, start=1):
        bills = owed(env, cashier, unit, today)
        if not bills:
            continue
        counter = env["property.counter"].with_user(cashier)
        scan_id = counter.scan_start(
            {
                "unit_id": unit.id,
                "bill_ids": bills.ids,
                "late_fees": True,
                "tenders": [{"method_id": wechat.id, "amount": ""}],
            },
            str(uuid4()),
        )["id"]
        if number < SCANS:
            _arrive(env["property.scan.payment"].browse(scan_id), number)
        else:
            counter.scan_cancel(scan_id)


def _arrive(scan, number):
    """Let the payer scan and the provider say that the money is there."""
    transaction = scan.env["payment.transaction"].create(
        {
            "provider_id": scan.provider_id.id,
            "payment_method_id": scan.provider_id.payment_method_ids[:1].id,
            "reference": f"{scan.name}-{number}",
            "provider_reference": f"WX{scan.date:%Y%m%d}{number:04}",
            "amount": scan.amount,
            "currency_id": scan.currency_id.id,
            "partner_id": scan.partner_id.id,
            "operation": "online_direct",
            **scan._transaction_vals(),
        }
    )
    transaction._set_done()
    scan._catch_up()
