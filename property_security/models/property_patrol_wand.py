from odoo import api, fields, models

from ..tools.wand_file import number_of


class PropertyPatrolWand(models.Model):
    """A classic patrol wand: it knows its own number, cards and the time, and nothing else."""

    _name = "property.patrol.wand"
    _description = "Patrol Wand"
    _inherit = ["property.patrol.scoped", "mail.thread"]
    _order = "site_id, number, id"
    _rec_names_search = ["name", "number"]

    name = fields.Char(required=True, tracking=True)
    number = fields.Char(
        string="Device Number",
        required=True,
        tracking=True,
        help="Number of the device, as its files tell it.",
    )
    active = fields.Boolean(default=True, tracking=True)
    site_id = fields.Many2one(
        "property.site", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    clock_offset = fields.Integer(
        string="Clock Ahead",
        tracking=True,
        help="Seconds by which the wand's clock is ahead; negative: behind. Taken off its times.",
    )
    holder_ids = fields.One2many("property.patrol.wand.holder", "wand_id", string="Holders")

    _number_unique = models.UniqueIndex(
        "(site_id, number)", "The site has a wand of this number already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Bring numbers into one spelling."""
        return super().create([self._normalised(vals) for vals in vals_list])

    def write(self, vals):
        """Bring numbers into one spelling."""
        return super().write(self._normalised(vals))

    @api.model
    def _normalised(self, vals):
        return {**vals, "number": number_of(vals["number"])} if vals.get("number") else vals

    def _holder_at(self, at):
        """Return who has the wand at a moment.

        :param at: naive UTC datetime
        :return: hr.employee
        """
        self.ensure_one()
        holders = self.holder_ids.filtered(
            lambda one: one.from_at <= at and (not one.to_at or at < one.to_at)
        )
        return holders[:1].employee_id
