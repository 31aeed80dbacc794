from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _vat_tax(self, company, rate):
        """Return the VAT-included sales tax of a rate, created where missing.

        :param company: res.company
        :param float rate: per cent, such as 6
        :return: account.tax, empty when the rate is zero
        """
        if not rate:
            return self.browse()
        taxes_sudo = self.sudo().with_company(company)
        country = company._billing_country()
        found = taxes_sudo.search(
            [
                *self._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", "=", rate),
                ("price_include_override", "=", "tax_included"),
                ("country_id", "=", country.id),
            ],
            limit=1,
        )
        if found:
            return self.browse(found.id)
        return self.browse(taxes_sudo.create(self._prepare_vat_tax_vals(company, rate)).id)

    @api.model
    def _prepare_vat_tax_vals(self, company, rate):
        """Prepare a VAT-included tax beside the chart's own: same account, a group of its rate."""
        taxes_sudo = self.sudo().with_company(company)
        country = company._billing_country()
        sibling = taxes_sudo.search(
            [
                *self._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("country_id", "=", country.id),
            ],
            order="sequence, id",
            limit=1,
        )
        account = sibling.invoice_repartition_line_ids.account_id[:1]
        env = self.with_context(lang=company._billing_lang()).env
        label = env._("VAT %(rate)s%%", rate=f"{rate:g}")
        groups_sudo = self.env["account.tax.group"].sudo()
        group = sibling.search(
            [
                *self._check_company_domain(company),
                ("amount", "=", rate),
                ("type_tax_use", "=", "sale"),
            ],
            limit=1,
        ).tax_group_id
        if not group:
            group = groups_sudo.create(
                {
                    "name": label,
                    "company_id": company.id,
                    "country_id": country.id,
                    "tax_payable_account_id": sibling.tax_group_id.tax_payable_account_id.id,
                    "tax_receivable_account_id": sibling.tax_group_id.tax_receivable_account_id.id,
                }
            )
        repartition = [
            (0, 0, {"repartition_type": "base", "factor_percent": 100.0}),
            (
                0,
                0,
                {"repartition_type": "tax", "factor_percent": 100.0, "account_id": account.id},
            ),
        ]
        return {
            "name": env._("VAT %(rate)s%% (included)", rate=f"{rate:g}"),
            "invoice_label": f"{rate:g}%",
            "amount": rate,
            "amount_type": "percent",
            "type_tax_use": "sale",
            "price_include_override": "tax_included",
            "company_id": company.id,
            "country_id": country.id,
            "tax_group_id": group.id,
            "invoice_repartition_line_ids": repartition,
            "refund_repartition_line_ids": repartition,
        }

    def _as_included(self, company):
        """Return the tax that yields the same VAT out of a price that includes it."""
        if not self or self.price_include or self.amount_type != "percent":
            return self
        return self._vat_tax(company, self.amount)
