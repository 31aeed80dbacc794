"""Pages of reports beside all of their rows, which are read without any short cut."""

from datetime import date

from .report_oracle import fen

YEAR = [("month_earned", ">=", "2026-01-01"), ("month_earned", "<=", "2026-12-31")]
#: What is asked of the months of income, some of it in no way that an item could answer.
MONTHS = (
    [],
    YEAR,
    [("month_earned", ">", "2026-03-01"), ("month_for", "<", "2026-03-10")],
    [("month_for", ">=", "2026-02-02"), ("month_for", "<=", "2026-06-29")],
    [("month_earned", "=", "2026-05-01")],
    [("month_for", "=", "2026-05-02")],
    [("month_for", "in", ["2026-05-01", "2026-07-01"])],
    [("month_earned", "!=", "2026-05-01")],
    [("is_deferred", "=", True)],
    [("is_deferred", "!=", True), *YEAR],
    [("is_deferred", "=", False), ("month_for", ">=", "2026-04-01")],
    [("is_deferred", "in", [True, False]), ("month_for", ">=", "2026-04-01")],
    [("is_deferred", "=", True), ("month_earned", "<", "2026-03-01")],
    ["|", ("is_deferred", "=", True), ("month_earned", "=", "2025-12-01")],
    ["!", ("month_for", ">", "2026-01-01")],
    [("amount_net", ">", 100), *YEAR],
)


class PagesMixin:
    """Compare pages, counts and groups with the rows of a report; needs `HistoryMixin`."""

    def check_pages(self):
        """Check the pages of a report of income, and of those that begin with the latest days."""
        places = ([], [("charge_item_id", "!=", False), ("unit_id", "in", self.unit.ids)])
        orders = (None, "unit_id, id", "date desc, charge_item_id, id desc", "month_for, id")
        for as_of in (date(2026, 4, 14), date(2026, 12, 31)):
            model = self.env["property.report.income"].with_context(property_as_of=as_of)
            for months in MONTHS:
                place = self.draw.choice(places)
                domain = [("company_id", "=", self.company.id), *place, *months]
                self.check_rows(model, domain, self.draw.choice(orders))
                self.check_groups(model, domain, "amount_net")
        for name, amount in (("collection", "amount_due"), ("cashier", "amount_net")):
            model = self.env[f"property.report.{name}"]
            for days in (
                [],
                [("date", "<=", "2026-03-31")],
                [("date", ">=", "2026-01-01"), ("date", "<=", "2026-05-31")],
                ["|", ("date", "=", "2026-01-15"), ("date", ">", "2026-08-20")],
            ):
                domain = [("company_id", "=", self.company.id), *days]
                self.check_rows(model, domain, self.draw.choice(orders[:2]))
                self.check_groups(model, domain, amount)

    def check_rows(self, model, domain, order):
        """Check pages and counts."""
        rows = model.search(domain, order=order)
        last = max(len(rows) - 1, 0)
        for offset, limit in ((0, 1), (0, 7), (last // 2, 7), (last, 9), (last + 3, 2)):
            found = model.search_fetch(domain, ["date", "site_id"], offset, limit, order)
            self.assertEqual(
                found.ids, rows.ids[offset : offset + limit], (domain, order, offset, limit)
            )
        for limit in (None, 5, len(rows), len(rows) + 1):
            wanted = min(limit or len(rows), len(rows))
            self.assertEqual(model.search_count(domain, limit=limit), wanted, (domain, limit))

    def check_groups(self, model, domain, amount):
        """Check pages of groups, forward and backward, beside the sums of all of them."""
        sums = [f"{amount}:sum", "__count"]
        name = self.draw.choice(["unit_id", "partner_id", "move_id"])
        groups = [
            (record.id, fen(value), count)
            for record, value, count in model._read_group(domain, [name], sums, order=name)
        ]
        order = self.draw.choice([None, f"{name} DESC"])
        wanted = groups[::-1] if order else groups
        for offset, limit in ((0, 2), (1, 3), (0, 500), (400, 5)):
            found = model.web_read_group(
                domain, [name], sums, limit=limit, offset=offset, order=order
            )
            page = wanted[offset : offset + limit]
            self.assertEqual(found["length"], len(wanted) if page else 0, (domain, name))
            self.assertEqual(
                [
                    (group[name] and group[name][0], fen(group[sums[0]]), group["__count"])
                    for group in found["groups"]
                ],
                page,
                (domain, name, order, offset, limit),
            )
