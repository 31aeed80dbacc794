from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TODAY, ProspectCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestProspect(ProspectCommon):
    def reserve(self, lead=None, spaces=None, until="2026-09-30", amount=1000.0):
        lead, spaces = lead or self.lead, spaces or self.space
        wizard = self.env["property.leasing.reserve"].create(
            {
                "lead_id": lead.id,
                "space_ids": [(6, 0, spaces.ids)],
                "date_to": until,
                "amount": amount,
            }
        )
        wizard.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()

    def receive(self, space=None):
        action = (space or self.space).action_receive_intention()
        wizard = self.env["property.deposit.receive"].with_context(**action["context"]).create({})
        return self.env["property.deposit"].browse(wizard.action_confirm()["res_id"])

    def sign_lease(self, lead=None):
        lease = self.env["property.lease"].browse((lead or self.lead).action_make_lease()["res_id"])
        return self.sign(lease)

    # Stages -------------------------------------------------------------------------------------

    def test_a_prospect_starts_in_the_first_stage_of_leasing(self):
        team = self.env.ref("property_leasing_crm.team_leasing")
        self.assertEqual((self.lead.leasing_step, self.lead.team_id), ("prospect", team))
        self.assertEqual((self.lead.type, self.lead.name), ("opportunity", "Cafe Lin"))

    def test_other_leads_keep_the_stages_of_sales(self):
        lead = self.env["crm.lead"].create({"name": "Other business", "type": "opportunity"})
        self.assertFalse(lead.stage_id.leasing_step)
        self.assertNotEqual(lead.team_id, self.lead.team_id)
        with self.assertRaises(ValidationError):
            lead.stage_id = self.lead.stage_id

    def test_the_board_shows_the_stages_of_leasing_only(self):
        leads = self.env["crm.lead"].with_context(leasing_prospects=True)
        shown = leads._read_group_stage_ids(self.env["crm.stage"], [])
        self.assertEqual(
            shown.mapped("leasing_step"), ["prospect", "visit", "offer", "reserved", "signed"]
        )

    def test_visits_and_offers_move_a_prospect_on_and_never_back(self):
        event = {"name": "V", "opportunity_id": self.lead.id, "start": "2026-09-16 02:00:00"}
        event |= {"stop": "2026-09-16 03:00:00", "space_ids": [(6, 0, self.space.ids)]}
        self.env["calendar.event"].create(event)
        self.assertEqual((self.lead.leasing_step, self.lead.visit_count), ("visit", 1))
        self.new_offer()
        self.assertEqual((self.lead.leasing_step, self.lead.offer_count), ("offer", 1))
        self.env["calendar.event"].create(event)
        self.assertEqual(self.lead.leasing_step, "offer")

    def test_nobody_drags_a_prospect_to_what_did_not_happen(self):
        for step in ("reserved", "signed"):
            with self.subTest(step), self.assertRaises(ValidationError):
                self.lead.stage_id = self.env["crm.stage"]._leasing(step)

    # Matching -----------------------------------------------------------------------------------

    def test_the_spaces_that_suit_come_best_first(self):
        self.assertEqual(self.lead.match_ids[:2], self.space | self.space_2)
        seen = self.lead.match_ids.with_context(leasing_lead_id=self.lead.id)
        self.assertEqual(seen[0].match_score, 100)
        self.assertLess(seen[1].match_score, 100)
        self.assertNotIn(self.far_space, self.lead.match_ids)
        shown = self.lead.web_read({"match_ids": {"fields": {"match_score": {}}}})[0]["match_ids"]
        self.assertEqual([one["match_score"] for one in shown[:2]], seen[:2].mapped("match_score"))

    def test_a_space_that_is_taken_on_the_wanted_days_does_not_suit(self):
        self.sign(self.new_lease(date_to="2026-12-31"))
        self.assertNotIn(self.space, self.lead.match_ids)
        self.lead.wanted_date = "2027-01-01"
        self.assertIn(self.space, self.lead.match_ids)

    def test_a_space_off_the_market_or_reserved_for_others_does_not_suit(self):
        self.reserve(self.new_lead(brand="Baker", partner_id=self.baker.id))
        self.space_2.write({"off_from": "2026-09-01"})
        self.assertFalse(self.lead.match_ids & (self.space | self.space_2))

    # Offers -------------------------------------------------------------------------------------

    def test_what_was_sent_is_not_changed(self):
        offer = self.new_offer().with_user(self.users["leasing"])
        offer.action_send()
        with self.assertRaises(UserError):
            offer.months = 6
        with self.assertRaises(UserError):
            offer.line_ids.price = 1.0
        with self.assertRaises(UserError):
            offer.state = "accepted"
        offer.action_accept()
        self.assertEqual(offer.state, "accepted")

    def test_an_offer_expires_by_itself(self):
        offer = self.new_offer(valid_until="2026-09-20")
        offer.action_send()
        with freeze_time("2026-09-21"):
            offer.invalidate_recordset(["is_expired"])
            self.assertTrue(offer.is_expired)
            with self.assertRaisesRegex(UserError, "was valid until"):
                offer.action_accept()

    def test_an_offer_without_spaces_is_not_sent(self):
        with self.assertRaises(UserError):
            self.new_offer(line_ids=[]).action_send()

    def test_an_offer_prints(self):
        html = self.env["ir.actions.report"]._render_qweb_html(
            "property_leasing_crm.report_offer", self.new_offer().ids
        )[0]
        self.assertIn("2,900.00", html.decode())

    # Reservations -------------------------------------------------------------------------------

    def test_a_reservation_ends_by_itself_and_the_deposit_is_remembered(self):
        self.reserve()
        self.assertEqual((self.space.state, self.lead.leasing_step), ("reserved", "reserved"))
        deposit = self.receive()
        self.assertEqual((deposit.amount, deposit.kind), (1000.0, "intention"))
        self.assertEqual((self.lead.intention_held, self.space.reserved_missing), (1000.0, 0.0))
        with freeze_time("2026-10-01"):
            self.env.invalidate_all()
            self.assertEqual((self.space.state, self.lead.reservation_state), ("vacant", "lapsed"))
            found = self.lead.search([("reservation_state", "=", "lapsed")])
            self.assertIn(self.lead, found)
            self.reserve(self.new_lead(brand="Baker", partner_id=self.baker.id), until="2026-10-09")
            self.assertEqual(self.lead.intention_held, 1000.0)

    def test_a_space_is_reserved_for_one_prospect_only(self):
        self.reserve()
        other = self.new_lead(brand="Baker", partner_id=self.baker.id)
        with self.assertRaisesRegex(UserError, "is reserved for"):
            self.reserve(other)

    def test_only_free_spaces_of_the_site_are_reserved(self):
        with self.assertRaises(UserError):
            self.reserve(spaces=self.far_space)
        with self.assertRaises(UserError):
            self.reserve(until="2026-09-14")
        self.sign(self.new_lease(date_to="2027-12-31"))
        with self.assertRaisesRegex(UserError, "not free"):
            self.reserve()

    def test_no_lease_is_submitted_for_a_space_held_for_somebody_else(self):
        self.reserve()
        lease = self.new_lease(partner_id=self.baker.id, date_from="2026-10-01")
        with self.assertRaisesRegex(UserError, "is reserved for"):
            lease.action_submit()
        self.lead.action_release()
        lease.action_submit()
        self.assertEqual(self.lead.leasing_step, "offer")

    def test_whoever_gives_up_holds_nothing(self):
        self.reserve()
        reason = self.env.ref("property_leasing_crm.lost_reason_rent")
        self.lead.action_set_lost(lost_reason_id=reason.id)
        self.env.invalidate_all()
        self.assertEqual((self.space.state, self.lead.won_status), ("vacant", "lost"))

    def test_a_prospect_without_a_contact_gets_one(self):
        lead = self.new_lead(partner_id=False, brand="Tea House", phone="13000009001")
        self.reserve(lead)
        self.assertEqual((lead.partner_id.name, lead.partner_id.is_company), ("Tea House", True))
        self.assertEqual(self.space.reserved_for_id, lead.partner_id)

    def test_a_deposit_is_kept_only_with_a_reason_and_a_second_person(self):
        self.reserve()
        deposit = self.receive()
        request = self.env["property.refund"].create(
            {
                "kind": "deduct",
                "deposit_id": deposit.id,
                "amount": 1000.0,
                "item_id": self.one_off.id,
                "reason": "The prospect withdrew after the agreed day",
            }
        )
        request.action_submit()
        with self.assertRaises(UserError):
            request.action_approve()
        checker = self.env.ref("base.user_admin")
        checker.group_ids |= self.env.ref("property_base.group_director")
        request.with_user(checker).action_approve()
        self.env.invalidate_all()
        self.assertEqual((deposit.state, self.lead.intention_held), ("closed", 0.0))

    # Lease --------------------------------------------------------------------------------------

    def test_a_lease_has_the_terms_of_the_accepted_offer(self):
        self.new_offer(space=self.space_2, line_ids=[(0, 0, {"space_id": self.space_2.id})])
        offer = self.new_offer()
        offer.action_send()
        offer.action_accept()
        lease = self.env["property.lease"].browse(offer.action_make_lease()["res_id"])
        self.assertEqual((lease.partner_id, lease.brand), (self.cafe, "Cafe Lin"))
        self.assertEqual(lease.line_ids.mapped("price"), [2900.0])
        self.assertEqual((str(lease.date_from), str(lease.date_to)), ("2026-10-01", "2027-09-30"))
        self.assertEqual(str(lease.rent_free_ids.date_to), "2026-10-31")
        self.assertEqual((lease.step_ids.value, lease.term_ids.amount), (5.0, 5800.0))
        self.assertEqual(offer.action_make_lease()["res_id"], lease.id)

    def test_signing_wins_the_prospect_carries_the_deposit_and_owes_the_agent(self):
        agent = self.env["res.partner"].create({"name": "Agent Zhou"})
        self.lead.write({"agent_id": agent.id, "commission_months": 1.0, "commission_rate": 50.0})
        self.new_offer()
        self.reserve()
        deposit = self.receive()
        lease = self.sign_lease()
        self.env.invalidate_all()
        self.assertEqual((self.lead.leasing_step, self.lead.won_status), ("signed", "won"))
        term = lease.term_ids
        self.assertEqual((deposit.kind, deposit.lease_id), ("lease", lease))
        self.assertEqual((term.amount_received, term.amount_missing), (1000.0, 4800.0))
        self.assertFalse(self.space.reserved_for_id)
        commission = self.lead.commission_ids
        self.assertEqual((commission.amount, commission.state), (1450.0, "due"))
        self.assertEqual(str(commission.due_date), TODAY)
        self.assertEqual(self.lead.days_to_sign, 0)

    def test_a_fixed_commission_is_owed_as_agreed_and_paid_once_by_finance(self):
        self.lead.write(
            {
                "agent_id": self.baker.id,
                "commission_kind": "amount",
                "commission_amount": 800.0,
            }
        )
        self.new_offer()
        self.sign_lease()
        commission = self.lead.commission_ids
        self.assertEqual(commission.amount, 800.0)
        with self.assertRaises(UserError):
            commission.with_user(self.users["leasing"]).action_pay()
        commission.with_user(self.users["finance"]).action_pay()
        self.assertEqual((commission.state, str(commission.paid_date)), ("paid", TODAY))
        with self.assertRaises(UserError):
            commission.with_user(self.users["finance"]).action_pay()

    def test_a_prospect_with_a_lease_or_a_deposit_stays_on_file(self):
        self.reserve()
        self.receive()
        with self.assertRaises(UserError):
            self.lead.unlink()

    def test_a_reservation_alone_is_enough_for_a_lease(self):
        self.reserve()
        lease = self.env["property.lease"].browse(self.lead.action_make_lease()["res_id"])
        self.assertEqual(lease.line_ids.unit_id, self.shop)
        with self.assertRaisesRegex(UserError, "offer or reserve"):
            self.new_lead(brand="Nobody").action_make_lease()
