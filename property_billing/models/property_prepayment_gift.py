from odoo import fields, models


class PropertyPrepayment(models.Model):
    _inherit = "property.prepayment"

    campaign_id = fields.Many2one(
        "property.campaign",
        string="Given by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="A gift for paying ahead: it pays bills of its item and is never paid out.",
    )

    def _received_text(self):
        """Extend: a gift is no money received."""
        campaign_sudo = self.sudo().campaign_id
        if campaign_sudo:
            return self.env._("Given free: %(campaign)s", campaign=campaign_sudo.name)
        return super()._received_text()

    def _prepare_copy_vals(self):
        """Extend: a gift stays a gift when it is handed over."""
        return {**super()._prepare_copy_vals(), "campaign_id": self.campaign_id.id}
