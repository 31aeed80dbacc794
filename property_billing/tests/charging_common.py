"""What the tests of charging over time share."""

from datetime import date
from decimal import Decimal

from .common import BillingCommon

D = Decimal


class ChargingCommon(BillingCommon):
    """Runs that look at the same facts, and an item only one unit pays."""

    def compute(self, first, last, items, **vals):
        """Compute a run; drafts of earlier ones go, so that each looks at the same facts."""
        self.env["property.charge"].search([("state", "=", "draft")]).unlink()
        run = self.new_run(first, last, items, **vals)
        run.action_compute()
        return run

    def september(self, items, **vals):
        return self.compute(date(2026, 9, 1), date(2026, 9, 30), items, **vals)

    def fixed(self, code, price=100.0, **vals):
        """Create a fixed item that only unit 3-1-1502 pays."""
        item = self.new_item(code, "fixed", price, 6, **vals)
        self.env["property.fee"].create(
            {"unit_id": self.unit.id, "item_id": item.id, "date_from": date(2024, 6, 15)}
        )
        return item

    def spans(self, run):
        return [
            (str(c.date_from), str(c.date_to), D(str(c.amount)).quantize(D("0.01")))
            for c in run.charge_ids.sorted("date_from")
        ]
