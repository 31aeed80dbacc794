"""What could not be billed, or should be looked at: said per unit, with what to do next."""

from decimal import Decimal

SEVERITY_ORDER = {"error": 1, "warning": 2, "info": 3}


class BillingProblems:
    """The part of a billing batch that reports; see ``billing_batch``."""

    def _problem(self, kind, fee, message, severity="error"):
        self.problems.append(
            {
                "run_id": self.run.id,
                "site_id": fee["site_id"],
                "unit_id": fee["unit_id"],
                "item_id": fee["item_id"],
                "meter_id": fee["meter_id"],
                "kind": kind,
                "severity": severity,
                "severity_order": SEVERITY_ORDER[severity],
                "message": message,
            }
        )

    def _pool_problem(self, pool, message, kind="no_member", severity="error"):
        self.problems.append(
            {
                "run_id": self.run.id,
                "site_id": pool.site_id.id,
                "item_id": pool.item_id.id,
                "kind": kind,
                "severity": severity,
                "severity_order": SEVERITY_ORDER[severity],
                "message": message,
            }
        )

    def _no_payer(self, fee, unit):
        self._problem(
            "no_payer",
            fee,
            self.env._(
                "Unit %(unit)s has nobody to bill in this period. Enter its owner, then compute "
                "again.",
                unit=unit["code"],
            ),
        )

    def _no_tariff(self, fee, item, span):
        self._problem(
            "no_tariff",
            fee,
            self.env._(
                "%(item)s has no tariff on %(day)s. Add one on the charge item, then compute "
                "again.",
                item=item["name"],
                day=span[1],
            ),
        )

    def _warn_gaps(self, fee, item, unit, gaps, span):
        for first, last in gaps:
            self._problem(
                "no_tariff",
                fee,
                self.env._(
                    "%(item)s has no tariff from %(start)s to %(end)s: unit %(unit)s is not "
                    "billed for "
                    "these days. Add the tariff and compute again.",
                    item=item["name"],
                    start=first,
                    end=last,
                    unit=unit["code"],
                ),
                "warning",
            )

    def _meter_failed(self, fee, item, meter, unit, basis):
        if not basis["digits"] and Decimal(basis["closing"][1]) < Decimal(basis["opening"][1]):
            self._problem(
                "reading_fell",
                fee,
                self.env._(
                    "Meter %(meter)s of unit %(unit)s fell from %(before)s to %(after)s and "
                    "does not "
                    "turn over. Correct the reading or the digits of the meter.",
                    meter=meter["code"],
                    unit=unit["code"],
                    before=basis["opening"][1],
                    after=basis["closing"][1],
                ),
            )
        else:
            self._problem(
                "tiers",
                fee,
                self.env._(
                    "The consumption of meter %(meter)s exceeds the last tier of %(item)s. "
                    "Leave the "
                    "end of the last tier empty.",
                    meter=meter["code"],
                    item=item["name"],
                ),
            )

    def _one_off_missed(self, fee, item):
        self._problem(
            "missed",
            fee,
            self.env._(
                "%(item)s of unit %(unit)s on %(day)s was never billed. Tick “Catch Up Missed "
                "Periods” and compute again, or archive the fee if nobody owes it.",
                item=item["name"],
                unit=self.facts.units[fee["unit_id"]]["code"],
                day=fee["date_from"],
            ),
            "warning",
        )

    def _report_billed(self, vals, other):
        unit = self.facts.units[vals["unit_id"]]
        fee = {
            "site_id": unit["site_id"],
            "unit_id": vals["unit_id"],
            "item_id": vals["item_id"],
            "meter_id": vals["meter_id"],
        }
        self._problem(
            "billed",
            fee,
            self.env._(
                "%(item)s of unit %(unit)s is already billed from %(start)s to %(end)s (%(run)s).",
                item=self.facts.items[vals["item_id"]]["name"],
                unit=unit["code"],
                start=other[0],
                end=other[1],
                run=other[2] or self.env._("opening arrears"),
            ),
            "info",
        )
