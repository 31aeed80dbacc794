from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import visitor_token

MOST = 1000  # passes, visits or releases on a phone
BEFORE, AHEAD = timedelta(hours=12), timedelta(hours=36)


class PropertyVisitorTicket(models.AbstractModel):
    """Tickets at the gate."""

    _inherit = "property.visitor.ticket"

    def _is_signed(self, text):
        """Tell whether a signed text is that of the ticket."""
        self.ensure_one()
        keys = self.env["property.visitor.key"]._public_keys(self.company_id)
        found = visitor_token.read(text, keys)
        mine = self._ticket()
        return bool(found) and (found.subject, found.number) == (mine.subject, mine.number)

    @api.model
    def _field_window(self, sites):
        """Return the domain of what a phone should know for the next shift."""
        now = fields.Datetime.now()
        return (
            Domain("site_id", "in", sites.ids)
            & Domain("issued_at", "!=", False)
            & Domain("valid_to", ">=", now - BEFORE)
            & Domain("valid_from", "<=", now + AHEAD)
        )

    def _field_ticket(self):
        """Describe what passes and releases have in common to a phone."""
        self.ensure_one()
        return {
            "id": self.id,
            "site": self.site_id.id,
            "unit": self.unit_id.code,
            "note": self.note or "",
            "from": moment(self.valid_from),
            "to": moment(self.valid_to),
        }


def moment(value):
    """Write a moment for a phone: ISO 8601 of UTC, None when there is none."""
    return f"{value.isoformat()}Z" if value else None
