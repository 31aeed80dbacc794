"""What a resident sees and does with his cars in the portal, and what he never reaches."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.property_billing.tests.common import BillingMixin

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestMyVehicles(ParkingMoneyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.new_portal_user(cls.other_owner, "portal.stranger")
        cls.renter = cls.new_portal_user(cls.tenant, "portal.tenant")
        cls.card_item = BillingMixin.new_item.__func__(
            cls, "YK", "fixed", 300.0, 9, category="parking"
        )
        cls.area.card_item_id = cls.card_item
        cls.vehicle.holding_ids.since = fields.Datetime.subtract(fields.Datetime.now(), days=30)
        today = fields.Date.context_today(cls.area.with_user(cls.portal_user))
        cls.card = cls.new_card(
            cls.vehicle,
            unit_id=cls.unit.id,
            partner_id=cls.owner.id,
            date_from=fields.Date.subtract(today, days=20),
            date_to=fields.Date.add(today, days=5),
        )

    def login(self, login="portal.owner"):
        self.authenticate(login, login)

    def page(self, path="/my/vehicles", login="portal.owner"):
        self.login(login)
        return self.url_open(path)

    def post(self, path, login="portal.owner", **data):
        self.login(login)
        return self.url_open(path, data={**data, "csrf_token": Request.csrf_token(self)})

    def start(self, login="portal.owner", months=1, card=None, **values):
        self.login(login)
        route = f"/my/vehicles/cards/{(card or self.card).id}/transaction/{months}"
        return self.start_payment(route, **{"amount": 300.0 * months, **values})

    def auto_pay(self, wanted=True, vehicle=None, login="portal.owner"):
        self.login(login)
        return self.make_jsonrpc_request(
            "/my/vehicles/auto_pay",
            {"vehicle_id": (vehicle or self.vehicle).id, "wanted": wanted},
        )

    def refused(self):
        return self.assertRaisesRegex(Exception, ".")

    def test_the_owner_sees_cars_cards_stays_and_coupons(self):
        self.inside("浙A8K888", 30)
        self.env["property.parking.coupon"].create(
            {"site_id": self.site.id, "partner_id": self.owner.id, "code": "GUEST23456"}
        )
        page = self.page()
        self.assertEqual(page.status_code, 200)
        for text in ("浙A·8K888", "6 days left", "GUEST23456", "o_my_stay"):
            with self.subTest(text=text):
                self.assertIn(text, page.text)

    def test_the_household_sees_the_plate_but_not_where_the_owner_was(self):
        self.inside("浙A8K888", 30)
        page = self.page(login="portal.tenant").text
        self.assertIn("浙A·8K888", page)
        self.assertNotIn("o_my_stay", page)
        self.assertNotIn("o_my_auto_pay", page)

    def test_a_stranger_sees_nothing_of_it(self):
        page = self.page(login="portal.stranger").text
        self.assertNotIn("8K888", page)
        self.assertNotIn("o_my_card", page)

    def test_no_route_gives_a_stranger_anything(self):
        for path in (f"/my/vehicles/cards/{self.card.id}/renew", "/my/vehicles/cards/0/renew"):
            self.assertEqual(self.page(path, "portal.stranger").status_code, 404)
        with mute_logger("odoo.http"):
            with self.refused():
                self.start("portal.stranger")
            with self.refused():
                self.auto_pay(login="portal.stranger")
            with self.refused():
                self.auto_pay(login="portal.tenant")
        reply = self.post(
            "/my/vehicles/request", "portal.stranger", unit_id=str(self.unit.id), plate="浙B12345"
        )
        self.assertEqual(reply.status_code, 400)
        self.assertFalse(self.env["property.vehicle.request"].search([("plate", "=", "浙B12345")]))
        self.assertFalse(self.vehicle.auto_pay_partner_id)
        self.start()
        transaction = self.env["payment.transaction"].search(
            [("parking_pass_id", "=", self.card.id)]
        )
        path = f"/my/vehicles/renewed/{transaction.id}"
        self.assertEqual(self.page(path).status_code, 200)
        self.assertEqual(self.page(path, "portal.stranger").status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/vehicles").url)

    def test_the_card_of_who_lived_there_before_is_not_shown_with_the_home(self):
        gone = self.env["res.partner"].create({"name": "Former Owner"})
        card = self.new_card(
            self.new_vehicle("浙B99999", unit_id=False, partner_id=gone.id, site_id=self.site.id),
            unit_id=self.unit.id,
            partner_id=gone.id,
            date_from=self.card.date_from,
            date_to=self.card.date_to,
        )
        self.assertNotIn("B·99999", self.page().text)
        self.assertEqual(self.page(f"/my/vehicles/cards/{card.id}/renew").status_code, 404)
        with mute_logger("odoo.http"), self.refused():
            self.start(card=card)

    def test_bad_input_is_answered_clearly(self):
        for data in (
            {"unit_id": "x", "plate": "浙B12345"},
            {"unit_id": str(self.unit.id), "plate": "abc"},
            {"unit_id": str(self.unit.id), "plate": "浙B12345", "kind": "steal"},
            {},
        ):
            with self.subTest(data=data):
                reply = self.post("/my/vehicles/request", **data)
                self.assertEqual(reply.status_code, 400)
                self.assertIn("op-note-due", reply.text)
        self.login()
        for values in ({}, {"vehicle_id": "1", "wanted": True}, {"vehicle_id": True, "wanted": 1}):
            with self.subTest(values=values), mute_logger("odoo.http"), self.refused():
                self.make_jsonrpc_request("/my/vehicles/auto_pay", values)

    def test_a_resident_asks_for_a_plate_and_sees_that_it_is_checked(self):
        page = self.post(
            "/my/vehicles/request", kind="add", unit_id=str(self.unit.id), plate="浙b·12345"
        )
        self.assertIn("浙B·12345", page.text)
        self.assertIn("Being checked", page.text)

    def test_the_desk_decides_about_a_plate_by_its_buttons_only(self):
        requests = self.env["property.vehicle.request"]
        asked = requests._ask(self.unit, self.owner, "add", "浙B12345")
        asked = asked.with_user(self.users["service"])
        for values in (
            {"state": "done"},
            {"plate": "浙B54321"},
            {"unit_id": self.unit_2.id},
            {"partner_id": self.tenant.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "Confirm or refuse"),
            ):
                asked.write(values)
        asked.write({"reason": "Not yet"})
        asked.action_refuse()
        self.assertEqual(asked.state, "refused")

    def test_the_owner_agrees_to_pay_from_his_balance_and_takes_it_back(self):
        self.assertEqual(self.auto_pay(), {"wanted": True})
        self.assertEqual(self.vehicle.auto_pay_partner_id, self.owner)
        self.assertEqual(self.auto_pay(False), {"wanted": False})
        self.assertFalse(self.vehicle.auto_pay_partner_id)

    def test_renewing_costs_what_the_page_shows_and_goes_on_from_the_last_day(self):
        page = self.page(f"/my/vehicles/cards/{self.card.id}/renew?months=3").text
        self.assertIn("900.00", page)
        self.start(months=3)
        transaction = self.env["payment.transaction"].search(
            [("parking_pass_id", "=", self.card.id)]
        )
        self.assertEqual((transaction.amount, transaction.parking_months), (900, 3))
        before = self.card.date_to
        transaction._set_done()
        page = self.page(f"/my/vehicles/renewed/{transaction.id}").text
        self.assertIn("fa-check-circle", page)
        first = fields.Date.add(before, days=1)
        last = fields.Date.subtract(fields.Date.add(first, months=3), days=1)
        self.assertEqual(self.card.date_to, last)

    def test_the_client_decides_neither_price_nor_months_nor_provider(self):
        for values in (
            {"amount": 1.0},
            {"months": 2},
            {"months": 99},
            {"provider_id": 0},
            {"flow": "token"},
            {"payment_method_id": "x"},
        ):
            with self.subTest(values=values), mute_logger("odoo.http"), self.refused():
                self.start(**values)
        self.assertFalse(
            self.env["payment.transaction"].search([("parking_pass_id", "=", self.card.id)])
        )
