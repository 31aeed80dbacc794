import secrets
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.parking import Coupon

#: Letters and digits that nobody confuses when he types a code.
CODE_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: What only making, using and withdrawing a coupon writes.
FIXED = frozenset(("code", "session_id", "used_on", "is_void"))
#: What a coupon is worth: settled once it is used.
WORTH = frozenset(("kind", "minutes", "amount", "percent", "site_id", "area_id"))


class PropertyParkingCoupon(models.Model):
    _name = "property.parking.coupon"
    _description = "Parking Coupon"
    _inherit = ["property.parking.scoped", "property.audited", "mail.thread"]
    _order = "date_to desc, id desc"
    _rec_name = "code"

    code = fields.Char(
        required=True, copy=False, readonly=True, default=lambda self: self._new_code()
    )
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    area_id = fields.Many2one(
        "property.parking.area",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        help="Empty: in every area of the site.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Given By", index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("minutes", "Minutes"),
            ("amount", "Amount"),
            ("percent", "Percent off"),
            ("day", "Free day"),
        ],
        required=True,
        default="minutes",
        tracking=True,
    )
    minutes = fields.Integer(default=60, tracking=True)
    amount = fields.Monetary(tracking=True)
    percent = fields.Float(help="Part of the fee that is waived, 0–100.", tracking=True)
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Until", required=True, default=fields.Date.context_today)
    session_id = fields.Many2one(
        "property.parking.session",
        string="Used For",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        tracking=True,
    )
    used_on = fields.Date(readonly=True, copy=False, help="A free day is this one.")
    is_void = fields.Boolean(string="Void", readonly=True, copy=False, tracking=True)
    state = fields.Selection(
        [("open", "Unused"), ("used", "Used"), ("void", "Void")],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _code_unique = models.UniqueIndex("(code)", "This code exists. Make a new coupon.")
    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A coupon cannot end before it begins. Correct one of the two dates.",
    )
    _value_makes_sense = models.Constraint(
        "CHECK(CASE kind WHEN 'minutes' THEN COALESCE(minutes, 0) > 0"
        " WHEN 'amount' THEN COALESCE(amount, 0) > 0"
        " WHEN 'percent' THEN COALESCE(percent, 0) > 0 AND percent <= 100 ELSE true END)",
        "Enter what the coupon is worth: minutes or an amount above 0, or up to 100 percent.",
    )

    @api.model
    def _new_code(self):
        return "".join(secrets.choice(CODE_CHARACTERS) for _number in range(10))

    @api.depends("session_id", "is_void")
    def _compute_state(self):
        for coupon in self:
            coupon.state = "void" if coupon.is_void else "used" if coupon.session_id else "open"

    @api.model
    def _method_fields(self):
        """Override: what using and withdrawing writes."""
        return super()._method_fields() | FIXED

    @api.model
    def _audit_fields(self):
        """Override: what it is worth, and where and when; its use is told by the stay."""
        return [
            "kind",
            "minutes",
            "amount",
            "percent",
            "area_id",
            "partner_id",
            "date_from",
            "date_to",
            "is_void",
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody makes coupons that are used already."""
        for vals in vals_list:
            self._refuse_fixed(vals)
        return super().create(vals_list)

    def write(self, vals):
        """A coupon is used once, for what it was worth then."""
        self._refuse_fixed(vals)
        if not self.env.su and not WORTH.isdisjoint(vals) and (used := self.filtered("session_id")):
            raise UserError(
                self.env._(
                    "Coupon %(code)s has been used: its worth stays. Make a new one.",
                    code=used[0].code,
                )
            )
        return super().write(vals)

    def _refuse_fixed(self, vals):
        if not self.env.su and not FIXED.isdisjoint(vals):
            raise UserError(self.env._("Use or withdraw the coupon: its state follows from that."))

    def action_void(self):
        """Withdraw coupons that nobody has used."""
        self.check_access("write")
        self._lock_and_reread("session_id", "is_void", "state")
        if used := self.filtered("session_id"):
            raise UserError(
                self.env._(
                    "Coupon %(code)s has been used. Choose only open coupons.", code=used[0].code
                )
            )
        self.sudo().is_void = True  # sudo: nobody writes it by hand, access was checked

    def _use(self, session):
        """Take coupons for a stay that has not been charged yet.

        :raise UserError: when one is used, void, out of date or of another place
        """
        self._lock_and_reread("session_id", "is_void", "state")
        day = session.area_id._local(session.left_at or fields.Datetime.now()).date()
        for coupon in self:
            fits = (
                coupon.state == "open"
                and coupon.date_from <= day <= coupon.date_to
                and coupon.site_id == session.site_id
                and (not coupon.area_id or coupon.area_id == session.area_id)
            )
            if not fits or session.state == "left":
                raise UserError(
                    self.env._(
                        "Coupon %(code)s cannot be used for %(plate)s: it is used, out of date or "
                        "for another place, or the car has left. Choose another one.",
                        code=coupon.code,
                        plate=session.plate,
                    )
                )
        self.write({"session_id": session.id, "used_on": day})

    def _values(self):
        """Return the coupon as the kernel wants it; a free day is the day of its use."""
        self.ensure_one()
        value = {
            "minutes": Decimal(self.minutes),
            "amount": Decimal(str(round(self.amount, 2))),
            "percent": Decimal(str(round(self.percent, 2))),
        }.get(self.kind, Decimal(0))
        day = self.used_on or self.date_from
        return Coupon(self.kind, value, day if self.kind == "day" else None, self.code)
