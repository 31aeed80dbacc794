"""The spaces that suit a prospect, best first."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import matching


class CrmLead(models.Model):
    _inherit = "crm.lead"

    match_ids = fields.Many2many(
        "property.space",
        compute="_compute_match_ids",
        string="Spaces that Suit",
        help="Free on the wanted day for the wanted months, best first.",
    )
    match_count = fields.Integer(compute="_compute_match_ids", string="Spaces")

    @api.depends(
        "site_id",
        "area_from",
        "area_to",
        "budget",
        "trade",
        "floor_from",
        "floor_to",
        "wanted_date",
        "term_months",
    )
    def _compute_match_ids(self):
        for lead in self:
            spaces = lead._free_spaces() if lead.site_id else self.env["property.space"]
            points = {space: lead._match(space)["total"] for space in spaces}
            lead.match_ids = spaces.filtered(lambda one, points=points: points[one] >= 40).sorted(
                lambda one, points=points: (-points[one], one.unit_sort_key or "")
            )
            lead.match_count = len(lead.match_ids)

    def web_read(self, specification):
        """Override: the spaces that suit tell how well they suit this prospect."""
        if "match_ids" in specification and len(self) == 1:
            spaces = specification["match_ids"]
            context = {**spaces.get("context", {}), "leasing_lead_id": self.id}
            specification = {**specification, "match_ids": {**spaces, "context": context}}
        return super().web_read(specification)

    def _wanted_days(self):
        """Return the first and the last wanted day."""
        self.ensure_one()
        first = self.wanted_date or fields.Date.context_today(self)
        return first, first + relativedelta(months=self.term_months or 1, days=-1)

    def _free_spaces(self):
        """Return the spaces of the site that nobody else has on the wanted days."""
        self.ensure_one()
        first, last = self._wanted_days()
        spaces = self.env["property.space"]
        off = Domain("off_from", "<=", first) & (
            Domain("off_to", "=", False) | Domain("off_to", ">=", first)
        )
        held = Domain("reserved_until", ">=", fields.Date.context_today(self)) & Domain(
            "reserved_lead_id", "not in", self.ids
        )
        found = spaces.search(
            Domain("site_id", "=", self.site_id.id) & spaces._existing_domain(first) & ~off & ~held
        )
        let = self.env["property.lease.line"].search(
            Domain("unit_id", "in", found.unit_id.ids)
            & Domain("lease_id.signed_date", "!=", False)
            & Domain("lease_id.date_from", "<=", last)
            & Domain("lease_id.date_to", ">=", first)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", first))
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", last))
        )
        taken = let.unit_id
        return found.filtered(lambda space: space.unit_id not in taken)

    def _match(self, space):
        """Return the points of a space for the prospect, see ``tools.matching.score``."""
        self.ensure_one()
        wish = matching.Wish(
            self.area_from,
            self.area_to,
            self.budget,
            self.trade or "",
            self.floor_from,
            self.floor_to,
        )
        offered = matching.Offered(
            space.area, space._asking_month(), space.trade or "", space.floor
        )
        return matching.score(wish, offered)
