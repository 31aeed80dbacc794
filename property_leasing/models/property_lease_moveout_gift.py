"""What campaigns gave a tenant and he has not used: it lapses when he leaves."""

from odoo import models
from odoo.fields import Domain


class PropertyLeaseMoveout(models.Model):
    _inherit = "property.lease.moveout"

    def _gifts_sudo(self):
        """Return what campaigns gave the tenant and he has not used."""
        self.ensure_one()
        given = self._credit_domain() & Domain("campaign_id", "!=", False)
        # sudo: leasing sees what is kept without rights on the money
        return self.env["property.prepayment"].sudo().search(given, order="id")

    def _statement_facts(self):
        """Extend: say what lapses; it is no part of the total."""
        facts = super()._statement_facts()
        lapsing = [
            {"name": f"{one.campaign_id.name} {one.name}", "amount": one.amount_left}
            for one in self._gifts_sudo()
        ]
        return {**facts, "lapsing": lapsing} if lapsing else facts

    def _check_request(self):
        """Extend: nobody uses a gift meanwhile."""
        self._gifts_sudo()._lock_lines()
        return super()._check_request()

    def _refund_rest(self):
        """Extend: a gift is not paid back, it lapses."""
        result = super()._refund_rest()
        for gift_sudo in self._gifts_sudo():
            gift_sudo._lapse(gift_sudo.amount_left, self.display_name)
        return result
