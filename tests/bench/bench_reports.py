"""Screens over a real server with 100,000 households and 2.8 million journal items."""

import os
import time

from tests.bench._client import Browser, served
from tests.bench._ledger import WORLD

#: Households made, on twenty sites; 28 journal items each.
HOUSEHOLDS = int(os.environ.get("PROPERTY_BENCH_HOUSEHOLDS", "100000"))
SITES, ROUNDS, BASE = 20, 20, 10_000_000
BIG = (
    *("account_move_line", "account_move", "account_partial_reconcile", "account_payment"),
    *("property_charge", "property_charge_line", "property_receipt", "property_unit"),
    *("property_occupancy", "property_fee", "res_partner"),
)
AGEING = [
    f"amount_{name}:sum"
    for name in ("not_due", "30", "90", "180", "365", "older", "credit", "open")
]
COLLECTED = ["amount_due:sum", "amount_collected:sum", "amount_open:sum", "rate:avg"]
YEAR = [
    ("is_opening", "=", False),
    ("bill_date", ">=", "2026-01-01"),
    ("bill_date", "<=", "2026-12-31"),
]
BY_DAY = [*YEAR, ("date", "<=", "2026-06-30")]
MONTH = [("date", ">=", "2026-07-01"), ("date", "<=", "2026-07-31")]
EARNED = ["amount_earned:sum", "amount_deferred:sum", "amount_net:sum"]
THIS_YEAR = [("month_earned", ">=", "2026-01-01"), ("month_earned", "<=", "2026-12-31")]
TAKEN = ["amount_taken:sum", "amount_refunded:sum", "amount_net:sum"]
CLEARED = ["amount_start:sum", "amount_collected:sum", "amount_end:sum", "rate:avg"]
BILLS = [("move_type", "=", "out_invoice")]
SOLD = [("move_type", "in", ["out_invoice", "out_refund"])]


class Screens:
    """Ask a server for screens, in turns, and see which big tables it read from end to end."""

    def __init__(self, runner, address):
        self._runner, self._address = runner, address
        self._browsers, self._base = {}, None

    def browser(self, login):
        """Return the session of a user."""
        if login not in self._browsers:
            name = self._runner.database
            self._browsers[login] = Browser(self._address, name, f"bench.{login}")
        return self._browsers[login]

    def _scans(self):
        tables = ", ".join(f"'{name}'" for name in BIG)
        text = self._runner.system.postgres.sql(
            f"SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname IN ({tables})",  # noqa: S608 the names are above
            self._runner.database,
        )
        return {row.split("|")[0]: int(row.split("|")[1]) for row in text.splitlines()}

    def measured(self, login, what, work, is_base=False, note=""):
        """Measure a screen.

        :param str login: whose screen
        :param work: function of the browser and the number of the turn
        :param is_base: what the others are compared with
        :return: a row; p95 of the turns
        """
        browser = self.browser(login)
        work(browser, 0)
        time.sleep(1.1)  # a server tells its figures once a second, when it is asked again
        work(browser, 0)
        before, spent = self._scans(), []
        for turn in range(ROUNDS):
            began = time.perf_counter()
            work(browser, turn)
            spent.append(time.perf_counter() - began)
        time.sleep(1.1)
        work(browser, 0)
        after = self._scans()
        read = [name for name in BIG if after[name] > before[name]]
        spent.sort()
        p95 = spent[int(ROUNDS * 0.95) - 1]
        seen = f"reads whole: {', '.join(read)}" if read else "no big table read whole"
        row = {
            "what": f"{login}: {what}",
            "seconds": p95,
            "note": f"p95; median {spent[ROUNDS // 2]:.3f} s; {seen}{note}",
        }
        if is_base:
            self._base = p95
        if self._base:
            row["base"] = self._base
        return row


def run(runner):
    """Fill a ledger by copying rows in SQL, then open screens through HTTP as their users.

    :return: rows; p95 of twenty turns beside stock's /my/invoices, and the big tables that the
        server read from end to end meanwhile
    """
    yield from runner.rows(f"COUNT, SITES = {HOUSEHOLDS}, {SITES}\n{WORLD}")
    for table in BIG:
        runner.system.postgres.sql(f"VACUUM ANALYZE {table}", runner.database)
    with served(runner) as address:
        screens = Screens(runner, address)
        yield from portal(screens)
        yield from counter(screens, runner)
        yield from reports(screens)
        yield from lists(screens)


