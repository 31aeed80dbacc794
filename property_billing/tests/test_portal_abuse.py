from contextlib import contextmanager
from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_common import PortalBillsCommon

HUGE = 10**30
PAGES = (
    "/my/bills",
    "/my/bills/pay",
    "/my/bills/history",
    "/my/bills/history/page/2",
    "/my/bills/statement",
    "/my/bills/statement/pdf",
    "/my/bills/receipt/1",
    "/my/bills/receipt/1/pdf",
    "/my/bills/result/1",
)


@tagged("post_install", "-at_install")
class TestPortalAbuse(PortalBillsCommon, HttpCase):
    """Whatever a portal user sends, nothing of another household is shown, paid or changed."""

    @contextmanager
    def unchanged(self):
        def state():
            self.env.invalidate_all()
            bills = self.env["account.move"].search([("unit_id", "!=", False)], order="id")
            return (
                bills.mapped(lambda bill: (bill.id, bill.state, bill.amount_residual)),
                self.env["payment.transaction"].search_count([]),
                self.env["account.payment"].search_count([]),
            )

        before = state()
        yield
        self.assertEqual(state(), before)

    def assert_refused(self, login="b_owner", bills=None, **values):
        self.authenticate(login, login)
        values = self.pay_values(bills or self.bill, **values)
        with (
            self.unchanged(),
            mute_logger("odoo.http"),
            self.assertRaises(JsonRpcException) as caught,
        ):
            self.make_jsonrpc_request("/my/bills/transaction", values)
        self.assertNotIn("Traceback", str(caught.exception))
        self.assertNotIn(self.other_owner.name, str(caught.exception))

    def open_page(self, path):
        with self.unchanged(), mute_logger("odoo.http"):
            # a visitor who reads the site's own language is not sent to /en first
            return self.url_open(path, headers={"Accept-Language": "zh-CN"}, allow_redirects=False)

    # === Who ===

    def test_visitors_reach_no_page_and_start_no_payment(self):
        for path in PAGES:
            response = self.open_page(path)
            self.assertEqual(response.status_code, 303, path)
            self.assertIn("/web/login", response.headers["Location"], path)
        with self.unchanged(), mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request("/my/bills/transaction", self.pay_values(self.bill))

    def test_nobody_pays_for_another_household(self):
        self.assert_refused(bills=self.foreign_bill)
        self.assert_refused(bills=self.bill | self.foreign_bill)
        self.assert_refused(login="b_other", bills=self.bill)

    def test_residents_without_permission_cannot_pay(self):
        self.assert_refused(login="b_child", bills=self.bill)
        self.tenant_row.may_see_bills = False
        self.assert_refused(login="b_tenant", bills=self.bill)

    def test_former_and_future_residents_cannot_pay(self):
        self.tenant_row.write({"date_from": date(2026, 1, 1), "date_to": date(2026, 10, 31)})
        self.assert_refused(login="b_tenant", bills=self.bill)
        self.tenant_row.write({"date_from": date(2099, 1, 1), "date_to": False})
        self.assert_refused(login="b_tenant", bills=self.bill)

    # === What ===

    def test_only_open_posted_bills_of_units_can_be_paid(self):
        draft = self.new_bill(self.unit, self.owner, 5.0, post=False)
        cancelled = self.new_bill(self.unit, self.owner, 6.0)
        cancelled.button_cancel()
        refund = self.new_bill(self.unit, self.owner, 7.0, move_type="out_refund")
        other = self.new_bill(self.unit, self.owner, 8.0, unit_id=False)
        vendor = self.env["account.move"].search([("move_type", "=", "entry")], limit=1)
        paid = self.new_bill(self.unit, self.owner, 9.0)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=paid.ids
        ).create({})._create_payments()
        for bill in (draft, cancelled, refund, other, vendor, paid):
            if bill:
                self.assert_refused(bills=bill, amount=None)
                self.assert_refused(bills=self.bill | bill, amount=None)

    def test_bills_being_paid_are_refused(self):
        transaction = self.new_transaction(self.owner, self.bill)
        transaction.state = "done"
        self.assert_refused(bills=self.bill)

    def test_bills_of_two_companies_cannot_be_paid_together(self):
        company = self.env["res.company"].create({"name": "Second Property Company"})
        company._billing_prepare_accounting()
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        site = env["property.site"].create(
            {"name": "Second", "code": "SEC", "company_id": company.id}
        )
        unit = env["property.unit"].create(
            {"site_id": site.id, "code": "S-1", "type_id": self.type_residence.id}
        )
        self.occupy(unit, self.owner, "owner", date(2025, 1, 1))
        product = env["product.product"].create({"name": "Second Fee", "type": "service"})
        second = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": company.id,
                "partner_id": self.owner.id,
                "invoice_date": date(2026, 9, 30),
                "unit_id": unit.id,
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": product.id, "price_unit": 70.0, "tax_ids": [Command.clear()]}
                    )
                ],
            }
        )
        second.action_post()
        self.authenticate("b_owner", "b_owner")
        page = self.url_open("/my/bills").text
        self.assertEqual(page.count('class="o_property_pay_group"'), 2)
        self.assert_refused(bills=self.bill | second)
        self.assert_refused(bills=second, amount=None)

    def test_switched_off_online_payment_is_refused(self):
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "False")
        self.assert_refused()
        self.assertNotIn('name="invoice_ids"', self.url_open("/my/bills").text)

    # === How ===

    def test_hostile_ids_are_refused(self):
        own = self.bill.id
        for ids in (
            None,
            [],
            {},
            own,
            str(own),
            f"[{own}]",
            [str(own)],
            [True],
            [False],
            [None],
            [0],
            [-own],
            [float(own)],
            [own + 0.5],
            [HUGE],
            [2**31],
            [own, own],
            [[own]],
            [{"id": own}],
            {"0": own},
            list(range(1, 5000)),
            [own, 999999999],
            "1) OR (1=1",
        ):
            self.assert_refused(invoice_ids=ids)

    def test_hostile_ways_to_pay_are_refused(self):
        disabled = self.provider.copy({"state": "disabled", "name": "Off"})
        hidden = self.provider.copy({"state": "test", "is_published": False, "name": "Hidden"})
        token = self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids.id,
                "partner_id": self.other_owner.id,
                "provider_ref": "foreign",
                "payment_details": "1234",
            }
        )
        for values in (
            {"provider_id": disabled.id},
            {"provider_id": hidden.id},
            {"provider_id": None},
            {"provider_id": str(self.provider.id)},
            {"provider_id": -1},
            {"provider_id": HUGE},
            {"provider_id": [self.provider.id]},
            {"payment_method_id": None},
            {"payment_method_id": HUGE},
            {"payment_method_id": 999999},
            {"flow": "offline"},
            {"flow": None},
            {"flow": ["direct"]},
            {"flow": "token", "token_id": None},
            {"flow": "token", "token_id": token.id},
            {"flow": "token", "token_id": HUGE},
        ):
            self.assert_refused(**values)

    def test_forged_amounts_and_extra_values_are_refused(self):
        for values in (
            {"amount": 0.01},
            {"amount": 0},
            {"amount": -200.50},
            {"amount": "200.50"},
            {"amount": True},
            {"amount": [200.50]},
            {"amount": 1e308},
            {"currency_id": self.env.ref("base.EUR").id},
            {"partner_id": self.other_owner.id},
            {"company_id": 1},
            {"reference_prefix": "X"},
            {"custom_create_values": {"amount": 0.01}},
            {"property_amounts": {}},
        ):
            self.assert_refused(**values)

    def test_landing_route_and_validation_flag_of_the_client_are_ignored(self):
        self.authenticate("b_owner", "b_owner")
        self.make_jsonrpc_request(
            "/my/bills/transaction",
            self.pay_values(self.bill, landing_route="https://evil.example/", is_validation=True),
        )
        transaction = self.env["payment.transaction"].search([], limit=1)
        self.assertEqual(transaction.landing_route, f"/my/bills/result/{transaction.id}")
        self.assertEqual(transaction.operation, "online_direct")
        self.assertEqual(transaction.amount, 200.50)

    def test_pages_answer_hostile_parameters_with_a_sentence(self):
        own, foreign = self.bill.id, self.foreign_bill.id
        self.authenticate("b_owner", "b_owner")
        for query in (
            "",
            "invoice_ids=",
            "invoice_ids=x",
            "invoice_ids=-1",
            "invoice_ids=0",
            "invoice_ids=1e3",
            "invoice_ids=%00",
            "invoice_ids=%EF%BC%91",
            f"invoice_ids={HUGE}",
            f"invoice_ids={foreign}",
            f"invoice_ids={own}&invoice_ids={foreign}",
            f"invoice_ids={own},{own}",
            "invoice_ids=" + ",".join(map(str, range(1, 400))),
        ):
            response = self.open_page(f"/my/bills/pay?{query}")
            self.assertEqual(response.status_code, 400, query)
            self.assertIn("o_property_problem", response.text, query)
        for path in (
            "account=payer-999999",
            f"account=unit-{self.other_unit.id}",
            "account=unit-1%20OR%201=1",
            "date_from=yesterday",
            "date_from=2026-02-30",
            "date_from=2026-13-01",
            "date_from=2026-10-01&date_to=2026-09-01",
            "date_to=99999-01-01",
            "date_to=0000-00-00",
        ):
            for page in ("/my/bills/statement", "/my/bills/statement/pdf"):
                response = self.open_page(f"{page}?{path}")
                self.assertEqual(response.status_code, 400, path)
                self.assertIn("o_property_problem", response.text, path)
        for number in ("0", "1", str(2**31), str(HUGE)):
            for path in (
                f"/my/bills/receipt/{number}",
                f"/my/bills/receipt/{number}/pdf",
                f"/my/bills/result/{number}",
            ):
                self.assertEqual(self.open_page(path).status_code, 404, path)
        self.assertEqual(self.open_page(f"/my/bills/history/page/{HUGE}").status_code, 200)
        self.assertEqual(self.open_page("/my/bills/receipt/-1").status_code, 404)

    def test_statements_never_show_another_household(self):
        self.authenticate("b_owner", "b_owner")
        page = self.url_open(
            f"/my/bills/statement?account=unit-{self.unit.id}&date_from=2020-01-01&date_to=2030-01-01"
        ).text
        self.assertIn(self.bill.name, page)
        self.assertNotIn(self.foreign_bill.name, page)
        self.authenticate("b_tenant", "b_tenant")
        page = self.url_open("/my/bills/statement").text
        self.assertNotIn(f"unit-{self.unit.id}", page)

    # === Stock routes and the ORM ===

    def test_stock_pages_do_not_show_foreign_bills(self):
        self.authenticate("b_other", "b_other")
        for path in (
            f"/my/invoices/{self.bill.id}",
            f"/my/invoices/{self.bill.id}?access_token=guess",
            f"/my/invoices/{self.bill.id}?report_type=pdf&download=true",
        ):
            response = self.open_page(path)
            self.assertEqual(response.status_code, 303, path)
        self.assertNotIn(self.bill.name, self.url_open("/my/invoices").text)
        with self.unchanged(), mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            values = self.pay_values(self.bill, access_token="guess")
            values.pop("invoice_ids")
            self.make_jsonrpc_request(f"/invoice/transaction/{self.bill.id}", values)

    def test_stock_pages_do_not_open_shared_bills_to_the_tenant(self):
        self.authenticate("b_tenant", "b_tenant")
        response = self.open_page(f"/my/invoices/{self.bill.id}")
        self.assertEqual(response.status_code, 303)

    def test_report_routes_print_nothing_of_another_household(self):
        transaction = self.new_transaction(self.owner, self.bill | self.space_bill)
        transaction._set_done()
        transaction._post_process()
        papers = {
            "receipt": transaction.payment_id,
            "notice": self.tenant_bill,
            "statement": self.env["property.statement.wizard"].create(
                {"partner_id": self.owner.id}
            ),
            "run_notice": self.env["property.billing.run"].create(
                {
                    "site_ids": [Command.set(self.site.ids)],
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2026, 9, 30),
                }
            ),
        }
        self.authenticate("b_other", "b_other")
        for name, record in papers.items():
            for converter in ("html", "pdf", "text"):
                path = f"/report/{converter}/property_billing.report_{name}/{record.id}"
                response = self.open_page(path)
                self.assertNotEqual(response.status_code, 200, path)
                self.assertNotIn(self.owner.name, response.text, path)

    def test_portal_users_reach_no_foreign_record_through_the_orm(self):
        user = self.portal_users["b_owner"]
        foreign = {
            "account.move": self.foreign_bill,
            "account.move.line": self.foreign_bill.line_ids,
        }
        for name, model in sorted(self.registry.items()):
            is_ours = name.startswith("property.") or name in foreign
            if not is_ours or model._abstract or name == "property.unit.type":
                continue
            records = self.env[name].with_user(user)
            with self.subTest(model=name):
                if name.startswith("property."):
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(records.has_access(operation))
                if not records.has_access("read"):
                    continue
                found = records.with_context(active_test=False).search([]).sudo()
                if name in foreign:
                    self.assertFalse(found & foreign[name])
                elif "site_id" in found._fields:
                    self.assertLessEqual(found.site_id, self.site)
        for name in ("payment.transaction", "account.payment", "account.partial.reconcile"):
            self.assertFalse(self.env[name].with_user(user).has_access("read"), name)
