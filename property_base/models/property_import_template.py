from datetime import date
from io import BytesIO

import xlsxwriter
from odoo import api, models

#: Name of the template's sheet of explanations; it is never read as data.
GUIDE_SHEETS = ("填写说明", "说明", "使用说明")
SAMPLE_SITE = "示例小区"
PREFIX = "property.import.sheet."


class PropertyImport(models.Model):
    _inherit = "property.import"

    @api.model
    def _build_template(self):
        """Return the bytes of a workbook with all sheets, headers, explanations and examples."""
        stream = BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
            "note": book.add_format({"font_color": "#666666", "italic": True}),
            "needed": book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1}),
            "header": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        handlers = [
            handler
            for handler in self._handlers()
            if handler._name == PREFIX + handler._sheet_kind and handler._template_rows()
        ]
        self._write_guide(book, handlers, styles)
        for handler in handlers:
            self._write_sheet(book, handler, styles)
        book.set_properties({"title": self.env._("Property import template")})
        book.close()
        return stream.getvalue()

    @api.model
    def _write_guide(self, book, handlers, styles):
        sheet = book.add_worksheet(GUIDE_SHEETS[0])
        sheet.set_column(0, 1, 16)
        sheet.set_column(2, 2, 10)
        sheet.set_column(3, 3, 80)
        intro = [
            self.env._("Fill in the sheets you have; leave out the others. Replace the examples."),
            self.env._("Write the name of your site in the first row of every sheet."),
            self.env._("Headers may stand in any order. Columns you do not need may be deleted."),
            self.env._("Upload the file, press Check, correct what is listed, then Import."),
        ]
        for row, text in enumerate(intro):
            sheet.merge_range(row, 0, row, 3, text, styles["text"])
        start = len(intro) + 1
        head = (
            self.env._("Sheet"),
            self.env._("Column"),
            self.env._("Required"),
            self.env._("How to fill it in"),
        )
        for column, text in enumerate(head):
            sheet.write(start, column, text, styles["header"])
        row = start
        for handler in handlers:
            notes = handler._template_notes()
            for column in handler._sheet_columns:
                row += 1
                sheet.write(row, 0, handler._sheet_names[0])
                sheet.write(row, 1, column.labels[0])
                needed = column.needed or column.key in handler._template_required
                sheet.write(row, 2, self.env._("Yes") if needed else "")
                sheet.write(row, 3, notes.get(column.key, ""), styles["text"])

    @api.model
    def _write_sheet(self, book, handler, styles):
        name = handler._sheet_names[0]
        sheet = book.add_worksheet(name)
        columns = handler._sheet_columns
        sheet.merge_range(
            0, 0, 0, max(len(columns) - 1, 1), f"{SAMPLE_SITE} {name}台账", styles["title"]
        )
        sheet.write(1, 0, f"说明:{self.env._('Orange columns are required.')}", styles["note"])
        sheet.freeze_panes(3, 0)
        notes = handler._template_notes()
        for index, column in enumerate(columns):
            needed = column.needed or column.key in handler._template_required
            sheet.write(2, index, column.labels[0], styles["needed" if needed else "header"])
            sheet.set_column(index, index, 16)
            if notes.get(column.key):
                sheet.write_comment(2, index, notes[column.key])
        for row, values in enumerate(handler._template_rows(), start=3):
            for index, column in enumerate(columns):
                value = values.get(column.key)
                if isinstance(value, date):
                    sheet.write_datetime(row, index, value, styles["date"])
                elif isinstance(value, str):
                    sheet.write_string(row, index, value)
                elif value is not None:
                    sheet.write(row, index, value)
