"""A household with a portal user, an engineer on the site, categories and a photo."""

import io
import secrets

from PIL import Image

from odoo.addons.property_base.tests.common import PropertyStaffCommon


def photo_bytes(size=(64, 48), kind="JPEG", mode="RGB", **options):
    """Return a photo as a telephone would send it."""
    stream = io.BytesIO()
    Image.new(mode, size, (200, 80, 40) if mode == "RGB" else 1).save(stream, kind, **options)
    return stream.getvalue()


class DeskCommon(PropertyStaffCommon):
    """Unit 3-1-1502 of Test Garden: its owner, its tenant and a stranger have portal users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["property.request.category"].create(
            {"name": "Water pipes", "kind": "repair"}
        )
        cls.paid_category = cls.env["property.request.category"].create(
            {"name": "Paid repairs", "kind": "repair", "is_chargeable": True}
        )
        cls.stranger_user = cls.new_portal_user(cls.other_owner, "portal.stranger")
        cls.engineer = cls.users["engineer"].employee_ids
        cls.requests = cls.env["maintenance.request"]

    @classmethod
    def new_request(cls, **vals):
        """Raise a request of the owner for his home."""
        return cls.env["maintenance.request"]._raise_request(
            {
                "unit_id": cls.unit.id,
                "site_id": cls.site.id,
                "contact_id": cls.owner.id,
                "description": "The tap drips",
                "request_category_id": cls.category.id,
                "channel": "portal",
                **vals,
            }
        )

    @classmethod
    def bring_to(cls, one, step):
        """Let the engineer bring a request to a step."""
        path = ("assigned", "accepted", "on_site", "done")
        mine = one.with_user(cls.users["engineer"])
        moves = {
            "assigned": lambda: one.with_user(cls.users["manager"]).action_assign(cls.engineer),
            "accepted": lambda: mine.action_accept(),
            "on_site": lambda: mine.action_arrive(),
            "done": lambda: mine.action_done("New seal"),
        }
        for name in path[: path.index(step) + 1]:
            moves[name]()
        return one

    @classmethod
    def quote(cls, one, price=80.0, quantity=1.0):
        """Add a chargeable line and send the quotation."""
        cls.env["property.request.line"].create(
            {
                "request_id": one.id,
                "name": "Tap",
                "quantity": quantity,
                "price_unit": price,
                "is_chargeable": True,
            }
        )
        one.with_user(cls.users["service"]).action_send_quotation()
        return one.quotation_id

    def form(self, **values):
        """Return what the form of a new request sends."""
        return {
            "token": secrets.token_hex(16),
            "kind": "repair",
            "where": f"unit-{self.unit.id}",
            "description": "Water drips from the ceiling",
            **values,
        }
