"""What people see of an import: issues, the summary, and why a file is refused."""

from markupsafe import Markup
from odoo import models

from ..tools.rowgraph import OK

#: How much of a workbook's problems is kept; nobody reads more.
MAX_ISSUES = 5000

#: Cells that a phone has no room for.
WIDE = Markup(" class='d-none d-md-table-cell'")


class PropertyImport(models.Model):
    _inherit = "property.import"

    def _store_findings(self, context):
        """Replace the issues and the summary by those of this pass."""
        self_sudo = self.sudo()  # issues belong to the system: nobody edits findings
        self_sudo.issue_ids.unlink()
        kept = context.issues[:MAX_ISSUES]
        self.env["property.import.issue"].sudo().create(
            [
                {**issue, "import_id": self.id, "sequence": number}
                for number, issue in enumerate(kept, start=1)
            ]
        )
        errors = sum(issue["severity"] == "error" for issue in context.issues)
        self_sudo.write(
            {
                "error_count": errors,
                "warning_count": len(context.issues) - errors,
                "row_count": sum(len(report.rows) for report in context.sheets),
                "summary": self._render_summary(context),
            }
        )

    def _render_summary(self, context):
        labels = {
            "read": self.env._("read"),
            "unknown": self.env._("not recognised"),
            "ignored": self.env._("recognised, not imported"),
            "incomplete": self.env._("columns missing"),
            "hidden": self.env._("hidden, left out"),
            "empty": self.env._("empty"),
        }
        head = (
            self.env._("Sheet"),
            self.env._("Read as"),
            self.env._("Rows"),
            self.env._("Good"),
            self.env._("Left out"),
            self.env._("Columns recognised"),
            self.env._("Columns not recognised"),
        )
        lines = []
        for report in context.sheets:
            good = sum(row.state == OK for row in report.rows)
            lines.append(
                (
                    report.name,
                    report.label or labels[report.status],
                    len(report.rows),
                    good,
                    len(report.rows) - good,
                    "、".join(report.columns),
                    "、".join(report.unknown or report.missing),
                )
            )
        title = Markup("<p>%s: <b>%s</b></p>") % (self.env._("Site"), context.site_name or "?")
        body = Markup("").join(self._render_summary_row(head, line) for line in lines)
        table = Markup("<table class='table table-sm'><thead><tr>%s</tr></thead>%s</table>") % (
            Markup("").join(
                Markup("<th%s>%s</th>") % (WIDE if index > 4 else "", text)
                for index, text in enumerate(head)
            ),
            Markup("<tbody>%s</tbody>") % body,
        )
        return title + table

    def _render_summary_row(self, head, line):
        """Render a sheet: the lists of columns stand beside it, or below it on a phone."""
        cells = Markup("").join(
            Markup("<td%s>%s</td>") % (WIDE if index > 4 else "", value)
            for index, value in enumerate(line)
        )
        lists = Markup("<br>").join(
            Markup("%s: %s") % (head[index], line[index]) for index in (5, 6) if line[index]
        )
        below = Markup(
            "<tr class='d-md-none'><td colspan='5' class='small text-muted'>%s</td></tr>"
        )
        return Markup("<tr>%s</tr>") % cells + (below % lists if lists else Markup(""))

    def _describe_errors(self, context):
        errors = [issue for issue in context.issues if issue["severity"] == "error"]
        lines = [
            self.env._(
                "%(sheet)s, row %(row)s: %(message)s",
                sheet=issue["sheet"] or "",
                row=issue["row"],
                message=issue["message"],
            )
            for issue in errors[:10]
        ]
        return self.env._(
            "%(count)s errors stand in the way. Correct the workbook and upload it again, or tick "
            "“Import the good rows”.\n%(lines)s",
            count=len(errors),
            lines="\n".join(lines),
        )

    def _describe_refusal(self, error):
        messages = {
            "empty": self.env._("The file is empty. Choose the workbook again."),
            "too_big": self.env._(
                "The file is larger than %(limit)s MB. Split it, sheet by sheet.", **error.params
            )
            if error.code == "too_big"
            else "",
            "password": self.env._(
                "The workbook is protected by a password. Remove the password in the spreadsheet "
                "program and upload it again."
            ),
            "old_xls": self.env._(
                "This is an old or binary Excel file. Save it as .xlsx and upload it again."
            ),
            "macro": self.env._(
                "The workbook contains macros and is refused. Save it as .xlsx without macros."
            ),
            "bomb": self.env._(
                "The file unpacks to far more than it should and is refused. Copy the data into "
                "a new workbook."
            ),
            "entities": self.env._(
                "The file contains declarations that no spreadsheet program writes and is refused. "
                "Copy the data into a new workbook."
            ),
            "broken": self.env._(
                "The file cannot be read as a workbook. Open it in the spreadsheet program, save "
                "it as .xlsx and upload it again."
            ),
            "not_workbook": self.env._("This is not a workbook. Upload an .xlsx or .csv file."),
            "encoding": self.env._("The text cannot be read. Save the .csv as UTF-8 or GB 18030."),
            "too_many_rows": self.env._("A sheet has too many rows. Split the workbook."),
            "too_many_sheets": self.env._("The workbook has too many sheets. Split it."),
        }
        return messages.get(error.code) or messages["broken"]
