from odoo import api, fields, models


class PropertyParkingPassage(models.Model):
    """Cars of visitors at the gates: a pass with a plate opens, and is used once a stay."""

    _inherit = "property.parking.passage"

    visitor_pass_id = fields.Many2one(
        "property.visitor.pass", compute="_compute_visitor_pass_id", compute_sudo=True
    )

    @api.depends("plate", "counted_at", "direction")
    def _compute_visitor_pass_id(self):
        cars = [
            (one.id, one.site_id, one.plate, one.counted_at)
            for one in self
            if one.direction == "in"
        ]
        booked = self.env["property.visitor.pass"]._booked(cars) if cars else {}
        for passage in self:
            passage.visitor_pass_id = booked.get(passage.id)

    def _has_booked_visit(self):
        """Override: a car is expected when somebody has a pass with its plate."""
        # sudo: the gate decides, whoever's message it is
        return super()._has_booked_visit() or bool(self.sudo().visitor_pass_id)

    def _pair(self):
        """Override: the stay of a visitor's car is a visit; when the car leaves, it ends."""
        result = super()._pair()
        # sudo: visits follow from what was read, nobody writes them by hand
        passages_sudo = self.sudo()
        passages_sudo._begin_visits()
        stays_sudo = passages_sudo.filtered(lambda one: one.direction == "out").session_id
        if stays_sudo:
            for visit_sudo in (
                self.env["property.visitor.visit"]
                .sudo()
                .search([("session_id", "in", stays_sudo.ids), ("left_at", "=", False)])
            ):
                if visit_sudo.session_id.left_at:
                    visit_sudo._leave(visit_sudo.session_id.left_at)
        return result

    def _begin_visits(self):
        """Record a visit for each stay that a pass opened the gate for, once."""
        coming = self.filtered(
            lambda one: one.reason == "visit" and one.session_id and one.visitor_pass_id
        )
        if not coming:
            return
        visits = self.env["property.visitor.visit"]
        known = visits.search([("session_id", "in", coming.session_id.ids)]).session_id
        for stay, passages in coming.grouped("session_id").items():
            if stay not in known:
                visits._enter(
                    passages[0].visitor_pass_id,
                    {
                        "entered_at": stay.started_at,
                        "method": "car",
                        "gate": passages[0].lane_id.name,
                        "session_id": stay.id,
                    },
                )
