# ruff: noqa: F821  (run inside Odoo's shell, which has env)
"""Made-up sites for the benchmarks, and how they measure."""

import gc
import json
import time
from datetime import date
from pathlib import Path

PRICES = (
    ("MANAGE", "area", 2.85, 6),
    ("REPAIR", "area", 0.35, 6),
    ("WASTE", "fixed", 12.5, 6),
    ("NETWORK", "fixed", 30.0, 9),
)
quiet = env(context={**env.context, "tracking_disable": True})  # no notes on made-up records
company = env.company
company._billing_prepare_accounting()
residence = env.ref("property_base.unit_type_residence")


def row(what, seconds, count=None, **more):
    """Print a row of the benchmark's table."""
    print(json.dumps({"what": what, "seconds": seconds, "count": count, **more}), flush=True)


def timed(work):
    """Measure work with its flush and commit.

    :return: seconds
    """
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    began = time.perf_counter()
    work()
    env.flush_all()
    env.cr.commit()
    return time.perf_counter() - began


def settle():
    """Gather statistics, as autovacuum does on a real server; the tests' server has none."""
    env.cr.execute("ANALYZE")
    env.cr.commit()


def p95(work, rounds=20):
    """Measure work many times, cold caches of the ORM.

    :return: the seconds that 95 of 100 stay below
    """
    spent = []
    for number in range(rounds):
        env.invalidate_all()
        began = time.perf_counter()
        work(number)
        spent.append(time.perf_counter() - began)
    return sorted(spent)[max(int(rounds * 0.95) - 1, 0)]


def forget_memory():
    """Begin to watch the peak of this process's memory anew."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def memory():
    """Return the most memory this process had since ``forget_memory``, in MB."""
    for text in Path("/proc/self/status").read_text().splitlines():
        if text.startswith("VmHWM:"):
            return int(text.split()[1]) // 1024
    return 0


def homes(code, count):
    """Make a site of households with an owner each.

    :return: site
    """
    site = env["property.site"].create({"name": code, "code": code, "company_id": company.id})
    building = env["property.building"].create({"site_id": site.id, "code": "1", "name": "1"})
    for start in range(0, count, 1000):
        numbers = range(start, min(start + 1000, count))
        units = quiet["property.unit"].create(
            [
                {
                    "site_id": site.id,
                    "building_id": building.id,
                    "entrance": str(i // 1000 + 1),
                    "floor": i % 1000 // 10 + 1,
                    "room": f"{i % 1000 // 10 + 1}{i % 10 + 1:02}",
                    "type_id": residence.id,
                    "area_gross": 60 + i % 97 + 0.37,
                    "handover_date": date(2020, 1, 1),
                }
                for i in numbers
            ]
        )
        owners = quiet["res.partner"].create([{"name": f"{code} owner {i}"} for i in numbers])
        quiet["property.occupancy"].create(
            [
                {"unit_id": u.id, "partner_id": o.id, "role": "owner", "date_from": "2020-01-01"}
                for u, o in zip(units, owners, strict=True)
            ]
        )
        env.cr.commit()
        env.invalidate_all()
    settle()
    return site


def estate(code, count):
    """Make a site of households with an owner each and four items.

    :return: (site, items)
    """
    site = homes(code, count)
    items = env["property.charge.item"]
    for name, method, price, rate in PRICES:
        item = items.create(
            {
                "code": name,
                "name": name,
                "method": method,
                "site_id": site.id,
                "company_id": company.id,
                "unit_type_ids": [(6, 0, residence.ids)],
            }
        )
        env["property.tariff"].create(
            {
                "item_id": item.id,
                "date_from": date(2020, 1, 1),
                "price": price,
                "tax_id": env["account.tax"]._vat_tax(company, rate).id,
            }
        )
        items |= item
    items._sync_fees(env["property.unit"].search([("site_id", "=", site.id)]))
    env.cr.commit()
    return site, items


def estates(code, count, largest=10000):
    """Make sites of at most ``largest`` households.

    :return: the sites
    """
    sites = env["property.site"]
    for number, start in enumerate(range(0, count, largest), start=1):
        sites |= estate(f"{code}-{number}", min(largest, count - start))[0]
    return sites
