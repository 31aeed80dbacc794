"""What the reports and the counter ask of journal items, in columns and indexes of their own."""

from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

#: What reports count of a site's documents: kind of entry -> which side of the collection rate.
DOCUMENTS = {"out_invoice": "billed", "out_receipt": "billed", "out_refund": "credited"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # A report of a group adds up half a million items: it reads them in an index alone, and what
    # it asks of their entries is therefore on the items.
    site_document = fields.Selection(
        [("billed", "Billed"), ("credited", "Credited")],
        compute="_compute_site_document",
        store=True,
        precompute=True,
        help="Set on what a bill or a credit note of a site asks for.",
    )
    is_opening = fields.Boolean(related="move_id.is_opening", store=True, precompute=True)

    # Open items of a site, the few drafts, bills and income of a site by day, and its accounts:
    # what reports and the counter ask for. Partial, so that posting pays for few entries a bill.
    _property_open_index = models.Index(
        "(site_id, account_id, date) WHERE parent_state = 'posted' AND amount_residual <> 0"
    )
    _property_document_index = models.Index(
        "(site_id, date) INCLUDE (id, move_id, company_id, unit_id, charge_item_id, balance,"
        " period_to, is_opening, site_document)"
        " WHERE parent_state = 'posted' AND site_document IS NOT NULL"
    )
    _property_ledger_index = models.Index(
        "(site_id, account_id, date) WHERE parent_state = 'posted'"
    )
    _property_income_index = models.Index(
        "(site_id, date) INCLUDE (id, move_id, company_id, account_id, journal_id, tax_line_id,"
        " unit_id, charge_item_id, balance, period_from, period_to)"
        " WHERE parent_state = 'posted' AND display_type <> 'payment_term'"
    )
    _property_draft_index = models.Index("(id) WHERE parent_state = 'draft'")

    def _auto_init(self):
        """Override of `base` to fill the columns of a ledger that is there by one statement."""
        cr = self.env.cr
        if not column_exists(cr, self._table, "site_document"):
            create_column(cr, self._table, "site_document", "varchar")
            create_column(cr, self._table, "is_opening", "bool")
            if column_exists(cr, self._table, "site_id"):
                self._fill_site_documents()
        return super()._auto_init()

    @api.model
    def _fill_site_documents(self):
        """Write what is computed below where it is not written yet."""
        self.env.cr.execute(
            """
            UPDATE account_move_line line
               SET is_opening = move.is_opening,
                   site_document = CASE WHEN line.display_type = 'payment_term'
                                             AND move.site_id IS NOT NULL THEN
                       CASE WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'billed'
                            WHEN move.move_type = 'out_refund' THEN 'credited' END END
              FROM account_move move
             WHERE move.id = line.move_id
               AND (move.is_opening
                    OR move.site_id IS NOT NULL AND line.display_type = 'payment_term')
            """
        )

    @api.depends("display_type", "site_id", "move_id.move_type")
    def _compute_site_document(self):
        for line in self:
            is_asked = line.display_type == "payment_term" and line.site_id
            line.site_document = DOCUMENTS.get(line.move_id.move_type) if is_asked else False
