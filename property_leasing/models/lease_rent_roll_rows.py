"""The rows of a rent roll, worked out for a day from leases, spaces, deposits and bills."""

from collections import defaultdict

from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import rent_roll, schedule
from .property_lease import ENDING_DAYS

EMPTY_STATES = ("vacant", "reserved")


class RentRollRows:
    """Work out the rent roll of sites on a day, in a fixed number of queries."""

    def __init__(self, env, day, site_ids):
        """Take what the roll is of.

        :param env: of the superuser: the caller narrows the rows by his rules
        :param date day: in the past or the future, with what is known today
        :param site_ids: ids of sites; None for all
        """
        self.env, self.day = env, day
        self.sites = Domain.TRUE if site_ids is None else Domain("site_id", "in", site_ids)

    def rows(self):
        """Return a dict of values for every space, by the names of `property.lease.rent.roll`."""
        lines = self._running_lines()
        self.terms = {line: line._terms() for line in lines}
        self.lease_ids = lines.lease_id.ids
        by_unit = lines.filtered(self._runs).grouped("unit_id")
        spaces = self._spaces().grouped("unit_id")
        units = self.env["property.unit"].browse(
            unit.id for unit in dict.fromkeys((*spaces, *by_unit))
        )
        no_line, no_space = self.env["property.lease.line"], self.env["property.space"]
        self.deposits = self._deposits(lines.lease_id)
        self.arrears = self._arrears(lines.lease_id)
        self.let_until = self._let_until(units.filtered(lambda unit: unit not in by_unit))
        return [
            self._row(unit, spaces.get(unit, no_space), by_unit.get(unit, no_line))
            for unit in units
        ]

    def _running_lines(self):
        return self.env["property.lease.line"].search(
            self.sites & self.env["property.space"]._lease_domain(self.day)
        )

    def _spaces(self):
        spaces = self.env["property.space"]
        return spaces.search(self.sites & spaces._existing_domain(self.day))

    def _runs(self, line):
        return self.terms[line].start <= self.day <= self.terms[line].end

    def _row(self, unit, space, lines):
        site = unit.site_id
        return {
            "id": unit.id,
            "company_id": site.company_id.id,
            "currency_id": site.company_id.currency_id.id,
            "site_id": site.id,
            "building_id": unit.building_id.id,
            "floor": unit.floor,
            "unit_id": unit.id,
            "unit_sort_key": unit.sort_key,
            "space_id": space.id,
            **self._asking(unit, space),
            **(self._let(unit, lines) if lines else self._empty(unit, space)),
        }

    def _asking(self, unit, space):
        """Return what the space would let at: asking rent × area, as a month's rent."""
        if not space.price:
            return {"amount_asking": None}
        price, area = (self._decimal(one) for one in (space.price, unit.area_billable))
        rate = schedule.Rate(self.day, price, area)
        terms = schedule.Terms(self.day, self.day, (rate,), space.pricing)
        return {"amount_asking": float(rent_roll.rent_on(terms, self.day)[2])}

    def _let(self, unit, lines):
        """Return the values of a space that is let."""
        # a slice would read for itself alone
        lease = lines.lease_id[:1].with_prefetch(self.lease_ids)
        rents = lines.filtered("is_rent")
        area = max(self._on(line)[1] for line in rents or lines)
        end = max(self.terms[line].end for line in lines)
        return {
            "lease_id": lease.id,
            "partner_id": lease._tenant_on(self.day).id,
            "brand": lease.brand,
            "trade": lease.trade,
            "user_id": lease.user_id.id,
            "state": "ending" if (end - self.day).days < ENDING_DAYS else "leased",
            "area": float(area),
            "area_let": float(area),
            "area_market": float(area),
            "count_let": 1,
            "count_market": 1,
            "date_from": min(self.terms[line].start for line in lines),
            "date_to": end,
            "date_exit": min(end, lease._exit_on(self.day)),
            "amount_other": float(sum(self._month(line) for line in lines - rents)),
            "amount_deposit": self.deposits.get((lease, unit), 0.0),
            "amount_arrears": self.arrears.get((lease, unit), 0.0),
            **self._years(float(area), float(sum(self._month(line) for line in rents)), end),
            **(self._rents(rents) if rents else {}),
        }

    def _years(self, area, rent, end):
        years = float(rent_roll.years_left(self.day, end))
        return {
            "years_left": years,
            "area_years": area * years,
            "rent_years": rent * years,
            "amount_month": rent,
            "amount_day": rent * rent_roll.MONTHS / rent_roll.YEAR_DAYS,
        }

    def _rents(self, rents):
        """Return what the contract states about the rent, and how it changes."""
        return {
            "price": float(self._on(rents[0])[0]),
            "pricing": rents[0].pricing,
            "is_vat_included": rents.lease_id.is_vat_included,
            "amount_stated": float(sum(self._on(line)[2] for line in rents)),
            "free_until": rent_roll.free_until(self.terms[rents[0]], self.day),
            **self._next_change(rents),
        }

    def _next_change(self, rents):
        """Return the first day on which a rent of the space changes, and its rents from then on."""
        changes = {line: rent_roll.next_change(self.terms[line], self.day) for line in rents}
        days = [change[0] for change in changes.values() if change]
        if not days:
            return {}
        day = min(days)
        return {"next_date": day, "amount_next": float(sum(self._month(row, day) for row in rents))}

    def _on(self, line, day=None):
        """Return price, area and stated rent of a month on a day, within the line's term."""
        day = min(max(day or self.day, self.terms[line].start), self.terms[line].end)
        return rent_roll.rent_on(self.terms[line], day)

    def _month(self, line, day=None):
        """Return the rent of a month, VAT included: Decimal."""
        return line._gross(self._on(line, day)[2])

    def _empty(self, unit, space):
        """Return the values of a space that nobody rents."""
        state = space._state_on(self.day, self.env["property.lease"])
        is_empty = state in EMPTY_STATES
        ended = self.let_until.get(unit.id)
        area = unit.area_billable
        return {
            "partner_id": space._holder_on(self.day)[0].id if state == "reserved" else None,
            "state": state,
            "area": area,
            "area_empty": area if is_empty else 0.0,
            "area_market": area if is_empty else 0.0,
            "count_empty": int(is_empty),
            "count_market": int(is_empty),
            "days_vacant": (self.day - ended).days if is_empty and ended else None,
        }

    def _deposits(self, leases):
        """Return dict (lease, unit) -> what is held of it at the end of the day."""
        deposits = self.env["property.deposit"].search(
            Domain("lease_id", "in", leases.ids) & Domain("date", "<=", self.day)
        )
        held = defaultdict(float)
        balances = deposits._balance_on(self.day) if deposits else {}
        for deposit in deposits:
            units = deposit.lease_id.line_ids.unit_id
            unit = deposit.unit_id if deposit.unit_id in units else units[:1]
            held[deposit.lease_id, unit] += float(balances[deposit.id])
        return held

    def _arrears(self, leases):
        """Return dict (lease, unit) -> what is overdue at the end of the day."""
        found = (
            self.env["property.lease.report.arrears"]
            .with_context(property_as_of=str(self.day))
            ._read_group(
                [("lease_id", "in", leases.ids), ("days_overdue", ">", 0)],
                ["lease_id", "unit_id"],
                ["amount_owed:sum"],
            )
        )
        return {(lease, unit): amount for lease, unit, amount in found}

    def _let_until(self, units):
        """Return dict unit id -> last day before the day for which a lease has an instalment."""
        instalments = self.env["property.lease.instalment"]
        instalments.flush_model(["date_to", "fee_id", "is_dropped", "lease_id", "line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.unit_id, MAX(LEAST(instalment.date_to, lease.date_to))
                  FROM property_lease_line line
                  JOIN property_lease lease ON lease.id = line.lease_id
                  JOIN property_lease_instalment instalment ON instalment.line_id = line.id
                 WHERE line.unit_id = ANY(%(units)s) AND instalment.fee_id IS NOT NULL
                   AND NOT COALESCE(instalment.is_dropped, FALSE)
                   AND LEAST(instalment.date_to, lease.date_to) < %(day)s
              GROUP BY line.unit_id
                """,
                units=units.ids,
                day=self.day,
            )
        )
        return dict(rows)

    def _decimal(self, value):
        return self.env["property.lease"]._decimal(value)
