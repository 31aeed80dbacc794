"""Which bills a batch asks the bank for."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every
from psycopg2.errors import UniqueViolation

CREATE_BATCH = 2000
DAYS_AWAY = 3660


class PropertyBankCollection(models.Model):
    _inherit = "property.bank.collection"

    def action_collect(self):
        """Take in every open bill of payers with a mandate that no other batch asks for."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._expect("draft")
        if abs((self.date - fields.Date.context_today(self)).days) > DAYS_AWAY:
            raise UserError(
                self.env._("The day of the collection is years away. Correct the date.")
            )
        self.line_ids.sudo().unlink()
        rows = self._open_rows()
        if not rows:
            raise UserError(
                self.env._(
                    "There is nothing to collect: no bill is due, no payer of a due bill has an "
                    "active mandate, or all of them are in another batch."
                )
            )
        lines = defaultdict(list)
        fees = self._late_fees([row["bill_id"] for row in rows])
        for row in rows:
            fee = fees.get(row["bill_id"], Decimal(0))
            lines[row["mandate_id"], row["head"]].append({**row, "late_fee": fee})
        vals = [
            self._prepare_line(sequence, group)
            for sequence, group in enumerate(lines.values(), start=1)
        ]
        try:
            with self.env.cr.savepoint():
                self._create_lines(vals, list(lines.values()))
        except UniqueViolation as error:
            raise UserError(
                self.env._("Another batch took some of these bills just now. Collect again.")
            ) from error
        self.invalidate_recordset(["line_ids"])
        return True

    def _create_lines(self, vals_list, groups):
        """Create lines, and the rows of their bills in one statement.

        :param vals_list: values of the lines
        :param groups: the bills of each, list of dict
        """
        lines_sudo = self.env["property.bank.collection.line"].sudo()
        for some in split_every(CREATE_BATCH, vals_list):
            lines_sudo += lines_sudo.create(list(some))
        lines_sudo.flush_recordset()
        rows = [
            (line_id, row["bill_id"], Decimal(str(row["amount"])), row["late_fee"])
            for line_id, group in zip(lines_sudo.ids, groups, strict=True)
            for row in group
        ]
        self.env.cr.execute(
            """
            INSERT INTO property_bank_collection_bill
                   (line_id, bill_id, amount, amount_late_fee, is_open, site_id, company_id,
                    create_uid, write_uid, create_date, write_date)
            SELECT given.*, true, %s, %s, %s, %s, now() at time zone 'UTC', now() at time zone 'UTC'
              FROM unnest(%s::int[], %s::int[], %s::numeric[], %s::numeric[]) AS given
            """,
            [
                self.site_id.id,
                self.company_id.id,
                self.env.uid,
                self.env.uid,
                *(list(column) for column in zip(*rows, strict=True)),
            ],
        )
        lines_sudo.invalidate_recordset(["bill_ids"])

    def action_empty(self):
        """Take all lines out again, to change what the batch is for."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._expect("draft")
        self.line_ids.sudo().unlink()
        return True

    def _open_rows(self):
        """Return the open bills with their mandates, in the order of the units.

        :return: list of dict
        """
        for model in ("account.move", "property.bank.mandate", "property.bank.collection.bill"):
            self.env[model].flush_model()
        items = self.item_ids.ids
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (unit.sort_key, unit.id, bill.invoice_date_due, bill.id)
                       bill.id AS bill_id, bill.amount_residual AS amount, bill.partner_id,
                       bill.unit_id, unit.code AS unit_code, mandate.id AS mandate_id,
                       mandate.name AS agreement, account.acc_number AS account_number,
                       coalesce(account.acc_holder_name, holder.name) AS holder,
                       %(head)s AS head
                  FROM account_move bill
                  JOIN property_unit unit ON unit.id = bill.unit_id
                  JOIN property_bank_mandate mandate
                    ON mandate.partner_id = bill.partner_id AND mandate.site_id = bill.site_id
                   AND mandate.state = 'active' AND mandate.date_from <= %(day)s
                   AND coalesce(mandate.date_to, %(day)s) >= %(day)s
                   AND (NOT EXISTS (SELECT 1 FROM property_bank_mandate_property_unit_rel own
                                     WHERE own.property_bank_mandate_id = mandate.id)
                        OR EXISTS (SELECT 1 FROM property_bank_mandate_property_unit_rel own
                                    WHERE own.property_bank_mandate_id = mandate.id
                                      AND own.property_unit_id = bill.unit_id))
                  JOIN res_partner_bank account ON account.id = mandate.bank_account_id
                  JOIN res_partner holder ON holder.id = account.partner_id
                 WHERE bill.site_id = %(site)s AND bill.company_id = %(company)s
                   AND bill.move_type = 'out_invoice' AND bill.state = 'posted'
                   AND bill.payment_state IN ('not_paid', 'partial')
                   AND bill.amount_residual > 0 AND bill.currency_id = %(currency)s
                   AND coalesce(bill.invoice_date_due, bill.invoice_date) <= %(due)s
                   AND (%(items)s::int[] = '{}' OR bill.charge_item_id = ANY(%(items)s))
                   AND NOT EXISTS (SELECT 1 FROM property_bank_collection_bill taken
                                    WHERE taken.bill_id = bill.id AND taken.is_open)
              ORDER BY unit.sort_key, unit.id, bill.invoice_date_due, bill.id, mandate.id
                """,
                head=SQL("0" if self.grouping == "payer" else "unit.id"),
                site=self.site_id.id,
                company=self.company_id.id,
                currency=self.currency_id.id,
                day=self.date,
                due=self.date_due or self.date,
                items=items,
            )
        )
        rows = self.env.cr.dictfetchall()
        # sudo: a bill that is being paid online is left to its payer
        bills_sudo = self.env["account.move"].sudo().browse([row["bill_id"] for row in rows])
        paying = set(bills_sudo._property_in_progress().ids)
        return [row for row in rows if row["bill_id"] not in paying]

    def _late_fees(self, bill_ids):
        # sudo: the bills of the batch's own site
        bills_sudo = self.env["account.move"].sudo().browse(bill_ids)
        return bills_sudo._property_late_fees(self.date)

    def _prepare_line(self, sequence, group):
        first = group[0]
        units = list(dict.fromkeys(row["unit_id"] for row in group))
        codes = list(dict.fromkeys(row["unit_code"] for row in group))
        amount = sum(Decimal(str(row["amount"])) + row["late_fee"] for row in group)
        return {
            "collection_id": self.id,
            "sequence": sequence,
            "mandate_id": first["mandate_id"],
            "partner_id": first["partner_id"],
            "unit_id": units[0] if len(units) == 1 else False,
            "unit_text": "、".join(codes),
            "agreement": first["agreement"],
            "holder": first["holder"],
            "account_number": first["account_number"],
            "amount": float(amount),
            "bill_count": len(group),
        }
