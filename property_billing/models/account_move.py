from odoo import api, fields, models
from odoo.exceptions import UserError

BILL_SCOPE = frozenset(
    (
        "property_charge_id",
        "billing_run_id",
        "unit_id",
        "site_id",
        "charge_item_id",
        "period_from",
        "period_to",
        "is_opening",
    )
)


class AccountMove(models.Model):
    _inherit = "account.move"

    property_charge_id = fields.Many2one(
        "property.charge",
        string="Charge",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    billing_run_id = fields.Many2one(
        "property.billing.run",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    unit_id = fields.Many2one(
        "property.unit", string="Property Unit", index="btree_not_null", ondelete="restrict"
    )
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    charge_item_id = fields.Many2one(
        "property.charge.item", index="btree_not_null", ondelete="restrict"
    )
    period_from = fields.Date()
    period_to = fields.Date(string="Period Until")
    is_opening = fields.Boolean(string="Opening Arrears", readonly=True)

    _charge_once = models.UniqueIndex(
        "(property_charge_id) WHERE property_charge_id IS NOT NULL AND move_type = 'out_invoice'",
        "This charge already has a bill.",
    )

    @api.depends("unit_id")
    def _compute_site_id(self):
        for move in self:
            move.site_id = move.unit_id.site_id or move.site_id

    def write(self, vals):
        """Override of `account` to keep a posted bill where its charge put it.

        A draft is not moved to a site its writer does not see.
        """
        if BILL_SCOPE & vals.keys() and any(
            move.state == "posted" and move.property_charge_id for move in self
        ):
            raise UserError(
                self.env._(
                    "Unit, site, item and period of a posted bill come from its charge. Undo the "
                    "charge, correct it and bill again."
                )
            )
        if not self.env.su:
            self._check_written_by_hand(vals)
        result = super().write(vals)
        if "unit_id" in vals or "site_id" in vals:
            self.check_access("write")
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account`: only posting a charge makes the bill of a charge."""
        if not self.env.su:
            for vals in vals_list:
                if vals.get("property_charge_id") or vals.get("billing_run_id"):
                    self._refuse_by_hand()
        return super().create(vals_list)

    def _check_written_by_hand(self, vals):
        """Keep users from tying entries to charges, and bills of charges in their state.

        :raise UserError: when a user writes such a value
        """
        if {"property_charge_id", "billing_run_id", "is_opening"} & vals.keys():
            self._refuse_by_hand()
        if "state" in vals and self._bills_of_charges():
            self._refuse_by_hand()

    def _bills_of_charges(self):
        """Return the bills of charges that were posted, whatever became of them since.

        One that was cancelled must not come back either: its days may be billed anew.
        """
        # sudo: whether there is a charge is known to whoever sees the bill
        return self.sudo().filtered(
            lambda move: move.property_charge_id.state in ("posted", "reversed", "cancelled")
        )

    def _refuse_by_hand(self):
        raise UserError(
            self.env._(
                "This bill belongs to a charge. Undo the charge or its billing run: the bill "
                "is then cancelled, or credited where it is paid."
            )
        )

    def button_draft(self):
        """Override of `account` to keep bills of charges from being edited."""
        # Anybody can send a context; only code that checked the access runs as superuser.
        is_undo = self.env.su and self.env.context.get("property_undo")
        if not is_undo and self._bills_of_charges():
            self._refuse_by_hand()
        return super().button_draft()

    @api.depends("property_charge_id.state")
    def _compute_show_reset_to_draft_button(self):
        """Override of `account`: offer no button that is refused anyway."""
        result = super()._compute_show_reset_to_draft_button()
        ids = set(self._bills_of_charges().ids)
        for move in self.filtered(lambda move: move.id in ids):
            move.show_reset_to_draft_button = False
        return result

    def _post(self, soft=True):
        """Override of `account` to free the days of a charge whose bill was credited in full."""
        posted = super()._post(soft=soft)
        refunds_sudo = posted.sudo().filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.reversed_entry_id.property_charge_id.state == "posted"
                and move.reversed_entry_id.company_id == move.company_id
                and move.reversed_entry_id.commercial_partner_id == move.commercial_partner_id
                and not move.currency_id.compare_amounts(
                    move.amount_total, move.reversed_entry_id.amount_total
                )
            )
        )
        if refunds_sudo:
            refunds_sudo.reversed_entry_id.property_charge_id._mark_reversed()
        return posted

    def _property_credit_notes(self):
        """Return the posted credit notes of a bill."""
        return self.reversal_move_ids.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
