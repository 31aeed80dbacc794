"""Households of the demo whose fees the bank withholds: one batch done, one with the bank."""

from datetime import timedelta

from .payments import bank_journal
from .staff import has_account

HOUSEHOLDS = 24
#: What the bank says of every so many lines.
REFUSALS = (("E51", "余额不足"), ("E14", "账户已销户"), ("E51", "余额不足"), ("E22", "授权已终止"))
EVERY = 5


def withhold(env, sites, today):
    """Enter mandates, collect a batch through the bank and send another.

    :param sites: property.site
    :param today: nothing happens after this day
    """
    for site in sites:
        mandates = env["property.bank.mandate"]
        if mandates.search_count([("site_id", "=", site.id)], limit=1):
            continue
        journal = bank_journal(env, site)
        payers = _payers(env, site, today)
        if not journal or not payers:
            continue
        _sign(env, site, payers, today)
        first = _send(env, site, journal, today - timedelta(days=12))
        _answer(first)
        first.action_post()
        _send(env, site, journal, today)


def _payers(env, site, today):
    """Return people with bills overdue for a fortnight or longer; who has the portal pays there."""
    bills = env["account.move"].search(
        [
            ("site_id", "=", site.id),
            ("move_type", "=", "out_invoice"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("state", "=", "posted"),
            ("invoice_date_due", "<=", today - timedelta(days=14)),
        ],
        order="unit_id, id",
    )
    payers = bills.partner_id.filtered(lambda payer: not payer.is_company)
    return payers.filtered(lambda payer: not has_account(payer))[:HOUSEHOLDS]


def _sign(env, site, payers, today):
    accounts = env["res.partner.bank"].create(
        [
            {"acc_number": f"6217 0000 0000 {number:04}", "partner_id": payer.id}
            for number, payer in enumerate(payers, start=1)
        ]
    )
    mandates = env["property.bank.mandate"].create(
        [
            {
                "name": f"{site.code}{number:05}",
                "site_id": site.id,
                "partner_id": account.partner_id.id,
                "bank_account_id": account.id,
                "date_from": today.replace(month=1, day=1),
            }
            for number, account in enumerate(accounts, start=1)
        ]
    )
    mandates.action_activate()


def _send(env, site, journal, day):
    batch = env["property.bank.collection"].create(
        {"site_id": site.id, "journal_id": journal.id, "date": day}
    )
    if batch._open_rows():
        batch.action_collect()
        batch.action_export_csv()
    return batch


def _answer(batch):
    """Import what a bank might answer."""
    head = ["序号", "协议号", "金额", "扣款结果", "错误码", "失败原因", "流水号"]
    rows = [head]
    for line in batch.line_ids:
        refusal = ("", "")
        if line.sequence % EVERY == 0:
            refusal = REFUSALS[line.sequence // EVERY % len(REFUSALS)]
        result = "失败" if refusal[0] else "成功"
        number = "" if refusal[0] else f"{batch.date:%Y%m%d}{line.sequence:06}"
        rows.append(
            [str(line.sequence), line.agreement, f"{line.amount:.2f}", result, *refusal, number]
        )
    rows.append(["合计", str(len(batch.line_ids)), f"{batch.amount_total:.2f}", "", "", "", ""])
    text = "\r\n".join(",".join(row) for row in rows)
    batch._import_results(f"{batch.name}-result.csv", text.encode("gb18030"))
