from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.headers import find_header, normalise_header, site_from_filename, site_from_title
from ..tools.importcontext import ImportContext, SheetReport
from ..tools.rowgraph import OK
from ..tools.workbook import read_workbook
from ..tools.zipguard import WorkbookError
from .property_import_template import GUIDE_SHEETS, PREFIX

#: Batch writing of an import: no chatter, no tracking, no followers.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
    "active_test": False,
    "property_import": True,
}


class PropertyImport(models.Model):
    _inherit = "property.import"

    def _handlers(self):
        """Return the sheet handlers of all installed addons, in order of dependency."""
        names = [name for name in self.env.registry if name.startswith(PREFIX)]
        handlers = [self.env[name] for name in names]
        return sorted(
            (handler for handler in handlers if handler._sheet_kind),
            key=lambda handler: (handler._sheet_order, handler._name),
        )

    def _analyse(self):
        """Read and check the workbook; write nothing.

        :return: the :class:`ImportContext` with rows and issues
        """
        try:
            sheets = read_workbook(self.filename or "", self._file_bytes())
        except WorkbookError as error:
            raise UserError(self._describe_refusal(error)) from error
        context = ImportContext(fields.Date.context_today(self))
        context.company_id = self.company_id.id
        self._report_progress(5, self.env._("Reading the workbook"))
        found = self._recognise(sheets, context)
        if not found:
            return context
        self._find_site(sheets, found, context)
        found.sort(key=lambda item: (item[0]._sheet_order, item[0]._name))
        for handler, sheet, header, report in found:
            report.rows = handler._read_rows(sheet, header, context)
        self._check_tables(context)
        context.issues.sort(key=lambda issue: self._issue_order(sheets, issue))
        return context

    def _issue_order(self, sheets, issue):
        order = {sheet.name: index for index, sheet in enumerate(sheets)}
        return order.get(issue["sheet"], -1), issue["row"], issue["severity"]

    def _recognise(self, sheets, context):
        """Return (handler, sheet, header, report) for every sheet that is understood."""
        found = []
        for sheet in sheets:
            if sheet.name.strip() in GUIDE_SHEETS:
                continue
            if sheet.hidden or not sheet.rows:
                status = "hidden" if sheet.hidden else "empty"
                context.sheets.append(SheetReport(sheet.name, status))
                continue
            match = self._match_sheet(sheet)
            if match:
                handler, header = match
                report = SheetReport(
                    sheet.name,
                    "read" if handler._sheet_imports else "ignored",
                    handler._name,
                    handler._sheet_label(),
                    header.row,
                    list(header.labels.values()),
                    header.unknown,
                )
                if handler._sheet_imports:
                    found.append((handler, sheet, header, report))
                else:
                    context.report("warning", sheet.name, 0, False, handler._ignored_message())
            else:
                report = self._report_unknown(sheet, context)
            context.sheets.append(report)
        if not found:
            context.report(
                "error",
                False,
                0,
                False,
                self.env._(
                    "No sheet of this file was recognised. Download the template and compare the "
                    "column headers; they must stand in one of the first ten rows."
                ),
            )
        return found

    def _match_sheet(self, sheet):
        best = None
        for handler in self._handlers():
            if not handler._sheet_columns:
                continue
            header = find_header(sheet.rows, handler._sheet_columns)
            if header is None:
                continue
            score = (handler._matches_name(sheet.name), len(header.columns), -handler._sheet_order)
            if best is None or score > best[0]:
                best = (score, handler, header)
        return best and best[1:]

    def _report_unknown(self, sheet, context):
        named = [h for h in self._handlers() if h._matches_name(sheet.name) and h._sheet_imports]
        if not named:
            context.report(
                "warning",
                sheet.name,
                0,
                False,
                self.env._("This sheet was not recognised and is left out."),
            )
            return SheetReport(sheet.name, "unknown")
        seen = {
            normalise_header(cell)
            for _number, cells in sheet.rows[:10]
            for cell in cells
            if isinstance(cell, str)
        }
        missing = min(
            (
                [c.labels[0] for c in handler._needed_columns() if not c.matches(seen)]
                for handler in named
            ),
            key=len,
        )
        context.report(
            "error",
            sheet.name,
            0,
            False,
            self.env._(
                "Columns not found: %(columns)s. Add them to the header row.",
                columns="、".join(missing),
            ),
        )
        return SheetReport(sheet.name, "incomplete", named[0]._name, "", missing=missing)

    def _find_site(self, sheets, found, context):
        """Decide which site the workbook is about: chosen, titled, or named by the file."""
        name = (self.site_name or "").strip()
        if not name and not self.site_id:
            names = [self._title_of(handler, sheet, header) for handler, sheet, header, _r in found]
            names = [title for title in names if title]
            name = max(names, key=names.count) if names else ""
            if len(set(names)) > 1:
                context.report(
                    "warning",
                    False,
                    0,
                    False,
                    self.env._(
                        "The titles name several sites (%(names)s); all is read as %(name)s.",
                        names="、".join(sorted(set(names))),
                        name=name,
                    ),
                )
            name = name or site_from_filename(self.filename) or ""
        site = self.site_id
        if not site and name:
            site = (
                self.env["property.site"]
                .sudo()
                .with_context(active_test=False)
                .search([("name", "=", name), ("company_id", "=", self.company_id.id)], limit=1)
            )
        if site and not site.sudo(self.env.su).has_access("write"):
            if site.sudo(self.env.su).has_access("read"):
                raise UserError(
                    self.env._(
                        "An import changes the households of %(site)s, which is up to its manager. "
                        "Ask the site manager to import this workbook.",
                        site=site.name,
                    )
                )
            raise UserError(
                self.env._("%(site)s is not one of your sites. Ask your director.", site=site.name)
            )
        if not site and not self.env["property.site"].has_access("create"):
            raise UserError(
                self.env._(
                    "The site %(site)s does not exist yet, and you may not create sites. Ask your "
                    "director, or choose one of your sites.",
                    site=name or "?",
                )
            )
        context.site_id = site.id or None
        context.site_name = site.name or name
        if not context.site_name:
            context.report(
                "error",
                False,
                0,
                False,
                self.env._("The workbook does not say which site it is. Enter the site's name."),
            )

    def _title_of(self, handler, sheet, header):
        for number, cells in sheet.rows[:9]:
            if number >= header.row:
                return None
            texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
            if len(texts) == 1 or number == 1:
                title = texts and site_from_title(texts[0], (*handler._sheet_names, sheet.name))
                if title:
                    return title
        return None

    def _check_tables(self, context):
        kinds = list(dict.fromkeys(handler._sheet_kind for handler in self._handlers()))
        for number, kind in enumerate(kinds):
            handler = self._writer(kind)
            if handler is None:
                continue
            if context.site_id:
                context.existing[kind] = handler._existing(context)
            rows = context.tables.get(kind)
            if not rows:
                continue
            handler._mark_duplicates(rows, context)
            for row in rows:
                if row.state == OK:
                    handler._check_references(row, context)
            handler._check_table([row for row in rows if row.state == OK], context)
            self._report_progress(10 + 20 * number // len(kinds), self.env._("Checking"))

    def _writer(self, kind):
        name = PREFIX + kind
        return self.env[name] if name in self.env.registry else None

    def _import_tables(self, context):
        """Write all good rows, table by table."""
        context.import_id = self.id
        worker = self.sudo().with_context(**QUIET)
        worker._ensure_site(context)
        kinds = list(dict.fromkeys(handler._sheet_kind for handler in worker._handlers()))
        for number, kind in enumerate(kinds):
            handler = worker._writer(kind)
            rows = context.good(kind)
            if handler is None or not rows:
                continue
            self._report_progress(30 + 65 * number // len(kinds), handler._sheet_label())
            context.records.setdefault(kind, {})
            handler._import(rows, context)
        for kind in kinds:
            handler = worker._writer(kind)
            if handler is not None:
                handler._finish(context)
        self.env.flush_all()

    def _ensure_site(self, context):
        """Find or create the site."""
        sites = self.env["property.site"]
        if context.site_id:
            site = sites.browse(context.site_id)
            if not site.active:
                site.active = True
                context.note_updated("property.site")
            return
        taken = set(sites.search([("company_id", "=", self.company_id.id)]).mapped("code"))
        number = next(n for n in range(1, 10**6) if f"S{n:03d}" not in taken)
        site = sites.create(
            {
                "name": context.site_name,
                "code": f"S{number:03d}",
                "company_id": self.company_id.id,
            }
        )
        context.note_created(site)
        context.site_id = site.id

    def _report_progress(self, percent, step):
        if self.id:
            self.env["property.import.progress"]._report(self.id, percent, step)
