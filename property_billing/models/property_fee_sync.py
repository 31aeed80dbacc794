"""Standing fees follow from the scope (适用范围) of the charge items."""

from odoo import api, models
from odoo.fields import Domain


class PropertyChargeItem(models.Model):
    _inherit = "property.charge.item"

    @api.model
    def _sync_items_of(self, units):
        """Return the items that can apply to these units."""
        return self.sudo().search(
            Domain("company_id", "in", units.company_id.ids)
            & Domain("site_id", "in", [False, *units.site_id.ids])
        )

    def _sync_fees(self, units=None):
        """Create the standing fees that follow from the scope and are missing.

        Idempotent: a fee that was ended or archived by hand is not created again.

        :param units: property.unit, to look at these only; without, all in the items' scope
        :return: the created property.fee
        """
        fees_sudo = self.env["property.fee"].sudo()
        if units is not None and not units:
            return fees_sudo.browse()
        items = self.sudo()
        if not items:
            if units is not None:
                items = items._sync_items_of(units)
            else:
                items = items.search([("method", "!=", "one_off")])
        values = []
        for item in items.filtered("active"):
            if item.method == "metered":
                values += item._missing_meter_fees(units)
            elif item.method != "one_off" and item.unit_type_ids:
                values += item._missing_unit_fees(units)
        return fees_sudo.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_notrack=True
        ).create(values)

    def _scope_domain(self, units):
        """Return the domain of the units, or of the units of meters, an item can apply to."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        if self.site_id:
            domain &= Domain("site_id", "=", self.site_id.id)
        if units is not None:
            domain &= Domain("id", "in", units.ids)
        if self.unit_type_ids:
            domain &= Domain("type_id", "in", self.unit_type_ids.ids)
        started = Domain("handover_date", "!=", False) | Domain("billing_date_from", "!=", False)
        if self.developer_pays and self.method != "metered":
            started |= Domain("developer_date_from", "!=", False)
            started |= Domain("building_id.completion_date", "!=", False)
        return domain & started

    def _missing_unit_fees(self, units):
        """Prepare the fees of an item by unit type that do not exist yet."""
        self.ensure_one()
        found = self.env["property.unit"].sudo().search(self._scope_domain(units), order="sort_key")
        existing = self._units_with_fee(found)
        values = [
            {**unit._prepare_fee_vals(self), "item_id": self.id, "payer_role": self.payer_role}
            for unit in found
            if unit.id not in existing
        ]
        return [vals for vals in values if vals["date_from"]]

    def _missing_meter_fees(self, units):
        """Prepare the fees of a metered item, one for every meter of its kind on a unit."""
        self.ensure_one()
        domain = Domain("kind", "=", self.meter_kind) & Domain(
            "unit_id", "any", self._scope_domain(units)
        )
        meters = self.env["property.meter"].sudo().search(domain)
        groups = (
            self.env["property.fee"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("item_id", "=", self.id), ("meter_id", "in", meters.ids)], ["meter_id"])
        )
        existing = {meter.id for (meter,) in groups}
        return [
            {
                "unit_id": meter.unit_id.id,
                "item_id": self.id,
                "meter_id": meter.id,
                "payer_role": self.payer_role,
                "date_from": meter.install_date
                or meter.unit_id.handover_date
                or meter.unit_id.billing_date_from,
                "is_automatic": True,
            }
            for meter in meters
            if meter.id not in existing
        ]

    def _units_with_fee(self, units):
        """Return the ids of the units that have, or once had, a fee of the item."""
        is_standing = Domain("is_automatic", "=", True) | (
            Domain("active", "=", True) & Domain("date_to", "=", False)
        )
        groups = (
            self.env["property.fee"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                Domain("item_id", "=", self.id) & Domain("unit_id", "in", units.ids) & is_standing,
                ["unit_id"],
            )
        )
        return {unit.id for (unit,) in groups}
