from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import email_split_tuples

from ..tools.photo import PhotoError, clean_photo
from .maintenance_request_raise import MAX_PHOTOS, MAX_TEXT


class MaintenanceRequest(models.Model):
    """Requests by e-mail: one to the address of a site raises one, answers go to its chatter."""

    _inherit = "maintenance.request"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Override of `mail`: what is written to a site's address is a service request.

        A sender who is known gives the contact, and the unit when he has only one there. Of others
        the name and the address are kept, for the desk to call back.
        """
        values = dict(custom_values or {})
        site = self.env["property.site"].browse(values.get("site_id") or ()).exists()
        if not site:
            return super().message_new(msg_dict, custom_values)
        return self._raise_request(
            {
                "site_id": site.id,
                "channel": "mail",
                "kind": "other",
                **self._mail_sender_vals(msg_dict.get("email_from") or "", site),
                **self._mail_text_vals(msg_dict),
            },
            self._mail_photos(msg_dict.get("attachments") or ()),
        )

    @api.model
    def _mail_sender_vals(self, sender, site):
        """Return who wrote: contact and unit of a resident of the site, else what he calls himself.

        :param str sender: the From of the mail
        :param site: property.site
        """
        partners = self._mail_residents(email_normalize(sender), site)
        if len(partners) != 1:
            [(name, address), *_more] = email_split_tuples(sender) or [("", sender)]
            return {"contact_name": " ".join(part for part in (name, address) if part)[:120]}
        units = partners._property_current_occupancies_sudo().unit_id
        units = units.filtered(lambda unit: unit.site_id == site)
        return {"contact_id": partners.id, "unit_id": units.id if len(units) == 1 else None}

    @api.model
    def _mail_residents(self, address, site):
        """Return the residents of a site who have an e-mail address: two may share one."""
        if not address:
            return self.env["res.partner"]
        occupancies = self.env["property.occupancy"]
        rows = occupancies.search(
            occupancies._domain_current()
            & Domain("site_id", "=", site.id)
            & Domain("partner_id.email_normalized", "=", address)
        )
        return rows.partner_id

    @api.model
    def _mail_text_vals(self, msg_dict):
        """Return title and description of a mail."""
        subject = (msg_dict.get("subject") or "").strip()
        text = html2plaintext(msg_dict.get("body") or "").strip()
        return {
            "name": subject[:120] or text[:60] or self.env._("E-mail without a text"),
            "description": text[:MAX_TEXT] or None,
        }

    @api.model
    def _mail_photos(self, attachments):
        """Return the photos of a mail; whatever else hangs on it stays with the message."""
        photos = []
        for attachment in attachments:
            content = attachment[1]
            if not isinstance(content, bytes) or len(photos) == MAX_PHOTOS:
                continue
            try:
                cleaned = clean_photo(content)
            except PhotoError:
                continue
            photos.append((f"photo-{len(photos) + 1}.jpg", cleaned, "image/jpeg"))
        return photos
