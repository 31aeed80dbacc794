import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.papers import PaperError, paper_type

KINDS = [
    ("licence", "Business licence"),
    ("permit", "Food, health or fire permit"),
    ("insurance", "Insurance policy"),
    ("identity", "Power of attorney"),
    ("other", "Other"),
]
TOLD_DAYS = 30  # before a paper expires
BATCH = 100
MOST_PAPERS = 60  # of a lease; whoever uploads more is told to ask


class PropertyLeaseDocument(models.Model):
    """A paper of a tenant: licence, insurance, permit, with the day it expires."""

    _name = "property.lease.document"
    _description = "Paper of a Tenant"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "lease_id, kind, id desc"

    lease_id = fields.Many2one("property.lease", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Tenant",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        index=True,
    )
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(KINDS, required=True, default="licence", tracking=True)
    name = fields.Char(string="Title", required=True)
    file = fields.Binary(attachment=True, required=True)
    file_name = fields.Char()
    mimetype = fields.Char(readonly=True)
    date_to = fields.Date(string="Expires on", tracking=True, help="Empty: does not expire.")
    state = fields.Selection(
        [("new", "To check"), ("accepted", "Accepted"), ("refused", "Refused")],
        required=True,
        default="new",
        readonly=True,
        tracking=True,
        index=True,
    )
    told_on = fields.Date(
        readonly=True, copy=False, help="Day on which leasing was told that it expires soon."
    )
    is_expired = fields.Boolean(compute="_compute_is_expired", search="_search_is_expired")

    @api.depends("lease_id")
    def _compute_partner_id(self):
        for paper in self:
            paper.partner_id = paper.partner_id or paper.lease_id.partner_id

    @api.depends("date_to")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for paper in self:
            paper.is_expired = bool(paper.date_to and paper.date_to < today)

    @api.model
    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        expired = Domain("date_to", "<", fields.Date.context_today(self))
        return Domain.OR([expired if wanted else ~expired for wanted in value])

    @api.model
    def _method_fields(self):
        """Override: the state."""
        return super()._method_fields() | {"state"}

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a state that nobody decided."""
        if not self.env.su and any("state" in vals for vals in vals_list):
            raise UserError(self.env._("Accept or refuse the paper: its state follows from that."))
        return super().create(vals_list)

    def write(self, vals):
        """A paper that is changed is checked anew."""
        if not self.env.su and "state" in vals:
            raise UserError(self.env._("Accept or refuse the paper: its state follows from that."))
        result = super().write(vals)
        if "file" in vals or "date_to" in vals:
            # sudo: neither the state nor what was told is written by hand
            self.sudo().told_on = False
        if "file" in vals:
            self.sudo().state = "new"  # sudo: as above
        return result

    @api.model
    def _upload(self, lease, partner, vals, content):
        """Keep what a tenant uploads.

        :param vals: kind, name, date_to, file_name
        :param content: bytes
        :raise UserError: when it is no paper that can be kept
        """
        try:
            mimetype = paper_type(content)
        except PaperError as error:
            raise UserError(self._paper_problem(error.reason)) from None
        # sudo: tenants make no records; whoever calls this has checked that the lease is his
        papers_sudo = self.sudo()
        if papers_sudo.search_count([("lease_id", "=", lease.id)]) >= MOST_PAPERS:
            raise UserError(
                self.env._("There are many papers of this lease already. Ask your leasing agent.")
            )
        return papers_sudo.create(
            {
                **vals,
                "lease_id": lease.id,
                "partner_id": partner.id,
                "file": base64.b64encode(content),
                "mimetype": mimetype,
            }
        )

    @api.model
    def _paper_problem(self, reason):
        return {
            "empty": self.env._("Choose a file first."),
            "too_large": self.env._("This file is larger than 10 MB. Choose a smaller one."),
        }.get(reason) or self.env._("Only photos (JPEG, PNG) and PDF files are taken.")

    @api.model
    def _cron_expiring(self):
        """Tell leasing once of papers of running leases that expire soon or have expired."""
        today = fields.Date.context_today(self)
        # sudo: the cron looks at every site
        papers_sudo = self.sudo().search(
            Domain("date_to", "<=", fields.Date.add(today, days=TOLD_DAYS))
            & Domain("told_on", "=", False)
            & Domain("state", "!=", "refused")
            & Domain("lease_id.date_to", ">=", today),
            order="id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(papers_sudo))
        for start in range(0, len(papers_sudo), BATCH):
            batch = papers_sudo[start : start + BATCH].exists().try_lock_for_update()
            batch.filtered(lambda one: not one.told_on)._tell_expiring(today)
            if not self.env["ir.cron"]._commit_progress(len(papers_sudo[start : start + BATCH])):
                return

    def _tell_expiring(self, today):
        self.write({"told_on": today})
        for paper in self:
            paper.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "%(paper)s of %(tenant)s expires on %(day)s",
                    paper=paper.name,
                    tenant=paper.lease_id.brand or paper.partner_id.name,
                    day=paper.date_to,
                ),
                user_id=(paper.lease_id.user_id or self.env.user).id,
            )

    def action_accept(self):
        """Accept the papers."""
        self.check_access("write")
        self.sudo().state = "accepted"  # sudo: the state is not written by hand
        return True

    def action_refuse(self):
        """Refuse the papers; the tenant uploads others."""
        self.check_access("write")
        self.sudo().state = "refused"  # sudo: as above
        return True


class PropertyLease(models.Model):
    _inherit = "property.lease"

    document_ids = fields.One2many("property.lease.document", "lease_id", string="Papers of Tenant")
