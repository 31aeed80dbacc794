"""Prospects of the leasing world: two shops to let, a cafe that looks for one."""

from datetime import date

from odoo.addons.property_base.tests.common import PropertyStaffCommon
from odoo.addons.property_billing.tests.common import BillingMixin
from odoo.addons.property_leasing.tests.common import LeasingMixin

TODAY = "2026-09-15"


class ProspectMixin(LeasingMixin):
    """Spaces with prices, and a prospect for them."""

    @classmethod
    def set_up_prospects(cls):
        """Create spaces of 50 and 80 m², and a prospect who wants 40 to 60 m² from October on."""
        cls.shop.floor, cls.shop_2.floor = 1, 2
        cls.space, cls.space_2, cls.far_space = cls.env["property.space"].create(
            [
                {"unit_id": unit.id, "price": 3000.0, "pricing": "month", "trade": "餐饮"}
                for unit in (cls.shop, cls.shop_2, cls.far_shop)
            ]
        )
        cls.lead = cls.new_lead()

    @classmethod
    def new_lead(cls, **vals):
        """Create a prospect."""
        return cls.env["crm.lead"].create(
            {
                "site_id": cls.site.id,
                "brand": "Cafe Lin",
                "partner_id": cls.cafe.id,
                "trade": "餐饮",
                "area_from": 40.0,
                "area_to": 60.0,
                "budget": 3000.0,
                "wanted_date": date(2026, 10, 1),
                "term_months": 12,
                **vals,
            }
        )

    @classmethod
    def new_offer(cls, lead=None, space=None, **vals):
        """Create an offer of a space at its price, less 100."""
        space = space or cls.space
        return cls.env["property.lease.offer"].create(
            {
                "lead_id": (lead or cls.lead).id,
                "rent_free_days": 31,
                "step_rate": 5.0,
                "line_ids": [(0, 0, {"space_id": space.id, "price": 2900.0})],
                **vals,
            }
        )


class ProspectCommon(ProspectMixin, BillingMixin, PropertyStaffCommon):
    """Prospects with one user a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_leasing()
        cls.set_up_prospects()
