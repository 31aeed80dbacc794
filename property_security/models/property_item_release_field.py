from odoo import api, models

from odoo.addons.inspection_round.tools import field_payload
from odoo.addons.inspection_round.tools.checkin import true_time
from odoo.addons.inspection_round.tools.field_error import FieldRefused

from ..tools.visitor_form import FormError
from ..tools.visitor_step import read_check_out
from .property_visitor_ticket_field import MOST


class PropertyItemRelease(models.Model):
    """Item releases on the phones of guards."""

    _inherit = "property.item.release"

    @api.model
    def _field_releases(self, sites):
        """Describe the lists that may come to a gate during the next shift."""
        releases = self.search(self._field_window(sites), order="valid_from, id", limit=MOST)
        return [one._field_release() for one in releases if not one.done_at]

    def _field_release(self):
        """Describe a list to a phone."""
        self.ensure_one()
        fixed = self._verdict(self.valid_from)
        if self.revoked_at and fixed == "valid":
            fixed = "revoked"
        return {
            **self._field_ticket(),
            "carrier": self.carrier,
            "kind": "item",
            "plate": self.env["property.vehicle"]._display_plate(self.plate),
            "verdict": fixed,
            "uses": 1,
            "used": int(bool(self.done_at)),
            "lines": [
                {"id": line.id, "name": line.name, "quantity": line.quantity}
                for line in self.line_ids
            ],
        }

    @api.model
    def _field_take(self, entry, payload, files):
        """Take that things were carried out, as a phone says.

        :param entry: field.entry of this transaction
        :param payload: dict with release, lines, note
        :param files: photos, {sha256: bytes}
        :return: (release, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        visits = self.env["property.visitor.visit"]
        visits._field_check_guard()
        try:
            step = read_check_out(payload)
        except FormError as wrong:
            raise FieldRefused(422, visits._field_wrong(wrong)) from None
        release = self.search([("id", "=", step["release"])])
        if not release:
            raise FieldRefused(
                422, self.env._("This list is not of your site. Nothing is carried out with it.")
            )
        at = true_time(entry.device_at, entry.clock_skew, entry.received_at)
        is_first = release._check_out(at, entry.employee_id, step["lines"])
        # sudo: guards write no releases by hand
        release_sudo = release.sudo()
        if step["signed"] and not release._is_signed(step["signed"]):
            release_sudo.problem = self.env._("The code was not signed by us")
        release_sudo._field_note(step["note"], files, is_first)
        return release, {"problem": release_sudo.problem or ""}

    def _field_note(self, note, files, is_first):
        """Keep what the guard wrote and the photos."""
        photos = [
            (f"{name[:12]}.{field_payload.image_type(content)[6:]}", content)
            for name, content in files.items()
        ]
        head = "" if is_first else self.env._("Came to the gate once more.")
        if note or photos or head:
            self.message_post(
                body=" ".join(part for part in (head, note) if part),
                attachments=photos,
                subtype_xmlid="mail.mt_note",
            )
