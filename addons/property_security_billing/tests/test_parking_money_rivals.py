"""Two who pay the same stay at the same moment, on real connections: it is paid once."""

from datetime import datetime
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from odoo.addons.property_billing.tests.rivals_common import RivalsMixin

ENTRY, MOMENT = datetime(2026, 2, 2, 1), datetime(2026, 2, 2, 3)


@tagged("post_install", "-at_install")
class TestParkingMoneyRivals(RivalsMixin, BaseCase):
    def setUp(self):
        super().setUp()
        self.connect()
        self.addCleanup(self._clean)
        with self._env() as env:
            company = env["res.company"].search([("parent_id", "=", False)], limit=1, order="id")
            company._billing_prepare_accounting()
            company._parking_item()
            company._parking_partner()
            site = env["property.site"].create(
                {"name": "Rivals", "code": "RIVALPK", "company_id": company.id}
            )
            self.site_id = site.id
            site._billing_journal()
            area = env["property.parking.area"].create(
                {"name": "Deck", "site_id": site.id, "is_paid_exit": True, "booking": "daily"}
            )
            env["property.parking.tariff"].create(
                {
                    "name": "Hourly",
                    "area_id": area.id,
                    "date_from": "2020-01-01",
                    "line_ids": [Command.create({"name": "all day", "block_price": 5})],
                }
            )
            lane = env["property.parking.lane"].create({"name": "In", "area_id": area.id})
            read = {"key": "in", "plate": "浙A12345", "at": ENTRY, "received_at": ENTRY}
            stay = env["property.parking.passage"]._take(lane, [read]).session_id
            self.stay_id = stay.id
            self.journal_id = (
                env["account.journal"]
                .search([("type", "=", "cash"), ("company_id", "=", company.id)], limit=1)
                .id
            )

    def _clean(self):
        with self._env() as env:
            journal = env["property.site"].browse(self.site_id).billing_journal_id
            for table in ("payment", "anomaly", "passage", "session", "presence"):
                env.cr.execute(
                    f"SELECT id FROM property_parking_{table} WHERE site_id = %s",  # noqa: S608
                    [self.site_id],
                )
                ids = [row[0] for row in env.cr.fetchall()]
                self._purge(env.cr, f"property_parking_{table}", ids)
            self._purge(env.cr, "property_site", [self.site_id])
            journal.unlink()

    def _pay(self, env, key):
        def pay():
            stay = env["property.parking.session"].browse(self.stay_id)
            if known := stay._meet_money(key):
                return known.id
            due = stay._due_at(MOMENT)
            if not due:
                return "paid"
            return stay._add_payment(
                due,
                due,
                key=key,
                quoted_at=MOMENT,
                method="cash",
                journal_id=self.journal_id,
            ).id

        env["property.parking.session"].browse(self.stay_id).read(["plate"])
        return pay

    def _payments(self):
        with self._env() as env:
            payments = env["property.parking.payment"].search([("session_id", "=", self.stay_id)])
            return [Decimal(f"{one.amount:.2f}") for one in payments]

    def test_two_cashiers_take_the_fee_once(self):
        results = self._together(4, lambda env, index: self._pay(env, f"cash-{index}"))
        self.assertEqual(sum(result != "paid" for result in results), 1)
        self.assertEqual(self._payments(), [Decimal(10)])

    def test_the_same_message_many_times_is_one_payment(self):
        results = self._together(4, lambda env, index: self._pay(env, "tx-1"))
        self.assertEqual(len(set(results)), 1)
        self.assertEqual(self._payments(), [Decimal(10)])
