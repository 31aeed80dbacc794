"""The final bills of a tenant: what the lease and the meters owe until the last day."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import UserError

DAY = timedelta(days=1)


class PropertyLeaseMoveout(models.Model):
    _inherit = "property.lease.moveout"

    def action_end_lease(self):
        """Open the amendment that ends the lease on the last day of the move-out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Amendment"),
            "res_model": "property.lease.amendment",
            "views": [(False, "form")],
            "context": {
                "default_lease_id": self.lease_id.id,
                "default_kind": "term",
                "default_date_to": self.date,
                "default_reason": self.env._("Move-out %(number)s", number=self.name),
            },
        }

    def action_bill(self):
        """Make the final bills. Can be repeated: what is billed already is left alone.

        :raise UserError: when the lease does not end on that day, or a meter is not read
        """
        self.check_access("write")
        for moveout in self._approval_lock():
            moveout._expect_step("planned", "inspected", "disputed")
            moveout._check_ends()
            moveout._check_turnover()
            moveout._enter_readings()
            last_billed = moveout._bill_months()
            moveout._bill_lease(last_billed)
            bills_sudo = moveout._open_bills_sudo()
            bills_sudo._property_apply_prepayments()
            bills_sudo._property_crystallise_late_fees()
            # sudo: the steps are not written by hand
            moveout.sudo().billed_at = fields.Datetime.now()
        return True

    def _expect_step(self, *steps):
        """Raise unless the move-out is at one of the steps."""
        self.ensure_one()
        if self.step not in steps:
            labels = dict(self._fields["step"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(moveout)s is “%(step)s”, so this is not possible now.",
                    moveout=self.name,
                    step=labels[self.step],
                )
            )

    def _check_ends(self):
        lease = self.lease_id
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "The last day, %(day)s, is still to come. Make the final bills from then on.",
                    day=self.date,
                )
            )
        if lease._tenant_on(self.date) != self.partner_id or lease.date_to != self.date:
            raise UserError(
                self.env._(
                    "%(lease)s ends on %(end)s, and the move-out is on %(day)s. End or renew the "
                    "lease by an amendment, or choose its last day.",
                    lease=lease.name,
                    end=lease.date_to,
                    day=self.date,
                )
            )

    def _check_turnover(self):
        """Refuse final bills while months of the tenant's turnover are not known.

        :raise UserError: naming the months
        """
        # sudo: what is still to be declared is told to whoever settles the move-out
        waiting = self.lease_id.sudo().turnover_ids.filtered(
            lambda row: row.partner_id == self.partner_id and row.state in ("open", "declared")
        )
        if waiting:
            raise UserError(
                self.env._(
                    "Enter the turnover and have it confirmed first: %(months)s.",
                    months=", ".join(waiting.sorted("date_from").mapped("display_name")),
                )
            )

    def _enter_readings(self):
        """Enter what the meters showed, where nobody entered a reading of that day yet."""
        # sudo: the protocol of the move-out brings the readings, whoever signs it
        readings_sudo = self.env["property.meter.reading"].sudo()
        known = readings_sudo.search(
            [
                ("meter_id", "in", self.reading_ids.meter_id.ids),
                ("date", "=", self.date),
                ("state", "!=", "rejected"),
            ]
        ).grouped("meter_id")
        rows_sudo = self.sudo().reading_ids
        for row_sudo in rows_sudo.filtered(lambda row: row.meter_id in known):
            row_sudo.reading_id = known[row_sudo.meter_id][:1]
        missing_sudo = rows_sudo.filtered(lambda row: not row.reading_id)
        unread = missing_sudo.filtered(lambda row: not row.is_read)
        if unread:
            raise UserError(
                self.env._(
                    "Enter the readings of %(day)s first: %(meters)s.",
                    day=self.date,
                    meters=", ".join(unread.meter_id.mapped("code")),
                )
            )
        created = readings_sudo.create(
            [
                {"meter_id": row.meter_id.id, "date": self.date, "value": row.value}
                for row in missing_sudo
            ]
        )
        for row_sudo, reading in zip(missing_sudo, created, strict=True):
            row_sudo.reading_id = reading

    def _bill_months(self):
        """Bill meters and monthly fees of the tenant, month by month as the runs would.

        :return: the months that were looked at: (first day, last day)
        """
        first = self._bill_from()
        fees_sudo = self._fees_sudo()
        month = first
        while month <= self.date:
            end = month + relativedelta(day=31)
            metered = fees_sudo.filtered(lambda fee: fee.method == "metered")
            self._bill_household(fees_sudo - metered, month, end)
            self._bill_household(metered, month, min(end, self.date))
            month += relativedelta(months=1)
        return first, self.date

    def _bill_from(self):
        """Return the first day that may not be billed: after the last bill, a year back at most."""
        # sudo: days only
        rows = (
            self.env["property.charge"]
            .sudo()
            ._read_group(
                [
                    ("fee_id", "in", self._fees_sudo().ids),
                    ("payer_id", "=", self.partner_id.id),
                    ("state", "=", "posted"),
                    ("date_to", "<=", self.date),
                ],
                [],
                ["date_to:max"],
            )
        )
        last = rows[0][0]
        start = last + DAY if last else max(self.lease_id.date_from, self.date.replace(day=1))
        limit = self.date.replace(day=1) - relativedelta(months=11)
        return max(min(start.replace(day=1), self.date.replace(day=1)), limit)

    def _bill_household(self, fees_sudo, first, last):
        if not fees_sudo:
            return
        _run, charges_sudo = self.env["property.billing.run"]._post_household(
            fees_sudo, self.partner_id, self._prepare_run_vals(first, last)
        )
        self._remember(charges_sudo)

    def _prepare_run_vals(self, first, last):
        return {
            "name": self.env._(
                "Move-out %(number)s %(month)s", number=self.name, month=f"{first:%Y-%m}"
            ),
            "site_ids": [(6, 0, self.site_id.ids)],
            "date_from": first,
            "date_to": last,
            "invoice_date": min(last, self.date),
        }

    def _bill_lease(self, span):
        """Bill what is left of the schedule and of turnover rent: all of it is due now."""
        lease_sudo = self.lease_id.sudo()  # sudo: the move-out bills the lease, as a run would
        for rows in (lease_sudo.instalment_ids, lease_sudo.settlement_ids):
            rows.invalidate_recordset(["charge_id", "state"])
        instalments = lease_sudo.instalment_ids.filtered(
            lambda one: (
                one.partner_id == self.partner_id
                and not one.charge_id
                and not one.is_dropped
                and one.amount > 0
                and one.state != "elsewhere"
            )
        )
        settlements = lease_sudo.settlement_ids.filtered(
            lambda one: one.partner_id == self.partner_id and one.state == "due"
        )
        rows = [*instalments, *settlements]
        if not rows:
            return
        items = instalments.item_id | settlements.item_id
        _run, charges_sudo = self.env["property.billing.run"]._post_household(
            self.env["property.fee"].sudo(),
            self.partner_id,
            {**self._prepare_run_vals(*span), "item_ids": [(6, 0, items.ids)]},
            lambda run: [{**row._prepare_charge_vals(run), "bill_date": self.date} for row in rows],
        )
        self._remember(charges_sudo)

    def _remember(self, charges_sudo):
        # sudo: results are not written by hand
        self.sudo().charge_ids = [(4, charge.id) for charge in charges_sudo]
