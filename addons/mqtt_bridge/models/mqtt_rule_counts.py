from odoo import fields, models


class MqttRule(models.Model):
    """How often rules held and could not be decided: counted apart from what people edit."""

    _inherit = "mqtt.rule"

    matched = fields.Integer(compute="_compute_counts", help="Messages for which it held.")
    failed = fields.Integer(
        string="Undecided",
        compute="_compute_counts",
        help="Messages that lacked a field or had one of another kind than the condition wants.",
    )
    last_error = fields.Char(compute="_compute_counts")
    last_error_at = fields.Datetime(string="Last Error On", compute="_compute_counts")

    def init(self):
        """Make the table of counters, apart from what people edit."""
        self.env.cr.execute(COUNTERS)

    def _compute_counts(self):
        self.env.cr.execute(
            "SELECT rule_id, matched, failed, error, error_at FROM mqtt_rule_count"
            " WHERE rule_id IN %s",
            [tuple(self._origin.ids) or (0,)],
        )
        found = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        for rule in self:
            matched, failed, error, error_at = found.get(rule._origin.id, (0, 0, False, False))
            rule.update(
                {
                    "matched": matched,
                    "failed": failed,
                    "last_error": error,
                    "last_error_at": error_at,
                }
            )

    def action_forget_counts(self):
        """Begin to count anew how often the rule held and could not be decided."""
        self.check_access("write")
        self.env.cr.execute(
            "DELETE FROM mqtt_rule_count WHERE rule_id IN %s", [tuple(self.ids) or (0,)]
        )
        self.invalidate_recordset(["matched", "failed", "last_error", "last_error_at"])


COUNTERS = """
CREATE TABLE IF NOT EXISTS mqtt_rule_count (
    rule_id integer PRIMARY KEY REFERENCES mqtt_rule ON DELETE CASCADE,
    matched bigint NOT NULL, failed bigint NOT NULL, error text, error_at timestamp
)
"""
