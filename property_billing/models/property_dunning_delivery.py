from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyDunningDelivery(models.Model):
    """Proof of one delivery of a notice: when, how, to whom, with what result. Never edited."""

    _name = "property.dunning.delivery"
    _description = "Delivery of a Notice"
    _inherit = ["property.scoped"]
    _order = "id desc"
    _log_access = False

    notice_id = fields.Many2one(
        "property.dunning.notice", required=True, index=True, ondelete="cascade", readonly=True
    )
    run_id = fields.Many2one(related="notice_id.run_id", store=True, precompute=True)
    site_id = fields.Many2one(related="notice_id.site_id", store=True, precompute=True)
    company_id = fields.Many2one(related="notice_id.company_id", store=True, precompute=True)
    channel = fields.Selection(
        [
            ("print", "Printed"),
            ("email", "E-mail"),
            ("sms", "SMS"),
            ("portal", "Portal"),
            ("read", "Read in the portal"),
            ("visit", "Visit"),
            ("call", "Call"),
        ],
        required=True,
        readonly=True,
    )
    result = fields.Selection(
        [("ok", "Done"), ("failed", "Failed")],
        string="Delivery Result",
        required=True,
        readonly=True,
        default="ok",
    )
    at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Delivered by", readonly=True, ondelete="set null"
    )
    recipient = fields.Char(readonly=True, help="Masked address or number.")
    detail = fields.Char(readonly=True, help="Why it failed, or what was said on a visit.")
    reference = fields.Char(readonly=True, help="Number the gateway gave.")
    digest = fields.Char(
        string="SHA-256", readonly=True, help="Of the text or PDF that went out, as evidence."
    )
    attachment_id = fields.Many2one("ir.attachment", string="PDF", readonly=True)

    @api.depends("channel", "at")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for delivery in self:
            delivery.display_name = f"{labels.get(delivery.channel, '')} {delivery.at or ''}"

    @api.model
    def _method_fields(self):
        """Override: who sent what to whom."""
        return super()._method_fields() | {
            "user_id",
            "recipient",
            "reference",
            "digest",
            "attachment_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Name who sends; only visits and calls are written down by hand."""
        if not self.env.su and any(
            vals.get("channel") not in ("visit", "call") for vals in vals_list
        ):
            raise UserError(self.env._("Only visits and calls are written down by hand."))
        allowed = {"notice_id", "channel", "detail", "result", "at"}
        if not self.env.su and any(vals.keys() - allowed for vals in vals_list):
            raise UserError(self.env._("Only visits and calls are written down by hand."))
        return super().create([{"user_id": self.env.uid, **vals} for vals in vals_list])

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse any change: this is evidence."""
        raise UserError(self.env._("The log of deliveries is evidence and is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.notice_id.filtered(lambda notice: notice.state != "prepared"):
            raise UserError(self.env._("The log of deliveries is evidence and is never changed."))
