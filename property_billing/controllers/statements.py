import re

from dateutil.relativedelta import relativedelta
from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from .receipts import PropertyReceipts

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HOUSEHOLD_ROLES = ("owner", "co_owner", "family", "agent")


class PropertyStatements(PropertyReceipts):
    """The statement of account for any span of dates."""

    @http.route(
        "/my/bills/statement",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_statement(self, **kwargs):
        """Show a statement and the form that asks for another."""
        accounts = self._property_accounts()
        values = self._prepare_portal_layout_values()
        values.update(page_name="property_bills", tab="statement", accounts=accounts)
        if accounts:
            try:
                wizard_sudo = self._property_statement_sudo(accounts, kwargs)
            except UserError as error:
                return self._property_problem(str(error))
            values.update(
                chosen=kwargs.get("account") or accounts[0]["key"],
                date_from=wizard_sudo.date_from,
                date_to=wizard_sudo.date_to,
                statement=wizard_sudo._statement(),
                late_fee=wizard_sudo._late_fee(),
                currency=wizard_sudo.company_id.currency_id,
            )
        return request.render("property_billing.portal_statement", values)

    @http.route(
        "/my/bills/statement/pdf",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_statement_pdf(self, **kwargs):
        """Download a statement."""
        accounts = self._property_accounts()
        if not accounts:
            return self._property_problem(
                request.env._("There is no account in your name yet."), status=404
            )
        try:
            wizard_sudo = self._property_statement_sudo(accounts, kwargs)
        except UserError as error:
            return self._property_problem(str(error))
        title = request.env._(
            "Statement %(date_from)s to %(date_to)s",
            date_from=wizard_sudo.date_from,
            date_to=wizard_sudo.date_to,
        )
        return self._property_pdf("property_billing.action_report_statement", wizard_sudo, title)

    def _property_accounts(self):
        """Return the accounts whose statement the user may see: its own in every company it has
        dealt with, and those of the households whose bills it may see.
        """
        partner = request.env.user.partner_id
        payer = partner.commercial_partner_id
        # sudo: only the companies in which this person has an account are found
        lines_sudo = request.env["account.move.line"].sudo()
        companies = lines_sudo._read_group(
            [
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("partner_id.commercial_partner_id", "=", payer.id),
            ],
            ["company_id"],
        )
        accounts = [
            {
                "key": f"payer-{company.id}",
                "label": request.env._("My account")
                if len(companies) == 1
                else request.env._("My account at %(company)s", company=company.name),
                "vals": {
                    "scope": "payer",
                    "partner_id": payer.id,
                    "company_id": company.id,
                },
            }
            for (company,) in companies
        ]
        mine_sudo = partner._property_current_occupancies_sudo().filtered(
            lambda occupancy: occupancy.may_see_bills and occupancy.role in HOUSEHOLD_ROLES
        )
        holders_by_unit = mine_sudo.unit_id._property_residents_sudo().grouped("unit_id")
        for unit in mine_sudo.unit_id:
            holders = holders_by_unit[unit].filtered(
                lambda occupancy: occupancy.role in ("owner", "co_owner", "tenant")
            )
            accounts.append(
                {
                    "key": f"unit-{unit.id}",
                    "label": f"{unit.site_id.name} {unit.code}",
                    "vals": {
                        "scope": "household",
                        "unit_id": unit.id,
                        "company_id": unit.company_id.id,
                        "payer_ids": [
                            fields.Command.set(holders.partner_id.commercial_partner_id.ids)
                        ],
                    },
                }
            )
        return accounts

    def _property_statement_sudo(self, accounts, params):
        """Return the statement that was asked for.

        :param list accounts: accounts the user may see
        :param dict params: `account`, `date_from`, `date_to` as the client sent them
        :raise UserError: when one of them is wrong
        """
        today = fields.Date.context_today(request.env.user)
        key = params.get("account") or accounts[0]["key"]
        account = next((account for account in accounts if account["key"] == key), None)
        if not account:
            raise UserError(request.env._("This account is not one of yours. Choose another."))
        date_from = self._property_date(
            params.get("date_from"), today + relativedelta(day=1, months=-2)
        )
        date_to = self._property_date(params.get("date_to"), today)
        if date_from > date_to:
            raise UserError(
                request.env._("The first day must not be after the last. Correct the dates.")
            )
        # sudo: a portal user has no rights on the wizard; the account is one of its own
        return (
            request.env["property.statement.wizard"]
            .sudo()
            .create({**account["vals"], "date_from": date_from, "date_to": date_to})
        )

    def _property_date(self, text, default):
        if not text:
            return default
        try:
            if DATE.fullmatch(text):
                return fields.Date.to_date(text)
        except ValueError:
            pass
        raise UserError(request.env._("A date is written like 2026-09-01. Correct the dates."))
