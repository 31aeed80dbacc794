"""Turnover rent follows its lease: signing, other ends, other prices, other tenants."""

from odoo import fields, models
from odoo.exceptions import UserError


class PropertyLease(models.Model):
    _inherit = "property.lease"

    turnover_term_ids = fields.One2many(
        "property.lease.turnover.term", "lease_id", string="Turnover Rent", copy=True
    )
    turnover_ids = fields.One2many(
        "property.lease.turnover", "lease_id", string="Declared Turnover", readonly=True
    )
    settlement_ids = fields.One2many(
        "property.lease.turnover.settlement",
        "lease_id",
        string="Settlements of Turnover",
        readonly=True,
    )

    def _refuse_steps(self, vals_list):
        """Override: declarations and settlements are not written through the lease either."""
        if not self.env.su and any(
            {"turnover_ids", "settlement_ids"} & vals.keys() for vals in vals_list
        ):
            vals_list = [*vals_list, {"instalment_ids": True}]
        return super()._refuse_steps(vals_list)

    def _create_fees(self, lines=None):
        """Override: turnover rent has a fee of its own, and its months are asked for."""
        result = super()._create_fees(lines)
        if lines is None:  # spaces that are added later change nothing about the term
            self.turnover_term_ids._create_fee()
            self.turnover_term_ids._expect_declarations()
        return result


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    def _check_request(self):
        """Override: turnover that is declared was made in the time of its tenant."""
        result = super()._check_request()
        if self.kind == "term":
            self._check_sold_until(self.date_to)
        elif self.kind == "tenant":
            self._check_not_declared()
        return result

    def _check_sold_until(self, day):
        """Refuse an end before days on which something was sold, or while a run bills them.

        :raise UserError: naming the last of these days
        """
        term = self.lease_id.turnover_term_ids
        rows = term.turnover_ids.filtered(
            lambda row: row.date_from > day and row.state != "open" and row.amount
        )
        settlements = term.settlement_ids.filtered(lambda one: one.date_to > day)
        settlements.invalidate_recordset(["charge_id", "state"])
        owed = settlements.filtered(
            lambda one: (
                one.date_from > day
                and not one.currency_id.is_zero(one.amount + one.amount_difference)
            )
        )
        if rows or owed:
            raise UserError(
                self.env._(
                    "Turnover is declared until %(day)s. Correct what was sold after the lease "
                    "ends to 0 first, or choose a later end.",
                    day=max([*rows.mapped("date_to"), *owed.mapped("date_to")]),
                )
            )
        if "draft" in settlements.mapped("state"):
            raise UserError(
                self.env._(
                    "Instalments of %(line)s wait in a billing run. Post that run or delete "
                    "it, then go on.",
                    line=term.item_id.name,
                )
            )

    def _check_not_declared(self):
        """Refuse another tenant on days whose turnover the present one has declared.

        :raise UserError: naming the last of these days
        """
        rows = self.lease_id.turnover_ids.filtered(
            lambda row: row.date_to >= self.date and row.state != "open"
        )
        if rows:
            raise UserError(
                self.env._(
                    "The present tenant has declared turnover until %(day)s. Let the new one "
                    "begin after that day.",
                    day=max(rows.mapped("date_to")),
                )
            )

    def _change_end(self, lease_sudo):
        """Override: the fee of turnover rent ends with the others."""
        result = super()._change_end(lease_sudo)
        lease_sudo.turnover_term_ids.fee_id.date_to = self.date_to
        return result

    def _on_approved(self):
        """Override: ask for the months of the new term; what was settled follows the new base."""
        result = super()._on_approved()
        terms = self.lease_id.turnover_term_ids
        terms._expect_declarations()
        terms._settle(self.display_name)
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    def _lease_turnover_item(self):
        """Return the item of turnover rent for all sites of the company, created on first use."""
        self.ensure_one()
        items = self.env["property.charge.item"]
        found = items.search(
            [
                ("method", "=", "contract"),
                ("category", "=", "turnover"),
                ("company_id", "=", self.id),
                ("site_id", "=", False),
            ],
            limit=1,
        )
        if found:
            return found
        env = self.with_context(lang=self._billing_lang()).env
        # sudo: whoever agrees the first turnover rent need not be allowed to set prices up
        created_sudo = items.sudo().create(
            {
                "code": "RENTTO",
                "name": env._("Turnover rent"),
                "category": "turnover",
                "method": "contract",
                "payer_role": "tenant",
                "company_id": self.id,
            }
        )
        return created_sudo.sudo(self.env.su)
