from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.property_base.tools import plate as plate_tools

#: Open requests a household may have at once.
MOST = 5
#: What the resident has asked for, and what became of it: nobody writes that by hand.
FIXED = frozenset(("kind", "plate", "unit_id", "partner_id", "state", "decided_uid"))


class PropertyVehicleRequest(models.Model):
    """A resident asks for a plate to be added to his household or taken off; the desk confirms."""

    _name = "property.vehicle.request"
    _description = "Plate Request"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "id desc"
    _rec_name = "plate"

    kind = fields.Selection([("add", "Add"), ("remove", "Take Off")], required=True, readonly=True)
    plate = fields.Char(required=True, readonly=True)
    unit_id = fields.Many2one(
        "property.unit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Asked by", required=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("new", "New"), ("done", "Confirmed"), ("refused", "Refused")],
        required=True,
        default="new",
        readonly=True,
        index=True,
        tracking=True,
    )
    reason = fields.Char(tracking=True, help="Why it is refused; the resident reads this.")
    decided_uid = fields.Many2one(
        "res.users", string="Decided by", readonly=True, ondelete="set null"
    )

    _open_once = models.UniqueIndex(
        "(unit_id, plate) WHERE state = 'new'", "There is an open request for this plate already."
    )

    def write(self, vals):
        """Keep what was asked for, and what became of it."""
        if not self.env.su and not FIXED.isdisjoint(vals):
            raise UserError(
                self.env._("Confirm or refuse the request: its state follows from that.")
            )
        return super().write(vals)

    @api.model
    def _ask(self, unit, partner, kind, plate):
        """Note what a resident asks for.

        :param unit: property.unit he lives in, checked
        :param str plate: as he typed it
        :return: property.vehicle.request
        :raise UserError: when the plate is none, or it makes no sense
        """
        plate = plate_tools.normalise(plate)
        if not plate_tools.is_valid(plate):
            raise UserError(self.env._("This is no number plate. Type it again."))
        # sudo: a resident has no rights on requests; his household was checked
        requests_sudo = self.sudo()
        vehicles_sudo = self.env["property.vehicle"].sudo()
        known_sudo = vehicles_sudo.search([("unit_id", "=", unit.id), ("plate", "=", plate)])
        if bool(known_sudo) == (kind == "add"):
            raise UserError(
                self.env._("%(plate)s belongs to your household already.", plate=plate)
                if known_sudo
                else self.env._("%(plate)s is not a car of your household.", plate=plate)
            )
        waiting_sudo = requests_sudo.search([("unit_id", "=", unit.id), ("state", "=", "new")])
        if plate in waiting_sudo.mapped("plate"):
            raise UserError(
                self.env._(
                    "You have asked for %(plate)s already. Wait for the answer.", plate=plate
                )
            )
        if len(waiting_sudo) >= MOST:
            raise UserError(self.env._("Wait until your other requests have been answered."))
        return requests_sudo.create(
            {"kind": kind, "plate": plate, "unit_id": unit.id, "partner_id": partner.id}
        )

    def action_confirm(self):
        """Do what the resident asked for."""
        for request in self._decidable():
            request._do()
            request._decide("done")

    def action_refuse(self):
        """Refuse what the resident asked for, with a reason he reads."""
        for request in self._decidable():
            if not (request.reason or "").strip():
                raise UserError(self.env._("Say why, so that the resident understands it."))
            request._decide("refused")

    def _decidable(self):
        self.check_access("write")
        if not self.env.user.has_group("property_base.group_service"):
            raise AccessError(self.env._("Customer service decides about plates. Ask them."))
        decided = self._lock_and_reread("state").filtered(lambda one: one.state != "new")
        if decided:
            raise UserError(
                self.env._("%(plate)s has been decided already.", plate=decided[0].plate)
            )
        return self

    def _decide(self, state):
        # sudo: the state is written by the steps only
        self.sudo().write({"state": state, "decided_uid": self.env.uid})

    def _do(self):
        """Register the plate for the household, or take it off."""
        vehicles = self.env["property.vehicle"]
        known = vehicles.search([("site_id", "=", self.site_id.id), ("plate", "=", self.plate)])
        if self.kind == "remove":
            known.filtered(lambda car: car.unit_id == self.unit_id).active = False
            return
        if known.unit_id or known.space_id or known.sudo().access_list:
            raise UserError(
                self.env._(
                    "%(plate)s is registered on the site already. Look at that vehicle first.",
                    plate=self.plate,
                )
            )
        owned = {"unit_id": self.unit_id.id, "partner_id": self.partner_id.id}
        if known:
            known.write(owned)
        else:
            vehicles.create({"plate": self.plate, **owned})
