"""Late fees of bills: live figures in a few queries for any number of bills, and their invoices."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, formatLang, split_every

from ..tools.late_fee import late_fee, stretches
from ..tools.rounding import to_decimal
from .property_charge import POST_BATCH

ZERO = Decimal(0)
FLUSHED = {
    "account.move": [
        "state",
        "move_type",
        "payment_state",
        "invoice_date_due",
        "amount_total",
        "charge_item_id",
        "is_opening",
        "unit_id",
        "late_fee_bill_id",
        "reversed_entry_id",
        "credit_of_bill_id",
        "property_charge_id",
        "period_to",
    ],
    "account.partial.reconcile": None,
    "property.charge": ["state", "fee_id"],
    "property.fee": ["late_fee_policy_id"],
    "property.charge.item": ["late_fee_policy_id", "category"],
    "property.late.fee.policy": ["is_on_opening"],
    "property.late.fee.relief": ["bill_id", "amount", "active"],
}


class AccountMove(models.Model):
    _inherit = "account.move"

    late_fee_bill_id = fields.Many2one(
        "account.move",
        string="Late Fee of",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The bill whose late fee this bill asks for.",
    )
    late_fee_move_ids = fields.One2many(
        "account.move", "late_fee_bill_id", string="Bills of the Late Fee"
    )
    amount_late_fee = fields.Monetary(
        compute="_compute_late_fee",
        string="Late Fee Today",
        help="Late fee up to today that is not billed yet: paying today costs this much more.",
    )
    late_fee_text = fields.Char(compute="_compute_late_fee", string="Late Fee Explained")

    @api.depends(
        "state",
        "amount_residual",
        "invoice_date_due",
        "late_fee_move_ids.state",
        "charge_item_id.late_fee_policy_id",
        "property_charge_id.fee_id.late_fee_policy_id",
    )
    def _compute_late_fee(self):
        facts = self._property_late_fee_facts()
        for move in self:
            one = facts.get(move._origin.id)
            move.amount_late_fee = float(one["live"]) if one else 0.0
            move.late_fee_text = self._property_late_fee_text(one) if one and one["live"] else False

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account`: only late fees, write-offs and campaigns make such documents."""
        if not self.env.su and any(
            vals.get("late_fee_bill_id") or vals.get("credit_of_bill_id") for vals in vals_list
        ):
            self._refuse_by_hand()
        return super().create(vals_list)

    def _check_written_by_hand(self, vals):
        """Extend to the bill a late fee is for, and the bill a credit is for."""
        if {"late_fee_bill_id", "credit_of_bill_id"} & vals.keys():
            self._refuse_by_hand()
        return super()._check_written_by_hand(vals)

    # Live -------------------------------------------------------------------------------------

    def _property_late_fees(self, day=None):
        """Tell the late fee of each bill as of a day that is not yet a bill of its own.

        :param date day: today when left out
        :return: dict bill id -> Decimal, 0 for bills without one
        """
        facts = self._property_late_fee_facts(day)
        return {bill.id: facts[bill.id]["live"] if bill.id in facts else ZERO for bill in self}

    def _property_late_fee_facts(self, day=None):
        """Gather what the late fee of each bill follows from, in a few queries for all.

        :param date day: last counted day; today when left out
        :return: dict bill id -> dict: `principal`, `due`, `changes`, `rule`, `until`, `capped_on`,
            `fee` (all of it up to the day), `settled` (billed and not credited, or waived),
            `billed_until` (day or None), `live`; only bills that can bear a late fee
        """
        day = day or fields.Date.context_today(self)
        heads = self._property_late_fee_heads(day)
        if not heads:
            return {}
        ids = list(heads)
        changes, credited = self._property_late_fee_changes(ids)
        settled, billed_until = self._property_late_fee_settled(ids)
        policies_sudo = self.env["property.late.fee.policy"].sudo()
        rules = {
            policy.id: policy._rule()
            for policy in policies_sudo.browse({head[2] for head in heads.values()})
        }
        facts = {}
        for bill_id, (total, due, policy_id) in heads.items():
            principal = to_decimal(total)
            one = {
                "principal": principal,
                "due": due,
                "changes": changes[bill_id],
                "rule": rules[policy_id],
                "until": day,
                "capped_on": principal - credited[bill_id],
                "settled": settled[bill_id],
                "billed_until": billed_until.get(bill_id),
            }
            one["fee"] = late_fee(
                principal, due, one["changes"], one["rule"], day, one["capped_on"]
            )
            # Days that are billed are not billed again, whatever is corrected about them.
            is_billed = one["billed_until"] and one["billed_until"] >= day
            one["live"] = ZERO if is_billed else max(one["fee"] - one["settled"], ZERO)
            facts[bill_id] = one
        return facts

    @api.model
    def _property_late_fee_domain(self):
        """Return the domain of posted bills with a policy: of their fee, else of their item."""
        of_item = Domain("charge_item_id.late_fee_policy_id", "!=", False)
        of_fee = Domain(
            "property_charge_id",
            "any!",
            Domain("fee_id", "any!", Domain("late_fee_policy_id", "!=", False)),
        )
        is_bill = Domain("move_type", "=", "out_invoice") & Domain("state", "=", "posted")
        return is_bill & (of_item | of_fee)

    def _property_late_fee_policy(self):
        """Return the policy of a bill."""
        self.ensure_one()
        # sudo: which late fee it bears is a fact of the bill
        bill_sudo = self.sudo()
        own_sudo = bill_sudo.property_charge_id.fee_id.late_fee_policy_id
        return own_sudo or bill_sudo.charge_item_id.late_fee_policy_id

    def _property_late_fee_heads(self, day):
        """Return dict bill id -> (amount, due date, policy id) of overdue bills with a policy."""
        for model, names in FLUSHED.items():
            self.env[model].flush_model(names)
        self.env.cr.execute(
            SQL(
                """
                SELECT bill.id, bill.amount_total, bill.invoice_date_due, policy.id
                  FROM account_move bill
                  JOIN property_charge_item item ON item.id = bill.charge_item_id
             LEFT JOIN property_charge charge ON charge.id = bill.property_charge_id
             LEFT JOIN property_fee fee ON fee.id = charge.fee_id
                  JOIN property_late_fee_policy policy
                    ON policy.id = COALESCE(fee.late_fee_policy_id, item.late_fee_policy_id)
                 WHERE bill.id = ANY(%s) AND bill.state = 'posted'
                   AND bill.move_type = 'out_invoice' AND bill.payment_state <> 'reversed'
                   AND bill.unit_id IS NOT NULL AND bill.late_fee_bill_id IS NULL
                   AND item.category <> 'late_fee'
                   AND (charge.id IS NULL OR charge.state = 'posted')
                   AND (policy.is_on_opening OR bill.is_opening IS NOT TRUE)
                   AND bill.invoice_date_due < %s
                """,
                list(self._origin.ids),
                day,
            )
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    @api.model
    def _property_late_fee_changes(self, ids):
        """Return what settled bills, by day, and how much of it were credit notes.

        :return: (dict bill id -> [(day, Decimal)], dict bill id -> Decimal)
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT line.move_id, partial.max_date, other_move.move_type = 'out_refund',
                       SUM(partial.debit_amount_currency)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move_line other ON other.id = partial.credit_move_id
                  JOIN account_move other_move ON other_move.id = other.move_id
                 WHERE line.move_id = ANY(%s)
              GROUP BY 1, 2, 3
              ORDER BY 1, 2, 3
                """,
                ids,
            )
        )
        changes, credited = defaultdict(list), defaultdict(Decimal)
        for bill_id, day, is_credit, amount in self.env.cr.fetchall():
            changes[bill_id].append((day, -to_decimal(amount)))
            if is_credit:
                credited[bill_id] += to_decimal(amount)
        return changes, credited

    @api.model
    def _property_late_fee_settled(self, ids):
        """Return how much of the late fees is billed (less credits) or waived, and until when.

        :return: (dict bill id -> Decimal, dict bill id -> last billed day)
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT late.late_fee_bill_id, SUM(late.amount_total),
                       MAX(late.period_to) FILTER (WHERE charge.state = 'posted')
                  FROM account_move late
             LEFT JOIN property_charge charge ON charge.id = late.property_charge_id
                 WHERE late.late_fee_bill_id = ANY(%(ids)s) AND late.state = 'posted'
                   AND late.move_type = 'out_invoice'
              GROUP BY 1
             UNION ALL
                SELECT late.late_fee_bill_id, -SUM(credit.amount_total), NULL
                  FROM account_move late
                  JOIN account_move credit
                    ON credit.reversed_entry_id = late.id OR credit.credit_of_bill_id = late.id
                 WHERE late.late_fee_bill_id = ANY(%(ids)s) AND late.state = 'posted'
                   AND credit.state = 'posted' AND credit.move_type = 'out_refund'
              GROUP BY 1
             UNION ALL
                SELECT relief.bill_id, SUM(relief.amount), NULL
                  FROM property_late_fee_relief relief
                 WHERE relief.bill_id = ANY(%(ids)s) AND relief.active
              GROUP BY 1
                """,
                ids=ids,
            )
        )
        settled, billed_until = defaultdict(Decimal), {}
        for bill_id, amount, day in self.env.cr.fetchall():
            settled[bill_id] += to_decimal(amount)
            if day:
                billed_until[bill_id] = day
        return settled, billed_until

    @api.model
    def _property_late_fee_text(self, facts):
        """Say why a late fee is what it is: overdue 32 days × 0.05%.

        :param dict facts: one value of `_property_late_fee_facts`
        """
        percent = self.env["property.late.fee.policy"]._percent
        rows = stretches(
            facts["principal"], facts["due"], facts["changes"], facts["rule"], facts["until"]
        )
        if len(rows) == 1 and rows[0].base == facts["principal"]:
            text = self.env._(
                "overdue %(days)s days × %(rate)s", days=rows[0].days, rate=percent(rows[0].rate)
            )
        else:
            text = " + ".join(
                self.env._(
                    "%(base)s × %(days)s days × %(rate)s",
                    base=formatLang(self.env, float(row.base), digits=2),
                    days=row.days,
                    rate=percent(row.rate),
                )
                for row in rows
            )
        exact = sum((row.amount for row in rows), ZERO)
        if facts["fee"] < exact - Decimal("0.01"):
            text = self.env._(
                "%(text)s, at most %(cap)s of the bill",
                text=text,
                cap=percent(facts["rule"].cap_rate),
            )
        if facts["settled"]:
            text = self.env._(
                "%(text)s, less %(amount)s billed or waived before",
                text=text,
                amount=formatLang(self.env, float(facts["settled"]), digits=2),
            )
        return text

    # As a bill ----------------------------------------------------------------------------------

    def _property_crystallise_late_fees(self, day=None, run=None):
        """Post an invoice for the late fee of each bill up to a day.

        Whatever is billed already is left out, so calling it again does nothing. The bills are
        locked: of two that crystallise at the same moment the later one finds nothing left.

        :param date day: last counted day; today when left out
        :param run: property.late.fee.run it is done for
        :return: the posted invoices; each knows its bill as ``late_fee_bill_id``
        """
        day = day or fields.Date.context_today(self)
        moves = self.browse()
        for ids in split_every(POST_BATCH, sorted(self.ids)):
            bills = self.browse(ids)
            bills._property_lock_for_late_fees()
            facts = bills._property_late_fee_facts(day)
            due = bills.browse([bill_id for bill_id, one in facts.items() if one["live"]])
            due._property_touch()
            for company, own in due.grouped("company_id").items():
                charges = self.env["property.charge"]._create_late_fees(company, own, facts, run)
                moves |= charges._post()
        return moves

    def _property_lock_for_late_fees(self):
        self.env.cr.execute(
            SQL(
                "SELECT id FROM account_move WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                list(self.ids),
            ),
            log_exceptions=False,  # whoever loses the race tries again
        )
        self.invalidate_recordset(["amount_residual", "payment_state", "state"])

    def _property_touch(self):
        """Make rivals that wait for these bills start over: what they read is out of date."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET write_date = write_date WHERE id = ANY(%s)",
                    list(self.ids),
                )
            )

    def _property_open_late_fees(self):
        """Return the posted bills of late fees of these bills that still owe something."""
        return self.late_fee_move_ids.filtered(
            lambda move: move.move_type == "out_invoice" and not move._property_is_settled()
        ).sorted(lambda move: (move.invoice_date, move.id))

    def _property_waive_late_fee(self, amounts, reason, **links):
        """Record late fees that will not be asked for.

        :param dict amounts: bill -> Decimal
        :param str reason: why, in people's words
        :param links: `waiver_id` or `write_off_id` (ids)
        :return: property.late.fee.relief
        """
        # sudo: nobody creates reliefs by hand; they follow from an approval or a payment
        return (
            self.env["property.late.fee.relief"]
            .sudo()
            .create(
                [
                    {"bill_id": bill.id, "amount": float(amount), "reason": reason, **links}
                    for bill, amount in amounts.items()
                    if amount > 0
                ]
            )
        )

    def action_view_late_fees(self):
        """Open the bills of the late fee of this bill."""
        self.ensure_one()
        if not self.late_fee_move_ids:
            raise UserError(self.env._("No late fee of this bill was billed yet."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {**action, "domain": [("late_fee_bill_id", "=", self.id)], "context": {}}
