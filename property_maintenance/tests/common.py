"""The smallest world of requests: a category with a day's limit, a team, two engineers."""

from datetime import datetime, timedelta

from odoo.fields import Command

from odoo.addons.property_base.tests.common import PropertyStaffCommon

#: A Monday, 09:00 in a calendar in UTC that works 08:00–20:00 every day.
MONDAY = datetime(2026, 3, 2, 9)


class RequestCommon(PropertyStaffCommon):
    """Adds ``cls.leak`` (respond 1 h, arrive 2 h, finish 8 h), a team and engineers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.dispatch.rule"].search([]).active = False
        cls.env["property.escalation.rule"].search([]).active = False
        cls.calendar = cls.new_calendar("Every day 08–20", 8, 20)
        cls.engineer = cls.users["engineer"]
        cls.engineer_2 = cls.new_staff("staff.engineer2", cls.new_job("engineer"), cls.site)
        cls.employee, cls.employee_2 = (cls.engineer | cls.engineer_2).employee_ids
        cls.team = cls.env["maintenance.team"].create(
            {
                "name": "Test Engineers",
                "company_id": cls.company.id,
                "member_ids": [Command.set((cls.engineer | cls.engineer_2).ids)],
            }
        )
        cls.repair = cls.env["property.request.category"].create({"name": "Test Repairs"})
        cls.leak = cls.new_category("Test Leak", parent_id=cls.repair.id)
        cls.question = cls.new_category("Test Question", kind="enquiry", arrive_hours=0)

    @classmethod
    def new_calendar(cls, name, hour_from, hour_to):
        """Create a calendar that works every day, in UTC."""
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": "UTC",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": hour_from,
                                "hour_to": hour_to,
                                "day_period": "morning",
                            }
                        )
                        for day in range(7)
                    ),
                ],
            }
        )

    @classmethod
    def new_category(cls, name, **vals):
        """Create a leaf that takes a working day at most."""
        return cls.env["property.request.category"].create(
            {
                "name": name,
                "team_id": cls.team.id,
                "calendar_id": cls.calendar.id,
                "respond_hours": 1,
                "arrive_hours": 2,
                "finish_hours": 8,
                **vals,
            }
        )

    @classmethod
    def new_request(cls, category=None, **vals):
        """Raise a request for the test household."""
        return cls.env["maintenance.request"].create(
            {
                "name": "Test: the kitchen leaks",
                "unit_id": cls.unit.id,
                "contact_id": cls.owner.id,
                "request_category_id": (category or cls.leak).id,
                **vals,
            }
        )

    @classmethod
    def new_done(cls, **vals):
        """Raise a request and have it done."""
        request = cls.new_request(**vals)
        request.action_assign(cls.employee)
        request.action_accept()
        if request.kind == "repair":
            request.action_arrive()
        request.action_done("Done")
        return request

    @classmethod
    def back(cls, request, **ago):
        """Move the moment a request was raised into the past."""
        request.raised_at -= timedelta(**ago)
        cls.env.flush_all()
        return request
