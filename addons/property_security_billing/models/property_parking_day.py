from odoo import fields, models, tools


class PropertyParkingDay(models.Model):
    """Takings of a lane and a day beside what the books say of them (对账)."""

    _name = "property.parking.day"
    _description = "Parking Takings of a Day"
    _inherit = ["property.parking.scoped"]
    _auto = False
    _order = "date desc, area_id, lane_id"
    _rec_name = "date"

    date = fields.Date(string="Day", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    area_id = fields.Many2one("property.parking.area", readonly=True)
    lane_id = fields.Many2one("property.parking.lane", readonly=True)
    payment_count = fields.Integer(string="Payments", readonly=True)
    amount_received = fields.Monetary(string="Received", readonly=True)
    amount_excess = fields.Monetary(string="Paid Twice", readonly=True)
    amount = fields.Monetary(string="For Stays", readonly=True)
    amount_open = fields.Monetary(string="To Book", readonly=True)
    amount_invoiced = fields.Monetary(string="Invoiced", readonly=True)
    amount_settled = fields.Monetary(string="Settled in the Books", readonly=True)
    amount_refunded = fields.Monetary(string="Given Back", readonly=True)
    amount_difference = fields.Monetary(
        string="Difference",
        readonly=True,
        help="For stays, less what is to be booked, less what the books say. Anything but zero is "
        "to be looked into.",
    )

    @property
    def _table_query(self):
        """Each invoice counts once: a day's summary stands for many payments."""
        return tools.SQL(
            """
            WITH booked AS (
                SELECT DISTINCT ON (payment.move_id) payment.move_id, payment.area_id,
                       payment.lane_id, payment.date, move.amount_total,
                       move.amount_total - move.amount_residual AS amount_settled
                  FROM property_parking_payment payment
                  JOIN account_move move ON move.id = payment.move_id AND move.state = 'posted'
              ORDER BY payment.move_id, payment.id
            ), invoices AS (
                SELECT area_id, lane_id, date, SUM(amount_total) AS invoiced,
                       SUM(amount_settled) AS settled
                  FROM booked GROUP BY area_id, lane_id, date
            ), takings AS (
                SELECT MIN(id) AS id, area_id, lane_id, date, MIN(site_id) AS site_id,
                       MIN(company_id) AS company_id, COUNT(*) AS payment_count,
                       SUM(amount_received) AS amount_received,
                       SUM(amount_excess) AS amount_excess, SUM(amount) AS amount,
                       COALESCE(SUM(amount) FILTER (WHERE state = 'open'), 0) AS amount_open,
                       SUM(amount_refunded) AS amount_refunded
                  FROM property_parking_payment
              GROUP BY area_id, lane_id, date
            )
            SELECT takings.*, company.currency_id,
                   COALESCE(invoices.invoiced, 0) AS amount_invoiced,
                   COALESCE(invoices.settled, 0) AS amount_settled,
                   takings.amount - takings.amount_open - COALESCE(invoices.settled, 0)
                       AS amount_difference
              FROM takings
              JOIN res_company company ON company.id = takings.company_id
         LEFT JOIN invoices ON invoices.area_id = takings.area_id
               AND invoices.date = takings.date
               AND invoices.lane_id IS NOT DISTINCT FROM takings.lane_id
            """
        )

    def action_view_payments(self):
        """Open the payments of the lane and day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security_billing.property_parking_payment_action"
        )
        domain = [
            ("area_id", "=", self.area_id.id),
            ("lane_id", "=", self.lane_id.id),
            ("date", "=", self.date),
        ]
        return {**action, "domain": domain, "context": {}}
