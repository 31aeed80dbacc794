from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .property_charge import NO_MAIL


class PropertyDecisionUndo(models.Model):
    """An approved write-off or waiver taken back: asked for with a reason, approved by a second
    person (撤销核销). The bills are owed again, as if it had never been approved.
    """

    _name = "property.decision.undo"
    _description = "Undo of a Write-off or Waiver"
    _inherit = ["property.approval"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    write_off_id = fields.Many2one(
        "property.write.off",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('approval_state', '=', 'approved'), ('is_undone', '=', False)]",
    )
    waiver_id = fields.Many2one(
        "property.late.fee.waiver",
        string="Late Fee Waiver",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('approval_state', '=', 'approved'), ('is_undone', '=', False)]",
    )
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Text(required=True, tracking=True)
    amount = fields.Monetary(
        compute="_compute_amount", string="Owed Again", help="What the bills owe again, in yuan."
    )

    _one_decision = models.Constraint(
        "CHECK((write_off_id IS NULL) <> (waiver_id IS NULL))",
        "Choose the write-off, or the waiver, to undo: one of the two.",
    )

    @api.depends("write_off_id.name", "waiver_id.name")
    def _compute_name(self):
        for undo in self:
            undo.name = undo._decision().name

    @api.depends("write_off_id.site_id", "waiver_id.site_id")
    def _compute_site_id(self):
        for undo in self:
            undo.site_id = undo._decision().site_id

    @api.depends("write_off_id", "waiver_id", "approval_state")
    def _compute_amount(self):
        for undo in self:
            undo.amount = undo._undone_amount()[1]

    @api.constrains("write_off_id", "waiver_id")
    def _check_access_to_decision(self):
        for undo in self:
            if not undo._decision():
                raise ValidationError(self.env._("Choose the write-off, or the waiver, to undo."))
            undo._decision().check_access("read")

    def _decision(self):
        return self.write_off_id or self.waiver_id

    @api.model
    def _action_for(self, decision):
        """Return the action that asks for undoing a decision.

        :param decision: property.write.off or property.late.fee.waiver
        """
        decision.ensure_one()
        decision._approval_expect("approved")
        name = "write_off_id" if decision._name == "property.write.off" else "waiver_id"
        known = self.search([(name, "=", decision.id)], limit=1)
        open_ones = known.filtered(lambda undo: undo.approval_state != "cancelled")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": open_ones.id,
            "views": [(False, "form")],
            "context": {f"default_{name}": decision.id},
        }

    # Approval ---------------------------------------------------------------------------------

    def _notes_sudo(self):
        # sudo: a site manager approves without accounting rights
        return self._decision().sudo().credit_ids.filtered(lambda note: note.state == "posted")

    def _undone_amount(self):
        """Return (number of bills, what they owe again)."""
        notes_sudo = self._notes_sudo()
        # sudo: reliefs follow from decisions and have no rights of their own for writing
        reliefs_sudo = self._decision().sudo().relief_ids
        bills_sudo = notes_sudo.credit_of_bill_id | reliefs_sudo.bill_id
        amount = sum(notes_sudo.mapped("amount_total"))
        if self.waiver_id:
            # a waiver's relief is the whole of it; what was billed is credited on top of that
            amount = sum(reliefs_sudo.mapped("amount"))
        return len(bills_sudo), amount

    def _approval_impact(self):
        """Return the number of bills and what they owe again."""
        return self._undone_amount()

    def _check_request(self):
        """Raise unless the decision stands and its credit notes can still be cancelled."""
        self.ensure_one()
        decision = self._decision()
        if decision.approval_state != "approved" or decision.is_undone:
            raise UserError(
                self.env._("%(decision)s is not in force: nothing to undo.", decision=decision.name)
            )
        notes_sudo = self._notes_sudo()
        for note in notes_sudo:
            if note.inalterable_hash or note._get_violated_lock_dates(
                note.date, note._affect_tax_report()
            ):
                raise UserError(
                    self.env._(
                        "%(note)s lies in a period that is closed, so it cannot be taken back. "
                        "Bill what is owed anew, as a one-off charge.",
                        note=note.name,
                    )
                )
            charge = note.credit_of_bill_id.property_charge_id
            if note.credit_of_bill_id.state != "posted" or (charge and charge.state != "posted"):
                raise UserError(
                    self.env._(
                        "%(bill)s was itself undone meanwhile: it is not owed again.",
                        bill=note.credit_of_bill_id.name,
                    )
                )

    def _on_approved(self):
        """Cancel the credit notes, ask for the late fees again, and say so on the decision."""
        self.ensure_one()
        notes_sudo = self._notes_sudo().with_context(**NO_MAIL)
        bills_sudo = notes_sudo.credit_of_bill_id
        (bills_sudo | self._decision().sudo().bill_ids)._property_lock_for_late_fees()
        notes_sudo.line_ids.remove_move_reconcile()
        # cancelled from posted: the entries stay on file with their numbers
        notes_sudo.button_draft()
        notes_sudo.button_cancel()
        decision_sudo = self._decision().sudo()
        decision_sudo.relief_ids.write({"active": False})
        decision_sudo.write({"is_undone": True})
        decision_sudo.message_post(
            body=self.env._(
                "Undone: %(reason)s (%(effect)s)", reason=self.reason, effect=self.impact_text
            )
        )
        self.env["account.move"].invalidate_model(["amount_residual", "payment_state"])
