"""The statement of a move-out: offered, signed or disputed by the tenant, and booked."""

import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError

MOST_NAME = 60


class PropertyLeaseMoveout(models.Model):
    _inherit = "property.lease.moveout"

    # The statement ----------------------------------------------------------------------------

    def _statement(self):
        """Work the settlement out: deposits and prepayments less deductions and open bills.

        :return: JSON-able dict with the rows and the total, in yuan; above zero it is refunded
        """
        self.ensure_one()
        if not self.lease_id:
            return {"deposits": [], "prepaid": [], "deductions": [], "bills": [], "total": 0.0}
        # in the language of the bills, whoever offers it and whoever approves it
        return self.with_context(lang=self.company_id._billing_lang())._statement_facts()

    def _statement_facts(self):
        bills_sudo = self._open_bills_sudo()
        late = bills_sudo._property_late_fees(self._settled_on())
        statements = self.env["property.statement"]
        facts = {
            "deposits": [
                {"name": f"{one.type_id.name} {one.name}", "amount": one.amount_left}
                for one in self._credits_sudo("property.deposit")
            ],
            "prepaid": [
                {"name": one.name, "amount": one.amount_left}
                for one in self._credits_sudo("property.prepayment")
            ],
            "deductions": [
                {"name": f"{row.unit_id.code} {row.name}", "amount": row.amount}
                for row in self.deduction_ids
                if not row.charge_id
            ],
            "bills": [
                {
                    "name": statements._describe(bill, "bill"),
                    "amount": bill.amount_residual + float(late.get(bill.id, 0)),
                }
                for bill in bills_sudo
            ],
        }
        kept = sum(row["amount"] for row in (*facts["deposits"], *facts["prepaid"]))
        owed = sum(row["amount"] for row in (*facts["deductions"], *facts["bills"]))
        return {**facts, "total": self.currency_id.round(kept - owed)}

    def _settled_on(self):
        """Return the day on which deposits settle bills: that of the offer, today before it."""
        site = self.site_id
        if not self.offered_at:
            return site._today()
        local = self.with_context(tz=site.tz)
        return fields.Datetime.context_timestamp(local, self.offered_at).date()

    def _fingerprint(self):
        """Return the SHA-256 of the statement with what it is about."""
        self.ensure_one()
        about = {
            "moveout": self.name,
            "lease": self.lease_id.name,
            "tenant": self.partner_id.name,
            "date": str(self.date),
            "statement": self.statement,
        }
        text = json.dumps(about, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    # Steps ------------------------------------------------------------------------------------

    def action_inspect(self):
        """Say that the inspection is done.

        :raise UserError: when something was not looked at
        """
        self.check_access("write")
        for moveout in self:
            moveout._expect_step("planned")
            left = moveout.check_ids.filtered(lambda row: not row.result)
            if left:
                raise UserError(
                    self.env._(
                        "Look at everything first: %(what)s",
                        what=", ".join(left[:5].mapped("name")),
                    )
                )
            moveout._mark_inspected()
        return True

    def _mark_inspected(self):
        # sudo: the steps are not written by hand
        self.sudo().write(
            {
                "step": "inspected",
                "inspected_at": fields.Datetime.now(),
                "inspected_by_id": self.env.uid,
            }
        )

    def action_offer(self):
        """Put the statement before the tenant, as it is now.

        :raise UserError: when the inspection or the final bills are not done
        """
        self.check_access("write")
        for moveout in self._approval_lock():
            moveout._expect_step("inspected", "disputed")
            if not moveout.billed_at:
                raise UserError(self.env._("Make the final bills first."))
            moveout._check_credited()
            # sudo: the steps are not written by hand
            moveout_sudo = moveout.sudo()
            moveout_sudo.offered_at = fields.Datetime.now()
            moveout_sudo.write({"statement": moveout._statement(), "step": "offered"})
            moveout_sudo.message_post(
                body=self.env._("The statement was put before the tenant in the portal."),
                partner_ids=moveout.partner_id.ids,
                message_type="notification",
                subtype_xmlid="mail.mt_comment",
            )
        return True

    def _check_credited(self):
        """Refuse a statement without the turnover rent that was settled too high.

        :raise UserError: naming the settlement
        """
        # sudo: what is still to be credited is told to whoever settles the move-out
        settlements_sudo = self.lease_id.sudo().settlement_ids
        settlements_sudo.invalidate_recordset(["charge_id", "state"])
        owed = settlements_sudo.filtered(
            lambda one: one.partner_id == self.partner_id and one.state == "credit"
        )
        if owed:
            raise UserError(
                self.env._(
                    "Turnover rent was settled too high. Have finance credit %(what)s first.",
                    what=", ".join(owed.mapped("display_name")),
                )
            )

    def action_take_back(self):
        """Take the statement back to change it."""
        self.check_access("write")
        for moveout in self._approval_lock():
            moveout._expect_step("offered", "agreed", "disputed")
            moveout._approval_expect("draft", "refused")
            moveout._forget_offer()
        return True

    def _forget_offer(self):
        # sudo: the steps are not written by hand
        self.sudo().write(
            {
                "step": "inspected",
                "offered_at": False,
                "statement": False,
                "statement_sha256": False,
                "signed_name": False,
                "signed_at": False,
                "signed_by_id": False,
                "signed_ip": False,
                "signature": False,
            }
        )

    def _sign(self, name, signature=None, ip=None):
        """Take the tenant's agreement to the statement that was offered.

        :param name: as he typed it
        :param signature: PNG in base64, or None
        :raise UserError: when the statement is not offered, or no name is given
        """
        self.ensure_one()
        self._lock_and_reread("step", "statement")
        self._expect_step("offered")
        name = (name or "").strip()
        if not name or len(name) > MOST_NAME:
            raise UserError(self.env._("Enter your name, please."))
        # sudo: tenants write nothing; whoever calls this has checked that it is his
        self.sudo().write(
            {
                "step": "agreed",
                "signed_name": name,
                "signed_at": fields.Datetime.now(),
                "signed_by_id": self.env.uid,
                "signed_ip": ip or False,
                "signature": signature or False,
                "statement_sha256": self._fingerprint(),
            }
        )
        self._tell(self.env._("%(name)s agreed to the statement", name=name))

    def _dispute(self, reason):
        """Take the tenant's objection to the statement.

        :raise UserError: when the statement is not offered, or no reason is given
        """
        self.ensure_one()
        self._lock_and_reread("step")
        self._expect_step("offered")
        if not (reason or "").strip():
            raise UserError(self.env._("Say in a few words what is not right."))
        # sudo: as in _sign
        self.sudo().write({"step": "disputed", "dispute": reason.strip()})
        self._tell(self.env._("The tenant objects: %(why)s", why=reason.strip()))

    def _tell(self, summary):
        """Give whoever looks after the lease something to do."""
        self.sudo().activity_schedule(  # sudo: the tenant's answer reaches its desk
            "mail.mail_activity_data_todo",
            summary=summary,
            user_id=(self.lease_id.user_id or self.create_uid).id,
        )

    def action_agree_on_paper(self):
        """Record that the tenant signed on paper.

        :raise UserError: when the signed paper is not attached
        """
        self.check_access("write")
        for moveout in self:
            if not moveout.attachment_ids:
                raise UserError(self.env._("Attach the signed statement first."))
            moveout._sign(moveout.partner_id.name)
        return True

    def action_cancel_request(self):
        """Override: a cancelled move-out is over; its tenant stays."""
        for moveout in self:
            moveout._expect_step("planned", "inspected", "offered", "agreed", "disputed")
        result = super().action_cancel_request()
        self.sudo().step = "cancelled"  # sudo: the steps are not written by hand
        return result

    # Approval and booking ---------------------------------------------------------------------

    def _approval_impact(self):
        self.ensure_one()
        return len(self.statement["bills"]) + len(self.statement["deductions"]), -self.amount_refund

    def _approval_impact_text(self):
        """Override: it is about a refund, or about what stays due."""
        self.ensure_one()
        money = self.currency_id.format
        if self.amount_due:
            return self.env._(
                "Deposit used up, %(amount)s still due", amount=money(self.amount_due)
            )
        return self.env._("Refund %(amount)s to the tenant", amount=money(self.amount_refund))

    def _check_request(self):
        """Override: the statement is agreed, and still what the books say."""
        self.ensure_one()
        self._expect_step("agreed")
        for model in ("property.deposit", "property.prepayment"):
            self._credits_sudo(model)._lock_lines()
        # through JSON and back, as the one on file went
        if json.loads(json.dumps(self._statement())) != self.statement:
            raise UserError(
                self.env._(
                    "Bills, deposits or deductions have changed since the tenant agreed. Take the "
                    "statement back and offer it anew."
                )
            )
        if self.statement_sha256 != self._fingerprint():
            raise UserError(self.env._("The statement is not the one that was signed."))
        if self.amount_refund and not self.journal_id:
            raise UserError(self.env._("Choose the journal the refund is paid from."))

    def _on_approved(self):
        """Override: book the deductions, settle the bills, pay back the rest, free the spaces."""
        self.ensure_one()
        self._charge_deductions()
        self._use_prepayments()
        self._use_deposits()
        self._refund_rest()
        self._free_spaces()
        self.sudo().step = "closed"  # sudo: the steps are not written by hand
        self.lease_id._on_move_out(self)

    def _charge_deductions(self):
        charges = self.env["property.charge"]
        for row in self.deduction_ids:
            charge = charges._create_single(
                row.unit_id,
                row.item_id,
                self.partner_id,
                self._settled_on(),
                row.amount,
                f"{self.name}: {row.name}",
            )
            row.sudo().charge_id = charge  # sudo: results are not written by hand
            charges |= charge
        # sudo: a second person has approved what the tenant agreed to
        charges.sudo()._post()
        self._remember(charges)

    def _use_prepayments(self):
        """Pay the open bills from what was prepaid, whatever for: the statement says so."""
        bills_sudo = self._open_bills_sudo()
        bills_sudo._property_crystallise_late_fees(self._settled_on())
        self.env.flush_all()
        self._open_bills_sudo()._property_apply_prepayments()
        for prepayment in self._credits_sudo("property.prepayment"):
            account = prepayment.line_id.account_id
            owed_sudo = self._open_bills_sudo()._property_receivable_lines()
            owed_sudo = owed_sudo.filtered(lambda line, own=account: line.account_id == own)
            before = prepayment.amount_left
            prepayment._settle_with(owed_sudo)
            used = self.currency_id.round(before - prepayment.amount_left)
            if used:
                prepayment._log_use("used", used, self.display_name)

    def _use_deposits(self):
        """Pay the open bills from the deposits, the oldest bill first."""
        for deposit in self._credits_sudo("property.deposit"):
            bills_sudo = self._open_bills_sudo()
            owed = sum(bills_sudo.mapped("amount_residual"))
            amount = self.currency_id.round(min(owed, deposit.amount_left))
            if self.currency_id.is_zero(amount):
                break
            deposit._deduct(bills_sudo, amount, self._settled_on(), self.display_name)
            deposit.invalidate_recordset(["amount_left"])

    def _refund_rest(self):
        for model in ("property.prepayment", "property.deposit"):
            for credit in self._credits_sudo(model):
                payment = credit._refund(
                    credit.amount_left,
                    self.journal_id,
                    fields.Date.context_today(self),
                    self.display_name,
                )
                self.sudo().payment_ids = [(4, payment.id)]  # sudo: results, as above


class PropertyLease(models.Model):
    _inherit = "property.lease"

    moveout_ids = fields.One2many("property.lease.moveout", "lease_id", string="Move-outs")

    def action_move_out(self):
        """Open the move-out of the tenant, or begin it.

        :raise UserError: when the lease is not signed
        """
        self.ensure_one()
        known = self.moveout_ids.filtered(
            lambda one: one.step != "cancelled" and one.partner_id == self.partner_id
        )[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move-out"),
            "res_model": "property.lease.moveout",
            "res_id": known.id,
            "views": [(False, "form")],
            "context": {"default_lease_id": self.id},
        }

    def _on_move_out(self, moveout):
        """Do what follows from a tenant who is gone; a hook.

        :param moveout: property.lease.moveout that was closed
        """
