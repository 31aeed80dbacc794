"""The door-to-door list of a dunning run (上门催缴清单): by building, in the order of walking."""

import io

import xlsxwriter
from odoo import models

COLUMNS = (8, 14, 12, 14, 10, 12, 12, 12, 12, 20, 16)


class PropertyDunningRun(models.Model):
    _inherit = "property.dunning.run"

    def _visit_rows(self):
        """Return the households to visit, by building; nobody knocks where all is paid since.

        :return: list of (building, list of dict)
        """
        self.ensure_one()
        notices = self.notice_ids.filtered("amount_open").sorted(
            lambda row: (row.unit_sort_key or "", row.id)
        )
        last = self._last_contacts(notices)
        groups = {}
        for notice in notices:
            groups.setdefault(notice.building_id, []).append(
                {
                    "notice": notice,
                    "unit": notice.unit_id.code,
                    "payer": notice.partner_id.name,
                    "phone": notice.partner_id.phone_masked or "",
                    "bills": len(notice.bill_ids),
                    "days": notice.days_overdue,
                    "principal": notice.amount_principal,
                    "late_fee": notice.amount_late_fee,
                    "open": notice.amount_open,
                    "contact": last.get((notice.unit_id, notice.partner_id), ""),
                }
            )
        return list(groups.items())

    def _last_contacts(self, notices):
        """Return dict (unit, payer) -> when and how they were reached last."""
        rows = self.env["property.dunning.delivery"].search(
            [
                ("notice_id.unit_id", "in", notices.unit_id.ids),
                ("notice_id.partner_id", "in", notices.partner_id.ids),
                ("result", "=", "ok"),
            ],
            order="at",
        )
        return {(row.notice_id.unit_id, row.notice_id.partner_id): row.display_name for row in rows}

    def action_visits_xlsx(self):
        """Download the door-to-door list as a workbook."""
        self.ensure_one()
        self.check_access("read")
        groups = self._visit_rows()
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("Door-to-door list %(run)s.xlsx", run=self.name),
                "raw": self._visits_xlsx(groups),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        count = sum(len(rows) for _building, rows in groups)
        self.env["property.audit"]._log("export", self, after={"count": count})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _visits_xlsx(self, groups):
        """Return the workbook, one sheet a building; cells are text, never formulas.

        :param groups: as from `_visit_rows`
        """
        self.ensure_one()
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
        title = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEEEEE"})
        cell = book.add_format({"border": 1})
        money = book.add_format({"border": 1, "num_format": "#,##0.00"})
        env = self.env
        heads = [
            env._("No."),
            env._("Unit"),
            env._("Payer"),
            env._("Phone"),
            env._("Bills"),
            env._("Days overdue"),
            env._("Principal"),
            env._("Late fee"),
            env._("Still open"),
            env._("Last contact"),
            env._("Result and signature"),
        ]
        for number, (building, rows) in enumerate(groups, start=1):
            sheet = book.add_worksheet(_sheet_name(building.name or env._("Other"), number))
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(1)
            sheet.write_string(0, 0, f"{self.name} {building.name or ''}", title)
            for column, (text, width) in enumerate(zip(heads, COLUMNS, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(1, column, text, head)
            for index, row in enumerate(rows, start=1):
                line = index + 1
                sheet.write_number(line, 0, index, cell)
                for column, key in enumerate(("unit", "payer", "phone"), start=1):
                    sheet.write_string(line, column, row[key] or "", cell)
                sheet.write_number(line, 4, row["bills"], cell)
                sheet.write_number(line, 5, row["days"], cell)
                for column, key in enumerate(("principal", "late_fee", "open"), start=6):
                    sheet.write_number(line, column, row[key], money)
                sheet.write_string(line, 9, row["contact"], cell)
                sheet.write_blank(line, 10, None, cell)
        if not groups:
            book.add_worksheet().write_string(0, 0, self.name or "", title)
        book.close()
        return stream.getvalue()


def _sheet_name(name, number):
    """Make a name that a workbook takes: no special signs, 31 characters, never twice."""
    clean = "".join(" " if sign in "[]:*?/\\'" else sign for sign in name).strip()
    return f"{number} {clean}"[:31]
