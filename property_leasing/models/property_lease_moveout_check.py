from odoo import api, fields, models
from odoo.exceptions import UserError

RESULTS = [
    ("ok", "In order"),
    ("damaged", "Damaged"),
    ("missing", "Gone missing"),
    ("none", "Does not apply"),
]
#: What only the steps of the move-out write.
RESULT_FIELDS = frozenset(("charge_id", "reading_id"))


class PropertyLeaseMoveoutLine(models.AbstractModel):
    """A row of a move-out: open until its statement is offered to the tenant."""

    _name = "property.lease.moveout.line"
    _description = "Row of a Move-out"
    _inherit = ["property.scoped", "property.evidence"]

    moveout_id = fields.Many2one(
        "property.lease.moveout", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="moveout_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="moveout_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.model
    def _method_fields(self):
        """Override: what billing and closing the move-out write."""
        return super()._method_fields() | RESULT_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new rows of a statement that is offered."""
        for vals in vals_list:
            self._refuse_results(vals)
        rows = super().create(vals_list)
        rows._check_open()
        return rows

    def write(self, vals):
        """Refuse other rows of a statement that is offered."""
        self._refuse_results(vals)
        self._check_open()
        result = super().write(vals)
        if "moveout_id" in vals:
            self._check_open()
            self.check_access("write")
        return result

    def _refuse_results(self, vals):
        """Refuse what only the steps write: a row that looks charged is not on the statement."""
        if not self.env.su and RESULT_FIELDS & vals.keys():
            raise UserError(self.env._("Bill or close the move-out: its bills follow from that."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        self._check_open()

    def _check_open(self):
        if self.env.su:
            return
        closed = self.moveout_id.filtered(
            lambda one: one.step not in ("planned", "inspected", "disputed")
        )
        if closed:
            raise UserError(
                self.env._(
                    "The statement of %(moveout)s is with the tenant. Take it back to change it.",
                    moveout=closed[0].name,
                )
            )


class PropertyLeaseMoveoutCheck(models.Model):
    """One thing that is looked at when a space is given back."""

    _name = "property.lease.moveout.check"
    _description = "Check of a Move-out"
    _inherit = ["property.lease.moveout.line"]
    _order = "moveout_id, unit_id, sequence, id"

    sequence = fields.Integer(default=10)
    unit_id = fields.Many2one("property.unit", string="Space", required=True, ondelete="restrict")
    name = fields.Char(string="What", required=True)
    result = fields.Selection(RESULTS)
    note = fields.Char(string="Remark")
    checked_at = fields.Datetime(readonly=True, copy=False)
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    def write(self, vals):
        """Keep who looked, and when."""
        if vals.get("result"):
            vals = {
                "checked_at": fields.Datetime.now(),
                "checked_by_id": self.env.uid,
                **vals,
            }
        return super().write(vals)

    def action_deduct(self):
        """Open a deduction for the damage."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deduction"),
            "res_model": "property.lease.moveout.deduction",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_moveout_id": self.moveout_id.id,
                "default_unit_id": self.unit_id.id,
                "default_check_id": self.id,
                "default_name": ": ".join(filter(None, (self.name, self.note))),
                "default_attachment_ids": [(6, 0, self.attachment_ids.ids)],
            },
        }
