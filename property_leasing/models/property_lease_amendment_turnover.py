"""Amendments of turnover rent: other percentages or kinds of goods from a day on, or none."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import turnover, turnover_rules
from .property_lease_percentage import MODES
from .property_lease_turnover import KNOWN_STATES

#: What is expected of the months after the day is shown for so many months.
SHOWN_MONTHS = 12


class PropertyLeaseAmendmentTier(models.Model):
    """A percentage that holds from the day of an amendment on."""

    _name = "property.lease.amendment.tier"
    _description = "Percentage by an Amendment"
    _inherit = ["property.lease.amendment.row", "property.lease.percentage"]
    _order = "amendment_id, goods_id, above"

    _breakpoint_once = models.UniqueIndex(
        "(amendment_id, COALESCE(goods_id, 0), COALESCE(above, 0))",
        "Two percentages begin at the same turnover. Join them.",
    )


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    turnover_end = fields.Boolean(
        string="No Turnover Rent from then on", tracking=True, help="Nothing is declared any more."
    )
    turnover_mode = fields.Selection(
        MODES,
        string="Turnover Rent is",
        default=turnover.GREATER,
        tracking=True,
    )
    turnover_cap = fields.Monetary(
        string="Cap", tracking=True, help="Highest percentage rent a month; 0 for none."
    )
    tier_ids = fields.One2many(
        "property.lease.amendment.tier", "amendment_id", string="Percentages", copy=True
    )

    _turnover_cap_not_negative = models.Constraint(
        "CHECK(turnover_cap >= 0)", "A cap cannot be negative."
    )

    @api.onchange("lease_id", "kind")
    def _onchange_turnover(self):
        """Propose the percentages in force, to be changed."""
        term = self.lease_id.turnover_term_ids
        if self.kind != "turnover" or not term or self.tier_ids:
            return
        last = term.change_ids.filtered(lambda one: not one.is_end).sorted("date_from")[-1:]
        source = last or term
        self.turnover_mode, self.turnover_cap = source.mode, source.cap
        self.tier_ids = source.tier_ids._copy_commands()

    @api.depends("turnover_end", "turnover_mode", "turnover_cap", "tier_ids.above")
    @api.depends("tier_ids.percent", "tier_ids.goods_id")
    def _compute_changes_html(self):
        """Override: percentages change what is expected too."""
        return super()._compute_changes_html()

    # What it says -----------------------------------------------------------------------------

    def _is_complete(self):
        """Override: percentages, or that there are none any more."""
        if self.kind != "turnover":
            return super()._is_complete()
        if not self.lease_id or not self.date:
            return False
        if self.turnover_end:
            return bool(self.lease_id.turnover_term_ids)
        return bool(self.tier_ids)

    def _new_rule(self):
        """Return the rule of the amendment as the kernel takes it."""
        self.ensure_one()
        decimal = self.lease_id._decimal
        return turnover_rules.Rule(
            self.date,
            () if self.turnover_end else self.tier_ids._kinds(decimal),
            self.turnover_mode or turnover.GREATER,
            decimal(self.turnover_cap) if self.turnover_cap else None,
        )

    def _amended_rules(self, term):
        """Return the rules as they would be."""
        kept = tuple(rule for rule in term._rules() if rule.day < self.date)
        return (*kept, self._new_rule())

    # Looking ahead ----------------------------------------------------------------------------

    def _plan(self):
        """Override: percentages change no instalment."""
        return [] if self.kind == "turnover" else super()._plan()

    def _changes(self):
        """Override: list what the settlements of a year are expected to owe, before and after."""
        if self.kind != "turnover":
            return super()._changes()
        term = self.lease_id.turnover_term_ids
        if not term or not self.lease_id.date_from <= self.date <= self.lease_id.date_to:
            return []
        until = fields.Date.add(self.date, months=SHOWN_MONTHS, days=-1)
        before, after = (
            {one.date_from: one for one in term._expected(rules) if one.date_to >= self.date}
            for rules in (term._rules(), self._amended_rules(term))
        )
        rows = []
        for day in sorted({*before, *after}):
            old, new = before.get(day), after.get(day)
            amounts = [float(one.amount) if one else 0.0 for one in (old, new)]
            if day <= until and amounts[0] != amounts[1]:
                rows.append(
                    {
                        "space": term.item_id.name,
                        "from": str(day),
                        "to": str((new or old).date_to),
                        "before": amounts[0],
                        "after": amounts[1],
                        "is_billed": False,
                        "is_expected": True,
                    }
                )
        return rows

    # Approval ---------------------------------------------------------------------------------

    def _check_request(self):
        """Override: say the percentages, and leave alone what is settled."""
        if self.kind == "turnover" and not self._is_complete():
            raise UserError(
                self.env._("%(lease)s owes no turnover rent.", lease=self.lease_id.name)
                if self.turnover_end
                else self.env._("Enter the percentages from the day of the amendment on.")
            )
        result = super()._check_request()
        if self.kind == "turnover":
            self._check_turnover()
        return result

    def _check_turnover(self):
        """Refuse a day in what is settled, or in months that are declared by other kinds.

        :raise UserError: naming the first day that is possible
        """
        term = self.lease_id.turnover_term_ids
        term.settlement_ids.invalidate_recordset(["charge_id", "state"])
        closed = term.settlement_ids.filtered(lambda one: one.charge_id or one.is_credited)
        last = max(closed.mapped("date_to"), default=False)
        if last and self.date <= last:
            raise UserError(
                self.env._(
                    "Turnover rent is billed until %(day)s, and that stays. Let the percentages "
                    "change after that day.",
                    day=last,
                )
            )
        later = [one for one in term.change_ids if one.date_from > self.date]
        if later:
            raise UserError(
                self.env._(
                    "The percentages change on %(day)s already. Choose that day or a later one.",
                    day=later[0].date_from,
                )
            )
        if not term:
            return
        rules = self._amended_rules(term)
        wanted = set(turnover_rules.expected(term._terms(), rules))
        taken = term.turnover_ids.filtered(
            lambda row: (
                row.date_to >= self.date
                and row.state in (*KNOWN_STATES, "declared")
                and (row.date_from, row.date_to, row.goods_id.id or None) not in wanted
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "The turnover until %(day)s is declared already, by other kinds of goods. Let "
                    "the percentages change after that day.",
                    day=max(taken.mapped("date_to")),
                )
            )

    def _change_terms(self):
        """Override: percentages are kept by their days; the first ones make the term."""
        if self.kind != "turnover":
            return super()._change_terms()
        # sudo: nobody edits a signed lease; a second person has approved this change
        term_sudo = self.lease_id.sudo().turnover_term_ids
        tiers = self.tier_ids._copy_commands()
        if not term_sudo:
            term_sudo = term_sudo.create(
                {
                    "lease_id": self.lease_id.id,
                    "mode": self.turnover_mode,
                    "cap": self.turnover_cap,
                    "date_from": self.date,
                    "item_id": self.company_id._lease_turnover_item().id,
                    "tier_ids": tiers,
                }
            )
            term_sudo._create_fee()
            return None
        known = term_sudo.change_ids.filtered(lambda one: one.date_from == self.date)
        known.unlink()  # the later amendment of a day says what holds
        term_sudo.change_ids.create(
            {
                "term_id": term_sudo.id,
                "date_from": self.date,
                "is_end": self.turnover_end,
                "mode": self.turnover_mode,
                "cap": self.turnover_cap,
                "tier_ids": [] if self.turnover_end else tiers,
                "amendment_id": self.id,
            }
        )
        return None
