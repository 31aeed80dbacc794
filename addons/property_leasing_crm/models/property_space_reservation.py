"""Reservations for prospects: their deposits, and who waits for a space that is held (排队)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Steps of who waits in line for a space that somebody else holds.
WAITING = [
    ("waiting", "Waiting"),
    ("served", "Got the Space"),
    ("withdrawn", "Withdrawn"),
]


class PropertySpaceReservation(models.Model):
    _inherit = "property.space.reservation"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Prospect",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="property_base.group_leasing",
    )
    amount = fields.Monetary(
        string="Intention Deposit", readonly=True, help="Asked for this space."
    )
    hold_days = fields.Integer(
        readonly=True,
        aggregator=False,
        help="Who waits in line holds the space so many days once it is his turn.",
    )
    step = fields.Selection(
        selection_add=WAITING, ondelete={step: "cascade" for step, _label in WAITING}
    )
    state = fields.Selection(selection_add=WAITING)

    _waits_once = models.UniqueIndex(
        "(space_id, lead_id) WHERE step = 'waiting'", "The prospect waits for this space already."
    )

    @api.model
    def _cron_next_in_line(self):
        """Hand spaces of which the reservation has lapsed to who waits for them."""
        # sudo: the cron looks at every site
        waiting_sudo = self.sudo().search([("step", "=", "waiting")])
        spaces = waiting_sudo.space_id
        self.env["ir.cron"]._commit_progress(remaining=len(spaces))
        for space in spaces:
            space.try_lock_for_update()._hand_to_next()
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _is_prospect_alive(self):
        """Tell whether the prospect still looks for space."""
        self.ensure_one()
        lead = self.lead_id
        return bool(lead.active and not lead.lease_id.signed_date)

    def _is_next(self):
        """Tell whether the space is there for who waits, now that nobody holds it."""
        self.ensure_one()
        return self._is_prospect_alive() and self.space_id in self.lead_id._free_spaces()

    def _take_turn(self):
        """Let who waits hold the space from today on, and tell his agent.

        :return: whether the space was his to take
        """
        self.ensure_one()
        if not self._is_prospect_alive():
            self._end("withdrawn")
        if not self._is_next():
            return False
        until = fields.Date.context_today(self) + timedelta(days=self.hold_days)
        lead, space, amount = self.lead_id, self.space_id, self.amount
        self._end("served")  # what he holds from now on is a record of its own
        lead._hold({space: amount}, until)
        lead.activity_schedule(
            "mail.mail_activity_data_call",
            summary=self.env._(
                "%(space)s is reserved for %(lead)s now",
                space=space.display_name,
                lead=lead.display_name,
            ),
            note=self.env._("It was his turn in line; the space is held until %(day)s.", day=until),
            user_id=(lead.user_id or self.env.user).id,
        )
        return True


class PropertySpace(models.Model):
    _inherit = "property.space"

    waiting_count = fields.Integer(
        compute="_compute_waiting_count", string="In Line", help="Prospects who wait for it."
    )

    @api.depends("reservation_ids.step")
    def _compute_waiting_count(self):
        # sudo: how many wait is no secret of whoever sees the space
        counts = dict(
            self.env["property.space.reservation"]
            .sudo()
            ._read_group(
                [("space_id", "in", self.ids), ("step", "=", "waiting")], ["space_id"], ["__count"]
            )
        )
        for space in self:
            space.waiting_count = counts.get(space._origin.sudo(), 0)

    @api.depends("reservation_ids.step", "reservation_ids.hold_days")
    def _compute_state(self):
        """Override: who waits in line holds the space once nobody else does."""
        return super()._compute_state()

    def _holder_on(self, day):
        """Override: when a reservation has lapsed, the first in line holds the space from now on.

        He holds it by the day alone; the job puts it on file and tells his agent.
        """
        today = fields.Date.context_today(self)
        holder, until = super()._holder_on(day)
        if holder or day < today or (self.reserved_until and self.reserved_until >= today):
            return holder, until
        # sudo: that somebody waits is no secret of whoever sees the space
        waiting_sudo = self.sudo().reservation_ids.filtered(lambda one: one.step == "waiting")
        for row_sudo in waiting_sudo.sorted("id"):
            turn = fields.Date.add(today, days=row_sudo.hold_days)
            if day <= turn and row_sudo._is_next():
                return holder.browse(row_sudo.partner_id.id), turn
        return holder, until

    @api.model
    def _held_domain(self, today):
        """Override: also spaces that are the turn of who waits in line."""
        # sudo: as above
        waiting_sudo = self.env["property.space.reservation"].sudo()
        spaces_sudo = waiting_sudo.search([("step", "=", "waiting")]).space_id
        next_sudo = spaces_sudo.filtered(lambda space: space._holder_on(today)[0])
        return super()._held_domain(today) | Domain("id", "in", next_sudo.ids)

    def _is_same_reservation(self, row):
        """Override: another prospect, or another deposit, is another reservation."""
        return super()._is_same_reservation(row) and (
            (row.lead_id, row.amount) == (self.reserved_lead_id, self.reserved_deposit)
        )

    def _prepare_reservation_vals(self, today):
        """Override: for which prospect, and the deposit that is asked."""
        return {
            **super()._prepare_reservation_vals(today),
            "lead_id": self.reserved_lead_id.id,
            "amount": self.reserved_deposit,
        }

    def _hand_to_next(self):
        """Let the first in line hold spaces that nobody holds."""
        today = fields.Date.context_today(self)
        # sudo: whose turn it is does not depend on who released the space
        rows_sudo = self.env["property.space.reservation"].sudo()
        waiting = rows_sudo.search(
            Domain("space_id", "in", self.ids) & Domain("step", "=", "waiting"), order="id"
        ).grouped("space_id")
        for space_sudo in self.sudo():
            if space_sudo.reserved_until and space_sudo.reserved_until >= today:
                continue
            for row_sudo in waiting.get(space_sudo, ()):
                if row_sudo._take_turn():
                    break
