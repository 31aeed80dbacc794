"""What happens to leases of the mall: turnover declared and billed, papers, a notice, move-outs."""

import base64
import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.fields import Command

SEED = 20261127
MONTHS = 12
SEASON = (0.9, 1.35, 0.8, 0.9, 1.1, 1.0, 0.95, 0.9, 1.05, 1.25, 1.0, 1.2)
#: trades that pay a percentage: (mode, tiers of (above, percent, kind of goods), months of a
#: settlement)
MAIN, SALE = "正价商品", "特卖商品"
TURNOVER = (
    ("greater", ((0, 12.0, MAIN), (0, 7.0, SALE)), "1"),
    ("greater", ((0, 10.0), (260000, 13.0)), "3"),
    ("addition", ((150000, 6.0),), "1"),
    ("addition", ((120000, 5.0), (300000, 8.0)), "3"),
)
SELLING = ("餐饮", "零售", "服装")
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def build(env):
    """Let the leases of the demo's mall live, if they do not yet."""
    company = env.ref("property_base.demo_company", raise_if_not_found=False)
    leases = env["property.lease"].search(
        [("company_id", "=", company.id), ("signed_date", "!=", False)]
        if company
        else [(0, "=", 1)],
        order="id",
    )
    if leases and not leases.turnover_term_ids:
        Life(env, company, leases).build()


