"""The final bills of a household that changes hands."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.correction import resplit

DAY = timedelta(days=1)


class PropertySettlement(models.Model):
    _inherit = "property.settlement"

    def action_bill(self):
        """Make the final bills: split what was billed ahead, bill the seller's last days.

        Can be repeated: what is billed already is left alone.

        :raise UserError: when a meter was not read on the last day
        """
        self.check_access("write")
        self.env["property.billing.run"].check_access("write")
        for settlement in self._approval_lock():
            settlement._approval_expect("draft", "refused")
            settlement._check_owner_changed()
            unread = settlement._unread_meters()
            if unread:
                raise UserError(
                    self.env._(
                        "Enter the reading of %(day)s first: %(meters)s.",
                        day=settlement.date - DAY,
                        meters=", ".join(unread.mapped("code")),
                    )
                )
            settlement._resplit_ahead()
            settlement._bill_last_days()
            settlement._gifts()._pay_bills_of_item()
            settlement._open_bills_sudo()._property_crystallise_late_fees()
            # sudo: the state of the steps is not written by hand
            settlement.sudo().billed_at = fields.Datetime.now()
        return True

    def _check_owner_changed(self):
        """Raise unless the buyer owns the unit from the day on, and the seller until it."""
        owners = [
            self.unit_id._property_payer_on("owner", day)[self.unit_id.id]
            for day in (self.date - DAY, self.date)
        ]
        if owners != [self.seller_id, self.buyer_id]:
            raise UserError(
                self.env._(
                    "%(unit)s does not pass from %(seller)s to %(buyer)s on %(day)s any more. "
                    "Correct the owners, or cancel this settlement.",
                    unit=self.unit_id.code,
                    seller=self.seller_id.name,
                    buyer=self.buyer_id.name,
                    day=self.date,
                )
            )

    def _resplit_ahead(self):
        """Take back what the seller was billed for days of the buyer, and bill each his part."""
        charges_sudo = self._charges_ahead()
        if not charges_sudo:
            return
        charges_sudo._lock_bills()
        paid = {charge.id: charge._paying_lines() for charge in charges_sudo}
        values = []
        for charge_sudo in charges_sudo:
            amount = self.env["property.statement"]._decimal(charge_sudo.amount, self.company_id)
            if charge_sudo._amount_standing() != amount:
                raise UserError(
                    self.env._(
                        "%(charge)s was credited in part and cannot be split. Credit the rest of "
                        "it with an adjustment, then bill its days.",
                        charge=charge_sudo.display_name,
                    )
                )
            parts = resplit(
                charge_sudo.basis,
                amount,
                (charge_sudo.date_from, charge_sudo.date_to),
                self.seller_id.id,
                self.buyer_id.id,
                self.date,
            )
            values += [
                charge_sudo._prepare_replacement_vals(
                    basis,
                    self.env._("%(item)s, split by days", item=charge_sudo.item_id.name),
                    bill_date=max(charge_sudo.move_id.invoice_date, charge_sudo.date_from),
                    payer_id=payer,
                    date_from=first,
                    date_to=last,
                )
                for payer, first, last, basis in parts
                if float(basis.get("amount") or 1)
            ]
        charges_sudo._undo()
        self.env.flush_all()
        created_sudo = self.env["property.charge"].sudo().create(values)
        created_sudo.with_context(property_no_prepayments=True)._post()
        self._settle_split(created_sudo, paid)
        self._remember(created_sudo)

    def _settle_split(self, created_sudo, paid):
        """Pay the seller's parts with what he had paid; keep the rest as his prepayment."""
        by_origin = created_sudo.grouped("replaces_id")
        for origin_sudo, new_sudo in by_origin.items():
            freed = paid[origin_sudo.id]
            for charge_sudo in new_sudo:
                bill_sudo = charge_sudo.move_id
                if charge_sudo.payer_id == self.seller_id:
                    freed = bill_sudo._property_settle_with(freed)
                else:
                    bill_sudo._property_apply_prepayments()
            lines = [line.id for line, amount in freed.items() if amount > 0]
            self.env["property.prepayment"]._keep(
                self.env["account.move.line"].sudo().browse(lines),
                self.unit_id,
                self.env._("Settlement %(number)s", number=self.name),
            )

    def _bill_last_days(self):
        """Bill the seller's days month by month, as the run of each month would.

        The last month is computed whole and split by days, so that the buyer's part, which the
        ordinary run of that month brings, completes it to the fen.
        """
        last_day = self.date - DAY
        month = self.bill_from.replace(day=1)
        while month <= last_day:
            end = month + relativedelta(day=31)
            self._bill_month(month, end, metered=False)
            self._bill_month(month, min(end, last_day), metered=True)
            month += relativedelta(months=1)

    def _bill_month(self, first, last, metered):
        """Post the seller's charges of one month in a run of their own, if there are any."""
        fees_sudo = self._fees_sudo().filtered(lambda fee: (fee.method == "metered") is metered)
        if not fees_sudo:
            return
        run_sudo, charges_sudo = self.env["property.billing.run"]._post_household(
            fees_sudo,
            self.seller_id,
            {
                "name": self.env._(
                    "Transfer %(unit)s %(month)s", unit=self.unit_id.code, month=f"{first:%Y-%m}"
                ),
                "site_ids": [(6, 0, self.site_id.ids)],
                "date_from": first,
                "date_to": last,
                "invoice_date": min(last, self.date - DAY),
            },
        )
        if run_sudo:
            self.sudo().run_ids = [(4, run_sudo.id)]
            self._remember(charges_sudo)


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _follows_owner(self, day):
        """Tell whether a charge with days from a day on concerns the owner of these days.

        Time-based charges do, by days; others when they begin on that day or later. A reading, or
        a shared cost, that spans the day cannot be split and stays with whom it was billed to. A
        late fee stays with the bill that is late, whenever it is asked for.
        """
        self.ensure_one()
        if self.late_fee_bill_id:
            return False
        if self.item_id.method in ("metered", "allocated", "one_off"):
            return self.date_from >= day
        return True
