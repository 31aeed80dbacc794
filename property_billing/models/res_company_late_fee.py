from odoo import fields, models

from .property_late_fee_rate import FIRST_DAY


class ResCompany(models.Model):
    _inherit = "res.company"

    late_fee_item_id = fields.Many2one(
        "property.charge.item",
        check_company=True,
        help="Charge item of the bills of late fees; created on first use.",
    )
    write_off_account_id = fields.Many2one(
        "account.account",
        string="Write-off Account",
        check_company=True,
        help="Expense account of approved write-offs of bad debts; created on first use.",
    )

    def _late_fee_item(self):
        """Return the charge item of late fees, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()
        item = company_sudo.late_fee_item_id
        if not item:
            items_sudo = self.env["property.charge.item"].sudo().with_company(self)
            item = items_sudo.search(
                [("company_id", "=", self.id), ("category", "=", "late_fee")], limit=1
            )
            if not item:
                env = self.with_context(lang=self._billing_lang()).env
                item = items_sudo.create(
                    {
                        "name": env._("Late fee"),
                        "code": "WYJ",
                        "category": "late_fee",
                        "method": "one_off",
                        "company_id": self.id,
                        "sequence": 900,
                    }
                )
            company_sudo.late_fee_item_id = item
        return self.env["property.charge.item"].browse(item.id)

    def _late_fee_policy_of_rate(self, rate):
        """Return the company's plain policy of a rate for all sites, made where missing.

        :param float rate: share a day
        :return: property.late.fee.policy, none for the rate 0
        """
        self.ensure_one()
        policies = self.env["property.late.fee.policy"]
        if not rate:
            return policies
        plain = policies.search(
            [("company_id", "=", self.id), ("site_id", "=", False), ("grace_days", "=", 0)]
        ).filtered(lambda policy: policy.rate_ids.mapped("rate") == [rate])[:1]
        if plain:
            return plain
        env = self.with_context(lang=self._billing_lang()).env
        name = env._("Late fee %(rate)s a day", rate=policies._percent(rate))
        return policies.create(
            {
                "name": name,
                "company_id": self.id,
                "rate_ids": [(0, 0, {"date_from": FIRST_DAY, "rate": rate})],
            }
        )

    def _write_off_account(self):
        """Return the expense account of write-offs, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()
        account = company_sudo.write_off_account_id
        if not account:
            accounts_sudo = self.env["account.account"].sudo().with_company(self)
            env = self.with_context(lang=self._billing_lang()).env
            account = accounts_sudo.create(
                {
                    "code": accounts_sudo._search_new_account_code("670201"),
                    "name": env._("Bad debts written off"),
                    "account_type": "expense",
                    "company_ids": [(6, 0, self.ids)],
                }
            )
            company_sudo.write_off_account_id = account
        return account
