"""A run posted by both lanes, one of them undone, and what became of its bills compared."""

from contextlib import contextmanager
from datetime import date

from ..models import billing_census, billing_lane_proof, property_charge_post
from .common import BillingCommon

AMOUNTS = [0.01, 0.02, 0.13, 0.14, 0.5, 1.005, 2.675, 0.125, 33.3333, 78.1234, 12345.67]


class LaneCommon(BillingCommon):
    """The billing world with a building more; every bill may take the lane."""

    def setUp(self):
        super().setUp()
        self.patch(property_charge_post, "LANE_FROM", 0)
        self.site._billing_journal()
        for floor in range(1, 7):
            unit = self.new_unit(f"{floor}01", entrance="3", floor=floor)
            self.occupy(unit, self.owner, "owner", date(2025, 1, 1))

    def _computed(self, items=None, **vals):
        run = self.new_run(items=items, **vals)
        run.action_compute()
        self.env.flush_all()
        return run

    @contextmanager
    def _only_orm(self):
        """Send every bill through the ORM."""
        known = billing_census.KNOWN
        billing_census.KNOWN = known - {"account"}
        try:
            yield
        finally:
            billing_census.KNOWN = known

    def _life(self, run, steps):
        """Post a run, live through steps, and read every bill and what came of it."""
        run.action_post()
        bills = run.charge_ids.sorted("id").move_id
        steps(bills)
        self.env.flush_all()
        return bills, billing_lane_proof.capture(self.env, bills)

    def _assert_both_lanes_agree(self, run, steps=lambda bills: None):
        with self.env.cr.savepoint() as trial, self._only_orm():
            _bills, by_orm = self._life(run, steps)
            self.assertEqual((run.fast_count, run.orm_count), (0, run.charge_count))
            trial.rollback()
        self.env.invalidate_all(flush=False)
        bills, by_lane = self._life(run, steps)
        self.assertEqual((run.fast_count, run.orm_count), (run.charge_count, 0), run.lane_note)
        self.assertEqual(by_orm.keys(), by_lane.keys())
        for charge_id, bill in by_orm.items():
            found, cells = billing_lane_proof.differences(bill, by_lane[charge_id])
            self.assertEqual(found, [])
            self.assertGreater(cells, 100)
        return bills

    def _one_off(self, rate, amounts):
        item = self.new_item(f"X{rate}", "one_off", 1.0, rate)
        self.env["property.fee"].create(
            [
                {
                    "unit_id": self.unit.id,
                    "item_id": item.id,
                    "date_from": date(2026, 9, 5),
                    "price": amount,
                }
                for amount in amounts
            ]
        )
        return item

    def _assert_both_lanes_agree_on_money(self, run, steps):
        """Compare what people see; reconciliation numbers are counters and differ."""
        read = lambda bills: [  # noqa: E731
            (
                bill.name,
                bill.state,
                bill.payment_state,
                bill.amount_residual,
                bill.amount_tax,
                [
                    (line.name, line.balance, line.amount_residual, line.reconciled)
                    for line in bill.line_ids.sorted(lambda one: (one.sequence, one.id))
                ],
                [(note.amount_total, note.state) for note in bill.reversal_move_ids],
            )
            for bill in bills
        ]
        with self.env.cr.savepoint() as trial, self._only_orm():
            bills, _captured = self._life(run, steps)
            by_orm = read(bills)
            trial.rollback()
        self.env.invalidate_all(flush=False)
        bills, _captured = self._life(run, steps)
        self.assertEqual(run.orm_count, 0, run.lane_note)
        self.assertEqual(by_orm, read(bills))
        return bills
