from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import turnover
from ..tools.schedule import rent_between


class PropertyLeaseTurnoverTerm(models.Model):
    """What a lease says about turnover rent (营业额租金): billed beside the instalments."""

    _name = "property.lease.turnover.term"
    _description = "Turnover Rent"
    _inherit = ["property.lease.term"]

    mode = fields.Selection(
        [
            (turnover.GREATER, "The greater of base and turnover rent"),
            (turnover.ADDITION, "In addition to the base rent"),
        ],
        required=True,
        default=turnover.GREATER,
    )
    tier_ids = fields.One2many(
        "property.lease.turnover.tier", "term_id", string="Percentages", copy=True
    )
    months = fields.Selection(
        [("1", "Every month"), ("3", "Every quarter")],
        string="Settled",
        required=True,
        default="1",
    )
    year = fields.Selection(
        [("calendar", "Of the calendar"), ("lease", "Of the lease")],
        string="Months and Years",
        required=True,
        default="calendar",
        help="Of the lease: months, quarters and years begin on the day on which it begins.",
    )
    date_from = fields.Date(
        string="Settled here from",
        help="Months before it were settled elsewhere. Empty: as the instalments.",
    )
    is_trued_up = fields.Boolean(
        string="Yearly True-up",
        default=True,
        help="The last settlement of a year asks for what the year as a whole owes, less what was "
        "settled before.",
    )
    is_free_counted = fields.Boolean(
        string="Rent-free Days Count",
        default=True,
        help="Unset: the turnover of rent-free days is left out, by days.",
    )
    cap = fields.Monetary(help="Highest percentage rent a month; 0 for none.")
    declare_days = fields.Integer(
        default=10,
        aggregator=False,
        help="Turnover is declared within so many days after the month.",
    )
    pay_days = fields.Integer(
        default=20,
        aggregator=False,
        help="A settlement is due so many days after its last day.",
    )
    estimate = fields.Selection(
        [("none", "Wait for the declaration"), ("mean", "Mean of the last three months")],
        string="Declared Late",
        required=True,
        default="none",
        help="What a month is settled with that was not declared in time.",
    )
    item_id = fields.Many2one(
        "property.charge.item",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False)),"
        " ('method', '=', 'contract'), ('category', '=', 'turnover')]",
        default=lambda self: self.env.company._lease_turnover_item(),
    )
    fee_id = fields.Many2one(
        "property.fee", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    turnover_ids = fields.One2many("property.lease.turnover", "term_id", string="Declarations")
    settlement_ids = fields.One2many(
        "property.lease.turnover.settlement", "term_id", string="Settlements"
    )

    _once_a_lease = models.Constraint(
        "UNIQUE(lease_id)", "The lease has its turnover rent already. Change that."
    )
    _days_range = models.Constraint(
        "CHECK(declare_days BETWEEN 1 AND 60 AND pay_days BETWEEN 0 AND 120 AND cap >= 0)",
        "Turnover is declared 1 to 60 days and paid 0 to 120 days after it was made; a cap is not "
        "negative.",
    )

    @api.depends("mode", "tier_ids.percent", "tier_ids.above")
    def _compute_display_name(self):
        for term in self:
            tiers = "; ".join(term.tier_ids.sorted("above").mapped("display_name"))
            modes = dict(self._fields["mode"]._description_selection(self.env))
            term.display_name = f"{modes.get(term.mode, '')}: {tiers}"

    # The kernel's view ------------------------------------------------------------------------

    def _terms(self):
        """Return what the lease says as the kernel takes it; what was settled elsewhere left out.

        :return: tools.turnover.Terms
        """
        self.ensure_one()
        lease, decimal = self.lease_id, self.lease_id._decimal
        return turnover.Terms(
            start=max(filter(None, (lease.date_from, self.date_from or lease.billing_date_from))),
            end=lease.date_to,
            tiers=tuple(
                turnover.Tier(decimal(tier.above), decimal(tier.percent)) for tier in self.tier_ids
            ),
            mode=self.mode,
            months=int(self.months),
            anchor=lease.date_from if self.year == "lease" else None,
            rent_free=tuple((row.date_from, row.date_to) for row in lease.rent_free_ids),
            is_free_counted=self.is_free_counted,
            cap=decimal(self.cap) if self.cap else None,
            is_trued_up=self.is_trued_up,
            cuts=lease._cuts(),
        )

    def _base_rent(self, first, last):
        """Return the base rent of a span as agreed: Decimal."""
        lines = self.lease_id.line_ids.filtered("is_rent")
        return sum(
            (rent_between(line._terms(), first, last) for line in lines), self.lease_id._decimal(0)
        )

    def _rent_line(self):
        """Return the line of which unit and VAT the settlements take."""
        lines = self.lease_id.line_ids
        return (lines.filtered("is_rent") or lines)[:1]

    # Following the lease ----------------------------------------------------------------------

    def _create_fee(self):
        """Create the fee that settlements are billed by: beside that of the rent."""
        for term in self:
            lease = term.lease_id
            if not term.tier_ids:
                raise UserError(self.env._("Enter the percentages of the turnover rent."))
            # sudo: fees follow from the lease, which the user may sign
            term.sudo().fee_id = (
                self.env["property.fee"]
                .sudo()
                .create(
                    {
                        "unit_id": term._rent_line().unit_id.id,
                        "item_id": term.item_id.id,
                        "date_from": lease.date_from,
                        "date_to": lease.date_to,
                        "payer_role": "tenant",
                        "note": lease.name,
                    }
                )
            )

    def _expect_declarations(self):
        """Ask for the months of the term: add those that are missing, drop those that ended."""
        # sudo: nobody makes declarations by hand: the months follow from the lease
        rows_sudo, vals_list = self.env["property.lease.turnover"].sudo(), []
        for term in self.sudo():
            months = turnover.spans(term._terms(), 1)
            known = {(row.date_from, row.date_to): row for row in term.turnover_ids}
            gone = [row for span, row in known.items() if span not in set(months)]
            rows_sudo.union(*gone).filtered(lambda row: row.state == "open").unlink()
            taken = term.turnover_ids.exists()
            tenants = taken.filtered(lambda row: row.state == "open").grouped(
                lambda row: row.lease_id._tenant_on(row.date_from)
            )
            for tenant, rows in tenants.items():
                rows.filtered(lambda row, own=tenant: row.partner_id != own).partner_id = tenant
            vals_list += [
                {
                    "term_id": term.id,
                    "lease_id": term.lease_id.id,
                    "partner_id": term.lease_id._tenant_on(first).id,
                    "date_from": first,
                    "date_to": last,
                    "due_date": fields.Date.add(last, days=term.declare_days),
                }
                for first, last in months
                if not any(row.date_from <= last and row.date_to >= first for row in taken)
            ]
        rows_sudo.create(vals_list)


class PropertyLeaseTurnoverTier(models.Model):
    """A per cent of the turnover above a breakpoint."""

    _name = "property.lease.turnover.tier"
    _description = "Percentage of the Turnover"
    _inherit = ["property.lease.term"]
    _order = "term_id, above"

    lease_id = fields.Many2one(
        related="term_id.lease_id", store=True, precompute=True, required=False
    )
    term_id = fields.Many2one(
        "property.lease.turnover.term", required=True, index=True, ondelete="cascade"
    )
    above = fields.Monetary(
        string="Turnover above", help="A month; the per cent is of what lies above it."
    )
    percent = fields.Float(
        string="Per Cent", required=True, digits=(16, 4), aggregator=False, default=8.0
    )

    _above_once = models.Constraint(
        "UNIQUE(term_id, above)", "Two percentages begin at the same turnover. Join them."
    )
    _values_range = models.Constraint(
        "CHECK(above >= 0 AND percent > 0 AND percent <= 100)",
        "A percentage is above 0 and at most 100, of a turnover that is not negative.",
    )

    @api.depends("above", "percent")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = (
                self.env._(
                    "%(percent)s %% above %(above)s a month",
                    percent=f"{tier.percent:g}",
                    above=f"{tier.above:,.2f}",
                )
                if tier.above
                else self.env._("%(percent)s %% of the turnover", percent=f"{tier.percent:g}")
            )
