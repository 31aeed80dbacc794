from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import FEN, to_decimal
from .billing_time_facts import Assumptions


class PropertyRerate(models.Model):
    """Bill days again that were billed wrongly: credits and new bills as one batch."""

    _name = "property.rerate"
    _description = "Billing Again"
    _inherit = ["property.approval", "property.by.methods", "property.background"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    site_id = fields.Many2one(
        "property.site",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["property.site"]._property_only_site(),
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_ids = fields.Many2many(
        "property.charge.item",
        string="Items",
        required=True,
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False)),"
        " ('method', '!=', 'one_off')]",
    )
    unit_ids = fields.Many2many(
        "property.unit",
        string="Units",
        domain="[('site_id', '=', site_id)]",
        help="Empty: every unit billed.",
    )
    date_from = fields.Date(
        string="From", required=True, tracking=True, help="Bills that touch these days."
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    reason = fields.Char(required=True, tracking=True)
    line_ids = fields.One2many("property.rerate.line", "rerate_id", string="Differences")
    run_ids = fields.Many2many("property.billing.run", string="New Billing Runs", readonly=True)
    old_charge_ids = fields.Many2many(
        "property.charge", string="Undone Charges", readonly=True, copy=False
    )
    amount_difference = fields.Monetary(compute="_compute_difference", string="Difference")
    is_undone = fields.Boolean(string="Undone", readonly=True, copy=False, tracking=True)

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A period cannot end before it starts. Correct one of the two dates.",
    )

    @api.depends("item_ids.name", "date_from", "date_to")
    def _compute_name(self):
        for rerate in self:
            items = ", ".join(rerate.item_ids.mapped("name"))
            rerate.name = f"{items} {rerate.date_from or ''} – {rerate.date_to or ''}".strip()

    @api.depends("line_ids.amount_difference")
    def _compute_difference(self):
        for rerate in self:
            rerate.amount_difference = sum(rerate.line_ids.mapped("amount_difference"))

    # Approval ---------------------------------------------------------------------------------

    def action_preview(self):
        """Show every bill that would change, with its old and new amount."""
        self.check_access("write")
        for rerate in self:
            rerate._approval_expect("draft", "refused")
            rerate._fill_lines(rerate._preview()[0], rerate._left_alone())
        return True

    def action_submit(self):
        """Override: freeze the differences the approver decides on."""
        self.check_access("write")
        for rerate in self:
            rerate._approval_expect("draft", "refused")
            rerate._fill_lines(rerate._preview()[0], rerate._left_alone())
        return super().action_submit()

    def _check_request(self):
        """Override: refuse a request that would change nothing or cannot bill all again."""
        self.ensure_one()
        changes, problems = self._preview()
        if not any(change["old"] != change["new"] for change in changes):
            raise UserError(
                self.env._(
                    "No bill would change. Correct the tariff, area or dates first, then look "
                    "again."
                )
            )
        self._expect_billable(problems)

    def _approval_impact(self):
        """Override: the bills that change and by how much in all."""
        changes, _problems = self._preview()
        differing = [change["new"] - change["old"] for change in changes]
        differing = [change for change in differing if change]
        return len(differing), float(sum(differing))

    def _on_approved(self):
        """Override: undo and bill again what differs."""
        self.ensure_one()
        changes, _problems = self._preview()
        charges = self.env["property.charge"]
        for change in changes:
            if change["old"] != change["new"]:
                charges |= change["charges"]
        self._start_billing(charges)

    def action_undo_rerate(self):
        """Take it back: undo the new bills and restore the old ones from their frozen facts.

        :raise UserError: when it was not done, is being done, or undone already
        """
        self._check_checker()
        for rerate in self._approval_lock():
            rerate._approval_expect("approved")
            if rerate.is_undone:
                raise UserError(self.env._("This was taken back already."))
            rerate._start_restoring()
        return self._done_or_going_on()

    # Preview ----------------------------------------------------------------------------------

    def _found_charges(self):
        """Return the posted charges that touch the days."""
        self.ensure_one()
        domain = [
            ("site_id", "=", self.site_id.id),
            ("item_id", "in", self.item_ids.ids),
            ("state", "=", "posted"),
            ("is_opening", "=", False),
            ("run_id", "!=", False),
            ("date_to", ">=", self.date_from),
            ("date_from", "<=", self.date_to),
        ]
        if self.unit_ids:
            domain.append(("unit_id", "in", self.unit_ids.ids))
        return self.env["property.charge"].search(domain, order="date_from, id")

    def _preview(self):
        """Compute what the charges would be today.

        :return: (list of dict ``fee``, ``charges``, ``values`` of the new ones, ``old``
            and ``new`` amounts, one for every fee and cycle; problems that keep one from billing)
        """
        charges = self._found_charges()._without_credits()
        return self._compare(charges | charges._percentages())

    @api.model
    def _expect_billable(self, problems):
        """Raise when something keeps a bill from being made again.

        :raise UserError: naming the first problem
        """
        if problems:
            raise UserError(
                self.env._(
                    "Some bills could not be made again: %(problem)s",
                    problem=problems[0]["message"],
                )
            )

    @api.model
    def _compare(self, charges, reliefs=()):
        """Compute what charges would be today; see ``_preview``.

        :param charges: posted property.charge of one site
        :param reliefs: property.relief that count as approved
        """
        changes, errors = [], []
        by_run = charges.grouped(
            lambda charge: (
                # a percentage that stands in for another belongs to no run: its own days count
                *self._period(charge),
                charge.run_id.catch_up,
                charge.run_id.catch_up_from,
            )
        )
        for (first, last, catch_up, catch_up_from), group in by_run.items():
            values, problems = self.env["property.billing.run"]._simulate(
                charges.site_id,
                charges.item_id,
                first,
                last,
                Assumptions(units=charges.unit_id.ids, ignored=charges.ids, reliefs=reliefs),
                catch_up=catch_up,
                catch_up_from=catch_up_from,
            )
            fees = set(group.fee_id.ids)
            concerned = {(charge.unit_id.id, charge.item_id.id) for charge in group}
            errors += [
                problem
                for problem in problems
                if problem["severity"] == "error"
                and (problem.get("unit_id"), problem["item_id"]) in concerned
            ]
            changes += self._pair(group, [v for v in values if v["fee_id"] in fees], (first, last))
        return changes, errors

    def _pair(self, charges, values, period):
        """Pair old and new charges of one fee whose days overlap, directly or through others."""
        new = defaultdict(list)
        for vals in values:
            new[vals["fee_id"]].append(vals)
        changes = []
        for fee, olds in charges.grouped("fee_id").items():
            spans = _joined([(c.date_from, c.date_to) for c in olds])
            for first, last in spans:
                inside = olds.filtered(
                    lambda c, f=first, t=last: c.date_from <= t and c.date_to >= f
                )
                made = [v for v in new[fee.id] if v["date_from"] <= last and v["date_to"] >= first]
                changes.append(
                    {
                        "fee": fee,
                        "charges": inside,
                        "values": made,
                        "period": period,
                        "first": first,
                        "last": last,
                        "old": sum(
                            (to_decimal(c.amount).quantize(FEN) for c in inside), to_decimal(0)
                        ),
                        "new": sum(
                            (to_decimal(v["amount"]).quantize(FEN) for v in made), to_decimal(0)
                        ),
                    }
                )
        return changes

    def _fill_lines(self, changes, left=()):
        """Replace the differences shown, and later checked, by those of changes.

        :param changes: as from ``_compare``
        :param left: what is left alone, as from ``_compare_left``
        """
        self.ensure_one()
        # sudo: lines are only made by looking; nobody edits them
        (self.line_ids | self.left_line_ids).sudo().unlink()
        shown = [change for change in changes if change["old"] != change["new"]]
        self.env["property.rerate.line"].sudo().create(
            [self._prepare_line_vals(change) for change in (*shown, *left)]
        )

    def _prepare_line_vals(self, change):
        """Prepare the line of a change, or of what is left alone."""
        return {
            "rerate_id": self.id,
            "unit_id": change["fee"].unit_id.id,
            "item_id": change["fee"].item_id.id,
            "date_from": change["first"],
            "date_to": change["last"],
            "amount_old": float(change["old"]),
            "amount_new": float(change["new"]),
            "amount_credited": float(change.get("credited", 0)),
            "left_reason": change.get("reason"),
        }

    @api.model
    def _method_fields(self):
        """Override: what it billed anew."""
        return super()._method_fields() | {"run_ids", "old_charge_ids", "is_undone"}


def _joined(spans):
    """Join spans that overlap."""
    joined = []
    for first, last in sorted(spans):
        if joined and joined[-1][1] >= first:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
