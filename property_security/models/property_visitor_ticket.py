import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.inspection_round.tools import qr
from odoo.addons.property_base.tools.cipher import mask_phone

from ..tools import visitor_token
from ..tools.visitor_verdict import Facts, verdict
from .visitor_words import APPROVALS, PHONE_GROUPS

MODELS = ("property.visitor.pass", "property.item.release")
DECIDED = frozenset(
    ("issued_at", "approval", "refusal", "decided_uid", "decided_at", "revoked_at", "token", "code")
)
MOST_LIVE = 50  # tickets of one resident that are not over


class PropertyVisitorTicket(models.AbstractModel):
    """What a resident hands out and a guard checks: a link, a short code, a signed QR code."""

    _name = "property.visitor.ticket"
    _description = "Visitor Ticket"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]

    unit_id = fields.Many2one(
        "property.unit",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('kind', 'not in', ('parking', 'storage'))]",
    )
    site_id = fields.Many2one(
        related="unit_id.site_id", store=True, index=True, precompute=True, string="Site"
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Resident", index="btree_not_null", ondelete="restrict", tracking=True
    )
    valid_from = fields.Datetime(required=True, default=fields.Datetime.now, tracking=True)
    valid_to = fields.Datetime(
        required=True,
        tracking=True,
        default=lambda self: fields.Datetime.add(fields.Datetime.now(), hours=12),
    )
    phone = fields.Char(groups=PHONE_GROUPS)
    phone_masked = fields.Char(
        compute="_compute_phone_masked", compute_sudo=True, string="Phone (masked)"
    )
    plate = fields.Char(tracking=True)
    note = fields.Char(string="Notes", help="The guard reads it.")
    issued_at = fields.Datetime(string="Handed Out", readonly=True, copy=False)
    approval = fields.Selection(
        APPROVALS, required=True, default="none", readonly=True, copy=False, tracking=True
    )
    refusal = fields.Char(
        string="Why Refused", readonly=True, copy=False, help="The resident reads it."
    )
    decided_uid = fields.Many2one("res.users", string="Decided By", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided", readonly=True, copy=False)
    revoked_at = fields.Datetime(string="Revoked", readonly=True, copy=False, tracking=True)
    token = fields.Char(
        readonly=True,
        copy=False,
        index=True,
        groups="base.group_system",
        help="128 random bits: whoever has the link has the pass.",
    )
    code = fields.Char(
        string="Number Code",
        readonly=True,
        copy=False,
        groups="property_base.group_service",
        help="Eight digits that a guard types.",
    )
    form_token = fields.Char(copy=False, groups="base.group_system")
    share_url = fields.Char(
        string="Link", compute="_compute_share_url", groups="property_base.group_service"
    )

    @api.depends("phone")
    def _compute_phone_masked(self):
        for ticket in self:
            ticket.phone_masked = mask_phone(ticket.phone)

    # -- made

    @api.model
    def _method_fields(self):
        """Override: what buttons decide."""
        return super()._method_fields() | self._decided_fields()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: every ticket has a link and a code of its own."""
        vals_list = [self._plain_vals(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_decided(vals)
        records = super().create(vals_list)
        codes = self._free_codes(records.site_id, len(records))
        # sudo: nobody writes these by hand, not even who may make a ticket
        for record_sudo, code in zip(records.sudo(), codes, strict=True):
            record_sudo.write({"token": secrets.token_urlsafe(16), "code": code})
        return records

    def write(self, vals):
        """Override of `base`: what is handed out stays as it is, decisions are buttons."""
        vals = self._plain_vals(vals)
        self._check_decided(vals)
        fixed = self._fixed_fields().intersection(vals)
        if fixed and not self.env.su and any(self.mapped("issued_at")):
            raise UserError(self.env._("This is handed out already. Revoke it and make a new one."))
        return super().write(vals)

    @api.model
    def _check_decided(self, vals):
        if not self.env.su and not self._decided_fields().isdisjoint(vals):
            raise AccessError(self.env._("Use the buttons to hand out, approve or revoke."))

    @api.model
    def _decided_fields(self):
        """Return the names of fields that methods write, whoever may write the record."""
        return {*DECIDED}

    @api.model
    def _plain_vals(self, vals):
        """Return values with the plate in its stored spelling."""
        if not vals.get("plate"):
            return vals
        return {**vals, "plate": self.env["property.vehicle"]._normalise_plate(vals["plate"])}

    @api.model
    def _fixed_fields(self):
        """Return the names of fields that the signed code or an approval stands for."""
        return {"unit_id", "partner_id", "valid_from", "valid_to"}

    @api.model
    def _free_codes(self, sites, count):
        """Draw codes that no ticket of these sites ever had.

        :return: list of `count` texts of eight digits
        """
        # sudo: a code of a record that the user does not see is taken all the same
        tickets_sudo = [self.env[name].sudo() for name in MODELS]
        free = set()
        while len(free) < count:
            drawn = self._drawn(count)
            domain = [("site_id", "in", sites.ids), ("code", "in", list(drawn))]
            for model_sudo in tickets_sudo:
                drawn -= set(model_sudo.search(domain).mapped("code"))
            free |= drawn
        return list(free)[:count]

    @api.model
    def _drawn(self, count):
        return {f"{secrets.randbelow(10**8):08}" for _number in range(count)}

    # -- shown

    @api.depends("token")
    def _compute_share_url(self):
        for ticket in self:
            ticket.share_url = ticket._share_url() if ticket.issued_at else False

    def _share_url(self):
        """Return the address of the page for who carries the ticket."""
        self.ensure_one()
        # sudo: residents share links of their own, callers check whose it is
        return f"{self.get_base_url()}/v/{self.sudo().token}"

    def _ticket(self):
        """Return what the QR code says.

        :return: tools.visitor_token.Ticket
        """
        raise NotImplementedError

    def _qr_text(self):
        """Return what the QR code holds: the link, and behind it what a phone believes offline."""
        self.ensure_one()
        key_sudo = self.env["property.visitor.key"]._current(self.company_id)
        signed = visitor_token.write(self._ticket(), key_sudo.private_key)
        # a browser keeps what stands behind the # to itself
        return f"{self._share_url()}#{signed}"

    def _qr_image(self):
        """Return the QR code as a data URI."""
        return qr.data_uri(self._qr_text(), dots=6)

    @api.model
    def _of_token(self, token):
        """Find the ticket of a link, in superuser mode.

        :param str token: from outside
        """
        # sudo: the link is the right to see it
        return self.sudo().search([("token", "=", token)], limit=1)

    # -- what becomes of it

    def _facts(self, is_banned=False):
        """Return the ticket as the kernel judges it."""
        self.ensure_one()
        return Facts(
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            approval=self.approval,
            is_issued=bool(self.issued_at),
            is_banned=is_banned,
            revoked_at=self.revoked_at or None,
        )

    def _verdict(self, at, is_banned=False):
        """Tell what a guard is told about the ticket at a moment.

        :param datetime at: UTC
        :return: one of VERDICTS of the kernel
        """
        return verdict(self._facts(is_banned), at)

    def action_issue(self):
        """Hand the tickets out, or send them for approval where the site wants that."""
        self.check_access("write")
        now = fields.Datetime.now()
        for ticket in self:
            if ticket.issued_at:
                raise UserError(self.env._("This is handed out already."))
            approval = ticket._approval_wanted()
            # sudo: decisions are written here only
            ticket.sudo().write({"issued_at": now, "approval": approval})
            if approval == "waiting":
                ticket._ask_for_approval()

    def _approval_wanted(self):
        """Return the approval that a ticket starts with, after its window has been checked.

        :raise UserError: the rule of the site does not allow it
        """
        rule_sudo = self.env["property.visitor.rule"]._of(self.site_id, self._rule_kind())
        days = (self.valid_to - self.valid_from).total_seconds() / 86400
        if days > rule_sudo.days_max:
            raise UserError(
                self.env._(
                    "This is valid for at most %(days)s days. Choose an earlier end.",
                    days=rule_sudo.days_max,
                )
            )
        if self.valid_to < fields.Datetime.now():
            raise UserError(self.env._("The end lies in the past. Choose a later one."))
        is_desk = not self.env.su and self.env.user.has_group("property_base.group_service")
        return "waiting" if rule_sudo.needs_approval and not is_desk else "none"

    def _rule_kind(self):
        """Return the kind of rule that counts for the ticket."""
        raise NotImplementedError

    def _decision_text(self, approval):
        """Return what the resident reads of a decision, in his language."""
        raise NotImplementedError

    def action_revoke(self):
        """Make tickets worthless from now on."""
        self.check_access("write")
        self._revoke()

    def _revoke(self):
        """Revoke tickets; callers have checked whose they are."""
        # sudo: decisions are written here only
        self.sudo().filtered(lambda one: not one.revoked_at).revoked_at = fields.Datetime.now()
        self._approval_over()

    def _tell_resident(self, text):
        """Write to the resident."""
        self._tell(self.sudo().partner_id, text)  # sudo: a guard tells whom he may not look up

    def _tell(self, person, text):
        """Write to a person about the ticket.

        :param person: res.partner, or none
        :param str text: in his language
        """
        self.ensure_one()
        if person:
            # sudo: a guard may not write to people, and this is the house's word
            self.sudo().with_context(
                mail_notify_force_send=False, mail_create_nosubscribe=True
            ).message_post(
                body=text,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.env.ref("base.partner_root").id,
                partner_ids=person.ids,
            )

    def _in_words_of(self, partner):
        """Return the records in the language of a person."""
        # sudo: a guard does not read every person's language
        return self.with_context(lang=partner.sudo().lang or self.env.lang)

    # -- whose they are

    @api.model
    def _portal_domain(self, partner):
        """Return the domain of what a resident has made himself."""
        return Domain("partner_id", "=", partner.id)

    @api.model
    def _check_room(self, partner):
        """Refuse more tickets than anybody needs.

        :raise UserError: the resident has too many that are not over
        """
        live = Domain("valid_to", ">=", fields.Datetime.now()) & Domain("revoked_at", "=", False)
        # sudo: residents do not search the register; the domain keeps to their own
        if self.sudo().search_count(self._portal_domain(partner) & live) >= MOST_LIVE:
            raise UserError(
                self.env._("You have %(count)s of these. Revoke some first.", count=MOST_LIVE)
            )
