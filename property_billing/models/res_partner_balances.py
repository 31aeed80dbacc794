from odoo import fields, models

from .property_unit_balances import MONEY_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    property_prepaid_count = fields.Integer(
        string="Prepayments", compute="_compute_property_kept_counts", groups=MONEY_GROUPS
    )
    property_deposit_count = fields.Integer(
        string="Number of Deposits", compute="_compute_property_kept_counts", groups=MONEY_GROUPS
    )

    def _compute_property_kept_counts(self):
        for field, model in (
            ("property_prepaid_count", "property.prepayment"),
            ("property_deposit_count", "property.deposit"),
        ):
            counts = dict(
                self.env[model]._read_group(
                    [("partner_id", "in", self.ids), ("amount_left", ">", 0)],
                    ["partner_id"],
                    ["__count"],
                )
            )
            for partner in self:
                partner[field] = counts.get(partner._origin, 0)

    def action_view_prepayments(self):
        """Open the prepayments of the person."""
        return self._action_property_kept("property_billing.property_prepayment_action")

    def action_view_deposits(self):
        """Open the deposits of the person."""
        return self._action_property_kept("property_billing.property_deposit_action")

    def _action_property_kept(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def _property_anonymise_blockers(self):
        """Override of `property_base` to keep people to whom a deposit is owed back."""
        blockers = super()._property_anonymise_blockers()
        # sudo: a manager may not see the deposits of every site a person has a home in
        deposits_sudo = (
            self.env["property.deposit"]
            .sudo()
            .search([("partner_id", "in", self.ids), ("amount_left", ">", 0)])
        )
        for partner, own_sudo in deposits_sudo.grouped("partner_id").items():
            blockers[partner.sudo(self.env.su)].append(
                self.env._(
                    "has deposits of %(amount)s, pay them back first",
                    amount=own_sudo.currency_id[:1].format(sum(own_sudo.mapped("amount_left"))),
                )
            )
        return blockers
