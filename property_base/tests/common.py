"""The smallest world for tests: two sites, a household with people, a user for every role."""

from datetime import date
from itertools import count

from odoo.fields import Command
from odoo.tests import TransactionCase

JOB_NUMBERS = count(1)
ROLES = (
    "service",
    "cashier",
    "finance",
    "engineer",
    "guard",
    "leasing",
    "manager",
    "director",
)
SITE_RULE = (
    "[(1, '=', 1)] if user.share or user.has_group('property_base.group_director') else "
    "['|', ('{field}', '=', False), ('{field}', 'in', user.property_site_ids.ids)]"
)


class PropertyCommon(TransactionCase):
    """Two sites of one company; unit 3-1-1502 of the first has an owner, a tenant and family."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={**cls.env.context, "no_reset_password": True, "mail_create_nosubscribe": True}
        )
        cls.company = cls.env.company
        cls.type_residence = cls.env.ref("property_base.unit_type_residence")
        cls.type_shop = cls.env.ref("property_base.unit_type_shop")
        cls.type_parking = cls.env.ref("property_base.unit_type_parking_underground")
        cls.site, cls.other_site = cls.env["property.site"].create(
            [
                {"name": "Test Garden", "code": "TSTA", "company_id": cls.company.id},
                {"name": "Other Garden", "code": "TSTB", "company_id": cls.company.id},
            ]
        )
        cls.building, cls.other_building = cls.env["property.building"].create(
            [
                {"site_id": cls.site.id, "code": "3", "name": "3栋"},
                {"site_id": cls.other_site.id, "code": "1", "name": "1栋"},
            ]
        )
        cls.unit = cls.new_unit("1502", floor=15)
        cls.unit_2 = cls.new_unit("201", floor=2)
        cls.space = cls.env["property.unit"].create(
            {
                "site_id": cls.site.id,
                "code": "B1-017",
                "type_id": cls.type_parking.id,
                "parent_id": cls.unit.id,
            }
        )
        cls.other_unit = cls.new_unit("101", building=cls.other_building)
        cls.owner, cls.tenant, cls.child, cls.buyer, cls.other_owner = cls.env[
            "res.partner"
        ].create(
            [
                {"name": "Test Owner Li", "phone": "13800001111"},
                {"name": "Test Tenant Wu", "phone": "13800002222"},
                {"name": "Test Child Li"},
                {"name": "Test Buyer Zhao", "phone": "13800003333"},
                {"name": "Foreign Owner Qian", "phone": "13900004444"},
            ]
        )
        cls.owner_row = cls.occupy(cls.unit, cls.owner, "owner", date(2025, 1, 1))
        cls.tenant_row = cls.occupy(cls.unit, cls.tenant, "tenant", date(2026, 3, 1))
        cls.child_row = cls.occupy(cls.unit, cls.child, "family", date(2025, 1, 1))
        cls.other_row = cls.occupy(cls.other_unit, cls.other_owner, "owner", date(2025, 1, 1))
        cls.vehicle = cls.env["property.vehicle"].create(
            {"plate": "浙A·8K888", "unit_id": cls.unit.id, "partner_id": cls.owner.id}
        )

    @classmethod
    def new_unit(cls, room, building=None, entrance="1", floor=1, **vals):
        """Create a residence of 100 m²."""
        building = building or cls.building
        return cls.env["property.unit"].create(
            {
                "site_id": building.site_id.id,
                "building_id": building.id,
                "entrance": entrance,
                "floor": floor,
                "room": room,
                "type_id": cls.type_residence.id,
                "area_gross": 100.0,
                "handover_date": date(2025, 1, 1),
                **vals,
            }
        )

    @classmethod
    def occupy(cls, unit, partner, role, date_from, date_to=False, **vals):
        """Create an occupancy."""
        return cls.env["property.occupancy"].create(
            {
                "unit_id": unit.id,
                "partner_id": partner.id,
                "role": role,
                "date_from": date_from,
                "date_to": date_to,
                **vals,
            }
        )

    @classmethod
    def new_portal_user(cls, partner, login):
        """Give a person a portal user whose password is the login."""
        return cls.env["res.users"].create(
            {
                "login": login,
                "password": login,
                "lang": "en_US",  # what tests read
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    @classmethod
    def new_job(cls, *roles, **vals):
        """Create a job that gives roles, such as ``service``."""
        return cls.env["hr.job"].create({**cls.prepare_job(*roles), **vals})

    @classmethod
    def prepare_job(cls, *roles):
        """Return the values of a job that gives roles."""
        groups = [cls.env.ref(f"property_base.group_{role}").id for role in roles]
        return {
            "name": f"Job {'/'.join(roles) or 'without role'} {next(JOB_NUMBERS)}",
            "company_id": cls.company.id,
            "property_group_ids": [Command.set(groups)],
        }

    @classmethod
    def new_staff(cls, login, job=None, sites=None, **vals):
        """Create an internal user with an employee; the password is the login.

        :return: the user; its roles come from the job
        """
        return cls.new_staffs([(login, job, sites, vals)])

    @classmethod
    def new_staffs(cls, wanted):
        """Create internal users with an employee each, all at once.

        :param wanted: list of (login, job, sites, values of the user)
        :return: the users in this order
        """
        quiet = cls.env(context={**cls.env.context, "tracking_disable": True})
        users = quiet["res.users"].create(
            [
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "lang": "en_US",  # what tests read
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
                    **vals,
                }
                for login, _job, _sites, vals in wanted
            ]
        )
        quiet["hr.employee"].create(
            [
                {
                    "name": login,
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "job_id": job.id if job else False,
                    "date_version": date(2025, 1, 1),
                    "site_ids": [Command.set(sites.ids if sites else [])],
                }
                for user, (login, job, sites, _vals) in zip(users, wanted, strict=True)
            ]
        )
        return users.with_env(cls.env)

    def assert_site_scoped(self, *models):
        """Check that each model has the global site rule in the agreed wording."""
        for model in models:
            field = "id" if model == "property.site" else "site_id"
            rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
            wanted = SITE_RULE.format(field=field)
            self.assertTrue(
                any(rule["global"] and rule.domain_force.strip() == wanted for rule in rules),
                f"{model} has no global site rule",
            )


class PropertyStaffCommon(PropertyCommon):
    """Adds ``cls.users``: one user a role, on ``cls.site`` only (the director has no site)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        internal = cls.env.ref("base.group_user")
        jobs = cls.env["hr.job"].create([cls.prepare_job(role) for role in ROLES])
        users = cls.new_staffs(
            [
                (
                    f"staff.{role}",
                    job,
                    None if role == "director" else cls.site,
                    # the roles that the job gives anyway: given later, they cost a write each
                    {
                        "group_ids": [Command.set((internal | job.property_group_ids).ids)],
                        "property_granted_group_ids": [Command.set(job.property_group_ids.ids)],
                    },
                )
                for role, job in zip(ROLES, jobs, strict=True)
            ]
        )
        cls.users = dict(zip(ROLES, users, strict=True))
        cls.portal_user = cls.new_portal_user(cls.owner, "portal.owner")
