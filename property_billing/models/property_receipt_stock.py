from odoo import api, fields, models
from odoo.tools import SQL

FAR = "9999-12-31"


class PropertyReceiptStock(models.Model):
    """Stock of receipt forms between two days, by book, site and holder (票据结存表).

    The days come from the context (``receipt_stock_from``, ``receipt_stock_to``): all time when
    left out. Left = opening + taken in + moved − used − written off, in every row and in every sum.
    """

    _name = "property.receipt.stock"
    _description = "Stock of Receipt Forms"
    _inherit = ["property.scoped"]
    _auto = False
    _rec_name = "book_id"
    _order = "site_id, prefix, book_id, holder_id"

    book_id = fields.Many2one("property.receipt.book", readonly=True)
    prefix = fields.Char(readonly=True)
    layout = fields.Selection(
        selection=lambda self: self.env["property.receipt.book"]._fields["layout"].selection,
        string="Form",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    holder_id = fields.Many2one("res.users", readonly=True, help="Empty: the stock of the site.")
    qty_opening = fields.Integer(string="Opening", readonly=True, help="Left before the first day.")
    qty_in = fields.Integer(string="Taken In", readonly=True)
    qty_moved = fields.Integer(
        string="Moved",
        readonly=True,
        help="Issued, returned and transferred: what came less what went. Sums to zero overall.",
    )
    qty_issued = fields.Integer(string="Handed Out", readonly=True, help="Handed to a holder.")
    qty_taken = fields.Integer(
        string="Used", readonly=True, help="Numbers taken, later void or lost ones too."
    )
    qty_void = fields.Integer(string="Of It Void", readonly=True, help="Voided in these days.")
    qty_lost = fields.Integer(string="Of It Lost", readonly=True, help="Lost in these days.")
    qty_written_off = fields.Integer(
        string="Written Off", readonly=True, help="Blank forms destroyed."
    )
    qty_left = fields.Integer(string="Left", readonly=True, help="Left after the last day.")
    amount_taken = fields.Monetary(
        string="Amount Received", readonly=True, help="Of the numbers taken, less void ones."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)

    @api.model
    def _days(self):
        """Return the first and the last day of the report."""
        context = self.env.context
        to_date = fields.Date.to_date
        first = to_date(context.get("receipt_stock_from")) or to_date("1900-01-01")
        last = to_date(context.get("receipt_stock_to")) or to_date(FAR)
        return first, last

    @property
    def _table_query(self):
        """Sum the movements of forms and the numbers taken, each where it happened."""
        self.env["property.receipt"].flush_model()
        self.env["property.receipt.book.move"].flush_model()
        self.env["property.receipt.book"].flush_model()
        first, last = self._days()
        return SQL(
            """
            WITH happened AS (
                SELECT book_id, site_id, holder_id, date, kind, quantity,
                       0 AS used, 0 AS void, 0 AS lost, 0.0 AS amount
                  FROM property_receipt_book_move
             UNION ALL
                SELECT receipt.book_id, receipt.site_id, receipt.holder_id, receipt.issued_on,
                       'used', CASE WHEN book.is_automatic THEN 0 ELSE -1 END,
                       1, 0, 0, receipt.amount_total
                  FROM property_receipt receipt
                  JOIN property_receipt_book book ON book.id = receipt.book_id
             UNION ALL
                SELECT book_id, site_id, holder_id, void_on, state, 0,
                       0, (state = 'void')::int, (state = 'lost')::int,
                       CASE WHEN state = 'void' THEN -amount_total ELSE 0.0 END
                  FROM property_receipt
                 WHERE book_id IS NOT NULL AND state <> 'issued'
            ), summed AS (
                SELECT book_id, site_id, holder_id,
                       SUM(quantity) FILTER (WHERE date < %(first)s) AS qty_opening,
                       SUM(quantity) FILTER (WHERE date >= %(first)s AND kind = 'in') AS qty_in,
                       SUM(quantity) FILTER (
                           WHERE date >= %(first)s AND kind IN ('issue', 'return', 'transfer')
                       ) AS qty_moved,
                       SUM(quantity) FILTER (
                           WHERE date >= %(first)s AND kind = 'issue' AND quantity > 0
                       ) AS qty_issued,
                       SUM(used) FILTER (WHERE date >= %(first)s) AS qty_taken,
                       SUM(void) FILTER (WHERE date >= %(first)s) AS qty_void,
                       SUM(lost) FILTER (WHERE date >= %(first)s) AS qty_lost,
                       -SUM(quantity) FILTER (
                           WHERE date >= %(first)s AND kind = 'write_off'
                       ) AS qty_written_off,
                       SUM(quantity) AS qty_left,
                       SUM(amount) FILTER (WHERE date >= %(first)s) AS amount_taken
                  FROM happened
                 WHERE date <= %(last)s
              GROUP BY book_id, site_id, holder_id
            )
            SELECT ROW_NUMBER() OVER (
                       ORDER BY summed.book_id, summed.site_id, summed.holder_id
                   ) AS id,
                   summed.book_id, book.prefix, book.layout, book.company_id, summed.site_id,
                   summed.holder_id, company.currency_id,
                   COALESCE(summed.qty_opening, 0)::int AS qty_opening,
                   CASE WHEN book.is_automatic THEN COALESCE(summed.qty_taken, 0)::int
                        ELSE COALESCE(summed.qty_in, 0)::int END AS qty_in,
                   COALESCE(summed.qty_moved, 0)::int AS qty_moved,
                   COALESCE(summed.qty_issued, 0)::int AS qty_issued,
                   COALESCE(summed.qty_taken, 0)::int AS qty_taken,
                   COALESCE(summed.qty_void, 0)::int AS qty_void,
                   COALESCE(summed.qty_lost, 0)::int AS qty_lost,
                   COALESCE(summed.qty_written_off, 0)::int AS qty_written_off,
                   COALESCE(summed.qty_left, 0)::int AS qty_left,
                   COALESCE(summed.amount_taken, 0.0) AS amount_taken
              FROM summed
              JOIN property_receipt_book book ON book.id = summed.book_id
              JOIN res_company company ON company.id = book.company_id
            """,
            first=first,
            last=last,
        )
