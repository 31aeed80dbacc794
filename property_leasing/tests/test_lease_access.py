from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .common import TODAY, LeasingStaffCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


def rights(**roles):
    """Fill the table: a role that is not named may do nothing."""
    return {**dict.fromkeys(ROLES, ""), **roles}


TERM = rights(leasing="rwcu", manager="rwcu", director="rwcu", finance="r", cashier="r")
#: Figures of leases; only read, and only by who may read leases and their money.
FIGURES = rights(leasing="r", manager="r", director="r", finance="r")
DERIVED = rights(leasing="r", manager="r", director="r", finance="r", cashier="r")
MATRIX = {
    "property.lease": TERM,
    "property.lease.line": TERM,
    "property.lease.step": TERM,
    "property.lease.rent.free": TERM,
    "property.lease.deposit": TERM,
    "property.lease.amendment": TERM,
    "property.lease.amendment.line": TERM,
    "property.lease.amendment.space": TERM,
    "property.lease.rate": DERIVED,
    "property.lease.instalment": DERIVED,
    "property.lease.reminder": rights(leasing="r", manager="r", director="r", finance="r"),
    "property.lease.template": rights(leasing="r", manager="rwcu", director="rwcu", finance="r"),
    "property.space.change": rights(
        leasing="r", manager="r", director="r", service="r", finance="r", cashier="r"
    ),
    "property.space.reservation": rights(
        leasing="r", manager="r", director="r", service="r", finance="r", cashier="r"
    ),
    "property.space.photo": rights(
        leasing="rwcu", manager="rwcu", director="rwcu", service="r", finance="r", cashier="r"
    ),
    "property.lease.rent.roll": FIGURES,
    "property.lease.report.forecast": FIGURES,
    "property.lease.report.arrears": FIGURES,
    "property.space": rights(
        service="r", cashier="r", finance="r", leasing="rwc", manager="rwcu", director="rwcu"
    ),
}


