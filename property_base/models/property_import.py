import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import OrderedSet

#: Above this many rows the buttons hand the work to the background.
BACKGROUND_ROWS = 5000

#: Set by the steps of an import only: whoever wrote them could let it run as somebody else.
STEP_FIELDS = frozenset(
    (
        "state",
        "is_queued",
        "queued_action",
        "queued_user_id",
        "queue_message",
        "created_records",
        "updated_count",
        "error_count",
        "warning_count",
        "row_count",
        "issue_ids",
    )
)


class PropertyImport(models.Model):
    _name = "property.import"
    _description = "Workbook Import"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "id desc"
    _rec_name = "filename"

    filename = fields.Char(required=True)
    file = fields.Binary(
        string="Workbook",
        required=True,
        attachment=True,
        groups="property_base.group_manager,property_base.group_finance",
        help="An .xlsx or .csv file.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The site imported into. Choose it beforehand only for a workbook without a title.",
    )
    site_name = fields.Char(
        help="Name of the site, for a workbook that does not say it in its title row."
    )
    state = fields.Selection(
        [
            ("draft", "To check"),
            ("checked", "Checked"),
            ("imported", "Imported"),
            ("undone", "Undone"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    skip_faulty = fields.Boolean(
        string="Import the good rows",
        help="Leave out rows with errors, and rows that depend on them, instead of refusing.",
    )
    issue_ids = fields.One2many(
        "property.import.issue", "import_id", string="Issues", readonly=True, copy=False
    )
    error_count = fields.Integer(readonly=True, copy=False)
    warning_count = fields.Integer(readonly=True, copy=False)
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    summary = fields.Html(readonly=True, copy=False, sanitize=True)
    created_records = fields.Json(
        readonly=True, copy=False, groups="base.group_system", help="What the undo removes."
    )
    updated_count = fields.Integer(string="Records Updated", readonly=True, copy=False)
    is_queued = fields.Boolean(string="In Background", readonly=True, copy=False, index=True)
    queued_action = fields.Char(readonly=True, copy=False)
    queued_user_id = fields.Many2one("res.users", readonly=True, copy=False)
    queue_message = fields.Char(string="Background Message", readonly=True, copy=False)
    progress = fields.Integer(compute="_compute_progress", help="Percent done.")
    progress_step = fields.Char(compute="_compute_progress")

    def _compute_progress(self):
        rows = (
            self.env["property.import.progress"]
            .sudo()
            .search([("import_ref", "in", self._origin.ids)])
        )
        by_ref = {row.import_ref: row for row in rows}
        for record in self:
            row = by_ref.get(record._origin.id)
            done = record.state in ("imported", "undone")
            record.progress = 100 if done else (row.percent if row else 0)
            record.progress_step = row.step if row and not done else False

    @api.onchange("file")
    def _onchange_file(self):
        self.issue_ids = False
        self.summary = False

    @api.model_create_multi
    def create(self, vals_list):
        """Start every import at its first step."""
        for vals in vals_list:
            self._check_step_fields(vals)
        return super().create(vals_list)

    def _check_step_fields(self, vals):
        """Refuse values that only checking, importing and undoing set.

        :raise AccessError: when a user writes one of them
        """
        if not self.env.su and any(vals.get(name) for name in STEP_FIELDS & vals.keys()):
            raise AccessError(
                self.env._("Check, import or undo the workbook: its state follows from that.")
            )

    def write(self, vals):
        """Ask for a new check when the workbook or its site changes."""
        self._check_step_fields(vals)
        if OrderedSet(("file", "site_name", "company_id")) & OrderedSet(vals):
            if any(record.state == "imported" for record in self):
                raise UserError(
                    self.env._(
                        "This workbook was imported. Create a new import for the corrected file; "
                        "it updates what is there."
                    )
                )
            vals = {"state": "draft", "error_count": 0, "warning_count": 0, **vals}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_imported(self):
        if any(record.state == "imported" for record in self):
            raise UserError(self.env._("Undo an import before you delete it."))

    def action_check(self):
        """Read the workbook and list every problem in it; nothing else is changed.

        :return: whether the workbook has no errors
        """
        self.ensure_one()
        self._check_may_import()
        if self.state == "imported":
            raise UserError(self.env._("This workbook is imported already."))
        context = self._analyse()
        self._store_findings(context)
        self.sudo().write({"state": "checked"})
        return not context.has_errors()

    def action_import(self):
        """Import the workbook: all of it or, with ``skip_faulty``, the good rows of it.

        The workbook is checked again first. Nothing is written unless everything can be.

        :raise UserError: while errors stand and ``skip_faulty`` is not set
        """
        self.ensure_one()
        self._check_may_import()
        if self.state == "imported":
            raise UserError(
                self.env._("This workbook is imported already. Undo it first to import it again.")
            )
        self._lock_company()
        context = self._analyse()
        if context.has_errors() and not (self.skip_faulty and context.tables):
            raise UserError(self._describe_errors(context))
        if not context.site_id and not context.site_name:
            raise UserError(self.env._("Enter the name of the site, then import again."))
        with self.env.cr.savepoint():
            self._import_tables(context)
        self._store_findings(context)
        self.sudo().write(
            {
                "state": "imported",
                "site_id": context.site_id,
                "created_records": context.created,
                "updated_count": sum(context.updated.values()),
            }
        )
        self.env["property.audit"]._log(
            "import",
            self,
            after={
                "filename": self.filename,
                "created": {model: len(ids) for model, ids in context.created.items()},
                "updated": context.updated,
                "errors": self.error_count,
            },
            site_id=context.site_id,
        )
        return True

    def action_undo(self):
        """Remove what this import created, while nothing else hangs on it.

        Records that existed before and were only updated keep their new values.

        :raise UserError: when something was billed or entered on it since
        """
        self.ensure_one()
        self._check_may_import()
        if self.state != "imported":
            raise UserError(self.env._("Only a finished import can be undone."))
        self._lock_company()
        blockers = self.sudo()._undo_blockers()
        if blockers:
            raise UserError(
                self.env._(
                    "This import cannot be undone:\n%(reasons)s", reasons="\n".join(blockers)
                )
            )
        with self.env.cr.savepoint():
            self.sudo()._undo_tables()
        if self.updated_count:
            self.message_post(
                body=self.env._(
                    "Undone. %(count)s records that existed before the import had been updated "
                    "by it; they keep their new values.",
                    count=self.updated_count,
                )
            )
        self.sudo().write({"state": "undone", "created_records": False})
        self.env["property.audit"]._log("import", self, reason="undo")
        return True

    def action_draft(self):
        """Make an undone import ready to be checked and imported again."""
        self._check_may_import()
        self.filtered(lambda record: record.state == "undone").sudo().write({"state": "draft"})
        return True

    def action_check_queued(self):
        """Check from the button; a huge workbook is checked in the background."""
        return self._now_or_queued("check")

    def action_import_queued(self):
        """Import from the button; a huge workbook is imported in the background."""
        return self._now_or_queued("import")

    def action_template(self):
        """Download the template with explanations and example rows."""
        return {"type": "ir.actions.act_url", "url": "/property/import/template", "target": "self"}

    def action_view_site(self):
        """Open the site imported into."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.site",
            "res_id": self.site_id.id,
            "view_mode": "form",
        }

    def action_view_issues(self):
        """Open the issues, grouped by sheet."""
        self.ensure_one()
        domain = [("import_id", "=", self.id)]
        title = self.env._("Issues")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "property.import.issue",
            "view_mode": "list",
            "domain": domain,
            "context": {"search_default_group_sheet": 1},
        }

    def _now_or_queued(self, action):
        self.ensure_one()
        self._check_may_import()
        size = len(self._file_bytes())
        if self.row_count <= BACKGROUND_ROWS and size <= 1024 * 1024:
            getattr(self, f"action_{action}")()
            return True
        self.sudo().write(
            {
                "is_queued": True,
                "queued_action": action,
                "queued_user_id": self.env.uid,
                "queue_message": False,
            }
        )
        self.env.ref("property_base.ir_cron_property_import").sudo()._trigger()
        return True

    @api.model
    def _cron_run_queued(self):
        """Do the next queued check or import, on behalf of the user who asked for it."""
        queued = self.search([("is_queued", "=", True)], limit=1, order="id")
        if not queued:
            return
        remaining = self.search_count([("is_queued", "=", True)]) - 1
        user = queued.queued_user_id
        worker = (
            queued.with_user(user)
            .with_company(queued.company_id)
            .with_context(lang=user.lang, tz=user.tz)
        )
        message = False
        try:
            with self.env.cr.savepoint():
                if queued.queued_action == "import":
                    worker.action_import()
                else:
                    worker.action_check()
        except UserError as error:
            message = error.args[0]
        queued.write({"is_queued": False, "queue_message": message})
        self.env["ir.cron"]._commit_progress(1, remaining=remaining)

    def _check_may_import(self):
        self.check_access("write")
        if not self.env.su and self.company_id not in self.env.user.company_ids:
            raise UserError(self.env._("You do not work for the company of this import."))

    def _lock_company(self):
        """Let imports of one company follow each other; the server retries a concurrent one."""
        self.env.cr.execute(
            """
            INSERT INTO property_import_progress (import_ref, percent) VALUES (%s, 0)
            ON CONFLICT (import_ref) DO UPDATE SET percent = 0
            """,
            [-self.company_id.id],
        )

    def _file_bytes(self):
        try:
            content = self.with_context(bin_size=False).file or b""
            return base64.b64decode(content, validate=False)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Upload it again.")
            ) from error