class Life:
    """The leases of the mall while they get their history."""

    def __init__(self, env, company, leases):
        self.env, self.company, self.leases = env, company, leases
        self.today = fields.Date.today()
        self.rng = random.Random(SEED)  # noqa: S311  invented data
        self.taken = leases.browse()  # leases that play a part already

    def build(self):
        """Give some leases turnover rent, options, papers, a notice and move-outs."""
        selling = self.leases.filtered(
            lambda lease: lease.trade in SELLING and lease.state == "active"
        )
        shops = selling[: len(TURNOVER)]
        self.taken |= shops
        for lease, form in zip(shops, TURNOVER, strict=False):
            self._agree(lease, *form)
        for lease in shops:
            self._sell(lease)
        self._bill(shops)
        self._correct(shops[:1])
        self._amend_turnover(shops[2:3])
        self._options()
        self._papers()
        self._notice()
        self._move_outs()
        self._portal(shops[:1])

    # Turnover ---------------------------------------------------------------------------------

    def _agree(self, lease, mode, tiers, months):
        """Agree turnover rent with a tenant, settled here since a year."""
        start = self.today.replace(day=1) - relativedelta(months=MONTHS)
        goods = self._goods({name for _above, _percent, *names in tiers for name in names})
        term = self.env["property.lease.turnover.term"].create(
            {
                "lease_id": lease.id,
                "mode": mode,
                "months": months,
                "date_from": max(start, lease.date_from),
                "estimate": "mean" if mode == "addition" else "none",
                "tier_ids": [
                    Command.create(
                        {
                            "above": above,
                            "percent": percent,
                            "goods_id": goods[names[0]].id if names else False,
                        }
                    )
                    for above, percent, *names in tiers
                ],
            }
        )
        term._create_fee()
        term._expect_declarations()

    def _goods(self, names):
        """Return the kinds of goods by their names, made on first use."""
        return {
            name: self.env["property.lease.goods"].create(
                {"name": name, "company_id": self.company.id}
            )
            for name in sorted(names)
        }

    def _amend_turnover(self, lease):
        """Lower the percentages of a tenant from the month after next on, as agreed with him."""
        users = [
            self.env["res.users"].search([("login", "=", login)], limit=1)
            for login in ("leasing", "director")
        ]
        if not lease or not all(users):
            return
        amendment = (
            self.env["property.lease.amendment"]
            .with_user(users[0])
            .create(
                {
                    "lease_id": lease.id,
                    "kind": "turnover",
                    "date": self.today.replace(day=1) + relativedelta(months=2),
                    "turnover_mode": "addition",
                    "turnover_cap": 30000.0,
                    "tier_ids": [
                        Command.create({"above": 150000, "percent": 5.0}),
                        Command.create({"above": 300000, "percent": 7.0}),
                    ],
                    "reason": "续约谈判：提成比例下调并设封顶",
                }
            )
        )
        amendment.action_submit()
        amendment.with_user(users[1]).action_approve()
        self.env.invalidate_all()

    def _sell(self, lease):
        """Declare the months that are over; the last one waits, of one shop it is late."""
        rent = sum(float(line._first_month_rent()) for line in lease.line_ids.filtered("is_rent"))
        usual = max(rent, 8000.0) * self.rng.uniform(9.0, 14.0)
        rows = lease.turnover_ids.filtered(lambda row: row.date_to < self.today).sorted("date_from")
        for row in rows:
            days = (row.date_to - row.date_from).days + 1
            share = SEASON[row.date_from.month - 1] * self.rng.uniform(0.92, 1.08) * days / 30.4
            row.write(
                {
                    "amount": round(usual * share, 2),
                    "state": "confirmed",
                    "declared_at": fields.Datetime.to_datetime(row.date_to + timedelta(days=4)),
                    "confirmed_at": fields.Datetime.to_datetime(row.date_to + timedelta(days=8)),
                }
            )
        waits = rows[-1:]
        is_open = lease.turnover_term_ids.mode == "addition"
        waits.write(
            {"state": "open", "amount": 0.0, "declared_at": False, "confirmed_at": False}
            if is_open
            else {"state": "declared", "confirmed_at": False}
        )
        till = self.env["ir.attachment"].create(
            [
                {
                    "name": f"收银月报 {row.date_from:%Y-%m}.pdf",
                    "raw": PDF,
                    "mimetype": "application/pdf",
                    "res_model": row._name,
                    "res_id": row.id,
                }
                for row in rows[-3:]
                if row.state != "open"
            ]
        )
        for row, one in zip(rows[-3:], till, strict=False):
            row.attachment_ids = one
        lease.turnover_term_ids._settle("营业额确认")

    def _bill(self, shops):
        """Bill the settlements month by month and let them be paid."""
        item = shops.turnover_term_ids.item_id
        for months in range(-MONTHS + 1, 0):
            first = self.today.replace(day=1) + relativedelta(months=months)
            run = self.env["property.billing.run"].create(
                {
                    "name": f"营业额租金 {first:%Y-%m}",
                    "site_ids": [Command.set(shops.site_id.ids)],
                    "company_id": self.company.id,
                    "item_ids": [Command.set(item.ids)],
                    "date_from": first,
                    "date_to": first + relativedelta(day=31),
                }
            )
            run.action_compute()
            if not run.charge_ids:
                run.unlink()
                continue
            run.action_post()
            for bill in run.move_ids.filtered("amount_residual")[: 9 if months < -1 else 0]:
                self.env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=bill.ids
                ).create(
                    {"payment_date": min(bill.invoice_date_due, self.today)}
                )._create_payments()
        self.env.invalidate_all()

    def _correct(self, lease):
        """Correct one month, as finance does when a till report was incomplete."""
        row = lease.turnover_ids.filtered(lambda one: one.state == "confirmed").sorted("date_from")
        for one in row[-3:-2]:
            one._correct(round(one.amount * 1.04, 2), "漏报外卖平台流水，按平台对账单更正")

    # Options, papers, notice ------------------------------------------------------------------

    def _options(self):
        """Give some leases a break and a renewal option."""
        running = self.leases.filtered(lambda lease: lease.state in ("active", "ending"))
        self.env["property.lease.option"].create(
            [
                {
                    "lease_id": lease.id,
                    "kind": "renewal",
                    "date": lease.date_to + timedelta(days=1),
                    "notice_months": 3,
                    "months": 36,
                    "note": "同等条件下优先续租，租金按届时市场价协商",
                }
                for lease in running[::3]
            ]
            + [
                {
                    "lease_id": lease.id,
                    "kind": "break",
                    "date": lease.date_from + relativedelta(years=2, days=-1),
                    "notice_months": 6,
                    "penalty": 20000.0,
                    "note": "满两年可提前解约一次",
                }
                for lease in running[1::4]
                if lease.date_from + relativedelta(years=2) < lease.date_to
            ]
        )

    def _papers(self):
        """File licences and policies: most are good, one has expired, one waits to be checked."""
        kinds = (("licence", "营业执照", 900), ("insurance", "公众责任险保单", 200))
        vals = [
            {
                "lease_id": lease.id,
                "kind": kind,
                "name": name,
                "file": base64.b64encode(PDF),
                "file_name": f"{name}.pdf",
                "mimetype": "application/pdf",
                "date_to": self.today + timedelta(days=days - 35 * number),
                "state": "new" if number == 2 else "accepted",
            }
            for number, lease in enumerate(self.leases[:9])
            for kind, name, days in kinds
        ]
        self.env["property.lease.document"].create(vals)

    def _notice(self):
        """Let a tenant say that he does not renew."""
        ending = (self.leases - self.taken).filtered(lambda lease: lease.state == "ending")[:1]
        self.taken |= ending
        if ending:
            self.env["property.lease.notice"]._give(
                ending, "leave", None, "店铺调整，租约到期后不再续租"
            )

    # Move-outs --------------------------------------------------------------------------------

    def _move_outs(self):
        """Let one tenant read the settlement of his deposit, and another wait for inspection."""
        free = self.leases - self.taken
        over = free.filtered(lambda lease: lease.state in ("closed", "terminated"))[:1]
        ending = free.filtered(lambda lease: lease.state == "ending")
        leaver = over or self._end(ending[-1:])
        if leaver:
            self._settle(leaver)
        engineer = self.env["res.users"].search([("login", "=", "engineer")], limit=1)
        for lease in (ending - leaver)[:2]:
            self.env["property.lease.moveout"].create(
                {"lease_id": lease.id, "inspector_id": engineer.id}
            )

    def _end(self, lease):
        """End a lease yesterday, as agreed with its tenant."""
        users = [
            self.env["res.users"].search([("login", "=", login)], limit=1)
            for login in ("leasing", "director")
        ]
        if not lease or not all(users):
            return lease.browse()
        amendment = (
            self.env["property.lease.amendment"]
            .with_user(users[0])
            .create(
                {
                    "lease_id": lease.id,
                    "kind": "term",
                    "date_to": self.today - timedelta(days=1),
                    "reason": "双方协商提前解约",
                }
            )
        )
        amendment.action_submit()
        amendment.with_user(users[1]).action_approve()
        self.env.invalidate_all()
        return lease

    def _settle(self, lease):
        """Inspect the shop, deduct a damage and put the statement before the tenant."""
        moveout = self.env["property.lease.moveout"].create({"lease_id": lease.id})
        moveout.check_ids.result = "ok"
        found = moveout.check_ids[1:2]
        found.write({"result": "damaged", "note": "门口地砖破损三块"})
        moveout.deduction_ids = [
            Command.create(
                {
                    "name": "地砖修复（三块，含人工）",
                    "amount": 860.0,
                    "check_id": found.id,
                    "unit_id": found.unit_id.id,
                }
            )
        ]
        for row in moveout.reading_ids:
            row.write({"value": row.meter_id.last_reading + 20, "is_read": True})
        moveout.action_inspect()
        moveout.action_bill()
        moveout.action_offer()
        self._portal(lease, "leaver")

    def _portal(self, lease, login="tenant"):
        """Let a tenant into the portal; the password is the login."""
        users = self.env["res.users"].with_context(no_reset_password=True)
        if not lease or users.search_count([("login", "=", login)], limit=1):
            return
        users.create(
            {
                "login": login,
                "password": login,
                "partner_id": lease.partner_id.id,
                "lang": "zh_CN",
                "tz": "Asia/Shanghai",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
