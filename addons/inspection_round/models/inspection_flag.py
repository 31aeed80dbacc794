from odoo import api, fields, models
from odoo.tools import ormcache


class InspectionFlag(models.Model):
    """Something that is remarkable about a check-in."""

    _name = "inspection.flag"
    _description = "Check-in Flag"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    is_fault = fields.Boolean(
        help="A check-in with it does not count until somebody accepts it; others only show."
    )
    color = fields.Integer()
    explanation = fields.Char(translate=True)

    _code_unique = models.UniqueIndex("(code)", "Another flag has this code.")

    @api.model
    def _ids_of(self, codes):
        """Return the ids of flags by their codes.

        :param codes: iterable of codes
        :return: list of ids
        """
        known = self._ids_by_code()
        return [known[code] for code in sorted(codes)]

    @ormcache()
    def _ids_by_code(self):
        return {flag.code: flag.id for flag in self.sudo().search([])}  # same for everybody

    @api.model_create_multi
    def create(self, vals_list):
        """Forget which flags there are."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Forget which flags there are."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Forget which flags there are."""
        self.env.registry.clear_cache()
        return super().unlink()
