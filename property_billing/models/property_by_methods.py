"""Who writes what: results follow from the steps of a record, whoever sends them."""

from odoo import api, models
from odoo.exceptions import UserError


class PropertyByMethods(models.AbstractModel):
    """Records some of whose fields only their methods set: nobody sends them (`_method_fields`)."""

    _name = "property.by.methods"
    _description = "Record with Steps"
    _inherit = ["property.scoped"]

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: a record does not claim to be further than it is."""
        for vals in vals_list:
            self._check_sent({name: value for name, value in vals.items() if value})
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base`: results follow from the steps."""
        self._check_sent(vals, may_be_default=False)
        return super().write(vals)

    @api.model
    def _check_sent(self, vals, may_be_default=True):
        """Refuse values of fields that only methods set.

        :param vals: what is sent
        :param may_be_default: whether a field's first value is no claim, as in a new record
        :raise UserError: naming the fields
        """
        if self.env.su:
            return
        names = sorted(self._method_fields() & vals.keys())
        if may_be_default and names:
            first = self.default_get(names)
            names = [name for name in names if vals[name] != first.get(name)]
        if names:
            labels = self.fields_get(names, ["string"])
            raise UserError(
                self.env._(
                    "%(fields)s: this follows from the steps of the record. Use its buttons.",
                    fields=", ".join(labels[name]["string"] for name in names),
                )
            )


class PropertyMadeByMethods(models.AbstractModel):
    """Records that nobody makes but methods: no default of a caller's context reaches them."""

    _name = "property.made.by.methods"
    _description = "Record Made by Steps"
    _inherit = ["property.scoped"]

    @api.model
    def _method_fields(self):
        """Override: every field."""
        return super()._method_fields() | self._fields.keys()
