from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import plate_class
from .parking_class import CATEGORIES, MONEY_GROUPS, PLATE_COLORS, VEHICLE_CLASSES

#: Cars that stay free of charge by what they are, whatever pass they have.
FREE_CATEGORIES = ("white",)


class PropertyParkingSession(models.Model):
    """A stay of a car in a parking area."""

    _name = "property.parking.session"
    _description = "Parking Stay"
    _inherit = ["property.parking.scoped"]
    _order = "started_at desc, id desc"
    _rec_name = "plate_display"

    plate = fields.Char(required=True, readonly=True, index=True)
    plate_display = fields.Char(compute="_compute_plate_display", string="Number Plate")
    area_id = fields.Many2one(
        "property.parking.area", required=True, index=True, ondelete="restrict", readonly=True
    )
    site_id = fields.Many2one(related="area_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="area_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    vehicle_id = fields.Many2one(
        "property.vehicle", index="btree_not_null", ondelete="set null", readonly=True
    )
    unit_id = fields.Many2one(related="vehicle_id.unit_id", string="Household")
    plate_color = fields.Selection(PLATE_COLORS, readonly=True, help="As the camera saw it.")
    vehicle_class = fields.Selection(VEHICLE_CLASSES, required=True, readonly=True)
    category = fields.Selection(
        CATEGORIES,
        string="Came As",
        required=True,
        default="temporary",
        readonly=True,
        index=True,
    )
    entered_at = fields.Datetime(string="In", readonly=True, help="Empty: the way in was not read.")
    left_at = fields.Datetime(string="Out", readonly=True)
    started_at = fields.Datetime(
        compute="_compute_started_at",
        store=True,
        index=True,
        precompute=True,
        help="Time of the first passage.",
    )
    lane_in_id = fields.Many2one("property.parking.lane", ondelete="restrict", readonly=True)
    lane_out_id = fields.Many2one("property.parking.lane", ondelete="restrict", readonly=True)
    state = fields.Selection(
        [
            ("inside", "Inside"),
            ("left", "Left"),
            ("lost", "Way out not read"),
            ("void", "Void"),
        ],
        required=True,
        default="inside",
        readonly=True,
        index=True,
    )
    passage_ids = fields.One2many("property.parking.passage", "session_id", string="Passages")
    anomaly_count = fields.Integer(compute="_compute_anomaly_count", string="Anomalies")
    minutes = fields.Integer(readonly=True, aggregator="avg", help="Whole minutes of the stay.")
    covered_minutes = fields.Integer(readonly=True, help="Minutes that a pass covers.")
    coupon_ids = fields.One2many(
        "property.parking.coupon", "session_id", string="Coupons", groups=MONEY_GROUPS
    )
    amount = fields.Monetary(
        string="Fee", readonly=True, groups=MONEY_GROUPS, help="Worked out when the car left."
    )
    explanation = fields.Text(
        readonly=True, groups=MONEY_GROUPS, help="How the fee comes about, as a driver reads it."
    )
    amount_now = fields.Monetary(
        string="Fee by Now", compute="_compute_amount_now", groups=MONEY_GROUPS
    )
    is_settled = fields.Boolean(
        string="Settled",
        readonly=True,
        copy=False,
        help="The fee is booked: late messages no longer change this stay.",
    )
    note = fields.Char(string="Notes")

    _one_inside = models.UniqueIndex(
        "(area_id, plate) WHERE state = 'inside'", "This car is already inside the area."
    )
    _of_plate = models.Index("(area_id, plate, started_at)")
    _times_ordered = models.Constraint(
        "CHECK(left_at >= entered_at)", "A car cannot leave before it comes."
    )

    @api.depends("plate")
    def _compute_plate_display(self):
        vehicles = self.env["property.vehicle"]
        for stay in self:
            stay.plate_display = vehicles._display_plate(stay.plate)

    @api.depends("entered_at", "left_at")
    def _compute_started_at(self):
        for stay in self:
            stay.started_at = stay.entered_at or stay.left_at

    @api.depends("passage_ids.anomaly_ids")
    def _compute_anomaly_count(self):
        for stay in self:
            stay.anomaly_count = len(stay.passage_ids.anomaly_ids)

    def action_void(self):
        """Take stays out of account that never were any, such as a wrongly read plate."""
        self.check_access("read")
        if not self.env.user.has_group("property_base.group_manager"):
            raise AccessError(self.env._("Only a site manager voids a stay. Ask yours."))
        if booked := self.filtered("is_settled"):
            raise UserError(
                self.env._(
                    "The fee of %(plate)s is booked. Refund it first.",
                    plate=booked[0].plate_display,
                )
            )
        for stay in self:
            before = {"state": stay.state, "amount": stay.amount}
            self.env["property.audit"]._log("money", stay, before=before, after={"state": "void"})
        void_sudo = self.sudo()  # no role writes stays by hand
        for stay_sudo in void_sudo:
            stay_sudo._void()
        void_sudo._charged_by_these()._charge()

    def _void(self):
        """Void a stay with all reads of it, and pair what is left of its car around it."""
        self.ensure_one()
        same_car = [("area_id", "=", self.area_id.id), ("plate", "=", self.plate)]
        others = [*same_car, ("state", "!=", "void"), ("id", "!=", self.id)]
        later = self.search(
            [*others, ("started_at", ">", self.started_at)], order="started_at", limit=1
        )
        before = self.search([*others, ("started_at", "<=", self.started_at)], limit=1)
        # a read that has no stay repeats one of the stay before it
        repeated = [*same_car, ("session_id", "=", False), ("action", "=", "open")]
        repeated.append(("counted_at", ">=", self.started_at))
        if later:
            repeated.append(("counted_at", "<", later.started_at))
        self.env["property.parking.passage"].search(repeated).session_id = self
        self.write({"state": "void", "amount": 0})
        (before or later).passage_ids._pair()

    @api.model
    def _follow(self, area, found, before):
        """Make the stays in the database those that the passages tell.

        :param area: property.parking.area of all of them
        :param list found: Stay of the pairing kernel, keyed by ids of passages
        :param before: the stays that these passages had so far
        :return: passages that would have changed a stay whose fee is booked
        """
        passages = self.env["property.parking.passage"]
        keys = [int(key) for stay in found for key in (stay.in_key, stay.out_key) if key]
        by_key = {str(passage.id): passage for passage in passages.browse(keys)}
        moved, fresh, taken = [], [], {}
        for stay in found:
            way_in = by_key.get(stay.in_key, passages)
            way_out = by_key.get(stay.out_key, passages)
            known = way_in.session_id or way_out.session_id
            change = (self._prepare_stay_vals(area, stay, way_in, way_out), way_in | way_out)
            if known and known.id not in taken:
                taken[known.id] = known
                moved.append((known, *change))
            else:
                fresh.append(change)
        left_over = before.filtered(lambda stay: stay.id not in taken and stay.state != "void")
        booked = left_over.filtered("is_settled")
        for stay in left_over - booked:  # a stay goes on under an earlier passage of its car
            if fits := [change for change in fresh if change[0]["plate"] == stay.plate]:
                fresh.remove(fits[0])
                moved.append((stay, *fits[0]))
            else:
                moved.append((stay, {"state": "void"}, passages))
        return self._apply(moved, fresh, booked)

    def _differing(self, vals):
        """Return the values that are not what the stay has."""
        self.ensure_one()
        now = self._convert_to_write({name: self[name] for name in vals})
        return {name: value for name, value in vals.items() if now[name] != value}

    @api.model
    def _apply(self, moved, fresh, booked):
        """Write stays that changed and create the new ones, then charge those that have ended.

        :param list moved: (stay, values, passages)
        :param list fresh: (values, passages)
        :param booked: stays whose fee is booked and whose passages now tell something else
        :return: passages of booked stays, which stay as they are
        """
        late = booked.passage_ids
        changes = []
        for stay, vals, passages in moved:
            changed = stay._differing(vals)
            if stay.is_settled and changed:
                late |= passages
            elif stay.state != "void":
                changes.append((stay, changed, passages))
        fresh = [(vals, passages) for vals, passages in fresh if not passages & late]
        stray = self.env["property.parking.passage"].union(
            *(stay.passage_ids - passages for stay, _changed, passages in changes)
        )
        stray.session_id = False
        for is_inside in (False, True):  # who has left makes room in the index of cars inside
            for stay, changed, _passages in changes:  # each has values of its own
                if changed and (changed.get("state") == "inside") is is_inside:
                    stay.write(changed)
            self.flush_model(["state"])
        created = self._with_vehicles([vals for vals, _passages in fresh])
        places = [(stay, passages) for stay, _changed, passages in changes]
        places += zip(created, (passages for _vals, passages in fresh), strict=True)
        for stay, passages in places:
            passages.filtered(lambda p, stay=stay: p.session_id != stay).session_id = stay
        told = created.browse([stay.id for stay, changed, _p in changes if changed]) | created
        ended = told.filtered(lambda stay: stay.state == "left")
        (ended | told._charged_by_these())._charge()
        return late

    @api.model
    def _prepare_stay_vals(self, area, stay, way_in, way_out):
        state = "inside" if stay.is_open else "left" if stay.out_key else "lost"
        return {
            "plate": (way_in or way_out).plate,
            "plate_color": (way_in or way_out).plate_color,
            "area_id": area.id,
            "entered_at": stay.entry or False,
            "left_at": stay.exit or False,
            "lane_in_id": way_in.lane_id.id,
            "lane_out_id": way_out.lane_id.id,
            "state": state,
            "category": way_in.category or "temporary",
        }

    @api.model
    def _with_vehicles(self, vals_list):
        """Create stays and link them to registered vehicles.

        The class of a registered vehicle decides the tariff, for others the plate and its colour.
        """
        if not vals_list:
            return self
        area = self.env["property.parking.area"].browse(vals_list[0]["area_id"])
        plates = [vals["plate"] for vals in vals_list]
        vehicles = self.env["property.vehicle"]._of_plate(area.site_id, *plates)
        by_plate = vehicles.grouped("plate")
        for vals in vals_list:
            vehicle = by_plate.get(vals["plate"])
            color = vals["plate_color"] or plate_class.plate_color(vals["plate"])
            vals["vehicle_id"] = vehicle.id if vehicle else False
            vals["vehicle_class"] = (
                vehicle.vehicle_class if vehicle else plate_class.vehicle_class(color)
            )
        return self.create(vals_list)
