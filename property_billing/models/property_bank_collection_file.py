"""Files of a batch: what is sent to the bank, and what comes back."""

import base64
import hashlib
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_base.tools.workbook import WorkbookError, read_workbook

from ..tools import bank_file

SHOWN = 8
LIMIT = 20 * 2**20


class PropertyBankCollectionFile(models.Model):
    """A file that was sent, or an answer that was read; the same answer is read once."""

    _name = "property.bank.collection.file"
    _description = "File of a Bank Collection"
    _inherit = ["property.made.by.methods"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    collection_id = fields.Many2one(
        "property.bank.collection", required=True, readonly=True, index=True, ondelete="cascade"
    )
    direction = fields.Selection([("out", "Sent"), ("in", "Answer")], required=True, readonly=True)
    content = fields.Binary(string="File", required=True, readonly=True, attachment=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    amount = fields.Monetary(readonly=True)
    site_id = fields.Many2one(
        related="collection_id.site_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="collection_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _answer_once = models.UniqueIndex(
        "(company_id, sha256) WHERE direction = 'in'", "This file was imported already."
    )


class PropertyBankCollection(models.Model):
    _inherit = "property.bank.collection"

    # Sending ----------------------------------------------------------------------------------

    def action_export_csv(self):
        """Make the text file for the bank and offer it."""
        return self._export("csv")

    def action_export_xlsx(self):
        """Make the workbook for the bank and offer it."""
        return self._export("xlsx")

    def _export(self, kind):
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._expect("draft", "exported")
        if not self.line_ids:
            raise UserError(self.env._("The batch is empty. Collect the open bills first."))
        layout = self.journal_id._bank_file_layout()
        write = bank_file.write_csv if kind == "csv" else bank_file.write_xlsx
        rows = self._file_rows()
        try:
            content = write(layout, rows)
        except UnicodeEncodeError as error:
            raise UserError(
                self.env._(
                    "“%(text)s” cannot be written in %(encoding)s. Choose GB18030 or UTF-8 on the "
                    "journal.",
                    text=error.object[error.start : error.end],
                    encoding=layout.encoding,
                )
            ) from error
        # sudo: files and states are written by these steps only
        file_sudo = self._keep_file("out", f"{self.name}.{kind}", content, rows)
        self.sudo().write({"state": "exported"})
        self.env["property.audit"]._log(
            "money",
            self,
            after={
                "exported": len(rows),
                "amount": str(sum(row["amount"] for row in rows)),
                "sha256": file_sudo.sha256,
            },
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/property.bank.collection.file/{file_sudo.id}/content/"
            f"{file_sudo.name}?download=true",
            "target": "new",
        }

    def _keep_file(self, direction, name, content, rows):
        """Keep a file with its hash.

        :param rows: what it says, with ``amount``
        """
        return (
            self.env["property.bank.collection.file"]
            .sudo()
            .create(
                {
                    "name": name,
                    "collection_id": self.id,
                    "direction": direction,
                    "content": base64.b64encode(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "line_count": len(rows),
                    "amount": float(sum(row["amount"] for row in rows)),
                }
            )
        )

    def _file_rows(self):
        return [
            {
                "sequence": line.sequence,
                "agreement": line.agreement,
                "holder": line.holder,
                "account": line.account_number,
                "amount": Decimal(str(line.amount)).quantize(bank_file.FEN),
                "summary": line.unit_text,
                "note": self.name,
            }
            for line in self.line_ids.sorted("sequence")
            if line.result == "pending"
        ]

    # Reading answers --------------------------------------------------------------------------

    def _import_results(self, name, content):
        """Read the bank's answer; a file with anything wrong changes nothing.

        :param str name: name of the file
        :param bytes content: the file
        :return: number of lines answered
        :raise UserError: with everything that is wrong, by row
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._expect("exported", "partial")
        self._check_new_file(content)
        layout = self.journal_id._bank_file_layout()
        answers = self._read_answers(layout, name, content)
        lines_sudo = {line.sequence: line for line in self.sudo().line_ids}
        sent = {
            sequence: (
                line.agreement,
                Decimal(str(line.amount)).quantize(bank_file.FEN),
                line.result != "pending",
            )
            for sequence, line in lines_sudo.items()
        }
        self._raise_problems(bank_file.check_answers(answers, sent))
        self._keep_file("in", name, content, [{"amount": one.paid} for one in answers])
        answered_sudo = self.sudo().line_ids.browse()
        for answer in answers:
            line_sudo = lines_sudo[answer.sequence]
            answered_sudo += line_sudo
            line_sudo.write(self._prepare_result(answer))
        answered_sudo._free_bills()
        self.env["property.audit"]._log(
            "money",
            self,
            after={
                "answered": len(answers),
                "collected": str(sum((one.paid for one in answers), Decimal(0))),
            },
        )
        self.sudo()._settle_state()
        return len(answers)

    @api.model
    def _prepare_result(self, answer):
        result = "failed" if not answer.paid else "success"
        if answer.paid and answer.paid < answer.amount:
            result = "part"
        return {
            "result": result,
            "amount_paid": float(answer.paid),
            "reason_code": answer.code or False,
            "reason": answer.reason or False,
            "bank_reference": answer.reference or False,
        }

    def _check_new_file(self, content):
        if not content:
            raise UserError(self.env._("The file is empty. Choose the bank's answer."))
        if len(content) > LIMIT:
            raise UserError(self.env._("The file is larger than 20 MB. Ask the bank for parts."))
        # sudo: whether the company read it before, in whichever batch
        known_sudo = (
            self.env["property.bank.collection.file"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("direction", "=", "in"),
                    ("sha256", "=", hashlib.sha256(content).hexdigest()),
                ],
                limit=1,
            )
        )
        if known_sudo:
            raise UserError(
                self.env._(
                    "This file was imported on %(day)s into batch %(batch)s already. Nothing was "
                    "changed.",
                    day=fields.Date.to_string(
                        fields.Datetime.context_timestamp(self, known_sudo.create_date)
                    ),
                    batch=known_sudo.collection_id.name,
                )
            )

    def _read_answers(self, layout, name, content):
        try:
            if name.lower().endswith(".xlsx") or content[:2] == b"PK":
                rows = read_workbook("answer.xlsx", content)[0].rows
            else:
                rows = bank_file.read_csv(layout, content)
            return bank_file.read_answers(layout, rows)
        except WorkbookError as error:
            raise UserError(
                self.env._("This is not a workbook that can be read. Save it as .xlsx again.")
            ) from error
        except bank_file.BankFileError as error:
            raise UserError(self._file_error(error.code, error.details)) from error

    def _raise_problems(self, problems):
        if not problems:
            return
        texts = [
            self.env._("Row %(row)s: %(problem)s", row=row, problem=self._file_error(code, details))
            for code, row, details in problems[:SHOWN]
        ]
        if len(problems) > SHOWN:
            texts.append(self.env._("… and %(count)s more.", count=len(problems) - SHOWN))
        raise UserError(
            "\n".join(
                [
                    self.env._("The file does not fit this batch, so nothing was changed:"),
                    *texts,
                ]
            )
        )

    @api.model
    def _file_error(self, code, details):
        """Say what is wrong with a file, and what to do."""
        env = self.env
        texts = {
            "empty": env._("There is no line in the file. Choose the bank's answer."),
            "encoding": env._(
                "The file is not written in %(encoding)s. Set the encoding on the journal."
            ),
            "text": env._("The file is no text with columns. Choose the bank's answer."),
            "missing": env._(
                "Column “%(heading)s” is missing. Set the headings on the journal as the bank "
                "writes them."
            ),
            "trailer": env._(
                "The last row with number and total is missing, so the file may be cut off. Ask "
                "the bank for it again."
            ),
            "total": env._("Row %(row)s: the total “%(text)s” cannot be read."),
            "totals": env._(
                "The file holds %(count)s lines of %(amount)s in all, but its last row says "
                "%(said_count)s lines of %(said_amount)s. Ask the bank for it again."
            ),
            "sequence": env._("Row %(row)s: “%(text)s” is no line number."),
            "amount": env._("Row %(row)s: “%(text)s” is no amount."),
            "result": env._("Row %(row)s: the result is missing."),
            "paid": env._("Row %(row)s: %(paid)s collected of %(amount)s does not fit the result."),
            "unknown": env._(
                "line %(sequence)s with agreement %(agreement)s was not sent in this batch."
            ),
            "other_amount": env._(
                "line %(sequence)s was sent with %(sent)s, but the answer says %(amount)s."
            ),
            "answered": env._("line %(sequence)s was answered before, or cancelled."),
            "duplicate": env._("line %(sequence)s is in the file more than once."),
            "column": env._("“%(name)s” is no column that a bank file can have."),
            "column_twice": env._("Column “%(name)s” is there twice."),
        }
        return texts[code] % details
