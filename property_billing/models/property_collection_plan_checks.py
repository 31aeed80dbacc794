from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PropertyCollectionPlan(models.AbstractModel):
    _inherit = "property.collection.plan"

    @api.model
    def _one_site(self, bills, advances):
        bills = self.env["account.move"].browse([bill.id for bill in bills])
        bills.check_access("read")
        sites = bills.site_id
        for one in advances:
            sites |= one["unit"].site_id
        if len(sites) != 1 or any(not bill.site_id for bill in bills):
            raise UserError(
                self.env._("Take the money of one site at a time: these bills are of several.")
            )
        currency = sites.company_id.currency_id
        if bills.currency_id - currency or bills.company_id - sites.company_id:
            raise UserError(
                self.env._(
                    "The counter takes %(currency)s for bills of %(company)s only. Register the "
                    "payment of the others on the invoice.",
                    currency=currency.name,
                    company=sites.company_id.name,
                )
            )
        return sites

    @api.model
    def _open_shift(self, shift, site):
        """Lock the shift money is taken in, so that it cannot be closed meanwhile."""
        shift = shift or self.env["property.cashier.shift"]
        if shift:
            shift._expect_open_for_taking(site)
        return shift

    @api.model
    def _check_tenders(self, tenders, site):
        for tender in tenders:
            method = tender["method"]
            if tender["amount"] < 0:
                raise UserError(self.env._("Enter positive amounts only."))
            if method.company_id != site.company_id or (method.site_id and method.site_id != site):
                raise UserError(
                    self.env._(
                        "%(method)s is not used on %(site)s. Choose another way to pay.",
                        method=method.name,
                        site=site.name,
                    )
                )
            if method.needs_reference and not (tender.get("reference") or "").strip():
                raise UserError(
                    self.env._(
                        "Enter the number of the slip or cheque for %(method)s.", method=method.name
                    )
                )

    @api.model
    def _lock(self, bills):
        """Wait for whoever settles the same bills, then read them anew.

        Two cashiers meet here: the later one fails with a serialisation error, is run again by the
        server, and then sees the bills as paid.
        """
        if not bills:
            return
        self.env.cr.execute(
            SQL(
                "SELECT id FROM account_move WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                tuple(bills.ids),
            ),
            log_exceptions=False,
        )
        bills.invalidate_recordset(["amount_residual", "payment_state", "state"])

    @api.model
    def _check_unchanged(self, wanted, late_fees, expected, date, scan=None):
        bills = self.env["account.move"].browse([bill.id for bill in (*wanted, *late_fees)])
        self._check_not_held(bills, scan)
        paying_elsewhere = bills._property_in_progress(scan)
        live = bills._property_late_fees(date) if late_fees or expected else {}
        for bill in bills:
            residual = self._decimal(bill, bill.amount_residual)
            if (
                bill.move_type != "out_invoice"
                or bill.state != "posted"
                or (bill._property_is_settled() and wanted.get(bill))
                or wanted.get(bill, 0) > residual
                or wanted.get(bill, 0) < 0
                or (bill in expected and expected[bill] != (residual, live.get(bill.id, 0)))
                or late_fees.get(bill, 0) > live.get(bill.id, 0)
            ):
                raise UserError(
                    self.env._(
                        "%(bill)s has changed meanwhile: %(residual)s is open now. No money was "
                        "taken. Open the household again and look at what is left.",
                        bill=self._describe(bill),
                        residual=bill.currency_id.format(float(residual)),
                    )
                )
            if bill in paying_elsewhere:
                raise UserError(
                    self.env._(
                        "%(bill)s is being paid online right now. Wait for the result, then open "
                        "the household again.",
                        bill=self._describe(bill),
                    )
                )

    @api.model
    def _with_late_fees(self, wanted, late_fees, date):
        """Make bills of the late fees that are paid, and return all shares.

        :return: dict bill -> Decimal
        """
        shares = dict(wanted)
        if not late_fees:
            return shares
        # sudo: whoever may take the money of a late fee has its bill made on the way; prepayments
        # wait, for the cashier has said what pays it
        bills_sudo = (
            self.env["account.move"]
            .sudo()
            .with_context(property_no_prepayments=True)
            .browse([bill.id for bill in late_fees])
        )
        made = bills_sudo._property_crystallise_late_fees(date).with_env(self.env)
        if made.late_fee_bill_id != bills_sudo.with_env(self.env):
            raise UserError(
                self.env._("A late fee has changed meanwhile. Open the household again.")
            )
        for fee_bill in made:
            amount = late_fees[fee_bill.late_fee_bill_id]
            if amount > self._decimal(fee_bill, fee_bill.amount_residual):
                raise UserError(
                    self.env._(
                        "The late fee of %(bill)s has changed meanwhile. Open the household again.",
                        bill=self._describe(fee_bill.late_fee_bill_id),
                    )
                )
            shares[fee_bill] = amount
        return shares