@tagged("post_install", "-at_install")
class TestLeaseAccess(AccessMatrixMixin, LeasingStaffCommon):
    MATRIX = MATRIX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        own, far = cls.world(cls.shop), cls.world(cls.far_shop)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, unit):
        lease = cls.new_lease(
            unit,
            step_ids=[(0, 0, {"value": 5})],
            rent_free_ids=[(0, 0, {"date_from": "2026-07-01", "date_to": "2026-07-31"})],
            term_ids=[(0, 0, {"months": 2})],
        )
        proposal = lease.copy()
        cls.sign(lease)
        line = [(0, 0, {"lease_line_id": lease.line_ids.id, "price": 1.0, "area": 1.0})]
        amendment = cls.env["property.lease.amendment"].create(
            {"lease_id": lease.id, "reason": "R", "date": "2027-01-01", "line_ids": line}
        )
        rate = cls.env["property.lease.rate"].create(
            {
                "line_id": lease.line_ids.id,
                "date_from": "2027-01-01",
                "price": 1.0,
                "area": 1.0,
                "amendment_id": amendment.id,
            }
        )
        template = cls.env["property.lease.template"].create(
            {"name": "Shop", "site_id": unit.site_id.id, "body": "<p>{tenant}</p>"}
        )
        space = cls.env["property.space"].create(
            {
                "unit_id": unit.id,
                "reserved_for_id": cls.baker.id,
                "reserved_until": TODAY,
            }
        )
        roll = cls.env["property.lease.rent.roll"].browse(unit.id)
        charge = cls.env["property.charge"]._create_single(
            unit, cls.one_off, lease.partner_id, lease.date_from, 88.0, "Repair"
        )
        charge._post()
        owed = cls.env["property.lease.report.arrears"].search(
            [("move_id", "=", charge.move_id.id)]
        )
        return {
            "property.space": space,
            "property.space.change": cls.env["property.space.change"].create(
                {"site_id": unit.site_id.id, "kind": "merge", "date": "2026-07-01"}
            ),
            "property.space.reservation": space.reservation_ids,
            "property.space.photo": cls.env["property.space.photo"].create(
                {"space_id": space.id, "image_1920": PIXEL}
            ),
            "property.lease.rent.roll": roll,
            "property.lease.report.forecast": cls.env["property.lease.report.forecast"].search(
                [("lease_id", "=", lease.id)], limit=1
            ),
            "property.lease.report.arrears": owed,
            "property.lease": proposal,
            "property.lease.line": proposal.line_ids,
            "property.lease.step": proposal.step_ids,
            "property.lease.rent.free": proposal.rent_free_ids,
            "property.lease.deposit": proposal.term_ids,
            "property.lease.amendment": amendment,
            "property.lease.amendment.line": amendment.line_ids,
            "property.lease.amendment.space": cls.env["property.lease.amendment.space"].create(
                {"amendment_id": amendment.id, "unit_id": unit.id, "price": 1.0}
            ),
            "property.lease.rate": rate,
            "property.lease.instalment": lease.instalment_ids[:1],
            "property.lease.reminder": cls.env["property.lease.reminder"].create(
                {"lease_id": lease.id, "kind": "end", "date": lease.date_to, "days": 90}
            ),
            "property.lease.template": template,
        }

    def test_each_model_has_the_agreed_site_rule(self):
        self.assert_site_scoped(*MATRIX)

    def test_a_portal_user_reaches_none_of_them(self):
        for model, (own, foreign) in self.records.items():
            with self.subTest(model):
                self.assert_operations(own, self.portal_user, "", "portal own")
                self.assert_operations(foreign, self.portal_user, "", "portal foreign")

    def test_nobody_creates_or_moves_them_to_a_foreign_site(self):
        for role in ("leasing", "manager"):
            user = self.users[role]
            for model, vals in (
                ("property.space", {"unit_id": self.other_unit.id}),
                (
                    "property.lease",
                    {
                        "site_id": self.other_site.id,
                        "partner_id": self.cafe.id,
                        "date_from": "2026-07-01",
                        "date_to": "2026-07-31",
                    },
                ),
                (
                    "property.lease.step",
                    {"lease_id": self.records["property.lease"][1].id, "value": 1},
                ),
            ):
                with self.subTest(f"{role} {model}"), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create(vals)
            own = self.records["property.lease"][0].with_user(user)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                own.site_id = self.other_site
            line = own.line_ids
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                line.lease_id = self.records["property.lease"][1].id

    def test_other_companies_do_not_see_them(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        director = self.users["director"]
        director.company_ids |= other
        for model, (own, _foreign) in self.records.items():
            records = (
                self.env[model].with_user(director).with_context(allowed_company_ids=other.ids)
            )
            with self.subTest(model):
                self.assertFalse(records.search([("id", "in", own.ids)]))

    def test_a_leasing_agent_proposes_and_signs_what_a_manager_approves(self):
        agent, manager = self.users["leasing"], self.users["manager"]
        lease = self.new_lease(self.shop_2).with_user(agent)
        lease.action_submit()
        for user in (agent, self.users["finance"], self.users["cashier"]):
            with self.assertRaises(UserError):
                lease.with_user(user).action_approve()
        lease.with_user(manager).action_approve()
        lease.action_sign()
        self.assertTrue(lease.signed_date)
        line = [(0, 0, {"lease_line_id": lease.line_ids.id, "price": 3500.0, "area": 80.0})]
        amendment = (
            self.env["property.lease.amendment"]
            .with_user(agent)
            .create({"lease_id": lease.id, "reason": "R", "date": "2027-01-01", "line_ids": line})
        )
        amendment.action_submit()
        amendment.with_user(manager).action_approve()
        self.assertEqual(lease.instalment_ids[-1].amount, 3500.0)

    def test_nobody_writes_what_follows_from_steps(self):
        lease = self.records["property.lease"][0].with_user(self.users["manager"])
        for vals in (
            {"signed_date": "2026-01-01"},
            {"approval_state": "approved"},
            {"terminated_date": "2026-01-01"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                lease.write(vals)
        with self.assertRaises(AccessError):
            lease.instalment_ids.write({"amount": 0.01})
