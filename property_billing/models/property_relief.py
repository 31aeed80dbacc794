from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.rounding import FEN, to_decimal
from .billing_time_facts import Assumptions

RELIEF_METHODS = ("area", "fixed", "formula")


class PropertyRelief(models.Model):
    """A reduction for some units and days, asked for by one person and approved by another."""

    _name = "property.relief"
    _description = "Relief"
    _inherit = ["property.approval", "property.by.methods"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True, tracking=True, help="As it stands on the bill.")
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
    kind = fields.Selection(
        [
            ("vacancy", "Vacant unit"),
            ("staff", "Staff"),
            ("hardship", "Hardship"),
            ("service", "Service fell short"),
            ("other", "Other"),
        ],
        required=True,
        default="vacancy",
        tracking=True,
    )
    legal_basis = fields.Char(
        tracking=True, help="Rule, contract or decision it rests on; it is named on the bill."
    )
    unit_ids = fields.Many2many(
        "property.unit", string="Units", domain="[('site_id', '=', site_id)]"
    )
    item_ids = fields.Many2many(
        "property.charge.item",
        string="Items",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False)),"
        " ('method', 'in', ('area', 'fixed', 'formula'))]",
        help="Empty: every item by area, fixed or by formula.",
    )
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day, inclusive; empty while it lasts."
    )
    method = fields.Selection(
        [("percent", "Per cent"), ("amount", "Amount a month")],
        required=True,
        default="percent",
        string="Reduced by",
        tracking=True,
    )
    percent = fields.Float(digits=(16, 2), tracking=True, help="Taken off, such as 40 for 40%.")
    amount = fields.Monetary(tracking=True, help="Taken off each month and unit, VAT included.")
    rebill = fields.Boolean(
        string="Bill Again",
        tracking=True,
        help="Days already billed are undone and billed again with the relief when approved. "
        "Otherwise only later bills carry it.",
    )
    rerate_id = fields.Many2one("property.rerate", string="Billed Again by", readonly=True)
    rerate_work = fields.Selection(related="rerate_id.work")
    rerate_work_text = fields.Char(related="rerate_id.work_text")
    rerate_error = fields.Char(related="rerate_id.error_message")
    rerate_undone = fields.Boolean(related="rerate_id.is_undone")
    unit_count = fields.Integer(compute="_compute_unit_count", string="Number of Units")
    note = fields.Text(string="Evidence")

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A relief cannot end before it starts. Correct one of the two dates.",
    )
    _value_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100 AND amount >= 0)",
        "A relief takes off 0 to 100 per cent, or an amount of 0 or more.",
    )

    @api.depends("unit_ids")
    def _compute_unit_count(self):
        for relief in self:
            relief.unit_count = len(relief.unit_ids)

    @api.model
    def _method_fields(self):
        """Override: what it billed anew."""
        return super()._method_fields() | {"rerate_id"}

    def action_end(self):
        """End an approved relief today: the unit is lived in, the reason is gone.

        :raise UserError: when it is not approved, or over already
        """
        self.check_access("write")
        today = fields.Date.context_today(self)
        for relief in self._approval_lock():
            relief._approval_expect("approved")
            if relief.date_from > today or (relief.date_to and relief.date_to <= today):
                raise UserError(
                    self.env._(
                        "%(relief)s does not run today. There is nothing to end.",
                        relief=relief.name,
                    )
                )
            before = relief.date_to
            # sudo: an approved request is closed; ending it only takes from what was granted
            relief.sudo().write({"date_to": today})
            self.env["property.audit"]._log(
                "money",
                relief,
                before={"date_to": str(before or "")},
                after={"date_to": str(today)},
            )
        return True

    # Approval ---------------------------------------------------------------------------------

    def action_approve(self):
        """Override: tell when the billing again goes on in the background."""
        super().action_approve()
        return self.rerate_id._done_or_going_on()

    def _check_request(self):
        """Override: name units of the site and something to take off."""
        self.ensure_one()
        if not self.unit_ids:
            raise UserError(self.env._("Choose the units that get the relief."))
        if self.unit_ids.site_id != self.site_id:
            raise UserError(
                self.env._("The units must all belong to %(site)s.", site=self.site_id.name)
            )
        if self.item_ids.filtered(lambda item: item.method not in RELIEF_METHODS):
            raise UserError(
                self.env._(
                    "A relief is for items by area, fixed ones and formulas. Take the others out."
                )
            )
        if not (self.percent if self.method == "percent" else self.amount):
            raise UserError(self.env._("Say how much is taken off."))
        if self.kind == "vacancy" and not (self.legal_basis or "").strip():
            raise UserError(
                self.env._("Name the legal basis of the vacancy rate: rule, contract or decision.")
            )

    def _approval_impact(self):
        """Override: what the days already billed would change, and the current month's bills.

        The month counted is the current one, or the first of the relief if that is later.
        """
        self.ensure_one()
        again = self._changes_again(self)[1] if self.rebill else []
        changes = [change["new"] - change["old"] for change in again]
        changes += self._month_changes()
        changes = [change for change in changes if change]
        return len(changes), float(sum(changes))

    def _approval_impact_text(self):
        """Override: add which bills are left alone."""
        effect = super()._approval_impact_text()
        if not self.rebill:
            return effect
        return self.env["property.rerate"]._with_left_text(effect, self._left_alone(self))

    def _on_approved(self):
        """Override: bill again what is billed, where asked for."""
        self.ensure_one()
        if not self.rebill:
            return
        charges, changes = self._changes_again()
        if not charges:
            return
        # sudo: the relief itself was approved, with this effect shown; the state says so
        rerate_sudo = self.env["property.rerate"].sudo()
        rerate = rerate_sudo.create(
            {
                "reason": self.env._("Relief: %(name)s", name=self.name),
                "site_id": self.site_id.id,
                "item_ids": [(6, 0, charges.item_id.ids)],
                "unit_ids": [(6, 0, self.unit_ids.ids)],
                "date_from": min(charges.mapped("date_from")),
                "date_to": max(charges.mapped("date_to")),
                "approval_state": "approved",
                "requested_by_id": self.requested_by_id.id,
                "decided_by_id": self.env.uid,
                "impact_text": self.impact_text,
            }
        )
        # every step bills what was shown, and nothing that was changed meanwhile
        rerate._fill_lines(changes, self._left_alone())
        rerate._start_billing(charges)
        self.sudo().write({"rerate_id": rerate.id})

    # Effect -----------------------------------------------------------------------------------

    def _prepare_relief_facts(self):
        """Return what a charge freezes of the relief."""
        self.ensure_one()
        value = self.percent if self.method == "percent" else self.amount
        return {
            "id": self.id,
            "name": self.name,
            "legal": self.legal_basis or "",
            "kind": self.method,
            "value": str(to_decimal(value)),
            "from": str(self.date_from),
            "to": str(self.date_to or "9999-12-31"),
        }

    def _found_charges(self):
        """Return the posted charges of the relief's units and days that do not carry it."""
        self.ensure_one()
        domain = [
            ("unit_id", "in", self.unit_ids.ids),
            ("item_id.method", "in", RELIEF_METHODS),
            ("state", "=", "posted"),
            ("is_opening", "=", False),
            ("date_to", ">=", self.date_from),
        ]
        if self.date_to:
            domain.append(("date_from", "<=", self.date_to))
        if self.item_ids:
            domain.append(("item_id", "in", self.item_ids.ids))
        return (
            self.env["property.charge"]
            .search(domain)
            .filtered(
                lambda charge: (
                    charge.basis.get("kind") == "time"
                    and self.id not in [row["id"] for row in charge.basis.get("reliefs", ())]
                )
            )
        )

    def _changes_again(self, assumed=()):
        """Compare what is billed with what it would be: with the relief and today's facts.

        :param assumed: reliefs that count as approved
        :return: (posted property.charge of the relief's days, list as from
            ``property.rerate._compare``)
        :raise UserError: when a bill could not be made again
        """
        self.ensure_one()
        charges = self._found_charges()._without_credits()
        # sudo: whoever asks is told the effect, also of runs and percentages he does not see
        rerates_sudo = self.env["property.rerate"].sudo()
        charges_sudo = charges.sudo()
        changes, problems = rerates_sudo._compare(
            charges_sudo | charges_sudo._percentages(), assumed
        )
        rerates_sudo._expect_billable(problems)
        return charges, changes

    def _left_alone(self, assumed=()):
        """Return what is left alone for its credits; see ``property.rerate._compare_left``."""
        found = self._found_charges()
        # sudo: whoever asks is told the effect
        left_sudo = (found - found._without_credits()).sudo()
        return self.env["property.rerate"].sudo()._compare_left(left_sudo, assumed)

    def _month_changes(self):
        """Return what the unbilled charges of the month counted would change."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        day = max(self.date_from, today)
        if self.date_to and self.date_to < day.replace(day=1):
            return []
        runs = self.env["property.billing.run"]
        items = self.item_ids or runs._time_items(self.site_id)
        drafts = self.env["property.charge"].search(
            [("unit_id", "in", self.unit_ids.ids), ("state", "=", "draft")]
        )
        amounts = []
        for reliefs in (self.browse(), self):
            values = runs._simulate_month(
                self.site_id,
                items,
                day,
                Assumptions(units=self.unit_ids.ids, reliefs=reliefs, ignored=drafts.ids),
            )
            amounts.append(
                {
                    (vals["fee_id"], vals["share"], vals["date_from"]): to_decimal(
                        vals["amount"]
                    ).quantize(FEN)
                    for vals in values
                }
            )
        before, after = amounts
        return [after.get(key, 0) - amount for key, amount in before.items()]

    @api.depends("name", "date_from")
    def _compute_display_name(self):
        for relief in self:
            start = format_date(self.env, relief.date_from) if relief.date_from else ""
            relief.display_name = f"{relief.name or ''} {start}".strip()
