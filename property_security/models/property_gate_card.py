from odoo import api, fields, models


class PropertyGateCard(models.Model):
    """A card that opens doors, for as long as its holder lives or works on the site."""

    _name = "property.gate.card"
    _description = "Access Card"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "site_id, partner_id, id"
    _rec_name = "label"

    number = fields.Char(
        string="Card Number",
        required=True,
        copy=False,
        groups="property_base.group_service",
        help="As the reader sends it.",
    )
    label = fields.Char(
        string="Card", compute="_compute_label", store=True, help="The end of its number."
    )
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, index=True, ondelete="restrict"
    )
    is_staff = fields.Boolean(
        string="Staff", tracking=True, help="Opens every door of the site between its two days."
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Until", tracking=True, help="Last day; empty: no end.")
    is_lost = fields.Boolean(string="Lost", tracking=True, help="Opens nothing any more.")
    active = fields.Boolean(default=True)

    _number_unique = models.UniqueIndex(
        "(site_id, number) WHERE active", "The site has a card of this number already."
    )
    _days_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A card does not end before it begins."
    )

    @api.depends("number")
    def _compute_label(self):
        for card in self:
            card.label = f"…{card.sudo().number[-4:]}" if card.sudo().number else False

    def _permission(self, gate, day):
        """Tell whether the holder may pass a door on a day. Arrears are no reason.

        :param gate: property.gate of kind door
        :param day: date by the clock of the site
        :return: key of REASONS of property.gate.event
        """
        self.ensure_one()
        if self.is_lost:
            return "lost"
        if day < self.date_from or (self.date_to and day > self.date_to):
            return "dates"
        if self.is_staff:
            return "staff"
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("site_id", "=", gate.site_id.id),
            ("date_from", "<=", day),
            "|",
            ("date_to", "=", False),
            ("date_to", ">=", day),
        ]
        if gate.building_id:
            domain += [("unit_id.building_id", "=", gate.building_id.id)]
            if gate.entrance:
                domain += [("unit_id.entrance", "=", gate.entrance)]
        # sudo: the door asks, not a person who may see occupancies
        occupancies_sudo = self.env["property.occupancy"].sudo()
        return "resident" if occupancies_sudo.search_count(domain, limit=1) else "stranger"
