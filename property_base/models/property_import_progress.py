from odoo import api, fields, models
from odoo.modules import module


class PropertyImportProgress(models.Model):
    """How far an import is, written from outside its transaction so that others can watch."""

    _name = "property.import.progress"
    _description = "Workbook Import Progress"
    _log_access = False

    import_ref = fields.Integer(required=True, index=True)
    percent = fields.Integer()
    step = fields.Char()

    _import_unique = models.Constraint("UNIQUE(import_ref)", "One progress row an import.")

    @api.model
    def _report(self, import_id, percent, step):
        """Write down the progress in a transaction of its own; a no-op while tests run.

        :param int percent: 0–100
        :param str step: what is being done, for people
        """
        if module.current_test:
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                INSERT INTO property_import_progress (import_ref, percent, step)
                     VALUES (%s, %s, %s)
                ON CONFLICT (import_ref)
                  DO UPDATE SET percent = EXCLUDED.percent, step = EXCLUDED.step
                """,
                [import_id, percent, step],
            )
