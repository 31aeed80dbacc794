"""What drivers want after paying: money back, in every state, and VAT invoices."""

import base64
from datetime import timedelta

from odoo.addons.property_billing.demo.people import credit_code

#: Title, whether a company, telephone, what finance did and the number or reason.
INVOICES = (
    ("杭州云帆供应链管理有限公司", True, "13858012345", "issued", "24332000000198230115"),
    ("浙江听潮建筑设计有限公司", True, "13957198765", "issued", "24332000000198230291"),
    ("宁波海曙汇丰食品商行", True, "13777854321", "refused", "抬头与税号不一致，请核对后重新申请"),
    ("绍兴越城远景广告有限公司", True, "13605751122", "new", ""),
    ("林晓东", False, "13588116677", "new", ""),
)
#: The smallest file that readers open as a PDF.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 397]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def claim(env, area, today):
    """Build refunds and requests for invoices on an area's payments of the last days."""
    if env["property.parking.refund"].search_count([("area_id", "=", area.id)], limit=1):
        return
    payments = env["property.parking.payment"].search(
        [("area_id", "=", area.id), ("date", "<", today), ("amount", ">=", 5)],
        order="date desc, id",
        limit=80,
    )
    online = payments.filtered(lambda one: one.method == "online")
    cash = payments.filtered(lambda one: one.method == "cash")
    _refunds(env, online[:3], cash[:1], today)
    _invoices(env, (online[3:] | cash[1:])[: len(INVOICES)])


def _refunds(env, online, cash, today):
    """One is done, one failed at the provider, one waits for approval, one for the cashier."""
    cashier, finance = (
        env["res.users"].search([("login", "=", login)]) for login in ("cashier", "finance")
    )
    reasons = (
        "道闸故障，车主多等40分钟，按投诉处理退还",
        "访客车辆误按临停收费，业主已核实",
        "同一车位两次扫码，车主申请退回一笔",
        "出口抬杆延迟，按值班经理意见减免退还",
    )
    for number, (payment, reason) in enumerate(zip(online | cash, reasons, strict=False)):
        if payment in online:
            _pay_by_provider(env, payment)
        refund = env["property.parking.refund"].create(
            {
                "payment_id": payment.id,
                "amount": payment.amount,
                "date": today,
                "reason": reason,
                "journal_id": payment.journal_id.id if payment.method == "online" else False,
            }
        )
        refund.with_user(cashier or env.user).sudo().action_submit()
        if number == 2:
            continue
        refund.with_user(finance or env.user).sudo().action_approve()
        if refund.payout_state == "to_send":
            _answer(refund, is_done=not number)


def _answer(refund, is_done):
    """Let the provider give the money back, or say why not."""
    transaction = refund._begin_sending()
    if is_done:
        transaction.provider_reference = f"demo-{transaction.reference}"
        transaction._set_done()
        transaction._post_process()
    else:
        transaction._set_error("商户可用余额不足，请充值后重试")


def _pay_by_provider(env, payment):
    """Note the order at the provider that a payment came from."""
    provider = env["payment.provider"].search(
        [("company_id", "=", payment.company_id.id), ("code", "=", "demo")], limit=1
    )
    if not provider or payment.transaction_id:
        return
    provider.journal_id = provider.journal_id or payment.journal_id
    payment.transaction_id = env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[:1].id,
            "reference": f"{payment.reference or payment.name}",
            "amount": payment.amount_received,
            "currency_id": payment.currency_id.id,
            "partner_id": payment.company_id._parking_partner().id,
            "operation": "online_direct",
            "state": "done",
            "is_post_processed": True,
            "payment_id": payment.account_payment_id.id,
            "parking_session_id": payment.session_id.id,
            "parking_quoted_at": payment.quoted_at,
            "provider_reference": f"demo-{payment.name}",
            "last_state_change": payment.paid_at,
        }
    )


def _invoices(env, payments):
    """Let drivers ask for invoices; finance has issued some."""
    finance = env["res.users"].search([("login", "=", "finance")]) or env.user
    for number, (payment, row) in enumerate(zip(payments, INVOICES, strict=False)):
        title, is_company, phone, state, text = row
        request, _wrong = env["property.parking.invoice.request"]._ask(
            payment,
            {
                "kind": "company" if is_company else "person",
                "title": title,
                "tax_number": credit_code(7000 + number) if is_company else "",
                "phone": phone,
            },
        )
        if state == "issued":
            request.write(
                {
                    "number": text,
                    "file": base64.b64encode(PDF),
                    "file_name": f"{text}.pdf",
                }
            )
            request.with_user(finance).sudo().action_issue()
            request.issued_on = payment.date + timedelta(days=1)
        elif state == "refused":
            request.reason = text
            request.with_user(finance).sudo().action_refuse()
