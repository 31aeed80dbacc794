"""Build the demo sites through the same doors a user takes: import, billing runs, payments."""

import base64
import logging
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from odoo.fields import Command

from odoo.addons.property_base.models.property_demo_loader import QUIET

from .behaviour import PHONE, Deposit, Habits
from .ledger import Plan, build_ledger, month_end, month_starts
from .payments import BOOKED, book_payments, collect

_logger = logging.getLogger(__name__)

SEED = 20260930
CUIHU = "翠湖花园"
CUIHU_FILE = Path(__file__).with_name("cuihu_ledger.xlsx")
#: The ledger of 翠湖花园 has readings for these months and no others.
CUIHU_MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))


@dataclass(frozen=True)
class DemoSite:
    """One site to build: its ledger, the months to bill, its community and its particulars."""

    name: str
    filename: str
    content: bytes
    months: tuple[date, ...]
    habits: Habits
    values: dict = field(default_factory=dict)
    owner_login: str = ""


def demo_sites(today, plan=None):
    """Return the sites of the demo as of `today`.

    :param plan: size of the generated site, the full one by default
    """
    plan = plan or Plan()
    filename, content = build_ledger(SEED, today, plan)
    cuihu = DemoSite(
        name=CUIHU,
        filename="翠湖花园台账.xlsx",
        content=CUIHU_FILE.read_bytes(),
        months=CUIHU_MONTHS,
        habits=Habits(paid=(0.66, 0.84, 0.91)),
        values={
            "kind": "residential",
            "city": "翠湖市",
            "street": "湖滨路 8 号",
            "phone": "13000009011",
        },
        owner_login="owner",
    )
    centre = DemoSite(
        name=plan.site_name,
        filename=filename,
        content=content,
        months=tuple(month_starts(today, plan.months)),
        habits=Habits(debit=0.7),
        values={
            "kind": "mixed",
            "city": "翠湖市",
            "street": "星澜大道 66 号",
            "phone": "13000009020",
        },
    )
    return [cuihu, centre]


def build(env, company, sites, today):
    """Build the sites that do not exist yet.

    :param company: the company that manages them
    :param today: nothing happens after this day
    :return: the sites, old and new, in the order given
    """
    company._billing_prepare_accounting()
    if not company._existing_accounting():
        # While modules install the chart would come last; the bills need it now.
        company._billing_load_chart()
    all_sites = env["property.site"]
    for demo in sites:
        if not all_sites.search_count([("name", "=", demo.name), ("company_id", "=", company.id)]):
            _build_site(env, company, demo, today)
            env.flush_all()
            env.invalidate_all()
    found = all_sites.search([("company_id", "=", company.id)])
    return all_sites.union(
        *(found.filtered(lambda site, demo=demo: site.name == demo.name) for demo in sites)
    )


def _build_site(env, company, demo, today):
    site = _import_ledger(env, company, demo)
    site.write(demo.values)
    _live_in(env, site)
    for first in demo.months:
        _bill(env, site, first)
    spared = ()
    if demo.owner_login:
        home = _owner_home(env, site)
        _invite_owner(env, company, home, demo.owner_login)
        household = f"{home.code}/{home.owner_id.name}"
        _pay_first_month(env, home, household, today)
        spared = (household,)
    paid = collect(env, site, today, demo.habits, SEED, spared)
    _logger.info("demo site %s: %s months billed, %s payments", site.id, len(demo.months), paid)


def _import_ledger(env, company, demo):
    """Import a ledger; a fault in it is a fault of ours and raises."""
    job = env["property.import"].create(
        {
            "filename": demo.filename,
            "file": base64.b64encode(demo.content),
            "company_id": company.id,
        }
    )
    job.action_check()
    job.action_import()
    return job.site_id


def _live_in(env, site):
    """Say of delivered homes whether they are let, lived in, being decorated or empty."""
    homes = site.unit_ids.filtered(
        lambda unit: unit.state == "delivered" and unit.kind in ("residence", "shop", "office")
    )
    let = homes.filtered("tenant_id")
    states = {"leased": let, "vacant": homes.browse(), "decorating": homes.browse()}
    for number, home in enumerate(homes - let):
        if number % 29 == 11:
            states["vacant"] |= home
        elif number % 53 == 17:
            states["decorating"] |= home
    states["occupied"] = homes - let - states["vacant"] - states["decorating"]
    for state, units in states.items():
        units.with_context(**QUIET).state = state


