from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2.errors import UniqueViolation


class PropertyScanPaymentLine(models.Model):
    """A bill a payment by scan is for; while it is held, nobody else asks for it."""

    _name = "property.scan.payment.line"
    _description = "Payment by Scan: Bill"
    _inherit = ["property.made.by.methods"]
    _order = "scan_id, id"

    scan_id = fields.Many2one(
        "property.scan.payment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="scan_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="scan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one(
        "account.move",
        string="Bill",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    amount = fields.Monetary(
        readonly=True, help="What of the scanned money is for this bill, late fee included."
    )
    is_held = fields.Boolean(string="Reserved", default=True, readonly=True)

    _held_once = models.UniqueIndex(
        "(move_id) WHERE is_held", "Another counter asks for this bill right now."
    )

    @api.model
    def _holding(self, bills, but=None):
        """Return the lines that hold bills for a payer right now.

        :param bills: account.move
        :param but: property.scan.payment that does not count
        """
        domain = [
            ("move_id", "in", bills.ids),
            ("is_held", "=", True),
            ("scan_id.expires_at", ">", fields.Datetime.now()),
        ]
        if but:
            domain.append(("scan_id", "!=", but.id))
        # sudo: who holds a bill concerns everybody who wants to settle it
        return self.sudo().search(domain)

    @api.model
    def _release_stale(self, bills):
        """Let go of bills whose code has expired."""
        stale = self.search(
            [
                ("move_id", "in", bills.ids),
                ("is_held", "=", True),
                ("scan_id.expires_at", "<=", fields.Datetime.now()),
            ]
        )
        stale.scan_id._catch_up()

    @api.model
    def _create_holds(self, rows):
        """Hold bills; whoever comes second learns who was first.

        :param list rows: values of the lines
        """
        try:
            with self.env.cr.savepoint():
                self.create(rows)
        except UniqueViolation as error:
            raise UserError(
                self.env._(
                    "Another counter asks for one of these bills by scan right now. Wait until "
                    "that is paid or given up, then open the household again."
                )
            ) from error
