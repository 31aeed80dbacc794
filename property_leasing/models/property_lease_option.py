"""Break and renewal options, and the notice either party gives."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain


class PropertyLeaseOption(models.Model):
    """A right to end or to renew a lease on a day, if it is said in time (提前解约权/续租权)."""

    _name = "property.lease.option"
    _description = "Break or Renewal Option"
    _inherit = ["property.lease.term"]
    _order = "lease_id, date, id"

    kind = fields.Selection(
        [("break", "End early"), ("renewal", "Renew")], required=True, default="break"
    )
    holder = fields.Selection(
        [("tenant", "Tenant"), ("landlord", "Landlord"), ("both", "Both")],
        string="Whose",
        required=True,
        default="tenant",
    )
    date = fields.Date(
        string="Day",
        required=True,
        help="Last day of a lease that ends early; first day of the new term of a renewal.",
    )
    notice_months = fields.Integer(
        string="Notice",
        default=3,
        aggregator=False,
        help="Months before the day until which it must be said.",
    )
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        precompute=True,
        index=True,
        string="Say by",
        help="Last day on which the option can be taken.",
    )
    months = fields.Integer(
        string="New Term", aggregator=False, help="Months of the new term of a renewal."
    )
    penalty = fields.Monetary(help="To pay when the lease is ended early.")
    note = fields.Char(string="Terms", help="Such as the rent of the new term.")
    taken_on = fields.Date(readonly=True, copy=False, help="Day on which it was taken.")
    is_in_term = fields.Boolean(
        compute="_compute_is_in_term",
        store=True,
        precompute=True,
        help="Another end of the lease has not made it pointless.",
    )
    is_open = fields.Boolean(
        compute="_compute_is_open", search="_search_is_open", help="It can be taken still."
    )

    _values_range = models.Constraint(
        "CHECK(notice_months BETWEEN 0 AND 24 AND months >= 0 AND penalty >= 0)",
        "Notice is given 0 to 24 months ahead; a term and a penalty are not negative.",
    )

    @api.depends("date", "notice_months")
    def _compute_deadline(self):
        for option in self:
            option.deadline = option.date and option.date - relativedelta(
                months=option.notice_months
            )

    @api.depends("kind", "date", "lease_id.date_to", "lease_id.terminated_date")
    def _compute_is_in_term(self):
        for option in self:
            lease, day = option.lease_id, option.date
            if not day or not lease.date_to:
                option.is_in_term = True
            elif option.kind == "break":
                option.is_in_term = day <= lease.date_to
            else:
                option.is_in_term = not lease.terminated_date and day >= lease.date_to

    @api.depends("deadline", "taken_on", "is_in_term")
    def _compute_is_open(self):
        today = fields.Date.context_today(self)
        for option in self:
            option.is_open = option._is_open_on(today)

    def _is_open_on(self, day):
        """Tell whether the option can be taken on a day."""
        self.ensure_one()
        return bool(
            self.deadline and self.deadline >= day and not self.taken_on and self.is_in_term
        )

    @api.model
    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        is_open = (
            Domain("deadline", ">=", today)
            & Domain("taken_on", "=", False)
            & Domain("is_in_term", "=", True)
        )
        return Domain.OR([is_open if wanted else ~is_open for wanted in value])

    @api.depends("kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for option in self:
            option.display_name = f"{kinds.get(option.kind, '')} {option.date or ''}"


class PropertyLease(models.Model):
    _inherit = "property.lease"

    option_ids = fields.One2many("property.lease.option", "lease_id", string="Options", copy=True)
    next_option_date = fields.Date(
        compute="_compute_next_option_date",
        store=True,
        string="Next Option by",
        help="Next day until which an option can be taken.",
    )
    notice_months = fields.Integer(
        default=3,
        tracking=True,
        aggregator=False,
        help="Months of notice either party gives to end the lease, or not to renew it.",
    )
    guarantee_kind = fields.Selection(
        [
            ("joint", "Joint and several guarantee"),
            ("general", "General guarantee"),
            ("bank", "Letter of guarantee of a bank"),
        ],
        string="Kind of Guarantee",
        tracking=True,
        help="Civil Code, articles 686 to 688.",
    )
    guarantee_limit = fields.Monetary(
        tracking=True, help="Highest amount that is guaranteed; 0 for no limit."
    )
    guarantee_date_to = fields.Date(string="Guaranteed until", tracking=True)

    _notice_range = models.Constraint(
        "CHECK(notice_months BETWEEN 0 AND 24 AND guarantee_limit >= 0)",
        "Notice is given 0 to 24 months ahead, and a limit is not negative.",
    )

    @api.depends("option_ids.deadline", "option_ids.taken_on", "option_ids.is_in_term")
    def _compute_next_option_date(self):
        today = fields.Date.context_today(self)
        for lease in self:
            ahead = lease.option_ids.filtered(lambda one: one._is_open_on(today))
            lease.next_option_date = min(ahead.mapped("deadline"), default=False)

    def _options_on(self, kind, date, day):
        """Return the options of a date that can be taken on a day.

        :param kind: "break" or "renewal"
        :param date: last day of an early end, first day of a new term
        """
        self.ensure_one()
        return self.option_ids.filtered(
            lambda one: one.kind == kind and one.date == date and one._is_open_on(day)
        )

    def _notice_date(self, day):
        """Return the earliest day on which the lease can end when notice is given on a day."""
        self.ensure_one()
        return min(day + relativedelta(months=self.notice_months), self.date_to)


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    @api.onchange("kind", "date_to")
    def _onchange_date_to(self):
        """Propose what the lease asks for ending it on that day."""
        lease = self.lease_id._origin
        if self.kind != "term" or self.penalty or not lease or not self.date_to:
            return
        options = lease.option_ids.filtered(
            lambda one: one.kind == "break" and one.date == self.date_to
        )
        self.penalty = sum(options.mapped("penalty"))

    def _change_end(self, lease_sudo):
        """Extend: an option that says so is taken; a notice may have taken it before."""
        today, old_end = fields.Date.context_today(self), lease_sudo.date_to
        if self.date_to < old_end:
            options_sudo = lease_sudo._options_on("break", self.date_to, today)
        elif self.date_to > old_end:
            first = old_end + relativedelta(days=1)
            options_sudo = lease_sudo._options_on("renewal", first, today)
        else:
            options_sudo = lease_sudo.option_ids.browse()
        options_sudo.taken_on = today
        return super()._change_end(lease_sudo)
