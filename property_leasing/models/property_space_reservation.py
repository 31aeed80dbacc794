"""Who held a space, from when until when, and how it ended (预定记录)."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertySpaceReservation(models.Model):
    """A space held for somebody: kept on file after it is over."""

    _name = "property.space.reservation"
    _description = "Reservation of a Space"
    _inherit = ["property.scoped"]
    _order = "date_from desc, id desc"

    space_id = fields.Many2one(
        "property.space", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="space_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="space_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="For", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True, help="Last day, inclusive.")
    step = fields.Selection(
        [("held", "Held"), ("released", "Released"), ("let", "Let")],
        required=True,
        default="held",
        readonly=True,
    )
    state = fields.Selection(
        [("held", "Held"), ("lapsed", "Lapsed"), ("released", "Released"), ("let", "Let")],
        compute="_compute_state",
        string="Status",
        help="A reservation lapses by itself after its last day.",
    )
    ended_date = fields.Date(string="Ended on", readonly=True, help="When it was ended early.")

    _held_once = models.Constraint(
        "EXCLUDE USING gist (space_id WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (step = 'held')",
        "The space is reserved on these days already. Release that reservation first.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "A reservation cannot end before it begins."
    )

    @api.depends("step", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for one in self:
            lapsed = one.step == "held" and one.date_to < today
            one.state = "lapsed" if lapsed else one.step

    @api.depends("space_id", "partner_id", "date_to")
    def _compute_display_name(self):
        for one in self:
            who = one.sudo().partner_id.name  # sudo: a label names whom it is about
            one.display_name = f"{one.space_id.display_name} · {who} → {one.date_to}"

    def _end(self, step):
        """End reservations early.

        :param step: "released" or "let"
        """
        self.write({"step": step, "ended_date": fields.Date.context_today(self)})


class PropertySpace(models.Model):
    _inherit = "property.space"

    reservation_ids = fields.One2many(
        "property.space.reservation", "space_id", string="Reservations", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: keep reservations on file."""
        spaces = super().create(vals_list)
        spaces.filtered("reserved_for_id")._follow_reservation()
        return spaces

    def write(self, vals):
        """Override: nobody takes a reserved space over; reservations are kept on file."""
        if vals.get("reserved_for_id"):
            self._check_not_reserved(vals["reserved_for_id"])
        result = super().write(vals)
        if not vals.keys().isdisjoint(("reserved_for_id", "reserved_until")):
            self._follow_reservation()
        return result

    def _check_not_reserved(self, partner_id):
        """Refuse a reservation of a space that is held for somebody else today.

        :raise UserError: naming the space, for whom and until when it is held
        """
        today = fields.Date.context_today(self)
        for space in self:
            holder_sudo = space.sudo().reserved_for_id  # sudo: a refusal says who is in the way
            is_other = holder_sudo and holder_sudo.id != partner_id
            if is_other and space.reserved_until >= today:
                raise UserError(
                    self.env._(
                        "%(space)s is reserved for %(who)s until %(day)s. Release that "
                        "reservation first, or choose another space.",
                        space=space.display_name,
                        who=holder_sudo.name,
                        day=space.reserved_until,
                    )
                )

    def _follow_reservation(self):
        """Put what is reserved now on file: the one that was ends, another begins."""
        today = fields.Date.context_today(self)
        # sudo: the record follows from the reservation, which the user may make
        rows_sudo, vals_list = self.env["property.space.reservation"].sudo(), []
        held = rows_sudo.search(
            [("space_id", "in", self.ids), ("step", "=", "held"), ("date_to", ">=", today)]
        ).grouped("space_id")
        for space_sudo in self.sudo():
            row = held.get(space_sudo, rows_sudo)[:1]
            until = space_sudo.reserved_until
            is_held = bool(until and until >= today)
            if row and is_held and space_sudo._is_same_reservation(row):
                row.date_to = until
                continue
            row._end("released")
            if is_held:
                vals_list.append(space_sudo._prepare_reservation_vals(today))
        rows_sudo.flush_model()
        rows_sudo.create(vals_list)

    def _is_same_reservation(self, row):
        """Tell whether a reservation on file is the one of now; a hook."""
        self.ensure_one()
        return row.partner_id == self.reserved_for_id

    def _prepare_reservation_vals(self, today):
        """Prepare the record of the reservation of now; a hook."""
        self.ensure_one()
        return {
            "space_id": self.id,
            "partner_id": self.reserved_for_id.id,
            "date_from": today,
            "date_to": self.reserved_until,
        }