def portal(screens):
    """Open the pages of an owner."""
    bill = BASE + 2 * SITES * 7 * 6 + 5
    measured = screens.measured
    yield measured("owner", "stock /my/invoices", lambda me, _n: me.get("/my/invoices"), True)
    yield measured("owner", "/my/bills", lambda me, _n: me.get("/my/bills"))
    yield measured("owner", "/my/bills/history", lambda me, _n: me.get("/my/bills/history"))
    yield measured("owner", "/my/bills/statement", lambda me, _n: me.get("/my/bills/statement"))
    yield measured("owner", "one bill", lambda me, _n: me.get(f"/my/invoices/{bill}"))


def counter(screens, runner):
    """Find and open households as a cashier of five sites."""
    text = runner.system.postgres.sql(
        "SELECT u.id, u.code, u.room, p.name, p.phone, v.plate"  # noqa: S608 numbers of ours
        " FROM property_unit u JOIN res_partner p ON p.id = u.id"
        " JOIN property_vehicle v ON v.id = u.id"
        f" WHERE u.id >= {BASE} AND mod(u.id, {SITES}) < 5"
        f" ORDER BY mod(u.id * 7919::bigint, 104729) LIMIT {ROUNDS}",
        runner.database,
    )
    known = [row.split("|") for row in text.splitlines()]

    def search(said):
        return lambda me, n: me.call("property.counter", "search_households", said(known[n]))

    for what, said in (
        ("room in full, 3-1-1502", lambda one: one[1]),
        ("house and room, 3-1502", lambda one: one[1].split("-")[0] + "-" + one[2]),
        ("room alone, 1502", lambda one: one[2]),
        ("name in full", lambda one: one[3]),
        ("name, its beginning", lambda one: one[3][:2]),
        ("family name alone", lambda one: one[3][:1]),
        ("name, its end", lambda one: one[3][1:]),
        ("phone in full", lambda one: one[4]),
        ("phone tail, 4 digits", lambda one: one[4][-4:]),
        ("plate in full", lambda one: one[5]),
        ("plate without the province", lambda one: one[5][1:]),
        ("nothing like it", lambda one: "\u9f98\u9f96"),
    ):
        yield screens.measured("cashier", f"search by {what}", search(said))
    yield screens.measured(
        "cashier",
        "open a household",
        lambda me, n: me.call("property.counter", "open_household", int(known[n][0])),
    )


def reports(screens):
    """Open the reports of one site as its manager, and of all sites as a director."""
    for login in ("manager", "director"):

        def pivot(what, name, *given, login=login, **more):
            model = f"property.report.{name}"
            return screens.measured(login, what, lambda me, _n: me.pivot(model, *given, **more))

        places = ["building_id"] if login == "manager" else ["site_id", "building_id"]
        past = {"property_as_of": "2026-06-30"}
        yield pivot("ageing", "ageing", places, AGEING)
        yield pivot("ageing at the end of June", "ageing", places, AGEING, context=past)
        yield screens.measured(
            login, "ageing, list", lambda me, _n: me.rows("property.report.ageing")
        )
        yield pivot("collection rate of a year", "collection", places, COLLECTED, YEAR)
        yield pivot("collection rate as of June", "collection", places, COLLECTED, BY_DAY)
        for group in ("charge_item_id", "period_to:month", "collector_id"):
            yield pivot(f"collection rate by {group}", "collection", [group], COLLECTED, YEAR)
        yield screens.measured(
            login,
            "collection rate, list",
            lambda me, _n: me.rows("property.report.collection", YEAR),
        )
        yield pivot("arrears cleared this year", "arrears", places, CLEARED)
        yield pivot("cashier daily of a month", "cashier", ["date:day"], TAKEN, MONTH)
        yield pivot("income by month", "income", ["month_earned:month"], EARNED)
        yield pivot("income by item", "income", ["charge_item_id"], EARNED, context=past)
        yield screens.measured(
            login,
            "income of a year, list",
            lambda me, _n: me.rows("property.report.income", THIS_YEAR),
        )
        yield screens.measured(
            login,
            "income of a year by unit, list",
            lambda me, _n: me.groups("property.report.income", "unit_id", EARNED, THIS_YEAR),
        )


def lists(screens):
    """Open what accounting and the office look at."""
    for login in ("manager", "director"):
        measured = screens.measured
        yield measured(login, "invoice list", lambda me, _n: me.rows("account.move", BILLS))
        yield measured(
            login,
            "invoice analysis, pivot",
            lambda me, _n: me.pivot(
                "account.invoice.report", ["site_id"], ["price_subtotal:sum"], SOLD
            ),
        )
        yield measured(login, "receipts, list", lambda me, _n: me.rows("property.receipt"))
        yield measured(
            login, "dunning notices, list", lambda me, _n: me.rows("property.dunning.notice")
        )
        yield measured(login, "charges, list", lambda me, _n: me.rows("property.charge"))
        yield measured(
            login, "billing run, form", lambda me, _n: me.form("property.billing.run", BASE)
        )
