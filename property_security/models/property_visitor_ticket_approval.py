from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime

TODO = "mail.mail_activity_data_todo"


class PropertyVisitorTicket(models.AbstractModel):
    """Tickets that customer service agrees to: the managers of the site are asked."""

    _inherit = "property.visitor.ticket"

    def _ask_for_approval(self):
        """Give the managers of the site an activity."""
        self.ensure_one()
        ticket_sudo = self.sudo()  # a resident asks, who sees neither managers nor activities
        for user in ticket_sudo.site_id._managers_to_tell():
            asked_sudo = ticket_sudo.with_context(lang=user.lang)
            text = asked_sudo.env._(
                "Approve or refuse: %(ticket)s, %(unit)s",
                ticket=asked_sudo.display_name,
                unit=asked_sudo.unit_id.code,
            )
            asked_sudo.activity_schedule(TODO, summary=text, user_id=user.id)

    def _approval_over(self):
        """Take away the activities of what does not wait any more."""
        self.sudo().activity_unlink([TODO])  # whoever decides, all managers are done

    def action_approve(self):
        """Agree to what residents ask for."""
        self._decide_approval("approved")

    def action_refuse(self):
        """Ask why, then refuse what residents ask for."""
        self._check_decides()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "property.visitor.refusal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "refused_ids": self.ids},
        }

    def _decide_approval(self, approval, refusal=""):
        """Decide about tickets that wait for it, and tell the residents.

        :param str approval: approved or refused
        :param str refusal: what the resident reads
        :raise UserError: one does not wait any more
        """
        self._check_decides()
        values = {
            "approval": approval,
            "refusal": refusal or False,
            "decided_uid": self.env.uid,
            "decided_at": Datetime.now(),
        }
        self.sudo().write(values)  # sudo: decisions are written here only
        self._approval_over()
        for ticket in self:
            ticket._tell_resident(ticket._decision_text(approval))

    def _check_decides(self):
        self.check_access("write")
        if not self.env.user.has_group("property_base.group_service"):
            raise AccessError(self.env._("Customer service decides about this."))
        if self.filtered(lambda ticket: ticket.approval != "waiting" or ticket.revoked_at):
            raise UserError(self.env._("This does not wait for approval any more. Reload it."))
