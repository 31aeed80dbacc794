"""The smallest leasing world: two shops and an office that belong to the company."""

from datetime import date

from odoo.addons.property_base.tests.common import PropertyCommon, PropertyStaffCommon
from odoo.addons.property_billing.tests.common import BillingMixin

TODAY = "2026-09-15"


class LeasingMixin:
    """Shops to let, a tenant, and the items that leases charge."""

    @classmethod
    def set_up_leasing(cls):
        """Create spaces and a tenant; the rent item is taxed at 9 per cent, VAT included."""
        cls.company._billing_prepare_accounting()
        cls.rent = cls.company._lease_item("contract")
        cls.one_off = cls.company._lease_item("one_off")
        cls.service = cls.env["property.charge.item"].create(
            {
                "code": "SHOPFEE",
                "name": "Shop service",
                "method": "contract",
                "category": "management",
                "company_id": cls.company.id,
            }
        )
        cls.vat9 = cls.env["account.tax"]._vat_tax(cls.company, 9)
        cls.shop, cls.shop_2 = (
            cls.new_unit(room, type_id=cls.type_shop.id, area_gross=area)
            for room, area in (("S01", 50.0), ("S02", 80.0))
        )
        cls.far_shop = cls.new_unit(
            "S09", building=cls.other_building, type_id=cls.type_shop.id, area_gross=30.0
        )
        for unit in (cls.shop, cls.shop_2, cls.far_shop):
            cls.occupy(unit, cls.company.partner_id, "owner", date(2020, 1, 1))
        cls.cafe, cls.baker = cls.env["res.partner"].create(
            [{"name": "Cafe Lin"}, {"name": "Baker Sun"}]
        )

    @classmethod
    def new_lease(cls, unit=None, lines=None, **vals):
        """Create a lease of a shop: 3,000 a month for a year, monthly in advance."""
        unit = unit or cls.shop
        line = {"unit_id": unit.id, "item_id": cls.rent.id, "price": 3000.0, "pricing": "month"}
        return cls.env["property.lease"].create(
            {
                "site_id": unit.site_id.id,
                "partner_id": cls.cafe.id,
                "date_from": "2026-07-01",
                "date_to": "2027-06-30",
                "cadence": "1",
                "line_ids": [(0, 0, {**line, **more}) for more in lines or [{}]],
                **vals,
            }
        )

    @classmethod
    def sign(cls, lease):
        """Have a lease approved by a second person and sign it."""
        lease.action_submit()
        checker = cls.env.ref("base.user_admin")
        checker.group_ids |= cls.env.ref("property_base.group_director")
        if lease.approval_state == "submitted":
            lease.with_user(checker).action_approve()
        lease.action_sign()
        return lease

    @classmethod
    def amend(cls, lease, **vals):
        """Create an amendment and have it approved by a second person."""
        amendment = cls.env["property.lease.amendment"].create(
            {"lease_id": lease.id, "reason": "Agreed", "item_id": cls.one_off.id, **vals}
        )
        amendment.action_submit()
        checker = cls.env.ref("base.user_admin")
        amendment.with_user(checker).action_approve()
        return amendment

    @classmethod
    def bill(cls, first, last, post=True):
        """Run the billing of the site for the items of leases."""
        run = cls.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, cls.site.ids)],
                "item_ids": [(6, 0, (cls.rent | cls.service).ids)],
                "date_from": first,
                "date_to": last,
            }
        )
        run.action_compute()
        if post and run.charge_ids:
            run.action_post()
        return run

    def rows(self, lease, *names):
        """Return the schedule as a list of tuples, dates as text."""
        return [
            tuple(
                str(row[name]) if name.startswith(("date", "due")) else row[name] for name in names
            )
            for row in lease.instalment_ids
        ]


class LeasingCommon(LeasingMixin, BillingMixin, PropertyCommon):
    """Leasing world without users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_leasing()


class LeasingStaffCommon(LeasingMixin, BillingMixin, PropertyStaffCommon):
    """Leasing world with one user a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_leasing()
