import json

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.json import json_default

from ..tools.schedule import rounded

INSERTED_AT_ONCE = 5000


class PropertyLeaseInstalment(models.Model):
    """What a lease charges for a space and some days, when it is due, and why."""

    _name = "property.lease.instalment"
    _description = "Instalment of a Lease"
    _inherit = ["property.scoped"]
    _order = "lease_id, date_from, line_id, id"

    line_id = fields.Many2one(
        "property.lease.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    lease_id = fields.Many2one(
        "property.lease", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="line_id.site_id", store=True, precompute=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one(
        related="line_id.unit_id", store=True, precompute=True, string="Space"
    )
    item_id = fields.Many2one(related="line_id.item_id", store=True, precompute=True)
    fee_id = fields.Many2one("property.fee", readonly=True, index="btree_not_null", copy=False)
    partner_id = fields.Many2one("res.partner", string="Tenant", readonly=True, required=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    due_date = fields.Date(string="Due", required=True, readonly=True)
    amount_rent = fields.Monetary(
        string="As Agreed", readonly=True, help="VAT included or not, as the lease says."
    )
    amount = fields.Monetary(readonly=True, help="To pay, VAT included.")
    amount_difference = fields.Monetary(
        string="Difference",
        readonly=True,
        help="What amendments credited or charged since, VAT included.",
    )
    rent_difference = fields.Monetary(
        string="Difference as Agreed", readonly=True, help="The same without VAT on top."
    )
    rent_credited = fields.Monetary(
        string="Credited as Agreed",
        readonly=True,
        help="What amendments took off its bill, without VAT on top: a new bill leaves it out.",
    )
    explanation = fields.Text(readonly=True)
    parts = fields.Json(readonly=True, help="The lines of the bill.")
    is_dropped = fields.Boolean(
        readonly=True, help="An amendment took it back: it was credited and is not billed again."
    )
    charge_id = fields.Many2one("property.charge", compute="_compute_charge")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("due", "To bill"),
            ("draft", "In a billing run"),
            ("billed", "Billed"),
            ("paid", "Paid"),
            ("free", "Rent-free"),
            ("elsewhere", "Billed elsewhere"),
            ("dropped", "Taken back"),
        ],
        compute="_compute_charge",
    )

    _due_index = models.Index(
        "(site_id, item_id, due_date) WHERE fee_id IS NOT NULL AND NOT COALESCE(is_dropped, FALSE)"
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (line_id WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (NOT COALESCE(is_dropped, FALSE))",
        "Two instalments of a space overlap. Derive the schedule again.",
    )

    def _compute_charge(self):
        charges = self._live_charges()
        today = fields.Date.context_today(self)
        for one in self:
            one.charge_id = charges.get(one.id)
            one.state = one._state_on(today, one.charge_id)

    def _state_on(self, today, charge):
        lease = self.lease_id
        if self.is_dropped:
            return "dropped"
        if charge:
            # sudo: whether it is paid belongs to the schedule
            paid = charge.sudo().payment_state in ("paid", "in_payment")
            return "draft" if charge.state == "draft" else "paid" if paid else "billed"
        if not self.amount:
            return "free"
        if lease.billing_date_from and self.date_from < lease.billing_date_from:
            return "elsewhere"
        return "due" if self.fee_id and self.due_date <= today else "planned"

    def _live_charges(self):
        """Return dict instalment id -> the charge that bills it; in one query."""
        fees = self.sudo().fee_id  # sudo: only to find the charges, which rules narrow
        if not fees:
            return {}
        charges = self.env["property.charge"].search_fetch(
            [("fee_id", "in", fees.ids), ("state", "not in", ("cancelled", "reversed"))],
            ["fee_id", "date_from", "state"],
        )
        by_start = {(charge.fee_id.id, charge.date_from): charge for charge in charges}
        return {
            one.id: charge
            for one in self
            if (charge := by_start.get((one.fee_id.id, one.date_from)))
        }

    @api.depends("unit_id.code", "date_from", "date_to")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.unit_id.code} {one.date_from or ''} – {one.date_to or ''}"

    @api.model
    def _insert_rows(self, vals_list):
        """Put rows of proposed schedules on file together: a lease has hundreds of them.

        What `create` would do with the same values, in one statement for so many rows; only for
        values of ``property.lease.line._prepare_instalments``, which says every stored field.
        """
        if not vals_list:
            return
        self.env.flush_all()
        names = list(vals_list[0])
        columns = {name: SQL(self._fields[name].column_type[1]) for name in names}
        rounded_names = [name for name in names if self._fields[name].type == "monetary"]
        currencies = {
            company.id: company.currency_id
            for company in self.env["res.company"].browse(
                {vals["company_id"] for vals in vals_list}
            )
        }
        rows = []
        for vals in vals_list:
            money = currencies[vals["company_id"]]
            row = {name: None if value is False else value for name, value in vals.items()}
            rows.append({**row, **{name: money.round(vals[name]) for name in rounded_names}})
        for start in range(0, len(rows), INSERTED_AT_ONCE):
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO property_lease_instalment
                           (%(names)s, create_uid, write_uid, create_date, write_date)
                    SELECT %(names)s, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                           now() AT TIME ZONE 'UTC'
                      FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(%(columns)s)
                 RETURNING id
                    """,
                    names=SQL(", ").join(SQL.identifier(name) for name in names),
                    columns=SQL(", ").join(
                        SQL("%s %s", SQL.identifier(name), kind) for name, kind in columns.items()
                    ),
                    uid=self.env.uid,
                    rows=json.dumps(rows[start : start + INSERTED_AT_ONCE], default=json_default),
                )
            )
        leases = self.env["property.lease"].browse({vals["lease_id"] for vals in vals_list})
        leases.invalidate_recordset(["instalment_ids"])
        leases.line_ids.invalidate_recordset(["instalment_ids"])
        self.env.add_to_compute(leases._fields["amount_total"], leases)

    @api.model
    def _with_vat(self, amount, line):
        """Return what is to pay for an amount as agreed: VAT on top where it is not included.

        :param amount: Decimal, may be negative
        """
        if line.lease_id.is_vat_included or not line.tax_id:
            return amount
        sign = -1 if amount < 0 else 1
        rate = line.lease_id._decimal(line.tax_id.amount)
        return amount + sign * rounded(abs(amount) * rate / 100)

    def _prepare_charge_vals(self, run):
        """Prepare the charge that bills the instalment in a run."""
        self.ensure_one()
        line = self.line_id
        company = self.company_id
        tax = line.tax_id
        lines = [
            {
                "sequence": index,
                "name": text,
                "quantity": quantity,
                "price": price,
                "amount": amount,
            }
            for index, (text, quantity, price, amount) in enumerate(self.parts or [], start=1)
        ]
        env = self.with_context(lang=company._billing_lang()).env
        why = self.explanation or ""
        decimal = self.lease_id._decimal
        rent = decimal(self.amount_rent) - decimal(self.rent_credited)
        amount = self._with_vat(rent, line)
        if self.rent_credited:
            text = env._("Credited by amendments")
            lines.append(self._prepare_part(98, text, -self.rent_credited))
            why += f"; {text}: {-self.rent_credited:.2f}"
        vat = float(amount - rent)
        if vat:
            lines.append(self._prepare_part(99, env._("VAT on top"), vat))
            why += env._(
                "; plus VAT %(rate)s%%: %(amount)s",
                rate=f"{tax.amount:g}",
                amount=f"{amount:.2f}",
            )
        return {
            "run_id": run.id,
            "fee_id": self.fee_id.id,
            "share": 0,
            "unit_id": self.unit_id.id,
            "item_id": self.item_id.id,
            "payer_id": self.partner_id.id,
            "meter_id": False,
            "allocation_id": False,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "tax_id": tax._as_included(company).id,
            "basis": {
                "kind": "sum",
                "amount": f"{rent:.2f}",
                "price_include": self.lease_id.is_vat_included or not tax,
                "rate": f"{tax.amount:g}" if tax else "",
                "note": self.lease_id.name,
                "due": str(self.due_date),
            },
            "quantity": 1.0,
            "amount": float(amount),
            "explanation": env._(
                "%(item)s, %(start)s to %(end)s, lease %(lease)s: %(why)s",
                item=self.item_id.name,
                start=self.date_from,
                end=self.date_to,
                lease=self.lease_id.name,
                why=why,
            ),
            "line_ids": [(0, 0, vals) for vals in lines],
        }

    @api.model
    def _prepare_part(self, sequence, name, amount):
        """Prepare a line of the bill that is no price times a quantity."""
        return {
            "sequence": sequence,
            "name": name,
            "quantity": 1,
            "price": amount,
            "amount": amount,
        }
