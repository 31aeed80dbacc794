from odoo import api, fields, models


class PropertyPatrolWandHolder(models.Model):
    """That a guard has a wand for some time: whatever it reads was read by him."""

    _name = "property.patrol.wand.holder"
    _description = "Holder of a Patrol Wand"
    _inherit = ["property.patrol.scoped"]
    _order = "wand_id, from_at desc, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    wand_id = fields.Many2one(
        "property.patrol.wand", required=True, index=True, ondelete="cascade", check_company=True
    )
    site_id = fields.Many2one(related="wand_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="wand_id.company_id", store=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Guard", required=True, index=True, check_company=True
    )
    from_at = fields.Datetime(
        string="Begins", required=True, default=lambda self: fields.Datetime.now()
    )
    to_at = fields.Datetime(string="Ends", help="Empty: until further notice.")

    _times_in_order = models.Constraint(
        "CHECK (to_at IS NULL OR to_at > from_at)", "The end is after the beginning."
    )
    _one_holder = models.Constraint(
        "EXCLUDE USING gist (wand_id WITH =, tsrange(from_at, to_at) WITH &&)",
        "Somebody else has the wand at this time: end his time first.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Hand a wand over in one go: whose time was ended in the same screen has ended it."""
        self.flush_model(["wand_id", "from_at", "to_at"])
        return super().create(vals_list)
