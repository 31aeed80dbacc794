import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.urls import urljoin


class PropertyParkingArea(models.Model):
    _inherit = "property.parking.area"

    is_paid_exit = fields.Boolean(
        string="Pay before Leaving",
        tracking=True,
        help="Temporary cars are let out when nothing is due any more. Passes, lists and booked "
        "visitors always leave freely; arrears of property fees never matter.",
    )
    booking = fields.Selection(
        [("session", "An invoice for each payment"), ("daily", "An invoice for each lane and day")],
        string="Bookkeeping",
        required=True,
        default="session",
        tracking=True,
        help="Payments from a prepaid balance always have an invoice of their own.",
    )
    parking_item_id = fields.Many2one(
        "property.charge.item",
        string="Stays Charged as",
        ondelete="restrict",
        tracking=True,
        domain="[('method', '=', 'one_off'), ('company_id', '=', company_id),"
        " ('site_id', 'in', (site_id, False))]",
        help="Gives the income account; its tariff gives the VAT: 9 per cent, or 5 simplified. "
        "Empty: the company's item of temporary parking.",
    )
    card_item_id = fields.Many2one(
        "property.charge.item",
        string="Monthly Cards Charged as",
        ondelete="restrict",
        tracking=True,
        domain="[('method', '=', 'fixed'), ('company_id', '=', company_id),"
        " ('site_id', 'in', (site_id, False))]",
        help="A monthly card of a household becomes a fee of this item. Empty: cards are not "
        "billed.",
    )
    pay_url = fields.Char(compute="_compute_pay_url", string="Payment Page")
    pay_qr = fields.Binary(
        compute="_compute_pay_qr", string="Payment Code", help="Hang it up where drivers walk by."
    )

    @api.depends("name")
    def _compute_pay_url(self):
        for area in self:
            path = f"parking/pay/{area._origin.id}"
            area.pay_url = urljoin(area.get_base_url(), path) if area._origin.id else False

    @api.depends("pay_url")
    def _compute_pay_qr(self):
        reports = self.env["ir.actions.report"]
        for area in self:
            image = area.pay_url and reports.barcode("QR", area.pay_url, width=400, height=400)
            area.pay_qr = base64.b64encode(image) if image else False

    @api.constrains("parking_item_id", "card_item_id", "site_id")
    def _check_items(self):
        for area in self:
            for item in area.parking_item_id | area.card_item_id:
                if item.company_id != area.company_id or (
                    item.site_id and item.site_id != area.site_id
                ):
                    raise ValidationError(
                        self.env._(
                            "Item %(item)s is not billed on %(site)s. Choose another one.",
                            item=item.name,
                            site=area.site_id.name,
                        )
                    )

    @api.model
    def _audit_fields(self):
        """Override of `property_security`: how the fees are taken and booked."""
        own = ["is_paid_exit", "booking", "parking_item_id", "card_item_id"]
        return [*super()._audit_fields(), *own]

    def write(self, vals):
        """Bill the cards of areas that get an item for them."""
        result = super().write(vals)
        if "card_item_id" in vals:
            cards = self.env["property.parking.pass"].search([("area_id", "in", self.ids)])
            cards._sync_fees()
        return result

    def _parking_charge_item(self):
        """Return the charge item of stays here."""
        self.ensure_one()
        return self.sudo().parking_item_id or self.company_id._parking_item()

    def action_open_pay_page(self):
        """Open the page on which drivers pay, whose code hangs in the area."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.pay_url, "target": "new"}
