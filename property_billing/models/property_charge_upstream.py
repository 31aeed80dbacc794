"""Metered charges that count on earlier ones: neither is posted or undone without the other.

Loaded after the modules that post and undo, whose methods these guards come before.
"""

from odoo import models
from odoo.exceptions import UserError


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _post(self):
        """Override to refuse charges that count on earlier ones undone since they were computed."""
        drafts = self._metered_drafts()
        counted = {charge: charge._counted_charges() for charge in drafts}
        ids = {one for found in counted.values() for one in found}
        if ids:
            alive = self.search(
                [("id", "in", list(ids)), ("state", "not in", ("cancelled", "reversed"))]
            )
            alive = set(alive.ids)
            for charge, found in counted.items():
                if found - alive:
                    raise UserError(
                        self.env._(
                            "%(charge)s counts on an earlier bill that was undone meanwhile. "
                            "Compute its billing run again.",
                            charge=charge.display_name,
                        )
                    )
        return super()._post()

    def _metered_drafts(self):
        """Return the drafts of the recordset that bill a meter, without reading the others."""
        self.flush_model(["state", "meter_id"])
        self.env.cr.execute(
            """
            SELECT charge.id FROM unnest(%s::int[]) AS given (id)
              CROSS JOIN LATERAL (SELECT id, state, meter_id FROM property_charge
                                   WHERE id = given.id OFFSET 0) charge
             WHERE charge.state = 'draft' AND charge.meter_id IS NOT NULL
            """,
            [self.ids],
        )
        return self.browse(charge_id for (charge_id,) in self.env.cr.fetchall())

    def _undo(self):
        """Override to refuse undoing what later bills of the same meter count on."""
        posted = self.filtered(lambda charge: charge.state == "posted" and charge.meter_id)
        later = self.search(
            [
                ("fee_id", "in", posted.fee_id.ids),
                ("state", "=", "posted"),
                ("id", "not in", self.ids),
                ("date_to", ">", min(posted.mapped("date_to"))),
            ]
            if posted
            else [("id", "=", False)]
        )
        undone = set(posted.ids)
        for charge in later:
            if found := charge._counted_charges() & undone:
                raise UserError(
                    self.env._(
                        "%(later)s counts on %(charge)s, because of an estimate or the tiers of "
                        "the year. Undo the later bill first.",
                        later=charge.display_name,
                        charge=self.browse(found.pop()).display_name,
                    )
                )
        return super()._undo()
