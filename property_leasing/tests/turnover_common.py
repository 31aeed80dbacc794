"""A shop that pays a percentage of its turnover: 8 % from nothing on, and 10 % above 200,000."""

from datetime import date

from .common import LeasingCommon


class TurnoverMixin:
    """What tests of turnover rent do."""

    @classmethod
    def new_turnover_lease(cls, unit=None, term=None, tiers=((0, 8), (200000, 10)), **vals):
        """Create a lease: 3,000 a month or the percentage, from July 2026 for a year."""
        rows = [(0, 0, {"above": above, "percent": percent}) for above, percent in tiers]
        return cls.new_lease(
            unit, turnover_term_ids=[(0, 0, {"tier_ids": rows, **(term or {})})], **vals
        )

    @classmethod
    def declare(cls, lease, **amounts):
        """Declare and confirm months by their names, such as ``jul=100000``."""
        names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        rows = lease.turnover_ids.browse()
        for name, amount in amounts.items():
            number = names.index(name) + 1
            row = lease.turnover_ids.filtered(lambda one, at=number: one.date_from.month == at)
            row._declare(amount)
            rows |= row
        rows.action_confirm(rows._versions())
        lease.settlement_ids.invalidate_recordset(["charge_id", "state"])
        return rows

    @classmethod
    def bill_turnover(cls, first, last, post=True):
        """Run the billing of turnover rent."""
        run = cls.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, cls.site.ids)],
                "item_ids": [(6, 0, cls.company._lease_turnover_item().ids)],
                "date_from": first,
                "date_to": last,
            }
        )
        run.action_compute()
        if post and run.charge_ids:
            run.action_post()
        cls.env.invalidate_all()
        return run


class TurnoverCommon(TurnoverMixin, LeasingCommon):
    """World of turnover rent."""

    JULY = (date(2026, 7, 1), date(2026, 7, 31))
