from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.property_base.tools.cipher import mask_phone, phone_digits

from .visitor_words import PHONE_GROUPS


class PropertyVisitorBan(models.Model):
    """Somebody who is not let in, known by telephone number or by plate."""

    _name = "property.visitor.ban"
    _description = "Visitor Blacklist"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    site_id = fields.Many2one(
        "property.site", index=True, ondelete="cascade", help="Empty: all sites of the company."
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    phone = fields.Char(groups=PHONE_GROUPS)
    phone_digits = fields.Char(
        compute="_compute_phone_digits",
        store=True,
        precompute=True,
        compute_sudo=True,
        index="btree_not_null",
        groups=PHONE_GROUPS,
    )
    phone_masked = fields.Char(
        compute="_compute_phone_masked", compute_sudo=True, string="Phone (masked)"
    )
    plate = fields.Char(index="btree_not_null", tracking=True)
    reason = fields.Char(required=True, tracking=True)
    date_to = fields.Date(
        string="Until", required=True, tracking=True, help="Last day; a list without end is none."
    )
    approved_uid = fields.Many2one(
        "res.users", string="Approved By", readonly=True, copy=False, tracking=True
    )
    approved_at = fields.Datetime(readonly=True, copy=False)
    lifted_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("active", "In force"),
            ("expired", "Expired"),
            ("lifted", "Lifted"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _is_known = models.Constraint(
        "CHECK(phone_digits IS NOT NULL OR plate IS NOT NULL)",
        "Enter a telephone number or a plate: a name alone may be anybody's.",
    )

    @api.depends("site_id")
    def _compute_company_id(self):
        for ban in self:
            ban.company_id = ban.site_id.company_id or ban.company_id or self.env.company

    @api.depends("phone")
    def _compute_phone_digits(self):
        for ban in self:
            ban.phone_digits = phone_digits(ban.phone) or False

    @api.depends("phone")
    def _compute_phone_masked(self):
        for ban in self:
            ban.phone_masked = mask_phone(ban.phone)

    @api.depends("approved_at", "lifted_at", "date_to", "site_id.tz")
    def _compute_state(self):
        for ban in self:
            if ban.lifted_at:
                ban.state = "lifted"
            elif ban.date_to and ban.date_to < ban.site_id._today():
                ban.state = "expired"
            else:
                ban.state = "active" if ban.approved_at else "proposed"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        lifted, over = Domain("lifted_at", "!=", False), self._over_domain()
        expired, current = ~lifted & over, ~lifted & ~over
        domains = {
            "lifted": lifted,
            "expired": expired,
            "active": current & Domain("approved_at", "!=", False),
            "proposed": current & Domain("approved_at", "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _over_domain(self):
        """Return the domain of entries of which the last day is over where their site is."""
        sites = self.env["property.site"].with_context(active_test=False)
        over = Domain("site_id", "=", False) & Domain("date_to", "<", sites._today())
        # sudo: time zones are no secret of a site
        for (zone,) in sites.sudo()._read_group([], ["tz"]):
            day = sites.with_context(tz=zone)._today()
            over |= Domain("site_id.tz", "=", zone) & Domain("date_to", "<", day)
        return over

    @api.model
    def _method_fields(self):
        """Override: what a manager decides."""
        return super()._method_fields() | {"approved_uid", "approved_at", "lifted_at"}

    @api.model_create_multi
    def create(self, vals_list):
        """Store plates normalised; nobody approves by creating."""
        return super().create([self._checked_vals(vals) for vals in vals_list])

    def write(self, vals):
        """Store plates normalised; what a manager has approved is not changed without him."""
        vals = self._checked_vals(vals)
        if not self.env.su and any(self.mapped("approved_at")):
            self._check_manager()
        return super().write(vals)

    @api.model
    def _checked_vals(self, vals):
        if not self.env.su and {"approved_uid", "approved_at", "lifted_at"}.intersection(vals):
            raise AccessError(self.env._("Use the buttons to approve or lift an entry."))
        if vals.get("plate"):
            plate = self.env["property.vehicle"]._normalise_plate(vals["plate"])
            vals = {**vals, "plate": plate}
        return vals

    def action_approve(self):
        """Put proposed entries in force."""
        self._check_manager()
        self.check_access("write")
        self.sudo().write({"approved_uid": self.env.uid, "approved_at": fields.Datetime.now()})

    def action_lift(self):
        """Let these people in again."""
        self._check_manager()
        self.check_access("write")
        if gone := self.filtered("lifted_at"):
            raise UserError(self.env._("The entry of %(name)s is lifted.", name=gone[0].name))
        self.sudo().lifted_at = fields.Datetime.now()

    def _check_manager(self):
        if not self.env.user.has_group("property_base.group_manager"):
            raise AccessError(self.env._("Only a site manager decides about the blacklist."))

    @api.model
    def _hits(self, people):
        """Find who is on the blacklist.

        :param list people: (key, site, phone, plate) each
        :return: dict key -> property.visitor.ban in superuser mode, for those who are on it
        """
        wanted = [(key, site, phone_digits(phone), plate) for key, site, phone, plate in people]
        phones = [phone for _key, _site, phone, _plate in wanted if phone]
        plates = [plate for _key, _site, _phone, plate in wanted if plate]
        if not phones and not plates:
            return {}
        # sudo: residents, whose visitors are looked up, do not read the list
        bans_sudo = self.sudo().search(
            Domain("approved_at", "!=", False)
            & Domain("lifted_at", "=", False)
            & (Domain("phone_digits", "in", phones) | Domain("plate", "in", plates))
        )
        days = {site: site._today() for _key, site, _phone, _plate in wanted} if bans_sudo else {}
        found = {}
        for key, site, phone, plate in wanted:
            hit_sudo = bans_sudo.filtered(
                lambda ban, site=site, phone=phone, plate=plate: (
                    ban.company_id == site.company_id
                    and ban.site_id in (site, site.browse())
                    and ban.date_to >= days[site]
                    and ((phone and ban.phone_digits == phone) or (plate and ban.plate == plate))
                )
            )
            if hit_sudo:
                found[key] = hit_sudo[:1]
        return found
