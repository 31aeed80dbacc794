"""What is put up on the notice board of a shared cost (公摊公示): no names, every unit's part."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyAllocation(models.Model):
    _inherit = "property.allocation"

    charge_ids = fields.One2many("property.charge", "allocation_id", string="Shares")
    share_count = fields.Integer(compute="_compute_shares", string="Units Sharing")
    amount_shared = fields.Monetary(
        compute="_compute_shares",
        string="Shared Out",
        help="Sum of the shares charged; less than the amount while a unit has nobody to pay.",
    )

    @api.depends("charge_ids.amount", "charge_ids.state")
    def _compute_shares(self):
        rows = {
            pool.id: (count, amount)
            for pool, count, amount in self.env["property.charge"]._read_group(
                [("allocation_id", "in", self.ids), ("state", "in", ("draft", "posted"))],
                ["allocation_id"],
                ["__count", "amount:sum"],
            )
        }
        for pool in self:
            pool.share_count, pool.amount_shared = rows.get(pool._origin.id, (0, 0.0))

    def action_view_shares(self):
        """Open the charges of the units that share this cost."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        return {**action, "domain": [("allocation_id", "=", self.id)], "context": {}}

    def _disclosures(self):
        """Return what the notice says of each pool: plain values, without any name of a person.

        :return: list of dict
        :raise UserError: when none of the pools has been shared out yet
        """
        self.check_access("read")
        charges = self.env["property.charge"].search(
            [("allocation_id", "in", self.ids), ("state", "in", ("draft", "posted"))],
            order="unit_sort_key, id",
        )
        by_pool = charges.grouped("allocation_id")
        if not by_pool:
            raise UserError(
                self.env._("Nothing to disclose yet: compute a billing run of the period first.")
            )
        labels = dict(self._fields["basis"]._description_selection(self.env))
        levels = dict(self._fields["building_basis"]._description_selection(self.env))
        return [
            {
                "pool": pool,
                "place": pool._place(),
                "basis": labels[pool.basis],
                "level": levels.get(pool.building_basis, ""),
                "source": pool.source_text,
                "groups": self._disclosure_groups(by_pool[pool]),
                "count": len(by_pool[pool]),
                "shared": pool.amount_shared,
                "rest": pool.currency_id.round(pool.amount - pool.amount_shared),
                "excluded": pool.excluded_unit_ids.sorted("sort_key").mapped("code"),
                "is_final": all(charge.state == "posted" for charge in by_pool[pool]),
            }
            for pool in self
            if pool in by_pool
        ]

    @api.model
    def _disclosure_groups(self, charges):
        """Return the parts by what was split together: one group, or one a building."""
        groups = {}
        for charge in charges:
            basis = charge.basis
            level = basis.get("level") or {}
            group = groups.setdefault(
                basis["place"],
                {
                    "name": basis["place"],
                    "amount": basis["pool"],
                    "total": _plain(basis["total"]),
                    "level": {key: _plain(level[key]) for key in ("weight", "total")}
                    if level
                    else {},
                    "rows": [],
                },
            )
            group["rows"].append(
                {
                    "unit": charge.unit_id.code,
                    "weight": _plain(basis["weight"]),
                    "factor": basis.get("factor_reason") or "",
                    "amount": charge.amount,
                }
            )
        for group in groups.values():
            half = -(-len(group["rows"]) // 2)
            group["pairs"] = [
                (row, group["rows"][half + index] if half + index < len(group["rows"]) else None)
                for index, row in enumerate(group["rows"][:half])
            ]
        return list(groups.values())


def _plain(text):
    """Return a number without the zeros behind it."""
    return text.rstrip("0").rstrip(".") if "." in text else text
