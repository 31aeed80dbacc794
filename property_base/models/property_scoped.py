from odoo import api, models
from odoo.tools import SQL

#: Writing one of these can move a record to another site or company.
SCOPE_FIELDS = frozenset(
    (
        "site_id",
        "site_ids",
        "company_id",
        "building_id",
        "unit_id",
        "parent_id",
        "item_id",
        "tariff_id",
        "meter_id",
        "fee_id",
        "charge_id",
        "run_id",
    )
)


class PropertyScoped(models.AbstractModel):
    """Records of a site, which nobody moves out of the sites he may write himself."""

    _name = "property.scoped"
    _description = "Record of a Site"

    @api.model
    def _method_fields(self):
        """Return the names of fields that nobody sets but methods; extended by models."""
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: a default in the context sets none of them either.

        Also not where a method creates with more rights: the context is still its caller's.
        """
        context = self.env.context
        hidden = {f"default_{name}" for name in self._method_fields()} & context.keys()
        if not hidden:
            return super().create(vals_list)
        kept = {key: value for key, value in context.items() if key not in hidden}
        return super(PropertyScoped, self.with_env(self.env(context=kept))).create(vals_list)

    def write(self, vals):
        """Override of `base` to check the rules also against the values written."""
        result = super().write(vals)
        if not SCOPE_FIELDS.isdisjoint(vals):
            self.check_access("write")
        return result

    def _lock_and_reread(self, *names):
        """Wait until nobody else works with the records, then read these fields anew.

        Whoever loses the race fails with a serialisation error and is run again by the server.

        :return: the records
        """
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    SQL.identifier(self._table),
                    tuple(self.ids),
                ),
                log_exceptions=False,
            )
            self.invalidate_recordset(names)
        return self
