from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

CHECKER_GROUPS = ("property_base.group_finance", "property_base.group_manager")


class PropertyCashierShift(models.Model):
    _inherit = "property.cashier.shift"

    def action_deposit(self):
        """Open the screen that takes cash of the shift to the bank."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Cash to the Bank"),
            "res_model": "property.cashier.deposit",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_shift_id": self.id},
        }

    def _deposit(self, amount, journal, date=None, reference=""):
        """Book cash of the shift as on its way to the bank.

        The entry credits the drawer and debits the account of internal transfers, which the line
        of the bank statement then settles.

        :param amount: yuan, positive
        :param journal: account.journal of the bank
        :return: the posted entry
        :raise UserError: when there is not that much cash, or the shift is signed off
        """
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if self.user_id != user and not any(user.has_group(group) for group in CHECKER_GROUPS):
            raise UserError(
                self.env._("Only %(cashier)s or finance does this.", cashier=self.user_id.name)
            )
        # sudo: the entry follows from the shift; cashiers write no entries by hand
        shift_sudo = self.sudo()
        if not shift_sudo.try_lock_for_update():
            raise UserError(
                self.env._("Money is being taken in this shift. Try again in a moment.")
            )
        shift_sudo.invalidate_recordset()
        shift_sudo._check_deposit(amount, journal)
        shift_sudo.last_taken_at = fields.Datetime.now()
        move_sudo = self.env["account.move"].sudo().with_company(self.company_id)
        move_sudo = move_sudo.create(
            shift_sudo._prepare_deposit_vals(amount, journal, date, reference)
        )
        move_sudo._post(soft=False)
        self.env["property.audit"]._log(
            "money", shift_sudo, after={"action": "deposit", "amount": f"{amount:.2f}"}
        )
        shift_sudo.message_post(
            body=self.env._(
                "%(amount)s taken to the bank: %(entry)s",
                amount=self.currency_id.format(amount),
                entry=move_sudo.name,
            )
        )
        return move_sudo.sudo(self.env.su)

    def _cash_in_drawer(self):
        """Return the cash there is: counted at closing less what went to the bank since."""
        self.ensure_one()
        cash = next(figure for figure in self._figures() if figure["is_cash"])
        if self.state == "open":
            return cash["expected"]
        row = self.line_ids.filtered(lambda line: line.method_id == cash["method"])
        since = cash["expected"] - row.expected
        return self.currency_id.round(row.counted + since)

    def _check_deposit(self, amount, journal):
        if self.state == "signed":
            raise UserError(
                self.env._(
                    "Shift %(shift)s is signed off. Book the deposit before that, or in the next "
                    "shift.",
                    shift=self.name,
                )
            )
        if journal.type != "bank" or journal.company_id not in (
            self.company_id | self.company_id.parent_ids
        ):
            raise UserError(
                self.env._("Choose a bank journal of %(company)s.", company=self.company_id.name)
            )
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Enter the amount taken to the bank."))
        there = self._cash_in_drawer()
        if self.currency_id.compare_amounts(amount, there) > 0:
            raise UserError(
                self.env._(
                    "There are only %(amount)s in the drawer.",
                    amount=self.currency_id.format(there),
                )
            )

    def _prepare_deposit_vals(self, amount, journal, date, reference):
        cash = next(figure for figure in self._figures() if figure["is_cash"])["method"]
        source, transfer = cash.journal_id, self.company_id.transfer_account_id
        if not transfer or not source.default_account_id:
            raise UserError(
                self.env._(
                    "%(company)s has no account for internal transfers. Ask accounting to set it "
                    "in the settings.",
                    company=self.company_id.name,
                )
            )
        label = self.env._(
            "Cash of shift %(shift)s to %(bank)s", shift=self.name, bank=journal.name
        )
        return {
            "move_type": "entry",
            "journal_id": source.id,
            "date": date or fields.Date.context_today(self),
            "ref": " · ".join(filter(None, (label, reference))),
            "site_id": self.site_id.id,
            "cashier_shift_id": self.id,
            "line_ids": [
                Command.create({"name": label, "account_id": transfer.id, "debit": amount}),
                Command.create(
                    {"name": label, "account_id": source.default_account_id.id, "credit": amount}
                ),
            ],
        }