def _bill(env, site, first):
    """Compute and post the bills of one month."""
    run = env["property.billing.run"].create(
        {
            "site_ids": [(6, 0, site.ids)],
            "company_id": site.company_id.id,
            "date_from": first,
            "date_to": month_end(first),
        }
    )
    run.action_compute()
    run.action_post()
    return run


def _owner_home(env, site):
    """Return the home whose owner gets the demo account: one owner, a family member, a space."""
    rows = env["property.occupancy"].search(
        [
            ("site_id", "=", site.id),
            ("role", "=", "family"),
            ("date_to", "=", False),
            ("unit_id.kind", "=", "residence"),
            ("unit_id.child_ids.kind", "=", "parking"),
        ],
        order="unit_id",
    )
    for unit in rows.unit_id:
        roles = unit.occupancy_ids.mapped("role")
        if roles.count("owner") == 1 and "tenant" not in roles:
            return unit
    return rows.unit_id[:1] or site.unit_ids.filtered("owner_id")[:1]


def _invite_owner(env, company, home, login):
    """Give the owner of `home` an account whose password is its login; the family sees bills."""
    partner = home.owner_id
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": partner.name,
            "login": login,
            "password": login,
            "partner_id": partner.id,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            "lang": "zh_CN",
            "tz": "Asia/Shanghai",
        }
    )
    home.occupancy_ids.filtered(lambda row: row.role in ("family", "co_owner")).may_see_bills = True


def _pay_first_month(env, home, household, today):
    """Pay the owner's oldest month in the portal, or as a plain payment without a provider."""
    partner = home.owner_id
    moves = env["account.move"].search(
        [
            ("unit_id", "in", (home | home.child_ids).ids),
            ("partner_id", "=", partner.id),
            ("state", "=", "posted"),
            ("is_opening", "=", False),
        ]
    )
    first = min(moves.mapped("period_to"), default=None)
    moves = moves.filtered(lambda move: move.period_to == first)
    if not moves or first >= today:
        return
    day = min(first + timedelta(days=9), today)
    company = home.company_id
    provider = env["payment.provider"].search(
        [("code", "=", "demo"), ("state", "=", "test"), ("company_id", "=", company.id)], limit=1
    )
    if provider:
        _pay_online(env, provider, home, moves, day)
        return
    parts = tuple((move.id, move.amount_residual) for move in moves)
    quiet = env(context={**env.context, **BOOKED})
    book_payments(quiet, home.site_id, [Deposit(day, PHONE, household, parts)])


def _pay_online(env, provider, home, moves, day):
    """Let the owner of `home` pay bills through a provider, as the portal does."""
    transaction = env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[:1].id,
            "reference": env["payment.transaction"]._compute_reference(
                provider.code, prefix=f"{home.code}-{day:%Y%m%d}"
            ),
            "provider_reference": f"demo-{day:%Y%m%d}",
            "amount": sum(moves.mapped("amount_residual")),
            "currency_id": moves.currency_id.id,
            "partner_id": home.owner_id.id,
            "operation": "online_direct",
            "invoice_ids": [Command.set(moves.ids)],
            "property_amounts": {str(move.id): move.amount_residual for move in moves},
        }
    )
    transaction._set_done()
    transaction._create_payment(date=day)
    transaction._post_process()


def enable_payments(env, company):
    """Publish the provider of `payment_demo` for the company when that module is there."""
    all_providers = env["payment.provider"]
    if "demo" not in all_providers._fields["code"].get_values(env):
        return
    providers = all_providers.search([("code", "=", "demo")])
    provider = providers.filtered(lambda found: found.company_id == company)[:1]
    if not provider and providers:
        provider = providers[0].copy({"company_id": company.id})
    provider.write({"name": "演示支付", "state": "test", "is_published": True})


#: Which of the two sites an employee of the demo works for; the others work for both.
ONE_SITE = {"manager": 0, "cashier": 0, "guard": 0, "guard2": 0, "guard3": 0, "leasing": 1}


def assign_staff(env, sites):
    """Give the demo employees their sites, and the sites their manager."""
    records = env["ir.model.data"].search(
        [
            ("module", "=", "property_base"),
            ("model", "=", "hr.employee"),
            ("name", "=like", "demo_employee_%"),
        ]
    )
    employees = {
        row.name.removeprefix("demo_employee_"): env["hr.employee"].browse(row.res_id)
        for row in records
    }
    for key, employee in employees.items():
        own = sites[ONE_SITE[key]] if key in ONE_SITE else sites
        employee.site_ids = own
    if "manager" in employees:
        sites[:1].manager_id = employees["manager"]
        sites[1:].manager_id = employees.get("director", employees["manager"])
