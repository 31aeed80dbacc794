"""Cashiers on one household at once, on real connections: money is taken once."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged

from .rivals_common import RivalsMixin

CASHIERS = 20


class CounterRivalsMixin(RivalsMixin):
    """A household with two open bills at a counter that is open, committed."""

    def setUp(self):
        super().setUp()
        self.connect()
        with self._env() as env:
            self._commit_world(env)
        self.addCleanup(self._remove_world)

    def _commit_world(self, env):
        env["res.company"].browse(env.company.id)._billing_prepare_accounting()
        known = env["property.tender.method"].with_context(active_test=False).search([])
        site = env["property.site"].create({"name": "Counter Rivals", "code": uuid4().hex[:8]})
        unit = env["property.unit"].create(
            {
                "site_id": site.id,
                "code": "R-1",
                "type_id": env.ref("property_base.unit_type_residence").id,
            }
        )
        owner = env["res.partner"].create({"name": "Counter Rival"})
        env["property.occupancy"].create(
            {"unit_id": unit.id, "partner_id": owner.id, "role": "owner", "date_from": "2025-01-01"}
        )
        product = env["product.product"].create({"name": "Rival Fee", "type": "service"})
        item = env["property.charge.item"].create(
            {
                "code": uuid4().hex[:8],
                "name": "Rival Fee",
                "site_id": site.id,
                "company_id": env.company.id,
                "product_id": product.id,
            }
        )
        bills = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": owner.id,
                    "invoice_date": date(2026, 9, 30),
                    "unit_id": unit.id,
                    "charge_item_id": item.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for amount in (120.0, 80.0)
            ]
        )
        bills.action_post()
        methods = env["property.tender.method"]._for_site(site)
        self.cash_id = methods.filtered(lambda one: one.kind == "cash").id
        shift = env["property.cashier.shift"]._open(site, 0)
        self.site_id, self.unit_id, self.shift_id = site.id, unit.id, shift.id
        self.bill_ids, self.owner_id = bills.ids, owner.id
        self.made = [
            ("property_site", site.ids),
            ("property_tender_method", (methods - known).ids),
            ("product_product", product.ids),
            ("product_template", product.product_tmpl_id.ids),
            ("res_partner", owner.ids),
        ]

    def _remove_world(self):
        """Take the rows away again, with whatever refers to them; the tables refuse to unlink."""
        with db_connect(self.database).cursor() as cr:
            cr.execute("SELECT id FROM account_move WHERE site_id = %s", [self.site_id])
            self._purge(cr, "account_move", [row[0] for row in cr.fetchall()])
            for table, ids in self.made:
                self._purge(cr, table, ids)

    def _collect(self, env, token=None, shift=False, amounts=(120, 80)):
        bills = env["account.move"].browse(self.bill_ids)
        return env["property.collection"]._collect(
            [(bill, Decimal(amount)) for bill, amount in zip(bills, amounts, strict=True)],
            [
                {
                    "method": env["property.tender.method"].browse(self.cash_id),
                    "amount": Decimal(sum(amounts)),
                }
            ],
            token=token or str(uuid4()),
            unit=env["property.unit"].browse(self.unit_id),
            shift=env["property.cashier.shift"].browse(self.shift_id) if shift else None,
        )

    def _race(self, count, work):
        """Run work in threads that start together, the way the server runs requests.

        :return: list of results; a refusal counts as its message
        """

        def begin(env, index):
            env["account.move"].browse(self.bill_ids).mapped("amount_residual")
            return lambda: work(env, index).id

        return self._together(count, begin)


@tagged("post_install", "-at_install")
class TestCounterRivals(CounterRivalsMixin, BaseCase):
    def _assert_taken_once(self, takings=1):
        with self._env() as env:
            bills = env["account.move"].browse(self.bill_ids)
            self.assertEqual(bills.mapped("amount_residual"), [0, 0])
            found = env["property.collection"].search([("site_id", "=", self.site_id)])
            self.assertEqual(len(found), takings)
            self.assertEqual(sum(found.payment_ids.mapped("amount")), 200)
            lines = env["account.move.line"].search(
                [
                    ("partner_id", "=", self.owner_id),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ]
            )
            self.assertEqual(sum(lines.mapped("balance")), 0)

    def test_two_cashiers_on_one_household_take_its_money_once(self):
        results = self._race(2, lambda env, _index: self._collect(env))
        self.assertEqual([type(one) for one in sorted(results, key=str)], [int, str])
        self.assertIn("changed meanwhile", "".join(map(str, results)))
        self._assert_taken_once()

    def test_twenty_cashiers_on_one_household_take_its_money_once(self):
        results = self._race(CASHIERS, lambda env, _index: self._collect(env))
        self.assertEqual(len([one for one in results if isinstance(one, int)]), 1)
        self._assert_taken_once()

    def test_a_double_click_takes_money_once_and_answers_twice(self):
        token = str(uuid4())
        results = self._race(4, lambda env, _index: self._collect(env, token=token))
        self.assertEqual(len(set(results)), 1)
        self.assertIsInstance(results[0], int)
        self._assert_taken_once()

    def test_a_shift_closed_while_money_is_taken_counts_it_or_refuses_it(self):
        def work(env, index):
            if index:
                return self._collect(env, shift=True)
            shift = env["property.cashier.shift"].browse(self.shift_id)
            shift._close({"100": 2}, {}, {self.cash_id: "whatever there is"})
            return shift

        self._race(2, work)
        with self._env() as env:
            shift = env["property.cashier.shift"].browse(self.shift_id)
            taken = sum(shift.collection_ids.mapped("amount_received"))
            cash = shift.line_ids.filtered(lambda line: line.method_id.id == self.cash_id)
            self.assertEqual(shift.state, "closed")
            self.assertEqual(cash.expected, taken)
