from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.property_base.tools.cipher import mask_phone

from .property_request_category import KINDS
from .property_request_line import MONEY_GROUPS

CHANNELS = [
    ("portal", "Portal"),
    ("phone", "Phone"),
    ("counter", "Counter"),
    ("field", "Field App"),
    ("mail", "E-mail"),
    ("device", "Device Alarm"),
]


class MaintenanceRequest(models.Model):
    """A request with a site is a service request (报事) of the property company."""

    _name = "maintenance.request"
    _inherit = ["maintenance.request", "property.scoped", "portal.mixin", "rating.mixin"]

    # Where and who ----------------------------------------------------------------------------

    code = fields.Char(
        string="Number",
        compute="_compute_code",
        store=True,
        index="trigram",
        help="Day and number, as told to the resident.",
    )
    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True)
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        default=None, compute="_compute_company_id", store=True, readonly=False, precompute=True
    )
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=?', site_id)]",
        tracking=True,
    )
    place = fields.Char(help="Where it is when it is not in a unit: 3栋东门, 地下车库 B1.")
    place_shown = fields.Char(string="Location", compute="_compute_place_shown")
    contact_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", tracking=True
    )
    contact_name = fields.Char(
        compute="_compute_contact", store=True, readonly=False, precompute=True
    )
    contact_phone = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
        groups="base.group_user",
    )
    contact_phone_masked = fields.Char(compute="_compute_contact_phone_masked")

    # What -------------------------------------------------------------------------------------

    kind = fields.Selection(
        KINDS,
        compute="_compute_from_category",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
    )
    channel = fields.Selection(CHANNELS, default="counter")
    request_category_id = fields.Many2one(
        "property.request.category",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_leaf', '=', True)]",
        tracking=True,
    )
    is_urgent = fields.Boolean(string="Urgent", tracking=True)
    is_chargeable = fields.Boolean(
        string="Chargeable",
        compute="_compute_from_category",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    priority = fields.Selection(
        compute="_compute_from_category", store=True, readonly=False, precompute=True
    )
    preferred_at = fields.Datetime(
        string="Preferred Time", help="When the resident wants somebody to come."
    )
    photo_ids = fields.Many2many(
        "ir.attachment", "maintenance_request_photo_rel", string="Photos", copy=False
    )

    # Who does it, and how far it is -----------------------------------------------------------

    step = fields.Selection(related="stage_id.step", store=True, index=True)
    assignee_id = fields.Many2one(
        "hr.employee",
        index="btree_not_null",
        check_company=True,
        copy=False,
        tracking=True,
        domain="[('user_id', '!=', False)]",
    )
    is_pool = fields.Boolean(
        string="In the Pool",
        copy=False,
        tracking=True,
        help="The first engineer of the team who takes it has it.",
    )
    is_paused = fields.Boolean(string="Paused", copy=False, tracking=True)
    pause_reason = fields.Char(copy=False)
    cancel_reason = fields.Char(copy=False)
    reopen_count = fields.Integer(string="Reopened", copy=False)
    urge_count = fields.Integer(string="Urged", copy=False)
    return_visit_result = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("unsatisfied", "Not Satisfied"),
            ("unreachable", "Not Reached"),
        ],
        copy=False,
        tracking=True,
    )
    quotation_state = fields.Selection(
        [
            ("none", "No Quotation"),
            ("sent", "Quotation Sent"),
            ("accepted", "Quotation Accepted"),
            ("declined", "Quotation Declined"),
        ],
        default="none",
        copy=False,
        tracking=True,
    )

    # Details ----------------------------------------------------------------------------------

    step_ids = fields.One2many("property.request.step", "request_id", string="Steps")
    line_ids = fields.One2many(
        "property.request.line", "request_id", string="Material and Labour", groups=MONEY_GROUPS
    )
    task_ids = fields.One2many("property.request.task", "request_id", string="Checklist")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_chargeable = fields.Monetary(compute="_compute_amounts", store=True, groups=MONEY_GROUPS)
    amount_cost = fields.Monetary(
        string="Material and Labour Total",
        compute="_compute_amounts",
        store=True,
        groups=MONEY_GROUPS,
    )

    @api.depends("request_date", "site_id")
    def _compute_code(self):
        for request in self:
            day = request.request_date or fields.Date.context_today(request)
            request.code = f"{day:%y%m%d}-{request.id or 0}" if request.site_id else False

    @api.depends("request_category_id")
    def _compute_name(self):
        for request in self:
            request.name = request.name or request.request_category_id.name

    @api.depends("unit_id")
    def _compute_site_id(self):
        for request in self:
            request.site_id = request.unit_id.site_id or request.site_id

    @api.depends("site_id")
    def _compute_company_id(self):
        for request in self:
            request.company_id = (
                request.site_id.company_id or request.company_id or self.env.company
            )

    @api.depends("unit_id.code", "place", "site_id.name")
    def _compute_place_shown(self):
        for request in self:
            request.place_shown = request.unit_id.code or request.place or request.site_id.name

    @api.depends("contact_id")
    def _compute_contact(self):
        for request in self:
            # The desk may have typed another name or number than the one on file
            request.contact_name = request.contact_id.name or request.contact_name
            request.contact_phone = request.contact_id.phone or request.contact_phone

    @api.depends("contact_phone")
    def _compute_contact_phone_masked(self):
        for request in self:
            request.contact_phone_masked = mask_phone(request.sudo().contact_phone)

    @api.depends("request_category_id")
    def _compute_from_category(self):
        for request in self:
            category = request.request_category_id
            request.kind = category.kind or request.kind or "repair"
            request.priority = category.priority or request.priority
            request.is_chargeable = category.is_chargeable or request.is_chargeable

    @api.depends("line_ids.amount", "line_ids.is_chargeable")
    def _compute_amounts(self):
        for request in self:
            request.amount_cost = sum(request.line_ids.mapped("amount"))
            request.amount_chargeable = sum(
                request.line_ids.filtered("is_chargeable").mapped("amount")
            )

    @api.onchange("unit_id")
    def _onchange_unit_id(self):
        """Suggest who lives there as the one to call."""
        if self.site_id and not self.contact_id:
            self.contact_id = self.unit_id.tenant_id or self.unit_id.owner_id

    @api.constrains("site_id", "unit_id")
    def _check_unit_site(self):
        for request in self:
            if request.unit_id and request.unit_id.site_id != request.site_id:
                raise ValidationError(
                    self.env._(
                        "Unit %(unit)s is not on site %(site)s. Choose a unit of that site.",
                        unit=request.unit_id.code,
                        site=request.site_id.name,
                    )
                )
