"""The three levels a new company starts with; texts only remind, and name the ways of law."""

from odoo import api, models
from odoo.fields import Domain


class PropertyDunningLevel(models.Model):
    _inherit = "property.dunning.level"

    @api.model
    def _create_defaults(self, companies):
        """Give companies without a level the usual three.

        :param companies: res.company
        :return: the created levels
        """
        levels_sudo = self.sudo()
        have = levels_sudo.with_context(active_test=False).search(
            [("company_id", "in", companies.ids)]
        )
        created = levels_sudo.browse()
        for company in companies - have.company_id:
            lang = company._billing_lang()
            created |= levels_sudo.with_context(lang=lang).create(
                [
                    {**vals, "company_id": company.id}
                    for vals in levels_sudo.with_context(lang=lang)._prepare_default_vals()
                ]
            )
        return created

    @api.model
    def _create_missing_defaults(self):
        """Give every company without a level the usual three; called when the addon is loaded."""
        self._create_defaults(self.env["res.company"].sudo().search(Domain.TRUE))

    @api.model
    def _prepare_default_vals(self):
        env = self.env
        return [
            {
                "sequence": 10,
                "name": env._("Bill notice"),
                "title": env._("Notice of Bills"),
                "days_overdue": 0,
                "days_between": 25,
                "days_to_pay": 15,
                "with_late_fee": False,
                "body": env._(
                    "Dear {payer}, the property charges of {site} {unit} come to {amount}. Please "
                    "pay by {deadline} in the portal or at the service centre. If you have paid "
                    "already, thank you, and please disregard this notice."
                ),
                "message": env._("{payer}: bills of {unit} {amount}, please pay by {deadline}."),
            },
            {
                "sequence": 20,
                "name": env._("Reminder"),
                "title": env._("Payment Reminder"),
                "days_overdue": 15,
                "days_between": 15,
                "days_to_pay": 10,
                "by_sms": True,
                "body": env._(
                    "Dear {payer}, charges of {site} {unit} have been open for {days} days: "
                    "{principal}, with {late_fee} late fee as of today, together {amount}. Please "
                    "pay by {deadline}. If something is unclear or you are in difficulty, call us: "
                    "we will go through the bills with you."
                ),
                "message": env._(
                    "{payer}: {unit} owes {amount}, {days} days overdue. Please pay by {deadline}."
                ),
            },
            {
                "sequence": 30,
                "name": env._("Demand"),
                "title": env._("Letter of Demand"),
                "days_overdue": 60,
                "days_between": 30,
                "days_to_pay": 15,
                "by_sms": True,
                "body": env._(
                    "{payer}: despite our reminders, charges of {site} {unit} of {principal} have "
                    "been overdue for {days} days; with the late fee of {late_fee} agreed in the "
                    "property service contract you owe {amount}. Please pay by {deadline}. "
                    "Otherwise we may, under article 944 of the Civil Code, file a suit or apply "
                    "for arbitration. You may contest the amount in writing within the same time."
                ),
                "message": env._(
                    "{payer}: demand for {amount} of {unit}, {days} days overdue, by {deadline}."
                ),
            },
        ]
