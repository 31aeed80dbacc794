"""How the bank of a journal wants its withholding files."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import bank_file


class AccountJournal(models.Model):
    _inherit = "account.journal"

    bank_file_encoding = fields.Selection(
        [("gb18030", "GB18030"), ("gbk", "GBK"), ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)")],
        string="Encoding",
        default="gb18030",
        required=True,
    )
    bank_file_delimiter = fields.Selection(
        [(",", "Comma"), ("|", "Vertical bar"), (";", "Semicolon"), ("\t", "Tab")],
        string="Between Columns",
        default=",",
        required=True,
    )
    bank_file_unit = fields.Selection(
        [("yuan", "Yuan, two decimals"), ("fen", "Fen, whole numbers")],
        string="Amounts in",
        default="yuan",
        required=True,
    )
    bank_file_has_header = fields.Boolean(string="Headings in the First Row", default=True)
    bank_file_has_trailer = fields.Boolean(string="Number and Total in the Last Row", default=True)
    bank_file_columns = fields.Text(
        string="Columns Sent",
        help="One column a line, in the order of the file: key=heading. Keys: sequence, agreement, "
        "holder, account, amount, summary, note. Empty: all of them.",
    )
    bank_file_answer = fields.Text(
        string="Columns of the Answer",
        help="One column a line: key=heading. Keys: result, paid, code, reason, reference. Empty: "
        "all of them.",
    )
    bank_file_successes = fields.Char(
        string="Words of Success",
        default="成功,0000,00,S,Y",
        help="What the result says when the money was collected, separated by commas.",
    )

    @api.constrains("bank_file_columns", "bank_file_answer", "bank_file_successes")
    def _check_bank_file(self):
        for journal in self:
            collections = self.env["property.bank.collection"]
            try:
                layout = journal._bank_file_layout()
            except bank_file.BankFileError as error:
                raise ValidationError(collections._file_error(error.code, error.details)) from error
            keys = [key for key, _heading in layout.columns]
            if set(keys) - set(bank_file.SENT) or {key for key, _h in layout.answer} - set(
                bank_file.ANSWER
            ):
                raise ValidationError(
                    self.env._("A column is either sent or part of the answer, as the help says.")
                )
            if not {"sequence", "agreement", "amount"} <= set(keys) or keys.index("amount") < 2:
                raise ValidationError(
                    self.env._(
                        "Line number, agreement number and amount are always sent, the amount not "
                        "among the first two columns."
                    )
                )
            if "result" not in dict(layout.answer):
                raise ValidationError(self.env._("The answer needs the column of the result."))

    def _bank_file_layout(self):
        """Return how files of this bank look."""
        self.ensure_one()
        # sudo: the layout is no secret to whoever sends the file
        journal = self.sudo()
        default = bank_file.Layout()
        words = {word.strip() for word in (journal.bank_file_successes or "").split(",")}
        return bank_file.Layout(
            columns=bank_file.parse_columns(journal.bank_file_columns) or default.columns,
            answer=bank_file.parse_columns(journal.bank_file_answer) or default.answer,
            encoding=journal.bank_file_encoding or default.encoding,
            delimiter=journal.bank_file_delimiter or default.delimiter,
            is_fen=journal.bank_file_unit == "fen",
            has_header=journal.bank_file_has_header,
            has_trailer=journal.bank_file_has_trailer,
            successes=frozenset(words - {""}) or default.successes,
        )
