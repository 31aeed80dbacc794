"""Where a space came from and what became of it; how long it stands empty; its asking rents."""

from odoo import api, fields, models


class PropertySpace(models.Model):
    _inherit = "property.space"

    made_by_id = fields.Many2one(
        "property.space.change",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    ended_by_id = fields.Many2one(
        "property.space.change",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    change_ids = fields.Many2many(
        "property.space.change", compute="_compute_change_ids", string="Joined or Divided"
    )
    photo_ids = fields.One2many("property.space.photo", "space_id", string="Photos")
    price_m2_day = fields.Float(
        compute="_compute_prices", digits=(16, 2), string="A Day per m²", aggregator=False
    )
    price_m2_month = fields.Float(
        compute="_compute_prices", digits=(16, 2), string="A Month per m²", aggregator=False
    )
    price_month = fields.Float(
        compute="_compute_prices", digits=(16, 2), string="A Month", help="365 ÷ 12 days a month."
    )
    vacant_since = fields.Date(compute="_compute_vacant_days")
    vacant_days = fields.Integer(
        compute="_compute_vacant_days",
        string="Days Vacant",
        help="Since the last lease ended; 0 while it is let.",
    )

    @api.depends("made_by_id", "ended_by_id")
    def _compute_change_ids(self):
        for space in self:
            space.change_ids = space.made_by_id | space.ended_by_id

    @api.depends("price", "pricing", "area")
    def _compute_prices(self):
        for space in self:
            month = space._asking_month()
            space.price_month = month
            space.price_m2_month = month / space.area if space.area else 0.0
            space.price_m2_day = space.price_m2_month * 12 / 365

    @api.depends("unit_id", "date_from", "date_to")
    def _compute_vacant_days(self):
        today = fields.Date.context_today(self)
        leases = self._leases_on(today)
        ended = self._last_let_days(today)
        for space in self:
            since = ended.get(space.unit_id.id) or space.date_from
            is_let = space.unit_id.id in leases
            space.vacant_since = False if is_let or not space._exists_on(today) else since
            space.vacant_days = (today - space.vacant_since).days if space.vacant_since else 0

    def _last_let_days(self, day):
        """Return dict unit id -> the day after the last lease that ended before a day."""
        found = {}
        # sudo: since when a space is empty, whoever reads leases
        lines_sudo = (
            self.env["property.lease.line"]
            .sudo()
            .search_fetch(
                [
                    ("unit_id", "in", self.unit_id.ids),
                    ("lease_id.signed_date", "!=", False),
                    ("lease_id.date_from", "<=", day),
                ],
                ["unit_id", "lease_id", "date_to"],
            )
        )
        for line in lines_sudo:
            last = min(filter(None, (line.date_to, line.lease_id.date_to)))
            if last < day:
                after = fields.Date.add(last, days=1)
                found[line.unit_id.id] = max(found.get(line.unit_id.id, after), after)
        return found

    def _exists_on(self, day):
        """Tell whether the space is there on a day: not made later, not joined or divided."""
        self.ensure_one()
        return (not self.date_from or self.date_from <= day) and (
            not self.date_to or day <= self.date_to
        )

    def action_reshape(self):
        """Open the wizard that joins the spaces, or divides one."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Join or Divide"),
            "res_model": "property.space.reshape",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_space_ids": self.ids},
        }
