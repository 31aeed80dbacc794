from odoo import api, fields, models


class PropertyPrepayment(models.Model):
    """Money received before its bills: an open credit of the payer, tagged with its unit (预存)."""

    _name = "property.prepayment"
    _description = "Prepayment"
    _inherit = ["property.scoped"]
    _order = "date, id"

    date = fields.Date(required=True, default=fields.Date.context_today)
    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="restrict")
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    item_id = fields.Many2one("property.charge.item", ondelete="restrict", help="Empty: any item.")
    payment_id = fields.Many2one("account.payment", ondelete="restrict", copy=False)
    amount = fields.Monetary(required=True)
    amount_left = fields.Monetary(compute="_compute_amount_left", help="Not yet used for bills.")

    def _compute_amount_left(self):
        for prepayment in self:
            prepayment.amount_left = prepayment.amount

    @api.model
    def _receive(self, unit, payer, amount, journal, item=None, date=None, **payment_vals):
        """Book money received in advance.

        :param unit: property.unit it is for
        :param payer: res.partner
        :param amount: yuan, positive
        :param journal: account.journal the money arrived in
        :param item: property.charge.item it is earmarked for; any item when left out
        :return: the prepayment, whose ``payment_id`` is posted
        """
        raise NotImplementedError

    @api.model
    def _open(self, units, payers=None):
        """Return the prepayments of units with something left, oldest first."""
        return self.browse()
