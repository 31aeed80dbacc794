"""Credit notes of whole bills, created together: Odoo copies entries one after the other."""

from odoo import models
from odoo.fields import Command

from .billing_census import KNOWN, module_of

#: Who else has a say in one of these is asked, by reversing in Odoo's own way.
HOOKS = ("_reverse_moves", "copy", "copy_data")
#: Lines that a person writes; the others follow from them.
WRITTEN = ("product", "line_section", "line_subsection", "line_note")
#: What follows from a line's price, or from the entry it is in.
FOLLOWING = ("move_id", "balance", "amount_currency")


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _reverse_bills(self, moves_sudo):
        """Post the credit notes of whole bills and reconcile them with the bills.

        :param moves_sudo: posted account.move
        """
        if not moves_sudo:
            return
        values = [self._prepare_credit_vals(move) for move in moves_sudo]
        if self._others_reverse(moves_sudo):
            moves_sudo._reverse_moves(values, cancel=True)
            return
        moves_sudo.line_ids.remove_move_reconcile()
        notes_sudo = moves_sudo.create(
            [
                self._prepare_reverse_vals(move, vals)
                for move, vals in zip(moves_sudo, values, strict=True)
            ]
        )
        notes_sudo._message_log_batch(
            bodies={
                note.id: note.reversed_entry_id._get_copy_message_content(
                    {"reversed_entry_id": note.reversed_entry_id.id}
                )
                for note in notes_sudo
            }
        )
        notes_sudo.with_context(move_reverse_cancel=True)._post(soft=False)

    def _others_reverse(self, moves_sudo):
        """Tell whether an addon we know nothing of takes part in reversing entries."""
        makers = {
            module_of(vars(cls)[name])
            for cls in type(moves_sudo).__mro__
            for name in HOOKS
            if name in vars(cls)
        }
        return bool(makers - KNOWN)

    def _prepare_reverse_vals(self, move_sudo, vals):
        """Prepare a credit note as `account` copies one, without the lines that it works out."""
        [copied] = move_sudo.with_context(
            move_reverse_cancel=True, include_business_fields=True
        ).copy_data(
            {
                **vals,
                "move_type": "out_refund",
                "reversed_entry_id": move_sudo.id,
                "partner_id": move_sudo.partner_id.id,
            }
        )
        copied["invoice_line_ids"] = [
            Command.create({name: value for name, value in line.items() if name not in FOLLOWING})
            for _command, _id, line in copied.pop("line_ids")
            if line["display_type"] in WRITTEN
        ]
        return copied
