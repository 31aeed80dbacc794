"""The ledger of deposits: what was held, what came and went, and that the books say the same."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.property_billing.tools.xlsx import MONEY, TEXT, Column, Sheet, build_workbook

from ..models.property_deposit_movement import KINDS

COLUMNS = [kind for kind, _label in KINDS]


class PropertyDepositLedger(models.TransientModel):
    _name = "property.deposit.ledger"
    _description = "Deposit Ledger"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    site_ids = fields.Many2many(
        "property.site",
        string="Sites",
        domain="[('company_id', '=', company_id)]",
        help="Empty: every site you may see.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(string="As of", required=True, default=fields.Date.context_today)
    rows_by = fields.Selection(
        [
            ("deposit_id", "Deposit"),
            ("lease_id", "Lease"),
            ("unit_id", "Unit"),
            ("partner_id", "Payer"),
        ],
        string="Rows",
        required=True,
        default="lease_id",
    )
    ledger_html = fields.Html(compute="_compute_ledger_html", string="Ledger")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(wizard.date_from > wizard.date_to for wizard in self):
            raise ValidationError(
                self.env._("The first day must not be after the last. Correct the dates.")
            )

    @api.depends("company_id", "site_ids", "date_from", "date_to", "rows_by")
    def _compute_ledger_html(self):
        for wizard in self:
            is_whole = wizard.date_from and wizard.date_to and wizard.date_from <= wizard.date_to
            wizard.ledger_html = is_whole and self.env["ir.qweb"]._render(
                "property_leasing.deposit_ledger",
                {"wizard": wizard, "ledger": wizard._ledger(), "labels": wizard._labels()},
            )

    def _labels(self):
        """Return the heads of the columns of movements."""
        return dict(
            self.env["property.deposit.movement"]._fields["kind"]._description_selection(self.env)
        )

    def _sites(self):
        """Return the sites it is about: the chosen ones, else those the user may see."""
        sites = self.site_ids._origin
        return sites or self.env["property.site"].search([("company_id", "=", self.company_id.id)])

    def _ledger(self):
        """Return what was held, came, went and is held.

        :return: dict ``rows`` (list of dict name, opening, one amount a kind, balance: Decimal),
            ``totals`` (the same, summed), ``booked`` (balance of the deposits account, Decimal)
        """
        self.ensure_one()
        sites = self._sites()
        scope = Domain("site_id", "in", sites.ids) & Domain("company_id", "=", self.company_id.id)
        movements = self.env["property.deposit.movement"]
        rows = {}
        for key, amount in movements._read_group(
            scope & Domain("date", "<", self.date_from), [self.rows_by], ["amount:sum"]
        ):
            self._row(rows, key)["opening"] += self._fen(amount)
        for key, kind, amount in movements._read_group(
            scope & Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to),
            [self.rows_by, "kind"],
            ["amount:sum"],
        ):
            self._row(rows, key)[kind] += self._fen(amount)
        shown = [row for row in rows.values() if any(row[name] for name in ("opening", *COLUMNS))]
        for row in shown:
            row["balance"] = row["opening"] + sum(row[kind] for kind in COLUMNS)
        shown.sort(key=lambda row: row["name"])
        names = ("opening", *COLUMNS, "balance")
        deposits = self.env["property.deposit"]
        return {
            "rows": shown,
            "totals": {name: sum((row[name] for row in shown), Decimal(0)) for name in names},
            "booked": deposits._ledger(self.company_id, self.date_to, sites=sites)["booked"],
        }

    def _row(self, rows, key):
        if key.id not in rows:
            name = key.sudo().display_name if key else self.env._("Without a lease")
            rows[key.id] = {
                "name": name,
                **dict.fromkeys(("opening", *COLUMNS), Decimal(0)),
            }
        return rows[key.id]

    def _fen(self, amount):
        return self.env["property.statement"]._decimal(amount, self.company_id)

    def action_export(self):
        """Download the ledger as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/property/deposit_ledger/{self.id}.xlsx",
            "target": "download",
        }

    def action_movements(self):
        """Show the movements behind the ledger."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_leasing.property_deposit_movement_action"
        )
        return {
            **action,
            "domain": [("site_id", "in", self._sites().ids), ("date", "<=", str(self.date_to))],
            "context": {},
        }

    def _workbook(self):
        """Return the ledger as a workbook: (file name, bytes)."""
        self.ensure_one()
        env, labels, ledger = self.env, self._labels(), self._ledger()
        rows_by = dict(self._fields["rows_by"]._description_selection(env))
        columns = [
            Column(rows_by[self.rows_by], TEXT, 34),
            Column(env._("Opening"), MONEY),
            *(Column(labels[kind], MONEY) for kind in COLUMNS),
            Column(env._("Balance"), MONEY),
        ]
        rows = [
            [row["name"], row["opening"], *(row[kind] for kind in COLUMNS), row["balance"]]
            for row in ledger["rows"]
        ]
        title = env._("Deposit Ledger")
        heads = [
            (env._("Company"), self.company_id.name),
            (env._("Sites"), "、".join(self._sites().mapped("name"))),
            (env._("Period"), f"{self.date_from} – {self.date_to}"),
            (env._("Deposits account"), f"{ledger['booked']:,.2f}"),
        ]
        sheet = Sheet(title, columns, rows, heads=heads, total_label=env._("Total"))
        return f"{title} {self.date_to}.xlsx", build_workbook([sheet])
