from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_base.fields import CopiedMany2one

from ..tools import plan

POST_BATCH = 200
NO_MAIL = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}
FROZEN_FIELDS = {
    "fee_id",
    "share",
    "unit_id",
    "item_id",
    "payer_id",
    "date_from",
    "date_to",
    "quantity",
    "amount",
    "tax_id",
    "basis",
    "explanation",
    "line_ids",
}


class PropertyCharge(models.Model):
    """What is owed for a unit, an item and a period, and why: evidence beside the invoice."""

    _name = "property.charge"
    _description = "Charge"
    # worked out, not entered: one absurd price does not stop the run of a site
    _property_own_limits = frozenset({"amount", "quantity"})
    _inherit = ["property.made.by.methods"]
    _order = "date_to desc, site_id, unit_sort_key, item_id, date_from, id"

    run_id = fields.Many2one(
        "property.billing.run", string="Billing Run", index="btree_not_null", ondelete="restrict"
    )
    fee_id = fields.Many2one("property.fee", required=True, index=True, ondelete="restrict")
    share = fields.Integer(
        default=0,
        required=True,
        aggregator=False,
        help="0 for the whole; the pool's number for a shared cost; below 0 for a part of a split "
        "fee, as tools/shares.py writes it; the key of its base for a percentage.",
    )
    # Every index is paid for twice a bill, when it is computed and when it is posted: sites are
    # found by _period_index, states by run, unit or site.
    site_id = CopiedMany2one(related="unit_id.site_id", store=True, precompute=True)
    company_id = CopiedMany2one(related="unit_id.company_id", store=True, precompute=True)
    currency_id = CopiedMany2one(related="company_id.currency_id", store=True, precompute=True)
    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="restrict")
    unit_sort_key = fields.Char(
        related="unit_id.sort_key", store=True, precompute=True, string="Unit Order"
    )
    building_id = CopiedMany2one(related="unit_id.building_id", store=True, precompute=True)
    item_id = fields.Many2one(
        "property.charge.item", required=True, index=True, ondelete="restrict"
    )
    category = fields.Selection(related="item_id.category", store=True, precompute=True)
    payer_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    meter_id = fields.Many2one("property.meter", index="btree_not_null", ondelete="restrict")
    allocation_id = fields.Many2one(
        "property.allocation", index="btree_not_null", ondelete="restrict"
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True, index=True)
    quantity = fields.Float(digits=(16, 4), help="Area in m², consumption, or number.")
    amount = fields.Monetary(required=True, help="VAT included.")
    tax_id = fields.Many2one("account.tax", string="VAT", ondelete="restrict")
    basis = fields.Json(copy=False, help="The frozen facts the amount follows from.")
    explanation = fields.Text()
    line_ids = fields.One2many("property.charge.line", "charge_id", string="Lines")
    move_id = fields.Many2one(
        "account.move", string="Bill", index="btree_not_null", ondelete="restrict", copy=False
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("posted", "Posted"),
            ("reversed", "Reversed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
    )
    amount_residual = fields.Monetary(related="move_id.amount_residual", string="Amount Due")
    payment_state = fields.Selection(related="move_id.payment_state", string="Payment")
    is_opening = fields.Boolean(string="Opening Arrears")
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    _billed_once = models.Constraint(
        "EXCLUDE USING gist (fee_id WITH =, (GREATEST(share, 0)) WITH =,"
        " (CASE WHEN share < 0 THEN int4range(-share / 10001, mod(-share, 10001))"
        " ELSE int4range(0, 10000) END) WITH &&, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (state NOT IN ('cancelled', 'reversed'))",
        "This fee is already billed for these days. Undo the earlier bill first.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A charge cannot end before it starts."
    )
    _posted_has_bill = models.Constraint(
        "CHECK(state <> 'posted' OR move_id IS NOT NULL)", "A posted charge must have a bill."
    )
    _period_index = models.Index("(site_id, item_id, date_to)")
    _draft_index = models.Index("(run_id, id) WHERE state = 'draft'")
    _opening_index = models.Index("(site_id) WHERE is_opening")

    @api.depends("item_id.name", "unit_id.code", "date_from", "date_to")
    def _compute_display_name(self):
        for charge in self:
            charge.display_name = (
                f"{charge.unit_id.code} {charge.item_id.name}"
                f" {charge.date_from or ''} – {charge.date_to or ''}"
            )

    def write(self, vals):
        """Refuse to edit what was billed: a correction is a credit note and a new charge."""
        if FROZEN_FIELDS & vals.keys() and any(charge.state != "draft" for charge in self):
            raise UserError(
                self.env._(
                    "A billed charge cannot be edited. Undo it and bill again: the old bill is "
                    "cancelled or credited and stays on file."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if any(charge.state != "draft" for charge in self):
            raise UserError(
                self.env._("A billed charge cannot be deleted. Undo it: it stays on file.")
            )

    def action_view_bill(self):
        """Open the invoice of the charge."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {**action, "views": [(False, "form")], "res_id": self.move_id.id}

    def action_undo(self):
        """Undo single charges: cancel their bills, or credit what is paid or locked."""
        self.check_access("read")
        self.env["property.billing.run"].check_access("write")
        posted = self.filtered(lambda charge: charge.state == "posted")
        if not posted:
            raise UserError(self.env._("Only posted charges can be undone. Choose posted ones."))
        posted._undo_and_keep(self.env._("Charges undone"))

    def _derive(self):
        """Compute the charge again from its frozen facts.

        :return: the dict of ``tools.plan.derive``
        """
        self.ensure_one()
        return plan.derive(self.basis)
