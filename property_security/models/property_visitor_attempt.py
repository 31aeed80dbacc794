from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

WINDOW = timedelta(minutes=10)
MOST_OF_ONE, MOST_AT_SITE = 10, 60
KEPT = timedelta(days=7)


class PropertyVisitorAttempt(models.Model):
    """A code that was typed at a gate: wrong ones are counted, so that nobody tries them out."""

    _name = "property.visitor.attempt"
    _description = "Typed Visitor Code"
    _order = "id desc"
    _log_access = False

    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    gate_id = fields.Many2one(
        "property.gate", index="btree_not_null", ondelete="cascade", help="Where no guard typed it."
    )
    at = fields.Datetime(required=True, index=True)
    is_hit = fields.Boolean()

    @api.model
    def _is_blocked(self, site, gate=None):
        """Tell whether no more codes are taken for now from this user or at this site.

        :param gate: property.gate of kind door where a visitor types himself
        """
        # sudo: nobody reads or writes these by hand
        attempts_sudo = self.sudo()
        wrong = Domain("is_hit", "=", False) & Domain("at", ">", fields.Datetime.now() - WINDOW)
        if gate:
            one = Domain("gate_id", "=", gate.id)
        else:
            one = Domain("gate_id", "=", False) & Domain("user_id", "=", self.env.uid)
        of_one = attempts_sudo.search_count(wrong & one)
        at_site = attempts_sudo.search_count(wrong & Domain("site_id", "=", site.id))
        return of_one >= MOST_OF_ONE or at_site >= MOST_AT_SITE

    @api.model
    def _note(self, site, is_hit, gate=None):
        """Remember that a code was typed."""
        # sudo: nobody reads or writes these by hand
        self.sudo().create(
            {
                "site_id": site.id,
                "user_id": self.env.uid,
                "gate_id": gate and gate.id,
                "at": fields.Datetime.now(),
                "is_hit": is_hit,
            }
        )

    @api.autovacuum
    def _gc_attempts(self):
        old = Domain("at", "<", fields.Datetime.now() - KEPT)
        self.search(old, limit=10_000).unlink()
