from dateutil.relativedelta import relativedelta
from odoo import api, fields, models


class PropertyLeasingReserve(models.TransientModel):
    """Hold spaces for a prospect until a day."""

    _name = "property.leasing.reserve"
    _description = "Reserve Spaces"

    lead_id = fields.Many2one("crm.lead", string="Prospect", required=True, readonly=True)
    site_id = fields.Many2one(related="lead_id.site_id")
    currency_id = fields.Many2one(related="site_id.company_id.currency_id")
    space_ids = fields.Many2many(
        "property.space", string="Spaces", domain="[('site_id', '=', site_id)]"
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(days=14),
        help="Last day; afterwards the spaces are free by itself.",
    )
    amount = fields.Monetary(
        string="Intention Deposit",
        help="For all the spaces together, shared by their asking rents. The cashier receives each "
        "part from the form of the space.",
    )
    held_ids = fields.Many2many(
        "property.space", compute="_compute_held_ids", string="Held by Others"
    )
    waits = fields.Boolean(
        string="Wait in Line",
        help="For spaces that others hold: the prospect holds them from the day on which they are "
        "released, for as many days.",
    )

    @api.depends("space_ids")
    def _compute_held_ids(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            wizard.held_ids = wizard.space_ids._origin._held_by_others(wizard.lead_id, today)

    def action_confirm(self):
        """Reserve the spaces."""
        self.ensure_one()
        self.lead_id._reserve(self.space_ids, self.date_to, self.amount, waits=self.waits)
        return {"type": "ir.actions.act_window_close"}
