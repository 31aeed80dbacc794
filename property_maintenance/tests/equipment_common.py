"""The smallest world of equipment: a lift and a pump on the own site, a lift on a foreign one."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.addons.property_base.tests.common import PropertyStaffCommon

TODAY = date(2026, 6, 15)


class EquipmentCommon(PropertyStaffCommon):
    """Today is 15 June 2026, wherever a test does not say otherwise."""

    freeze = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.freeze:
            cls.startClassPatcher(freeze_time(datetime(2026, 6, 15, 4)))
        # The lift needs no certificate but those a test gives it.
        cls.kind, cls.harmless_kind = cls.env["property.certificate.kind"].create(
            [
                {"name": "Test Inspection", "validity_months": 12},
                {"name": "Test Cleaning", "validity_months": 6, "forbids_use": False},
            ]
        )
        cls.lift_class = cls.env["property.equipment.class"].create(
            {
                "name": "Test Lift",
                "code": "TL",
                "life_years": 15,
                "certificate_kind_ids": [(6, 0, cls.kind.ids)],
                "task_ids": [
                    (0, 0, {"name": "Look at the ropes"}),
                    (0, 0, {"name": "Listen to the motor", "is_required": False}),
                ],
            }
        )
        cls.team = cls.env["maintenance.team"].create(
            {"name": "Test Lift Team", "company_id": cls.company.id}
        )
        cls.lift = cls.new_equipment("Lift 1")
        cls.other_lift = cls.new_equipment(
            "Foreign Lift", site_id=cls.other_site.id, building_id=cls.other_building.id
        )
        cls.hours = cls.new_gauge(cls.lift, "Running hours", kind="counter", unit="h")

    @classmethod
    def new_equipment(cls, name, **vals):
        """Create equipment of the lift class in building 3."""
        return cls.env["maintenance.equipment"].create(
            {
                "name": name,
                "site_id": cls.site.id,
                "building_id": cls.building.id,
                "class_id": cls.lift_class.id,
                "maintenance_team_id": cls.team.id,
                "effective_date": date(2020, 6, 1),
                **vals,
            }
        )

    @classmethod
    def new_certificate(cls, days, equipment=None, **vals):
        """Create a certificate whose last day is so many days from today."""
        certificates = cls.env["property.equipment.certificate"]
        return certificates.create(
            {
                "equipment_id": (equipment or cls.lift).id,
                "kind_id": cls.kind.id,
                "number": f"T{certificates.search_count([])}",
                "expiry_date": TODAY + timedelta(days=days),
                **vals,
            }
        )

    @classmethod
    def new_gauge(cls, equipment, name, **vals):
        """Create a gauge."""
        return cls.env["property.equipment.gauge"].create(
            {"equipment_id": equipment.id, "name": name, **vals}
        )

    @classmethod
    def read_gauge(cls, gauge, *rows):
        """Create readings from (days from today, value) pairs."""
        return cls.env["property.equipment.reading"].create(
            [
                {
                    "gauge_id": gauge.id,
                    "at": datetime(2026, 6, 15, 1) + timedelta(days=days),
                    "value": value,
                }
                for days, value in rows
            ]
        )

    @classmethod
    def new_plan(cls, equipment=None, **vals):
        """Create a monthly plan that was due first on 1 June 2026."""
        return cls.env["property.upkeep.plan"].create(
            {
                "equipment_id": (equipment or cls.lift).id,
                "name": "Monthly service",
                "interval": 1,
                "interval_unit": "month",
                "date_start": date(2026, 6, 1),
                "lead_days": 0,
                **vals,
            }
        )

    @classmethod
    def finish(cls, requests):
        """Do the work of orders, up to done."""
        employee = cls.users["engineer"].employee_id
        for request in requests:
            request.action_assign(employee)
            request.action_accept()
            request.action_arrive()
            request.task_ids.is_done = True
            request.action_done()
