from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Open items of a site, the few drafts, bills and VAT of a site by day, and its accounts: what
    # reports and the counter ask for. Partial, so that posting pays for one entry a bill in most.
    _property_open_index = models.Index(
        "(site_id, account_id, date) WHERE parent_state = 'posted' AND amount_residual <> 0"
    )
    _property_document_index = models.Index(
        "(site_id, date) WHERE parent_state = 'posted' AND display_type = 'payment_term'"
        " AND site_id IS NOT NULL"
    )
    _property_ledger_index = models.Index(
        "(site_id, account_id, date) WHERE parent_state = 'posted'"
    )
    _property_vat_index = models.Index(
        "(site_id, date) WHERE parent_state = 'posted' AND tax_line_id IS NOT NULL"
    )
    _property_draft_index = models.Index("(id) WHERE parent_state = 'draft'")
