from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_leasing.models.property_lease_line import PRICINGS


class PropertyLeaseOfferLine(models.Model):
    """A space that is offered, at a price."""

    _name = "property.lease.offer.line"
    _description = "Space of an Offer"
    _inherit = ["property.scoped"]
    _order = "offer_id, id"

    offer_id = fields.Many2one(
        "property.lease.offer", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="offer_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="offer_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    space_id = fields.Many2one(
        "property.space",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
    )
    area = fields.Float(related="space_id.area", string="Area", digits=(16, 2))
    price = fields.Float(
        compute="_compute_price",
        store=True,
        readonly=False,
        precompute=True,
        digits=(16, 4),
        aggregator=False,
    )
    pricing = fields.Selection(
        PRICINGS,
        string="Priced",
        compute="_compute_price",
        store=True,
        readonly=False,
        precompute=True,
    )
    asking_price = fields.Float(related="space_id.price", string="Asking", digits=(16, 4))
    amount_month = fields.Monetary(compute="_compute_amount_month", string="Rent a Month")

    _space_once = models.Constraint(
        "UNIQUE(offer_id, space_id)", "The offer names this space already."
    )
    _price_not_negative = models.Constraint("CHECK(price >= 0)", "A price cannot be negative.")

    @api.depends("space_id")
    def _compute_price(self):
        for line in self:
            line.price = line.price or line.space_id.price
            line.pricing = line.pricing or line.space_id.pricing or "m2_day"

    @api.depends("price", "pricing", "area")
    def _compute_amount_month(self):
        for line in self:
            line.amount_month = line.space_id._month_rent(line.price, line.pricing)

    @api.model_create_multi
    def create(self, vals_list):
        """Keep what was sent as it was sent."""
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        """Keep what was sent as it was sent."""
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_open()

    def _check_open(self):
        if not self.env.su and any(line.offer_id.state != "draft" for line in self):
            raise UserError(
                self.env._("An offer that was sent is not changed. Duplicate it instead.")
            )

    def _prepare_lease_line(self):
        """Prepare the line of the lease: a command."""
        self.ensure_one()
        unit = self.space_id.unit_id
        return (0, 0, {"unit_id": unit.id, "price": self.price, "pricing": self.pricing})
