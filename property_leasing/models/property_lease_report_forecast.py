"""Forecast of rent (租金预测): what the billing runs of coming months charge by the schedules."""

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.property_billing.models.property_report import FENCE

#: So many months are looked ahead for spaces that are let anew.
FORECAST_MONTHS = 24


class PropertyLeaseReportForecast(models.Model):
    """An instalment of a signed lease in the month whose billing run charges it.

    What is not billed yet falls on its due day, or on this month when that is over: the next run
    charges what was missed. What is billed stays on the day of its bill. Turnover rent and spaces
    let anew are rows and measures of their own: ``amount`` is by contract, to the fen.
    """

    _name = "property.lease.report.forecast"
    _description = "Rent Forecast"
    _inherit = ["property.lease.report", "property.report"]
    _auto = False
    _order = "date, id"
    _depends = {
        "property.lease.instalment": [
            "amount",
            "amount_difference",
            "amount_rent",
            "date_from",
            "date_to",
            "due_date",
            "fee_id",
            "is_dropped",
            "rent_credited",
            "item_id",
            "lease_id",
            "partner_id",
            "site_id",
            "unit_id",
        ],
        "property.lease.turnover.settlement": [
            "amount",
            "amount_credited",
            "amount_difference",
            "date_from",
            "due_date",
            "fee_id",
            "is_credited",
        ],
        "property.lease.turnover.expected": ["amount", "date_from", "due_date"],
        "property.space": ["active", "area", "off_from", "off_to", "price", "pricing"],
        "res.company": ["is_lease_relet", "lease_relet_days", "lease_relet_rate"],
        "property.lease.line": ["date_to", "unit_id"],
        "property.lease": ["billing_date_from", "date_to", "signed_date", "trade", "user_id"],
        "property.charge": ["bill_date", "date_from", "date_to", "fee_id", "move_id", "state"],
        "account.move": ["amount_residual_signed", "amount_total_signed"],
        "property.unit": ["building_id", "floor"],
        "property.charge.item": ["category"],
    }

    date = fields.Date(string="Billed on", help="Day of the bill.")
    partner_id = fields.Many2one(string="Tenant")
    floor = fields.Integer(readonly=True, aggregator=False)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Until", readonly=True)
    due_date = fields.Date(string="Due", readonly=True)
    state = fields.Selection(
        [("planned", "Planned"), ("draft", "In a billing run"), ("billed", "Billed")],
        readonly=True,
    )
    basis = fields.Selection(
        [
            ("contract", "By contract"),
            ("settled", "Turnover settled"),
            ("expected", "Turnover expected"),
            ("relet", "Let anew"),
        ],
        readonly=True,
        help="By contract: what signed leases charge. Turnover settled: from confirmed "
        "declarations. Turnover expected and let anew: assumptions of the settings.",
    )
    amount = fields.Monetary(string="By Contract", readonly=True, help="VAT included; exact.")
    amount_turnover = fields.Monetary(
        string="Turnover Rent",
        readonly=True,
        help="Settled, and expected by the assumption of the settings; VAT included.",
    )
    amount_relet = fields.Monetary(
        string="Let Anew",
        readonly=True,
        help="Asking rents of spaces after their leases and the assumed days vacant.",
    )
    amount_all = fields.Monetary(
        string="Contracted and Assumed",
        readonly=True,
        help="By contract, turnover rent and let anew together; group by basis to tell them apart.",
    )
    amount_billed = fields.Monetary(string="Billed", readonly=True)
    amount_open = fields.Monetary(string="Unpaid", readonly=True, help="Of what is billed, now.")

    @property
    def _table_query(self):
        return SQL(
            """
            %s SELECT forecast.*, amount + amount_turnover + amount_relet AS amount_all
                 FROM (%s UNION ALL %s UNION ALL %s UNION ALL %s) forecast
            """,
            FENCE,
            self._contract_query(),
            self._settled_query(),
            self._expected_query(),
            self._relet_query(),
        )

    def _contract_query(self):
        """Return the rows of what leases charge by contract: exact, as their schedules say.

        For days after the last charge of all no charge is looked for: most instalments are there.
        """
        return SQL(
            """
            SELECT instalment.id * 4 AS id, 'contract' AS basis,
                   instalment.company_id, company.currency_id, instalment.site_id,
                   unit.building_id, unit.floor, instalment.unit_id,
                   instalment.item_id AS charge_item_id, item.category, instalment.partner_id,
                   instalment.lease_id, lease.trade, lease.user_id,
                   instalment.date_from, instalment.date_to, instalment.due_date,
                   charge.move_id,
                   CASE WHEN charge.id IS NULL THEN GREATEST(instalment.due_date, %(month)s)
                        ELSE COALESCE(charge.bill_date, instalment.due_date) END AS date,
                   CASE WHEN charge.id IS NULL THEN 'planned' WHEN charge.state = 'draft'
                        THEN 'draft' ELSE 'billed' END AS state,
                   CASE WHEN charge.id IS NOT NULL
                        THEN instalment.amount + COALESCE(instalment.amount_difference, 0)
                        -- its bill was undone: the next one leaves out what was credited
                        WHEN COALESCE(instalment.rent_credited, 0) <> 0
                        THEN ROUND(instalment.amount / instalment.amount_rent
                                   * (instalment.amount_rent - instalment.rent_credited), 2)
                        ELSE instalment.amount END AS amount,
                   move.amount_total_signed AS amount_billed,
                   move.amount_residual_signed AS amount_open,
                   0.0 AS amount_turnover, 0.0 AS amount_relet
              FROM property_lease_instalment instalment
              JOIN property_lease lease ON lease.id = instalment.lease_id
              JOIN property_unit unit ON unit.id = instalment.unit_id
              JOIN property_charge_item item ON item.id = instalment.item_id
              JOIN res_company company ON company.id = instalment.company_id
         LEFT JOIN LATERAL (
                SELECT charge.id, charge.state, charge.bill_date, charge.move_id
                  FROM property_charge charge
                 WHERE instalment.date_from <= (SELECT MAX(date_to) FROM property_charge)
                   AND charge.fee_id = instalment.fee_id
                   AND charge.state NOT IN ('cancelled', 'reversed')
                   AND charge.date_from <= instalment.date_to
                   AND charge.date_to >= instalment.date_from
              ORDER BY charge.date_from, charge.id
                 LIMIT 1
              ) charge ON TRUE
         LEFT JOIN account_move move ON move.id = charge.move_id AND move.state = 'posted'
             WHERE instalment.fee_id IS NOT NULL AND instalment.amount > 0
               AND NOT COALESCE(instalment.is_dropped, FALSE)
               AND (lease.billing_date_from IS NULL
                    OR instalment.date_from >= lease.billing_date_from)
               AND %(sites)s
            """,
            month=self._report_today().replace(day=1),
            sites=self._report_sites(SQL("instalment.site_id"), strict=True),
        )

    def _settled_query(self):
        """Return the rows of turnover rent that is settled: from declarations, not assumed."""
        return SQL(
            """
            SELECT one.id * 4 + 1, 'settled', one.company_id, company.currency_id, one.site_id,
                   unit.building_id, unit.floor, fee.unit_id, one.item_id, item.category,
                   one.partner_id, one.lease_id, lease.trade, lease.user_id,
                   one.date_from, one.date_to, one.due_date, charge.move_id,
                   CASE WHEN charge.id IS NULL THEN GREATEST(one.due_date, %(month)s)
                        ELSE COALESCE(charge.bill_date, one.due_date) END,
                   CASE WHEN charge.id IS NULL THEN 'planned' WHEN charge.state = 'draft'
                        THEN 'draft' ELSE 'billed' END,
                   0.0, NULL::numeric, NULL::numeric,
                   CASE WHEN charge.id IS NULL AND one.amount > 0
                        THEN one.amount - COALESCE(one.amount_credited, 0)
                        ELSE one.amount + COALESCE(one.amount_difference, 0) END, 0.0
              FROM property_lease_turnover_settlement one
              JOIN property_lease lease ON lease.id = one.lease_id
              JOIN property_fee fee ON fee.id = one.fee_id
              JOIN property_unit unit ON unit.id = fee.unit_id
              JOIN property_charge_item item ON item.id = one.item_id
              JOIN res_company company ON company.id = one.company_id
         LEFT JOIN LATERAL (
                SELECT charge.id, charge.state, charge.bill_date, charge.move_id
                  FROM property_charge charge
                 WHERE charge.fee_id = one.fee_id AND charge.date_from = one.date_from
                   AND charge.state NOT IN ('cancelled', 'reversed')
              ORDER BY charge.id
                 LIMIT 1
              ) charge ON TRUE
             WHERE one.amount <> 0 AND NOT COALESCE(one.is_credited, FALSE)
               AND %(sites)s
            """,
            month=self._report_today().replace(day=1),
            sites=self._report_sites(SQL("one.site_id"), strict=True),
        )

    def _expected_query(self):
        """Return the rows of turnover rent that is expected, by the company's assumption."""
        return SQL(
            """
            SELECT one.id * 4 + 2, 'expected', one.company_id, company.currency_id, one.site_id,
                   unit.building_id, unit.floor, one.unit_id, one.item_id, item.category,
                   one.partner_id, one.lease_id, lease.trade, lease.user_id,
                   one.date_from, one.date_to, one.due_date, NULL::int,
                   GREATEST(one.due_date, %(month)s), 'planned',
                   0.0, NULL::numeric, NULL::numeric, one.amount, 0.0
              FROM property_lease_turnover_expected one
              JOIN property_lease lease ON lease.id = one.lease_id
              JOIN property_unit unit ON unit.id = one.unit_id
              JOIN property_charge_item item ON item.id = one.item_id
              JOIN res_company company ON company.id = one.company_id
             WHERE one.amount <> 0 AND %(sites)s
            """,
            month=self._report_today().replace(day=1),
            sites=self._report_sites(SQL("one.site_id"), strict=True),
        )

    def _relet_query(self):
        """Return the rows of spaces let anew after their leases, where the company assumes it.

        A space stands empty for the assumed days after its last lease, and after its days off the
        market; then it earns its asking rent, by the days of each month.
        """
        return SQL(
            """
            SELECT (space.id * %(months)s + month.index) * 4 + 3, 'relet',
                   space.company_id, company.currency_id, space.site_id,
                   unit.building_id, unit.floor, space.unit_id, NULL::int, 'rent', NULL::int,
                   NULL::int, space.trade, NULL::int,
                   GREATEST(month.first, free.day), month.last, NULL::date, NULL::int,
                   GREATEST(month.first, free.day), 'planned',
                   0.0, NULL::numeric, NULL::numeric, 0.0,
                   ROUND(
                       (space.price * CASE space.pricing WHEN 'm2_day' THEN space.area * 365 / 12
                                      WHEN 'm2_month' THEN space.area ELSE 1 END
                        * company.lease_relet_rate / 100
                        * (month.last - GREATEST(month.first, free.day) + 1)
                        / (month.last - month.first + 1))::numeric, 2)
              FROM property_space space
              JOIN property_unit unit ON unit.id = space.unit_id
              JOIN res_company company ON company.id = space.company_id
                   AND company.is_lease_relet
        CROSS JOIN LATERAL (
                SELECT MAX(LEAST(line.date_to, lease.date_to)) AS last
                  FROM property_lease_line line
                  JOIN property_lease lease ON lease.id = line.lease_id
                 WHERE line.unit_id = space.unit_id AND lease.signed_date IS NOT NULL
              ) let
        CROSS JOIN LATERAL (
                SELECT GREATEST(
                           %(today)s, let.last + 1,
                           CASE WHEN space.off_from <= %(today)s THEN space.off_to + 1 END
                       ) + company.lease_relet_days AS day
              ) free
        CROSS JOIN LATERAL (
                SELECT index, (%(month)s + make_interval(months => index))::date AS first,
                       (%(month)s + make_interval(months => index + 1))::date - 1 AS last
                  FROM generate_series(0, %(months)s - 1) AS index
              ) month
             WHERE space.active AND space.date_to IS NULL AND space.price > 0
               AND (space.off_from IS NULL OR space.off_from > %(today)s
                    OR space.off_to IS NOT NULL)
               AND month.last >= free.day AND %(sites)s
            """,
            today=self._report_today(),
            month=self._report_today().replace(day=1),
            months=FORECAST_MONTHS,
            sites=self._report_sites(SQL("space.site_id"), strict=True),
        )

    def _bill_of_row(self):
        """Override: the bill of the instalment, if there is one."""
        self.ensure_one()
        return self.move_id
