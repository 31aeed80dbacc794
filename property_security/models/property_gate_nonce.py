from odoo import api, fields, models

BATCH = 10_000


class PropertyGateNonce(models.Model):
    """A nonce that a device has used: the request that carries it again is refused."""

    _name = "property.gate.nonce"
    _description = "Used Nonce of a Gate"
    _log_access = False
    _rec_name = "nonce"

    gate_id = fields.Many2one("property.gate", required=True, ondelete="cascade")
    site_id = fields.Many2one(related="gate_id.site_id", store=True)
    company_id = fields.Many2one(related="gate_id.company_id", store=True)
    nonce = fields.Char(required=True)
    expires_at = fields.Datetime(required=True, index=True)

    _nonce_unique = models.UniqueIndex("(gate_id, nonce)")

    @api.model
    def _cron_tidy(self):
        """Forget nonces whose window is over, and let commands expire that nobody fetched."""
        self.env["property.gate.command"]._expire()
        while True:
            self.env.cr.execute(
                "DELETE FROM property_gate_nonce WHERE id IN (SELECT id FROM property_gate_nonce"
                " WHERE expires_at < %s LIMIT %s)",
                [fields.Datetime.now(), BATCH],
            )
            removed = self.env.cr.rowcount
            if removed:
                self.env["ir.cron"]._commit_progress(removed)
            if removed < BATCH:
                break
        self.invalidate_model()
