from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .common import LeasingStaffCommon
from .moveout_common import MoveoutMixin
from .test_lease_access import DERIVED, TERM, rights
from .turnover_common import TurnoverMixin

TODAY = "2026-10-05"
MOVEOUT = rights(leasing="rwcu", manager="rwcu", director="rwcu", finance="rwcu", cashier="r")
MATRIX = {
    "property.lease.option": TERM,
    "property.lease.turnover.term": TERM,
    "property.lease.turnover.tier": TERM,
    "property.lease.turnover.change": TERM,
    "property.lease.turnover.expected": rights(leasing="r", manager="r", director="r", finance="r"),
    "property.lease.amendment.tier": TERM,
    "property.lease.turnover": DERIVED,
    "property.lease.turnover.settlement": DERIVED,
    "property.lease.moveout": MOVEOUT,
    "property.lease.moveout.check": MOVEOUT,
    "property.lease.moveout.reading": MOVEOUT,
    "property.lease.moveout.deduction": MOVEOUT,
    "property.lease.notice": rights(leasing="rw", manager="rw", director="rw", finance="r"),
    "property.lease.document": rights(leasing="rwcu", manager="rwcu", director="rwcu", finance="r"),
    "property.deposit.movement": rights(finance="r", cashier="r", manager="r", director="r"),
}


