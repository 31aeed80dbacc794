from odoo import models
from odoo.exceptions import AccessError

NEVER_EXPORTED = {"id_number", "id_number_cipher", "id_number_digest"}


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """Override of `base` to log every export and to keep ID numbers out of it."""
        names = {name.replace("/", ".").split(".")[-1] for name in fields_to_export}
        if names & NEVER_EXPORTED:
            raise AccessError(
                self.env._("ID numbers cannot be exported. Remove that column and export again.")
            )
        result = super().export_data(fields_to_export)
        self.env["property.audit"]._log(
            "export",
            model=self._name,
            after={"count": len(self), "fields": list(fields_to_export)},
        )
        return result
