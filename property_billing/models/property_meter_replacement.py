from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.metering import signed_consumption
from ..tools.rounding import to_decimal

REASONS = [
    ("due", "Verification due"),
    ("faulty", "Faulty"),
    ("upgrade", "Smart meter"),
    ("size", "Other size"),
    ("other", "Other"),
]


class PropertyMeterReplacement(models.Model):
    """A new meter in the place of an old one: final and initial reading, day, reason, photo."""

    _name = "property.meter.replacement"
    _description = "Meter Replacement"
    _inherit = ["property.by.methods", "mail.thread"]
    _order = "date desc, id desc"

    meter_id = fields.Many2one(
        "property.meter",
        string="Old Meter",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    site_id = fields.Many2one(related="meter_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="meter_id.company_id", store=True)
    unit_id = fields.Many2one(related="meter_id.unit_id", store=True, index="btree_not_null")
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    last_value = fields.Float(
        string="Last Reading", related="meter_id.last_reading", digits=(16, 3)
    )
    last_date = fields.Date(string="Read on", related="meter_id.last_reading_date")
    final_value = fields.Float(
        string="Final Reading",
        digits=(16, 3),
        required=True,
        tracking=True,
        help="What the old counter shows when it is taken out.",
    )
    new_code = fields.Char(string="New Number", required=True, tracking=True)
    initial_value = fields.Float(
        string="Initial Reading",
        digits=(16, 3),
        tracking=True,
        help="What the new counter shows when it starts.",
    )
    digits = fields.Integer(
        compute="_compute_from_meter",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=False,
        help="Whole digits of the new counter; 0: never turns over.",
    )
    multiplier = fields.Float(
        compute="_compute_from_meter",
        store=True,
        readonly=False,
        precompute=True,
        digits=(16, 4),
        aggregator=False,
    )
    reason = fields.Selection(REASONS, required=True, default="due", tracking=True)
    note = fields.Char()
    photo = fields.Image(string="Photo of the Old Counter", max_width=1600, max_height=1600)
    new_photo = fields.Image(string="Photo of the New Counter", max_width=1600, max_height=1600)
    new_meter_id = fields.Many2one(
        "property.meter",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Done"), ("undone", "Undone")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )

    _values_not_negative = models.Constraint(
        "CHECK(final_value >= 0 AND initial_value >= 0 AND digits >= 0 AND digits <= 12"
        " AND multiplier > 0)",
        "A counter has 0 to 12 digits and no negative reading; the multiplier is positive.",
    )

    @api.depends("meter_id")
    def _compute_from_meter(self):
        for replacement in self:
            replacement.digits = replacement.meter_id.digits
            replacement.multiplier = replacement.meter_id.multiplier or 1.0

    @api.depends("meter_id.code", "new_code")
    def _compute_display_name(self):
        for replacement in self:
            replacement.display_name = (
                f"{replacement.meter_id.code or ''} → {replacement.new_code or ''}"
            )

    @api.model
    def _method_fields(self):
        """Override: the state and the new meter."""
        return super()._method_fields() | {"state", "new_meter_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a replacement that claims to be done already."""
        for vals in vals_list:
            self._check_own_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what was done as it was done."""
        self._check_own_fields(vals)
        kept = {"meter_id", "date", "final_value", "new_code", "initial_value", "digits"}
        if (kept | {"multiplier"}) & vals.keys() and any(row.state != "draft" for row in self):
            raise UserError(
                self.env._("A replacement that is done cannot be edited. Undo it, do it again.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(row.state == "done" for row in self):
            raise UserError(self.env._("A replacement that is done stays on file. Undo it."))

    @api.model
    def _check_own_fields(self, vals):
        if not self.env.su and (vals.get("state", "draft") != "draft" or vals.get("new_meter_id")):
            raise UserError(self.env._("Replace or undo: the state follows from that."))

    def action_replace(self):
        """Take the old meter out and put the new one in its place.

        Its fees go on with the new meter, so the year's tiers do too.

        :raise UserError: when the readings or the day cannot be right
        """
        self.check_access("write")
        self.meter_id.check_access("write")
        for replacement in self:
            replacement._check_possible()
            replacement._replace()
        return {"type": "ir.actions.act_window_close"}

    def action_undo(self):
        """Put the old meter back, as long as nothing was read or billed on the new one.

        :raise UserError: when something was
        """
        self.check_access("write")
        self.meter_id.check_access("write")
        for replacement in self.filtered(lambda row: row.state == "done"):
            replacement._put_back()
        return True

    def _check_possible(self):
        self.ensure_one()
        meter = self.meter_id
        if self.state != "draft" or meter.is_replaced or not meter.active:
            raise UserError(self.env._("Meter %(meter)s was already taken out.", meter=meter.code))
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("This day is still to come. Correct the date."))
        if self.last_date and self.date < self.last_date:
            raise UserError(
                self.env._(
                    "Meter %(meter)s was read on %(day)s, after this day. Correct the date.",
                    meter=meter.code,
                    day=self.last_date,
                )
            )
        known = meter.reading_ids.filtered(
            lambda row: row.date >= self.date and row.state != "rejected"
        )
        if any(row.date > self.date or row.value != self.final_value for row in known):
            raise UserError(
                self.env._(
                    "Meter %(meter)s was read on that day or later with another value. Correct "
                    "that reading or this one.",
                    meter=meter.code,
                )
            )
        used = signed_consumption(
            to_decimal(self.last_value), to_decimal(self.final_value), meter.digits
        )
        real = not meter.reading_ids.filtered(
            lambda row: row.date == self.last_date and row.is_estimated
        )
        if used < 0 and real:
            raise UserError(
                self.env._(
                    "The final reading %(final)s is below the last one, %(last)s. Read the old "
                    "counter again, or correct the earlier reading.",
                    final=f"{self.final_value:g}",
                    last=f"{self.last_value:g}",
                )
            )
        for value, digits in ((self.final_value, meter.digits), (self.initial_value, self.digits)):
            if digits and value >= 10**digits:
                raise UserError(
                    self.env._(
                        "A counter of %(digits)s digits cannot show %(value)s. Correct the "
                        "reading or the digits.",
                        digits=digits,
                        value=f"{value:g}",
                    )
                )

    def _replace(self):
        self.ensure_one()
        old = self.meter_id
        final = old.reading_ids.filtered(
            lambda row: row.date == self.date and row.state != "rejected"
        )
        if not final:
            final = final.create({"meter_id": old.id, "date": self.date, "value": self.final_value})
        # sudo: only a replacement says which reading is final, and it follows its own access
        final.sudo().write({"is_final": True, **({"photo": self.photo} if self.photo else {})})
        old.sudo().write({"active": False, "is_replaced": True})
        new = old.create(self._prepare_meter_vals())
        new.sudo().write({"previous_id": old.id})
        self._move_links(old, new)
        new.write({"unit_id": old.unit_id.id})
        self.sudo().write({"state": "done", "new_meter_id": new.id})
        self._log("draft", "done")

    def _prepare_meter_vals(self):
        """Prepare the new meter; its unit comes later, so that it gets no fee of its own."""
        old = self.meter_id
        return {
            "code": self.new_code.strip(),
            "site_id": old.site_id.id,
            "building_id": old.building_id.id,
            "kind": old.kind,
            "digits": self.digits,
            "multiplier": self.multiplier,
            "initial_reading": self.initial_value,
            "install_date": self.date,
            "master_id": old.master_id.id,
        }

    def _move_links(self, old, new):
        """Let the fees and sub-meters of one meter go on with another."""
        # sudo: whoever may replace a meter need not be allowed to edit fees
        fees_sudo = self.env["property.fee"].sudo().with_context(active_test=False)
        fees_sudo.search([("meter_id", "=", old.id)]).write({"meter_id": new.id})
        old.with_context(active_test=False).sub_meter_ids.write({"master_id": new.id})
        self.env.flush_all()

    def _put_back(self):
        self.ensure_one()
        old, new = self.meter_id, self.new_meter_id
        # sudo: what was billed counts, whether this user may see it or not
        charges_sudo = self.env["property.charge"].sudo().search([("meter_id", "=", new.id)])
        if (
            charges_sudo.filtered(lambda charge: charge.state in ("draft", "posted"))
            or new.reading_ids
            or new.is_replaced
        ):
            raise UserError(
                self.env._(
                    "Meter %(meter)s was already read, billed or replaced. Undo that first.",
                    meter=new.code,
                )
            )
        self.sudo().write({"state": "undone", "new_meter_id": False})
        new.sudo().write({"active": False, "previous_id": False})
        self._move_links(new, old)
        old.sudo().write({"is_replaced": False})
        old.sudo().write({"active": True})
        old.reading_ids.filtered("is_final").sudo().write({"is_final": False})
        if not charges_sudo:
            # sudo: its number is free again; nothing was ever counted on it
            new.sudo().unlink()
        self._log("done", "undone")

    def _log(self, before, after):
        self.env["property.audit"]._log(
            "money",
            self,
            before={"state": before},
            after={
                "state": after,
                "meter": self.display_name,
                "date": str(self.date),
                "value": f"{self.final_value:g} / {self.initial_value:g}",
            },
            reason=self.note or None,
        )
