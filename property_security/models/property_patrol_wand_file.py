import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools.wand_file import Unreadable, read_file

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 50_000
SHOWN_FAULTS = 12
FACTS = frozenset(("state", "encoding", "separator", "line_ids"))
COUNTS = {
    "ready_count": "ready",
    "taken_count": "taken",
    "duplicate_count": "duplicate",
    "refused_count": "refused",
}


class PropertyPatrolWandFile(models.Model):
    """A file of patrol wands: every row of it becomes a check-in, or says why not."""

    _name = "property.patrol.wand.file"
    _description = "File of Patrol Wands"
    _inherit = ["property.patrol.scoped", "mail.thread"]
    _order = "create_date desc, id desc"

    def _default_site_id(self):
        sites = self.env.user.property_site_ids
        return sites if len(sites) == 1 else False

    name = fields.Char(string="File Name", default="wand.csv", required=True)
    site_id = fields.Many2one(
        "property.site",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._default_site_id(),
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    wand_id = fields.Many2one(
        "property.patrol.wand",
        domain="[('site_id', '=', site_id)]",
        ondelete="restrict",
        help="The wand of the file, when its rows name none.",
    )
    content = fields.Binary(string="File", required=True, attachment=True)
    encoding = fields.Char(readonly=True)
    separator = fields.Char(readonly=True)
    state = fields.Selection(
        [("draft", "To Read"), ("read", "Preview"), ("taken", "Taken")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
    )
    line_ids = fields.One2many("property.patrol.wand.line", "file_id", readonly=True, string="Rows")
    row_count = fields.Integer(compute="_compute_counts", string="Rows in All")
    ready_count = fields.Integer(compute="_compute_counts", string="Ready")
    taken_count = fields.Integer(compute="_compute_counts", string="Taken")
    duplicate_count = fields.Integer(compute="_compute_counts", string="Known Already")
    refused_count = fields.Integer(compute="_compute_counts", string="Not Taken")
    faults = fields.Text(compute="_compute_faults", string="To Mend")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        groups = self.env["property.patrol.wand.line"]._read_group(
            [("file_id", "in", self.ids)], ["file_id", "state"], ["__count"]
        )
        counts = {(file.id, state): count for file, state, count in groups}
        for file in self:
            for field, state in COUNTS.items():
                file[field] = counts.get((file.id, state), 0)
            file.row_count = sum(file[field] for field in COUNTS)

    @api.depends("line_ids.fault")
    def _compute_faults(self):
        groups = self.env["property.patrol.wand.line"]._read_group(
            [("file_id", "in", self.ids), ("state", "=", "refused")],
            ["file_id", "fault"],
            ["__count"],
            order="__count desc",
        )
        for file in self:
            mine = [(fault, count) for one, fault, count in groups if one == file]
            lines = [
                self.env._("%(count)s × %(fault)s", count=count, fault=fault)
                for fault, count in mine[:SHOWN_FAULTS]
            ]
            if len(mine) > SHOWN_FAULTS:
                lines.append(self.env._("and more, see the rows"))
            file.faults = "\n".join(lines)

    @api.model
    def _method_fields(self):
        """Override: what is read from the file."""
        return super()._method_fields() | FACTS

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to state by hand what was read."""
        for vals in vals_list:
            self._check_facts(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what was read: the file and its site do not change after it."""
        self._check_facts(vals)
        if {"content", "site_id"} & vals.keys() and any(one.state != "draft" for one in self):
            raise UserError(
                self.env._("The rows of this file were read already. Load a new file instead.")
            )
        return super().write(vals)

    @api.model
    def _check_facts(self, vals):
        if not self.env.su and FACTS & vals.keys():
            raise AccessError(self.env._("What a file says is read from it: use the buttons."))

    def action_read(self):
        """Read the rows and show what would become of them; nothing is taken yet."""
        self.check_access("write")
        for file in self.filtered(lambda one: one.state == "draft"):
            found = file._found()
            file.sudo().write(  # rows are what the file says, nobody writes them
                {
                    "encoding": found.encoding,
                    "separator": {"\t": "TAB"}.get(found.separator, found.separator),
                    "state": "read",
                    "line_ids": [
                        Command.create(
                            {
                                "number": one.number,
                                "text": one.text[:200],
                                "device": one.device,
                                "card": one.card,
                                "local_at": one.at and str(one.at),
                                "fault_code": one.fault,
                            }
                        )
                        for one in found.readings
                    ],
                }
            )
            file.line_ids._judge()
        return True

    def _found(self):
        """Read the file.

        :return: WandFile
        :raise UserError: it is no file of wands
        """
        self.ensure_one()
        content = base64.b64decode(self.content or b"")
        if len(content) > MOST_BYTES:
            raise UserError(self.env._("The file is larger than 5 MB. Export fewer days."))
        try:
            found = read_file(content, self.wand_id.number or "")
        except Unreadable:
            raise UserError(
                self.env._(
                    "This is no text. Export the readings as CSV; a workbook is saved as CSV first."
                )
            ) from None
        if not 0 < len(found.readings) <= MOST_ROWS:
            raise UserError(
                self.env._(
                    "The file has %(count)s rows; 1 to %(most)s are read at once.",
                    count=len(found.readings),
                    most=MOST_ROWS,
                )
            )
        return found

    def action_take(self):
        """Take the rows that can be; what was refused before is tried again."""
        self.check_access("write")
        for file in self._lock_and_reread("state"):  # two hands on one button take once
            if file.state == "draft":
                file.action_read()
            open_lines = file.line_ids.filtered(lambda line: line.state in ("ready", "refused"))
            open_lines._judge()
            open_lines.filtered(lambda line: line.state == "ready")._take()
            file.sudo().state = "taken"  # follows from its rows
            file.message_post(body=file._account())
        return True

    def _account(self):
        """Say what became of the rows; the sum is all of them."""
        self.ensure_one()
        return self.env._(
            "%(rows)s rows = %(taken)s taken + %(known)s known already + %(refused)s not taken",
            rows=self.row_count,
            taken=self.taken_count,
            known=self.duplicate_count,
            refused=self.refused_count,
        )

    def action_lines(self):
        """Open the rows."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security.property_patrol_wand_line_action"
        )
        return {**action, "domain": [("file_id", "=", self.id)]}
