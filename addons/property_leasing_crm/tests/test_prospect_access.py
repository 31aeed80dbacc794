from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .common import TODAY, ProspectCommon


def rights(**roles):
    """Fill the table: a role that is not named may do nothing."""
    return {**dict.fromkeys(ROLES, ""), **roles}


@tagged("post_install", "-at_install")
class TestProspectAccess(AccessMatrixMixin, ProspectCommon):
    MATRIX = {
        "crm.lead": rights(leasing="rwc", manager="rwcu", director="rwcu"),
        "property.lease.offer": rights(leasing="rwcu", manager="rwcu", director="rwcu"),
        "property.lease.offer.line": rights(leasing="rwcu", manager="rwcu", director="rwcu"),
        "property.lease.commission": rights(leasing="r", manager="r", director="r", finance="r"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own, far = cls.world(cls.lead, cls.space), cls.world(cls.far_lead(), cls.far_space)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def far_lead(cls):
        return cls.new_lead(site_id=cls.other_site.id, brand="Far")

    @classmethod
    def world(cls, lead, space):
        offer = cls.new_offer(lead, space)
        lease = cls.new_lease(space.unit_id)
        commission = cls.env["property.lease.commission"].create(
            {
                "lease_id": lease.id,
                "agent_id": cls.baker.id,
                "amount": 1.0,
                "due_date": "2026-09-15",
            }
        )
        return {
            "crm.lead": lead,
            "property.lease.offer": offer,
            "property.lease.offer.line": offer.line_ids,
            "property.lease.commission": commission,
        }

    def test_each_model_has_the_agreed_site_rule(self):
        self.assert_site_scoped(*self.MATRIX)

    def test_leasing_sees_no_leads_of_other_business(self):
        lead = self.env["crm.lead"].create({"name": "Other business", "user_id": False})
        for role in ("leasing", "manager", "director"):
            with self.subTest(role):
                self.assertFalse(lead.with_user(self.users[role]).has_access("read"))

    def test_sales_people_go_on_as_before(self):
        seller = new_test_user(
            self.env, "seller.leasing", groups="sales_team.group_sale_salesman_all_leads"
        )
        lead = self.env["crm.lead"].create({"name": "Other business"})
        self.assertTrue(lead.with_user(seller).has_access("write"))
        self.assertFalse(self.lead.with_user(seller).has_access("read"))
        mine = self.env["crm.lead"].with_user(seller).create({"name": "Mine"})
        self.assertFalse(mine.stage_id.leasing_step)

    def test_nobody_moves_a_prospect_to_a_foreign_site(self):
        lead = self.lead.with_user(self.users["leasing"])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            lead.site_id = self.other_site

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

    @freeze_time(TODAY)
    def test_an_agent_takes_a_prospect_to_the_counter_where_the_cashier_takes_the_deposit(self):
        lead = self.lead.with_user(self.users["leasing"])
        lead._reserve(self.space.with_user(self.users["leasing"]), lead.wanted_date, 500.0)
        self.env.flush_all()
        self.env.invalidate_all()
        space = self.space.with_user(self.users["cashier"])
        self.assertEqual(space.reserved_missing, 500.0)
        with self.assertRaises(AccessError):
            space.read(["reserved_lead_id"])
        context = space.action_receive_intention()["context"]
        wizard = self.env["property.deposit.receive"].with_user(self.users["cashier"])
        wizard.with_context(**context).create({}).action_confirm()
        self.env.invalidate_all()
        self.assertEqual(lead.intention_held, 500.0)
        lead.action_set_lost()
        self.assertEqual(lead.won_status, "lost")
