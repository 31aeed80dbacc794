"""Prospects of the demo's mall, taken through the doors a user takes."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.fields import Domain

from odoo.addons.property_leasing.demo.builder import MALL

from .prospects import LOST, PROSPECTS, RESERVED, SIGNED, SOURCES


def build(env):
    """Bring prospects to the mall of the demo, if it is there and nobody came yet."""
    company = env.ref("property_base.demo_company", raise_if_not_found=False)
    building = company and env["property.building"].search(
        [("company_id", "=", company.id), ("name", "=", MALL)], limit=1
    )
    users = {
        login: env["res.users"].search([("login", "=", login)], limit=1)
        for login in ("leasing", "director")
    }
    if not building or not all(users.values()):
        return
    if env["crm.lead"].search_count([("site_id", "=", building.site_id.id)], limit=1):
        return
    Funnel(env, building.with_env(env), users).build()


class Funnel:
    """The prospects of a mall while they come."""

    def __init__(self, env, building, users):
        self.env, self.building, self.users = env, building, users
        self.company = building.company_id
        self.today = fields.Date.today()

    def build(self):
        """Let fifteen prospects come, and take some of them further."""
        self.agent = self.env["res.partner"].create(
            {
                "name": "邻里商业地产经纪有限公司",
                "is_company": True,
                "phone": "13000009900",
                "company_id": self.company.id,
            }
        )
        sources = self.env["utm.source"].create([{"name": name} for name in SOURCES.values()])
        self.sources = dict(zip(SOURCES, sources, strict=True))
        leads = self._leads()
        for lead, facts in zip(leads, PROSPECTS, strict=True):
            if facts.step != "prospect":
                self._visit(lead, facts.days)
            if facts.step in ("offer", RESERVED, SIGNED):
                self._offer(lead, facts)
        steps = {facts.brand: facts.step for facts in PROSPECTS}
        for step, take in ((RESERVED, self._reserve), (SIGNED, self._sign), (LOST, self._lose)):
            for lead in leads.filtered(lambda one, step=step: steps[one.brand] == step):
                take(lead)
        self._wait(leads.filtered(lambda one: steps[one.brand] == "offer")[:1], leads.space_ids)
        self._date_back(leads)

    def _leads(self):
        return (
            self.env["crm.lead"]
            .with_user(self.users["leasing"])
            .create(
                [
                    {
                        "site_id": self.building.site_id.id,
                        "brand": facts.brand,
                        "partner_name": facts.company,
                        "contact_name": facts.contact,
                        "phone": f"1300000{8000 + number}",
                        "trade": facts.trade,
                        "area_from": facts.area[0],
                        "area_to": facts.area[1],
                        "budget": facts.budget,
                        "floor_from": facts.floors[0],
                        "floor_to": facts.floors[1],
                        "wanted_date": self.today.replace(day=1)
                        + relativedelta(months=1 + number % 4),
                        "term_months": facts.months,
                        "priority": str(number % 3),
                        "source_id": self.sources[facts.source].id,
                        "agent_id": self.agent.id if facts.source == "agent" else False,
                        "description": f"<p>{facts.note}</p>",
                    }
                    for number, facts in enumerate(PROSPECTS)
                ]
            )
        )

    def _visit(self, lead, days):
        start = fields.Datetime.now().replace(hour=2, minute=0, second=0) + timedelta(days=days)
        self.env["calendar.event"].with_user(self.users["leasing"]).create(
            {
                "name": f"看房：{lead.brand}",
                "opportunity_id": lead.id,
                "start": start,
                "stop": start + timedelta(hours=1),
                "location": self.building.name,
                "space_ids": [(6, 0, lead.match_ids[:2].ids)],
            }
        )

    def _offer(self, lead, facts):
        space = lead.match_ids[:1]
        offer = (
            self.env["property.lease.offer"]
            .with_user(self.users["leasing"])
            .create(
                {
                    "lead_id": lead.id,
                    "date": self.today - timedelta(days=3),
                    "rent_free_days": 30,
                    "step_rate": 5.0,
                    "note": "免租期内只收取物业服务费及能耗费用。",
                    "line_ids": [
                        (0, 0, {"space_id": space.id, "price": round(space.price * 0.95, 1)})
                    ],
                }
            )
        )
        if facts.is_sent:
            offer.action_send()
        if facts.step in (RESERVED, SIGNED):
            offer.action_accept()

    def _reserve(self, lead):
        """Reserve with an intention deposit that the counter takes."""
        spaces = lead._best_offer().line_ids.space_id
        lead._reserve(spaces, self.today + timedelta(days=12), 5000.0)
        self.env.flush_all()
        self.env.invalidate_all()
        action = spaces[0].with_env(self.env).action_receive_intention()
        wizard = self.env["property.deposit.receive"].with_context(**action["context"]).create({})
        wizard.action_confirm()

    def _wait(self, lead, spaces):
        """Let a prospect wait in line for a space that another one holds."""
        if lead and spaces:
            lead._reserve(spaces[:1], self.today + timedelta(days=10), 3000.0, waits=True)

    def _sign(self, lead):
        lease = self.env["property.lease"].browse(lead.action_make_lease()["res_id"])
        lease = lease.with_user(self.users["leasing"])
        lease.line_ids.tax_id = self.env["account.tax"]._vat_tax(self.company, 9)
        lease.action_submit()
        lease.with_user(self.users["director"]).action_approve()
        lease.action_sign()

    def _lose(self, lead):
        reasons = self.env["crm.lost.reason"].search(
            Domain("id", "=", self.env.ref("property_leasing_crm.lost_reason_rent").id)
            | Domain("id", "=", self.env.ref("property_leasing_crm.lost_reason_elsewhere").id)
        )
        lead.action_set_lost(lost_reason_id=reasons[lead.id % len(reasons)].id)

    def _date_back(self, leads):
        """Let them have come over the last weeks, for the funnel."""
        self.env.flush_all()
        for number, lead in enumerate(leads):
            came = fields.Datetime.now() - timedelta(days=8 + 6 * number)
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s", (came, lead.id)
            )
        leads.invalidate_recordset(["create_date"])
        leads._compute_days_to_sign()
