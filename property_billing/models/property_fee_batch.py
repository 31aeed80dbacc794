import base64
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_base.tools.cellread import (
    CellError,
    is_blank,
    read_number,
    read_text,
)
from odoo.addons.property_base.tools.codes import plain_code, unit_code
from odoo.addons.property_base.tools.headers import Column, find_header, is_total
from odoo.addons.property_base.tools.workbook import read_workbook
from odoo.addons.property_base.tools.zipguard import WorkbookError

from .property_charge_item import PAYER_ROLES

COLUMNS = (
    Column("room", ("房号", "房屋", "房间", "房屋编号", "单元房号", "户号", "车位号"), True),
    Column("amount", ("金额", "应收金额", "费用", "应收", "收费金额"), True),
    Column("note", ("备注", "说明", "摘要", "事由")),
)


class PropertyFeeBatch(models.Model):
    """One-off fees for many units at once: looked at first, billed, and taken back as one."""

    _name = "property.fee.batch"
    _description = "One-off Batch"
    _inherit = ["property.by.methods", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char(required=True, tracking=True)
    site_id = fields.Many2one(
        "property.site",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["property.site"]._property_only_site(),
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_id = fields.Many2one(
        "property.charge.item",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False)),"
        " ('method', '=', 'one_off')]",
        tracking=True,
    )
    date = fields.Date(
        string="Day", required=True, default=fields.Date.context_today, tracking=True
    )
    payer_role = fields.Selection(
        [role for role in PAYER_ROLES if role[0] != "split"],
        string="Payer",
        required=True,
        default="owner",
    )
    source = fields.Selection(
        [("units", "Chosen units"), ("filter", "Every unit that"), ("workbook", "Workbook")],
        string="Units from",
        required=True,
        default="units",
    )
    amount = fields.Monetary(string="Amount per Unit", help="VAT included.")
    unit_ids = fields.Many2many(
        "property.unit", string="Units", domain="[('site_id', '=', site_id)]"
    )
    building_ids = fields.Many2many(
        "property.building", string="Buildings", domain="[('site_id', '=', site_id)]"
    )
    type_ids = fields.Many2many("property.unit.type", string="Types")
    file = fields.Binary(attachment=True, help="A sheet with the columns 房号 and 金额.")
    filename = fields.Char()
    state = fields.Selection(
        [("draft", "Draft"), ("checked", "Checked"), ("done", "Created"), ("undone", "Undone")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("property.fee.batch.line", "batch_id", string="Lines")
    fee_ids = fields.One2many("property.fee", "batch_id", string="Fees")
    run_id = fields.Many2one("property.billing.run", readonly=True, copy=False)
    amount_total = fields.Monetary(compute="_compute_totals", string="Total")
    line_count = fields.Integer(compute="_compute_totals", string="Number of Units")
    error_count = fields.Integer(compute="_compute_totals", string="Errors")

    @api.depends("line_ids.amount", "line_ids.error")
    def _compute_totals(self):
        for batch in self:
            batch.amount_total = sum(batch.line_ids.mapped("amount"))
            batch.line_count = len(batch.line_ids)
            batch.error_count = len(batch.line_ids.filtered("error"))

    @api.model
    def _method_fields(self):
        """Override: the state and the run."""
        return super()._method_fields() | {"state", "run_id"}

    def write(self, vals):
        """Keep a batch as it was when its fees were made."""
        if not self.env.su:
            if {"state", "run_id", "fee_ids"} & vals.keys():
                raise UserError(
                    self.env._("Check, create or undo the batch: its state follows from that.")
                )
            if any(batch.state in ("done", "undone") for batch in self):
                raise UserError(
                    self.env._("The fees of this batch exist. Undo it, then make a new one.")
                )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a batch that claims to be done already."""
        if not self.env.su and any(vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(
                self.env._("Check, create or undo the batch: its state follows from that.")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(batch.state in ("done", "undone") for batch in self):
            raise UserError(self.env._("A batch that made fees stays on file."))

    # Steps ------------------------------------------------------------------------------------

    def action_check(self):
        """List the units with their amounts, and what is wrong with them."""
        self.check_access("write")
        for batch in self:
            batch._expect("draft", "checked")
            rows = batch._rows()
            if not rows:
                raise UserError(self.env._("No unit was found. Choose units or another file."))
            batch.line_ids.unlink()
            self.env["property.fee.batch.line"].create(
                [{"batch_id": batch.id, **row} for row in rows]
            )
            batch.sudo().write({"state": "checked"})
        return True

    def action_create(self):
        """Create the fees and compute their bills, which are then posted like any run.

        :raise UserError: while lines have errors
        """
        self.check_access("write")
        self.ensure_one()
        self._lock()._expect("checked")
        self.line_ids._check_lines()
        if self.error_count:
            raise UserError(
                self.env._(
                    "%(count)s lines have errors. Correct or remove them.", count=self.error_count
                )
            )
        self.env["property.fee"].create([line._prepare_fee_vals() for line in self.line_ids])
        run = self.env["property.billing.run"].create(
            {
                "name": self.name,
                "site_ids": [(6, 0, self.site_id.ids)],
                "item_ids": [(6, 0, self.item_id.ids)],
                "date_from": self.date,
                "date_to": self.date,
            }
        )
        # sudo: the state follows from the step; creating fees and run was allowed
        self.sudo().write({"state": "done", "run_id": run.id})
        run.action_compute()
        self.env["property.audit"]._log(
            "money",
            self,
            before={"state": "checked"},
            after={"fees": self.line_count, "amount": f"{self.amount_total:.2f}"},
        )
        return self.action_view_run()

    def action_undo(self):
        """Take the batch back: its bills are cancelled or credited, its fees end."""
        self.check_access("write")
        for batch in self._lock():
            batch._expect("done")
            posted = batch.fee_ids.charge_ids.filtered(lambda charge: charge.state == "posted")
            if batch.run_id.state in ("computed", "posted"):
                batch.run_id.action_undo()
            (posted & batch.fee_ids.charge_ids).filtered(
                lambda charge: charge.state == "posted"
            )._undo_and_keep(batch.display_name)
            batch.fee_ids.invalidate_recordset(["charge_ids"])
            unbilled = batch.fee_ids.filtered(lambda fee: not fee.charge_ids)
            (batch.fee_ids - unbilled).write({"active": False})
            unbilled.unlink()
            batch.sudo().write({"state": "undone"})
            self.env["property.audit"]._log(
                "money", batch, before={"state": "done"}, after={"state": "undone"}
            )
        return True

    def action_view_run(self):
        """Open the billing run of the batch."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.billing.run",
            "res_id": self.run_id.id,
            "views": [(False, "form")],
        }

    # Lines ------------------------------------------------------------------------------------

    def _rows(self):
        """Return the values of the lines the source gives."""
        self.ensure_one()
        if self.source == "workbook":
            return self._workbook_rows()
        if not self.amount:
            raise UserError(self.env._("Enter the amount per unit."))
        units = self.unit_ids
        if self.source == "filter":
            domain = [("site_id", "=", self.site_id.id), ("state", "!=", "closed")]
            if self.building_ids:
                domain.append(("building_id", "in", self.building_ids.ids))
            if self.type_ids:
                domain.append(("type_id", "in", self.type_ids.ids))
            units = self.env["property.unit"].search(domain)
        return [
            {"room": unit.code, "unit_id": unit.id, "amount": self.amount}
            for unit in units.sorted("sort_key")
        ]

    def _workbook_rows(self):
        if not self.file:
            raise UserError(self.env._("Attach the workbook first."))
        try:
            sheets = read_workbook(self.filename or "", base64.b64decode(self.file))
        except WorkbookError as error:
            raise UserError(
                self.env._("This file cannot be read. Attach an .xlsx or .csv file.")
            ) from error
        for sheet in sheets:
            header = find_header(sheet.rows, COLUMNS)
            if header:
                return self._sheet_rows(sheet, header)
        raise UserError(
            self.env._("No sheet has the columns 房号 and 金额 in one of its first rows.")
        )

    def _sheet_rows(self, sheet, header):
        rows = []
        for number, cells in sheet.rows:
            raw = {
                key: cells[index] if index < len(cells) else None
                for key, index in header.columns.items()
            }
            if number <= header.row or all(is_blank(value) for value in raw.values()):
                continue
            if is_total(raw["room"] or ""):
                continue
            rows.append(self._read_row(number, raw))
        self._find_units(rows)
        return rows

    def _read_row(self, number, raw):
        row = {"row_number": number, "amount": 0.0, "note": False}
        row["room"] = read_text(raw["room"]) if not is_blank(raw["room"]) else ""
        if not is_blank(raw.get("note")):
            row["note"] = read_text(raw["note"])
        try:
            row["amount"] = float(read_number(raw["amount"], minimum=0, maximum=10**8) or 0)
        except CellError as error:
            row["amount_text"] = str(error.value)
        return row

    def _find_units(self, rows):
        """Look the rooms up, however they are written."""
        wanted = {row["room"]: _spellings(row["room"]) for row in rows if row["room"]}
        found = defaultdict(lambda: self.env["property.unit"])
        for unit in self.env["property.unit"].search(
            [
                ("site_id", "=", self.site_id.id),
                ("code", "in", [code for codes in wanted.values() for code in codes]),
            ]
        ):
            found[unit.code.upper()] |= unit
        for row in rows:
            units = [
                found[code.upper()] for code in wanted.get(row["room"], ()) if found[code.upper()]
            ]
            row["unit_id"] = units[0].id if units else False

    def _lock(self):
        """Lock the batches: two clicks make one set of fees."""
        if len(self.try_lock_for_update()) < len(self):
            raise UserError(self.env._("This batch is being worked on. Try again in a moment."))
        self.invalidate_recordset(["state"])
        return self

    def _expect(self, *states):
        self.ensure_one()
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(batch)s is %(state)s, so this step is not possible now.",
                    batch=self.name,
                    state=labels[self.state],
                )
            )


def _spellings(room):
    codes = [room]
    for read in (unit_code, plain_code):
        try:
            codes.append(read(room))
        except CellError:
            continue
    return list(dict.fromkeys(code for code in codes if code))


class PropertyFee(models.Model):
    _inherit = "property.fee"

    batch_id = fields.Many2one(
        "property.fee.batch", string="One-off Batch", index="btree_not_null", ondelete="restrict"
    )