@tagged("post_install", "-at_install")
class TestLeaseLifeAccess(AccessMatrixMixin, TurnoverMixin, MoveoutMixin, LeasingStaffCommon):
    MATRIX = MATRIX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.bank = cls.env["account.journal"].search(
                [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
            )
            own, far = cls.world(cls.shop), cls.world(cls.far_shop)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, unit):
        """Make one record of each model on a site."""
        lease = cls.new_turnover_lease(
            unit, option_ids=[(0, 0, {"date": "2027-01-31"})], term_ids=[(0, 0, {"months": 1})]
        )
        proposal = lease.copy()
        later = {"date_from": "2027-01-01", "tier_ids": [Command.create({"percent": 9})]}
        proposal.turnover_term_ids.change_ids = [Command.create(later)]
        cls.sign(lease)
        cls.declare(lease, jul=100000)
        cls.take_deposit(lease, 50.0)
        meter = cls.env["property.meter"].create(
            {
                "code": f"M{unit.id}",
                "unit_id": unit.id,
                "kind": "cold_water",
                "install_date": "2026-06-30",
            }
        )
        moveout = cls.env["property.lease.moveout"].create(
            {
                "lease_id": lease.id,
                "deduction_ids": [Command.create({"name": "Hole", "amount": 5.0})],
            }
        )
        cls.assertTrue(cls, moveout.reading_ids.meter_id == meter)
        amendment = cls.env["property.lease.amendment"].create(
            {
                "lease_id": lease.id,
                "kind": "turnover",
                "date": "2027-01-01",
                "reason": "R",
                "tier_ids": [Command.create({"percent": 9})],
            }
        )
        return {
            "property.lease.option": proposal.option_ids,
            "property.lease.turnover.term": proposal.turnover_term_ids,
            "property.lease.turnover.tier": proposal.turnover_term_ids.tier_ids[:1],
            "property.lease.turnover.change": proposal.turnover_term_ids.change_ids,
            "property.lease.turnover.expected": lease.turnover_term_ids.expected_ids[:1],
            "property.lease.amendment.tier": amendment.tier_ids,
            "property.lease.turnover": lease.turnover_ids[:1],
            "property.lease.turnover.settlement": lease.settlement_ids,
            "property.lease.moveout": moveout,
            "property.lease.moveout.check": moveout.check_ids[:1],
            "property.lease.moveout.reading": moveout.reading_ids,
            "property.lease.moveout.deduction": moveout.deduction_ids,
            "property.lease.notice": cls.env["property.lease.notice"]._give(
                lease, "leave", None, "x"
            ),
            "property.lease.document": cls.env["property.lease.document"]._upload(
                lease, cls.cafe, {"kind": "other", "name": "P"}, b"%PDF-1.7"
            ),
            "property.deposit.movement": cls.env["property.deposit.movement"].search(
                [("lease_id", "=", lease.id)]
            ),
        }

    def test_each_model_has_the_agreed_site_rule(self):
        self.assert_site_scoped(*MATRIX)

    def test_a_portal_user_reaches_none_of_them(self):
        for model, (own, foreign) in self.records.items():
            with self.subTest(model):
                self.assert_operations(own, self.portal_user, "", "portal own")
                self.assert_operations(foreign, self.portal_user, "", "portal foreign")

    def test_nobody_moves_them_to_a_foreign_site(self):
        user = self.users["leasing"]
        for model, name in (
            ("property.lease.moveout.check", "moveout_id"),
            ("property.lease.option", "lease_id"),
        ):
            own, foreign = self.records[model]
            with self.subTest(model), self.assertRaises(AccessError), self.env.cr.savepoint():
                own.with_user(user).write({name: foreign[name].id})
        with self.assertRaises(AccessError):
            self.env["property.lease.option"].with_user(user).create(
                {
                    "lease_id": self.records["property.lease.option"][1].lease_id.id,
                    "date": "2027-01-31",
                }
            )

    def test_the_terms_of_a_submitted_lease_stand(self):
        lease = self.records["property.lease.turnover"][0].lease_id
        tier = lease.turnover_term_ids.tier_ids[:1]
        for record, vals in ((tier, {"percent": 1}), (lease.option_ids, {"notice_months": 1})):
            with self.subTest(record._name), self.assertRaises(UserError):
                record.with_user(self.users["leasing"]).write(vals)

    def test_another_company_sees_nothing_of_them(self):
        other = self.env["res.company"].create({"name": "Other company"})
        user = self.new_staff("finance.elsewhere", self.new_job("finance", "leasing"), self.site)
        user.sudo().write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for model, (own, _foreign) in self.records.items():
            with self.subTest(model):
                records = self.env[model].with_user(user).with_company(other)
                found = records.search([("id", "in", own.ids)]) if model in MATRIX else records
                self.assertFalse(found)

    def test_kinds_of_goods_belong_to_the_company_and_leasing_writes_them(self):
        goods = self.env["property.lease.goods"].create(
            {"name": "Food", "company_id": self.company.id}
        )
        for role, operations in (
            ("leasing", "rwc"),
            ("manager", "rwcu"),
            ("director", "rwcu"),
            ("finance", "r"),
            ("cashier", "r"),
            ("guard", ""),
        ):
            self.assert_operations(goods, self.users[role], operations, role)
        other = self.env["res.company"].create({"name": "Other company"})
        director = self.users["director"]
        director.company_ids |= other
        foreign = goods.with_user(director).with_context(allowed_company_ids=other.ids)
        self.assertFalse(foreign.search([("id", "=", goods.id)]))

    def test_a_deduction_is_never_hidden_from_the_statement(self):
        moveout = self.records["property.lease.moveout"][0].with_user(self.users["leasing"])
        charge = moveout.sudo().lease_id.instalment_ids.charge_id[:1]
        row = {"name": "Hole", "amount": 900.0, "charge_id": charge.id}
        with self.assertRaisesRegex(UserError, "Bill or close"), self.env.cr.savepoint():
            moveout.write({"deduction_ids": [Command.create(row)]})
        with self.assertRaisesRegex(UserError, "Bill or close"), self.env.cr.savepoint():
            moveout.deduction_ids.write({"charge_id": charge.id})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            moveout.write({"partner_id": self.baker.id})

    def test_what_a_tenant_has_said_is_not_rewritten_by_leasing(self):
        notice = self.records["property.lease.notice"][0].with_user(self.users["leasing"])
        for values in (
            {"state": "confirmed"},
            {"date_to": "2026-12-01"},
            {"partner_id": self.baker.id},
            {"given_on": "2026-01-01"},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Confirm or refuse"):
                notice.write(values)

    def test_defaults_of_the_context_sign_nothing(self):
        lease = self.records["property.lease.document"][0].lease_id
        user = self.users["leasing"]
        papers = self.env["property.lease.document"].with_user(user)
        papers = papers.with_context(default_state="accepted")
        paper = papers.create({"lease_id": lease.id, "name": "Licence", "file": "eA=="})
        self.assertEqual(paper.state, "new")
        moveout = self.records["property.lease.moveout"][0]
        rows = self.env["property.lease.moveout.deduction"].with_user(user)
        rows = rows.with_context(default_charge_id=1)
        row = rows.create({"moveout_id": moveout.id, "name": "Hole", "amount": 1.0})
        self.assertFalse(row.charge_id)
