"""Build a mall on a site of the demo and let it through the doors a user takes."""

import random
from datetime import timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta
from odoo import fields

from odoo.addons.property_base.models.property_demo_loader import QUIET

from .tenants import CONTRACT, FORMS, OFFICE_FORMS, OFFICES, TENANTS

SEED = 20261126
MALL = "云锦广场"
FLOORS, SHOPS_PER_FLOOR = 4, 15
OFFICES_FROM = 6  # on the top floor, from this number on
BILLED_MONTHS = 3  # billed here; what began earlier stood in the old ledger


def build(env):
    """Build the mall on the demo company's mixed site, if it is not there yet."""
    company = env.ref("property_base.demo_company", raise_if_not_found=False)
    site = company and env["property.site"].search(
        [("company_id", "=", company.id), ("kind", "=", "mixed")], limit=1
    )
    if not site:
        return
    users = {
        login: env["res.users"].search([("login", "=", login)], limit=1)
        for login in ("leasing", "director")
    }
    if all(users.values()):
        Mall(env, site.with_env(env), fields.Date.today(), users).build()


class Mall:
    """One mall while it is built."""

    def __init__(self, env, site, today, users):
        self.env, self.site, self.today = env, site, today
        self.users = users
        self.company = site.company_id
        self.rng = random.Random(SEED)  # noqa: S311  invented data

    def build(self):
        """Build the shops, let most of them, bill the last months and take the deposits."""
        if self.env["property.building"].search_count(
            [("site_id", "=", self.site.id), ("name", "=", MALL)], limit=1
        ):
            return
        self.rent = self.company._lease_item("contract")
        self.fee = self.env["property.charge.item"].create(
            {
                "code": "WYF-SC",
                "name": "物业服务费(商场)",
                "category": "management",
                "method": "contract",
                "payer_role": "tenant",
                "site_id": self.site.id,
                "company_id": self.company.id,
            }
        )
        taxes = self.env["account.tax"]
        self.taxes = {
            self.rent: taxes._vat_tax(self.company, 9),
            self.fee: taxes._vat_tax(self.company, 6),
        }
        self.template = self.env["property.lease.template"].create(
            {"name": "商铺租赁合同", "company_id": self.company.id, "body": CONTRACT}
        )
        spaces = self._build_spaces()
        leases = self._let(spaces)
        self._show_vacancies(spaces)
        self._bill()
        self._take_deposits(leases)
        self._amend(leases)
        self._join(spaces)

    def _build_spaces(self):
        building = self.env["property.building"].create(
            {"site_id": self.site.id, "code": "9", "name": MALL}
        )
        shop, office = self.env["property.unit.type"].create(
            [{"name": "集中商业", "kind": "shop"}, {"name": "写字间", "kind": "office"}]
        )
        units = self.env["property.unit"].create(
            [
                {
                    "site_id": self.site.id,
                    "building_id": building.id,
                    "floor": floor,
                    "room": f"{floor}{number:02}",
                    "type_id": (office if self._is_office(floor, number) else shop).id,
                    "area_gross": round(self.rng.uniform(38, 210), 2),
                    "state": "vacant",
                }
                for floor in range(1, FLOORS + 1)
                for number in range(1, SHOPS_PER_FLOOR + 1)
            ]
        )
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": self.company.partner_id.id,
                    "role": "owner",
                    "date_from": "2021-01-01",
                }
                for unit in units
            ]
        )
        return self.env["property.space"].create(
            [
                {
                    "unit_id": unit.id,
                    "price": round(9.6 - 1.3 * unit.floor + self.rng.uniform(0, 1.2), 1),
                    "trade": "办公"
                    if unit.kind == "office"
                    else ("零售、餐饮", "服装、零售", "餐饮、培训", "影院、运动")[unit.floor - 1],
                }
                for unit in units
            ]
        )

    def _is_office(self, floor, number):
        return floor == FLOORS and number >= OFFICES_FROM

    def _let(self, spaces):
        """Let the shops: most run, some are proposals, one is over, one takes two shops."""
        offices = list(spaces.unit_id.filtered(lambda unit: unit.kind == "office"))
        units = [unit for unit in spaces.unit_id if unit not in offices]
        self.rng.shuffle(units)
        leases = self.env["property.lease"]
        for number, (brand, name, trade) in enumerate(OFFICES):
            form = OFFICE_FORMS[number % len(OFFICE_FORMS)]
            leases |= self._propose(number, form, brand, name, trade, [offices.pop()])
        for number, (brand, name, trade) in enumerate(TENANTS):
            chosen = [units.pop() for _ in range(2 if number % 9 == 7 else 1)]
            form = FORMS[number % len(FORMS)]
            leases |= self._propose(number, form, brand, name, trade, chosen)
        proposed, submitted, approved = leases[-2:], leases[-4:-2], leases[-5:-4]
        submit = leases - proposed
        submit.with_user(self.users["leasing"]).action_submit()
        ready = submit - submitted
        ready.with_user(self.users["director"]).action_approve()
        signed = ready - approved
        signed.with_user(self.users["leasing"]).action_sign()
        signed.line_ids.unit_id.with_context(**QUIET).state = "leased"
        return signed

    def _propose(self, number, form, brand, name, trade, units):
        tenant = self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "phone": f"1300001{(2000 if trade == '办公' else 1000) + number}",
                "company_id": self.company.id,
            }
        )
        start = self._start(number, form)
        end = start + relativedelta(years=form.years, days=-1)
        free_to = start + timedelta(days=form.free_days - 1)
        return (
            self.env["property.lease"]
            .with_user(self.users["leasing"])
            .create(
                {
                    "site_id": self.site.id,
                    "partner_id": tenant.id,
                    "brand": brand,
                    "trade": trade,
                    "date_from": start,
                    "date_to": end,
                    "cadence": form.cadence,
                    "timing": form.timing,
                    "cycle": form.cycle,
                    "due_days": form.due_days,
                    "convention": form.convention,
                    "is_vat_included": form.is_vat_included,
                    "billing_date_from": self._billed_from(),
                    "template_id": self.template.id,
                    "note": "乙方享有同等条件下的优先续租权；装修须报甲方审核后施工。",
                    "line_ids": [
                        (0, 0, self._line(unit, item, form))
                        for unit in units
                        for item in (self.rent, self.fee)
                    ],
                    "step_ids": [self._step(form)] if form.step else [],
                    "rent_free_ids": [
                        (0, 0, {"date_from": start, "date_to": free_to, "reason": "装修免租期"})
                    ]
                    if form.free_days
                    else [],
                    "term_ids": [(0, 0, {"name": "租赁保证金", "months": 2 + number % 2})],
                }
            )
        )

    def _start(self, number, form):
        """Spread the leases: some began years ago, some are about to end, some to begin."""
        if number >= len(TENANTS) - 5:
            return self._first_of_month(1 + number % 3)
        if form.years == 1:  # the kiosks of a year: two of them end soon, one is over
            months = {3: 11, 11: 10}.get(number, 5)
            return self._first_of_month(-months)
        length = 12 * form.years
        return self._first_of_month(-self.rng.randrange(2, length - 4)) + timedelta(
            days=self.rng.choice((0, 0, 14, 30))
        )

    def _first_of_month(self, months):
        return self.today.replace(day=1) + relativedelta(months=months)

    def _billed_from(self):
        return self._first_of_month(-BILLED_MONTHS)

    def _line(self, unit, item, form):
        price, pricing = (form.price, form.pricing) if item == self.rent else (18.0, "m2_month")
        return {
            "unit_id": unit.id,
            "item_id": item.id,
            "price": price,
            "pricing": pricing,
            "tax_id": self.taxes[item].id,
        }

    def _step(self, form):
        months, kind, value = form.step
        return (0, 0, {"repeat_months": months, "kind": kind, "value": value})

    def _show_vacancies(self, spaces):
        """Reserve a vacant shop and take another off the market."""
        vacant = spaces.filtered(lambda space: space.state == "vacant")
        lead = self.env["res.partner"].create(
            {"name": "半日闲书吧（意向）", "company_id": self.company.id}
        )
        vacant[:1].write(
            {"reserved_for_id": lead.id, "reserved_until": self.today + timedelta(days=14)}
        )
        vacant[1:2].write(
            {
                "off_from": self.today - timedelta(days=20),
                "off_to": self.today + timedelta(days=40),
                "note": "消防改造",
            }
        )

    def _bill(self):
        """Bill the last months and let most tenants pay."""
        for months in range(-BILLED_MONTHS, 0):
            first = self._first_of_month(months)
            run = self.env["property.billing.run"].create(
                {
                    "name": f"{MALL} {first:%Y-%m}",
                    "site_ids": [(6, 0, self.site.ids)],
                    "company_id": self.company.id,
                    "item_ids": [(6, 0, (self.rent | self.fee).ids)],
                    "date_from": first,
                    "date_to": first + relativedelta(day=31),
                }
            )
            run.action_compute()
            if run.charge_ids:
                run.action_post()
                self._pay(run.move_ids)

    def _pay(self, bills):
        for bill in bills.filtered(lambda move: self.rng.random() < 0.8 and move.amount_residual):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create(
                {
                    "payment_date": min(
                        bill.invoice_date_due + timedelta(days=self.rng.randrange(6)), self.today
                    )
                }
            )._create_payments()

    def _take_deposits(self, leases):
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        kind = self.company._lease_deposit_type()
        for number, term in enumerate(leases.term_ids):
            if number % 5 == 4:
                continue
            deposit = self.env["property.deposit"]._receive(
                term.lease_id.line_ids[:1].unit_id,
                term.lease_id.partner_id,
                term.amount,
                journal,
                kind,
                date=self.today - timedelta(days=number),
                note=term.lease_id.name,
            )
            deposit.sudo().lease_term_id = term  # sudo: facts of a deposit are not written by hand

    def _amend(self, leases):
        """Amend some leases: another rent, more rent-free days, an early end; one waits."""
        running = leases.filtered(lambda lease: lease.state == "active")
        month = self._first_of_month(2)
        lines = running[0].line_ids.filtered("is_rent")
        changes = (
            {
                "lease_id": running[0].id,
                "kind": "rent",
                "date": self._first_of_month(3),
                "line_ids": [
                    (0, 0, {"lease_line_id": line.id, "price": line.price - 0.5, "area": line.area})
                    for line in lines
                ],
                "reason": "客流恢复期租金优惠，经双方协商一致",
            },
            {
                "lease_id": running[1].id,
                "kind": "rent_free",
                "date": self._first_of_month(5),
                "free_to": self._first_of_month(6) - timedelta(days=1),
                "reason": "外立面改造补偿免租一个月",
            },
            {
                "lease_id": running[2].id,
                "kind": "term",
                "date_to": month - timedelta(days=1),
                "penalty": 20000.0,
                "reason": "乙方提前退租，支付违约金",
            },
            {
                "lease_id": running[4].id,
                "kind": "term",
                "date_to": running[4].date_to + relativedelta(years=1),
                "reason": "续租一年",
            },
        )
        agent, director = self.users["leasing"], self.users["director"]
        amendments = self.env["property.lease.amendment"].with_user(agent).create(list(changes))
        amendments.action_submit()
        amendments[:-1].with_user(director).action_approve()

    def _join(self, spaces):
        """Join two vacant neighbours to a larger shop."""
        spaces.invalidate_recordset(["state"])
        vacant = spaces.filtered(lambda space: space.state == "vacant" and space.kind == "shop")
        waiting = self.env["property.lease.line"].search(
            [("unit_id", "in", vacant.unit_id.ids), ("lease_id.approval_state", "!=", "cancelled")]
        )
        free = vacant.filtered(lambda space: space.unit_id not in waiting.unit_id)
        pair = next(
            (
                one | other
                for one, other in pairwise(free)
                if one.floor == other.floor and int(other.unit_id.room) - int(one.unit_id.room) == 1
            ),
            None,
        )
        if pair:
            self.env["property.space.reshape"].create(
                {"space_ids": [(6, 0, pair.ids)], "date": self._first_of_month(-1)}
            ).action_confirm()
