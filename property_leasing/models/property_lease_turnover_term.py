from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import turnover
from ..tools.schedule import rent_between
from ..tools.turnover_rules import Rule, expected
from .property_lease_percentage import MODES


class PropertyLeaseTurnoverTerm(models.Model):
    """What a lease says about turnover rent (营业额租金): billed beside the instalments."""

    _name = "property.lease.turnover.term"
    _description = "Turnover Rent"
    _inherit = ["property.lease.term"]

    mode = fields.Selection(
        MODES,
        required=True,
        default=turnover.GREATER,
    )
    tier_ids = fields.One2many(
        "property.lease.turnover.tier",
        "term_id",
        string="Percentages",
        domain=[("change_id", "=", False)],
        copy=True,
    )
    change_ids = fields.One2many(
        "property.lease.turnover.change", "term_id", string="Later Percentages", copy=True
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

    @api.depends("mode", "tier_ids.display_name", "change_ids.display_name")
    def _compute_display_name(self):
        for term in self:
            term.display_name = " · ".join(term._sentences())

    def _sentences(self):
        """Say what is owed: from the first day on, and from each later day."""
        self.ensure_one()
        later = self.change_ids.sorted("date_from").mapped("display_name")
        return [self.tier_ids._sentence(self.mode), *later]

    # The kernel's view ------------------------------------------------------------------------

    def _rules(self):
        """Return the percentages as the kernel takes them, by their days.

        :return: tuple of tools.turnover_rules.Rule
        """
        self.ensure_one()
        decimal = self.lease_id._decimal
        return (
            Rule(
                self._terms().start,
                self.tier_ids._kinds(decimal),
                self.mode,
                decimal(self.cap) if self.cap else None,
            ),
            *(
                Rule(
                    change.date_from,
                    () if change.is_end else change.tier_ids._kinds(decimal),
                    change.mode,
                    decimal(change.cap) if change.cap else None,
                )
                for change in self.change_ids.sorted("date_from")
            ),
        )

    def _terms(self):
        """Return what the lease says as the kernel takes it; what was settled elsewhere left out.

        Percentages are left out too: see ``_rules``.

        :return: tools.turnover.Terms
        """
        self.ensure_one()
        lease = self.lease_id
        return turnover.Terms(
            start=max(filter(None, (lease.date_from, self.date_from or lease.billing_date_from))),
            end=lease.date_to,
            tiers=(),
            months=int(self.months),
            anchor=lease.date_from if self.year == "lease" else None,
            rent_free=tuple((row.date_from, row.date_to) for row in lease.rent_free_ids),
            is_free_counted=self.is_free_counted,
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
            months = expected(term._terms(), term._rules())
            known = {
                (row.date_from, row.date_to, row.goods_id.id or None): row
                for row in term.turnover_ids
            }
            gone = rows_sudo.union(*(row for span, row in known.items() if span not in set(months)))
            gone.filtered(lambda row: row.state == "open").unlink()
            term._shorten(gone.exists(), months)
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
                    "goods_id": goods,
                    "partner_id": term.lease_id._tenant_on(first).id,
                    "date_from": first,
                    "date_to": last,
                    "due_date": fields.Date.add(last, days=term.declare_days),
                }
                for first, last, goods in months
                if not any(
                    row.date_from <= last
                    and row.date_to >= first
                    and (row.goods_id.id or None) == goods
                    for row in taken
                )
            ]
        rows_sudo.create(vals_list)

    def _shorten(self, rows_sudo, months):
        """Ask anew for declared months that end earlier now: what was sold until then counts.

        What was billed stays until the month is declared again, and is put right then.

        :param rows_sudo: declarations whose days are not asked for any more
        :param months: what is asked for, as from ``tools.turnover_rules.expected``
        """
        self.ensure_one()
        ends = {(first, goods): last for first, last, goods in months}
        for row_sudo in rows_sudo:
            last = ends.get((row_sudo.date_from, row_sudo.goods_id.id or None))
            if last and last < row_sudo.date_to:
                row_sudo.write(
                    {
                        "date_to": last,
                        "due_date": fields.Date.add(last, days=self.declare_days),
                        "state": "open",
                        "reminded_on": False,
                    }
                )
        terms = self._terms()
        ends = dict(turnover.spans(terms, terms.months))
        self.settlement_ids.invalidate_recordset(["charge_id", "state"])
        for settlement_sudo in self.sudo().settlement_ids:
            last = ends.get(settlement_sudo.date_from)
            if not last or last >= settlement_sudo.date_to:
                continue
            if (
                settlement_sudo.charge_id
                or settlement_sudo.is_credited
                or settlement_sudo.amount_difference
            ):
                settlement_sudo.date_to = last
            else:
                settlement_sudo.unlink()
