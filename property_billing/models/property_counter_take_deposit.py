from odoo import api, models
from odoo.exceptions import UserError

from .property_deposit_type import LOOSE_KINDS


class PropertyCounter(models.AbstractModel):
    """Deposits at the counter: for decoration, cards, keys (收押金)."""

    _inherit = "property.counter"

    @api.model
    def open_household(self, unit_id):
        """Extend with the kinds of deposit its site takes, and who may leave one."""
        values = super().open_household(unit_id)
        head = self._head(unit_id)
        return {
            **values,
            "deposit_types": [
                {"id": one.id, "name": one.name, "amount": self._text(one, one.amount)}
                for one in self._deposit_types(head.site_id)
            ],
            "deposit_payers": [
                {"id": one.id, "name": one.name or ""} for one in self._deposit_payers(head)
            ],
        }

    @api.model
    def _deposit_types(self, site):
        return self.env["property.deposit.type"].search(
            [
                ("company_id", "=", site.company_id.id),
                ("site_id", "in", (site.id, False)),
                ("kind", "in", [kind for kind, _label in LOOSE_KINDS]),
            ]
        )

    @api.model
    def _deposit_payers(self, head):
        """Return who owns it or lives there today, the owner first."""
        rows = self._people(head).get(head, self.env["property.occupancy"])
        # sudo: whoever may see who lives there may see the names
        return rows.partner_id.sudo()

    @api.model
    def _deposits(self, spec, head):
        """Return the deposits to take, as advances: they come with the money."""
        wanted = spec.get("deposit")
        return [self._deposit_advance(wanted, head)] if wanted else []

    @api.model
    def _deposit_advance(self, wanted, head):
        """Turn the wish of the screen into the deposit to take.

        :param dict wanted: ``type_id``, ``payer_id`` (the owner when left out), ``amount`` (text;
            the usual one when empty) and ``note``: what it secures
        :raise UserError: when kind, payer or amount do not fit
        """
        kind = self._deposit_types(head.site_id).filtered(
            lambda one: one.id == wanted.get("type_id")
        )
        if not kind:
            raise UserError(self.env._("Choose the kind of deposit."))
        payers_sudo = self._deposit_payers(head)
        payer_sudo = payers_sudo.filtered(lambda one: one.id == wanted.get("payer_id"))
        payer_sudo = payer_sudo or payers_sudo[:1]
        if not payer_sudo:
            raise UserError(
                self.env._(
                    "%(unit)s has no owner or tenant to keep a deposit for. Register who lives "
                    "there first.",
                    unit=head.code,
                )
            )
        amount = self._amount(wanted.get("amount") or self._text(kind, kind.amount))
        if not amount:
            raise UserError(self.env._("Enter the amount of the deposit."))
        note = str(wanted.get("note") or "").strip()[:200]
        return {
            "unit": head,
            "payer": payer_sudo.sudo(self.env.su),
            "item": None,
            "amount": amount,
            "note": " · ".join(filter(None, (kind.name, note))),
            "deposit_type": kind,
            "deposit_note": note,
        }
