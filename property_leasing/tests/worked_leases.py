"""Twelve leases worked by hand, in the forms that shop and office contracts take in China.

The numbers are invented. Each row: what is usual about it, its terms, and the first instalments:
(first day, due day, amount).
"""

from datetime import date
from decimal import Decimal as D  # noqa: N817  a table of amounts

from ..tools.schedule import Rate, Step, Terms, ladder


def terms(start, end, price, area=1, **more):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return Terms(first, last, (Rate(first, D(price), D(area)),), **more)


def yearly(start, end, kind, value):
    return ladder(date.fromisoformat(start), date.fromisoformat(end), 12, kind, D(value))


def span(first, last):
    return date.fromisoformat(first), date.fromisoformat(last)


LEASES = [
    (
        # 押一付三, rent of the month fixed: a quarter of the lease is three months' rent
        "flat shop rent, quarterly in advance by the anniversary",
        terms("2026-03-15", "2027-03-14", "8000", months=3, anchor=date(2026, 3, 15)),
        [
            ("2026-03-15", "2026-03-15", "24000.00"),
            ("2026-06-15", "2026-06-15", "24000.00"),
            ("2026-09-15", "2026-09-15", "24000.00"),
            ("2026-12-15", "2026-12-15", "24000.00"),
        ],
    ),
    (
        # the same by calendar quarters: 17 of March's 31 days, then whole quarters;
        # 8000 × 17/31 = 4387.096…
        "flat shop rent, first instalment cut to the calendar quarter",
        terms("2026-03-15", "2027-03-14", "8000", months=3),
        [
            ("2026-03-15", "2026-03-15", "4387.10"),
            ("2026-04-01", "2026-04-01", "24000.00"),
            ("2026-07-01", "2026-07-01", "24000.00"),
            ("2026-10-01", "2026-10-01", "24000.00"),
            ("2027-01-01", "2027-01-01", "19612.90"),
        ],
    ),
    (
        # office, 元/㎡·天 × 365 ÷ 12: 5.5 × 200 × 365 ÷ 12 = 33458.333 a month, stated as 33458.33
        "office by m² and day, the month as 365/12",
        terms(
            "2026-01-01",
            "2028-12-31",
            "5.5",
            200,
            pricing="m2_day",
            convention="days_365",
            months=3,
            due_days=5,
        ),
        [
            ("2026-01-01", "2026-01-01", "100374.99"),
            ("2026-04-01", "2026-03-27", "100374.99"),
        ],
    ),
    (
        # the same office by the days of the calendar: 90, 91, 92, 92 days × 1100
        "office by m² and day, calendar days",
        terms("2026-01-01", "2028-12-31", "5.5", 200, pricing="m2_day", months=3, due_days=5),
        [
            ("2026-01-01", "2026-01-01", "99000.00"),
            ("2026-04-01", "2026-03-27", "100100.00"),
            ("2026-07-01", "2026-06-26", "101200.00"),
            ("2026-10-01", "2026-09-26", "101200.00"),
        ],
    ),
    (
        # 装修免租期 of two months at the start, then 5% more every year on the price before (复利)
        "fit-out free of rent, 5 % compounding",
        terms(
            "2026-01-01",
            "2028-12-31",
            "10000",
            steps=yearly("2026-01-01", "2028-12-31", "percent", 5),
            rent_free=(span("2026-01-01", "2026-02-28"),),
            months=6,
        ),
        [
            ("2026-01-01", "2026-01-01", "40000.00"),
            ("2026-07-01", "2026-07-01", "60000.00"),
            ("2027-01-01", "2027-01-01", "63000.00"),
            ("2027-07-01", "2027-07-01", "63000.00"),
            ("2028-01-01", "2028-01-01", "66150.00"),
            ("2028-07-01", "2028-07-01", "66150.00"),
        ],
    ),
    (
        # 5% of the first rent every year (单利): 10000, 10500, 11000
        "simple steps of 5 % of the first rent, yearly in advance",
        terms(
            "2026-01-01",
            "2028-12-31",
            "10000",
            steps=yearly("2026-01-01", "2028-12-31", "percent_of_base", 5),
            months=12,
            due_days=30,
        ),
        [
            ("2026-01-01", "2026-01-01", "120000.00"),
            ("2027-01-01", "2026-12-02", "126000.00"),
            ("2028-01-01", "2027-12-02", "132000.00"),
        ],
    ),
    (
        # a step by amount in the middle of a month: April 14 days at 90, 16 days at 96 a m²
        # (50 × 90 × 14/30 + 50 × 96 × 16/30 = 2100 + 2560)
        "step by amount inside a month",
        terms(
            "2026-04-01",
            "2026-06-30",
            "90",
            50,
            pricing="m2_month",
            steps=(Step(date(2026, 4, 15), "amount", D(6)),),
        ),
        [
            ("2026-04-01", "2026-04-01", "4660.00"),
            ("2026-05-01", "2026-05-01", "4800.00"),
            ("2026-06-01", "2026-06-01", "4800.00"),
        ],
    ),
    (
        # a kiosk pays when the month is over, ten days later
        "monthly in arrears",
        terms("2026-01-20", "2026-04-19", "3100", timing="arrears", due_days=10),
        [
            ("2026-01-20", "2026-02-10", "1200.00"),
            ("2026-02-01", "2026-03-10", "3100.00"),
            ("2026-03-01", "2026-04-10", "3100.00"),
            ("2026-04-01", "2026-04-29", "1963.33"),
        ],
    ),
    (
        # rent-free days in the middle: ten days of August for the repair of the façade
        "rent-free days inside the term",
        terms(
            "2026-07-01",
            "2026-09-30",
            "6200",
            rent_free=(span("2026-08-11", "2026-08-20"),),
        ),
        [
            ("2026-07-01", "2026-07-01", "6200.00"),
            ("2026-08-01", "2026-08-01", "4200.00"),
            ("2026-09-01", "2026-09-01", "6200.00"),
        ],
    ),
    (
        # from 29 February: months begin on the 29th, in the next Februaries on the 28th
        "anniversary of a leap day",
        terms("2024-02-29", "2026-02-27", "1000", months=12, anchor=date(2024, 2, 29)),
        [
            ("2024-02-29", "2024-02-29", "12000.00"),
            ("2025-02-28", "2025-02-28", "12000.00"),
        ],
    ),
    (
        # quarters over the end of the year, from the 15th of November
        "quarters over the end of the year",
        terms(
            "2026-11-15",
            "2027-08-14",
            "2",
            100,
            pricing="m2_day",
            months=3,
            anchor=date(2026, 11, 15),
        ),
        [
            ("2026-11-15", "2026-11-15", "18400.00"),
            ("2027-02-15", "2027-02-15", "17800.00"),
            ("2027-05-15", "2027-05-15", "18400.00"),
        ],
    ),
    (
        # 计租日 after the fit-out: handed over in December, the months count from 1 March
        "cycles from the day rent begins, which is not the start",
        terms(
            "2026-12-10",
            "2027-08-31",
            "5000",
            rent_free=(span("2026-12-10", "2027-02-28"),),
            months=6,
            anchor=date(2027, 3, 1),
            due_days=7,
        ),
        [
            ("2026-12-10", "2026-12-10", "0.00"),
            ("2027-03-01", "2027-02-22", "30000.00"),
        ],
    ),
]
