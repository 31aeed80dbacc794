from odoo import fields, models


class PropertySite(models.Model):
    """The address to which residents of a site may write."""

    _name = "property.site"
    _inherit = ["property.site", "mail.alias.mixin.optional"]

    alias_id = fields.Many2one(help="A mail to this address raises a request of the site.")

    def _alias_get_creation_values(self):
        """Override of `mail`: what arrives at the address becomes a request of the site."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("maintenance.request")
        if self.id:
            values["alias_defaults"] = repr({"site_id": self.id, "channel": "mail"})
        return values
