from odoo import models
from odoo.fields import Domain


class PropertyLease(models.Model):
    _inherit = "property.lease"

    def _on_move_out(self, moveout):
        """Override of `property_leasing` to end the passes of the tenant who is gone.

        Those of the spaces he gave back, and those of their parking spaces, end on his last day;
        passes he holds for other spaces go on.
        """
        result = super()._on_move_out(moveout)
        # sudo: whoever closes a move-out need not be allowed to change passes
        passes_sudo = self.env["property.parking.pass"].sudo()
        units = moveout._units()
        own = Domain(
            "partner_id.commercial_partner_id", "=", moveout.partner_id.commercial_partner_id.id
        )
        places = Domain("unit_id", "in", units.ids) | Domain("space_id", "in", units.ids)
        going_sudo = passes_sudo.search(
            own
            & places
            & Domain("stopped_at", "=", False)
            & (Domain("date_to", "=", False) | Domain("date_to", ">", moveout.date))
        )
        begun_sudo = going_sudo.filtered(lambda card: card.date_from <= moveout.date)
        begun_sudo.date_to = moveout.date
        reason = self.env._("Move-out %(number)s", number=moveout.name)
        for card in going_sudo - begun_sudo:
            card.action_stop(reason)
        for card in going_sudo:
            card.message_post(body=reason)
        return result
