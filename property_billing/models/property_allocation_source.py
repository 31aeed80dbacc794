"""Where the sum of a shared cost comes from: typed in, from meters, or from a vendor bill."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.metering import flowed, pick_segments
from ..tools.rounding import FEN, round_step, to_decimal
from ..tools.tariffs import tariff_on
from .property_meter_reading import TRUSTED

SOURCES = [
    ("amount", "Amount"),
    ("meters", "Master meter less sub-meters"),
    ("bill", "Vendor bill"),
]
SOURCE_FIELDS = {
    "source",
    "master_meter_id",
    "price",
    "source_line_ids",
    "item_id",
    "date_from",
    "date_to",
}


class PropertyAllocation(models.Model):
    _inherit = "property.allocation"

    source = fields.Selection(SOURCES, required=True, default="amount", tracking=True)
    master_meter_id = fields.Many2one(
        "property.meter",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        tracking=True,
        help="What it counts beyond its sub-meters, times the price, is shared.",
    )
    price = fields.Float(
        digits=(16, 6),
        tracking=True,
        aggregator=False,
        help="Price of a unit of consumption; 0 takes the tariff of the item.",
    )
    source_line_ids = fields.Many2many(
        "account.move.line",
        "property_allocation_source_rel",
        "allocation_id",
        "line_id",
        string="Lines of Vendor Bills",
        domain="[('move_id.move_type', 'in', ('in_invoice', 'in_refund')),"
        " ('parent_state', '=', 'posted'), ('display_type', '=', 'product'),"
        " ('company_id', '=', company_id)]",
        help="Each line of a vendor bill is shared out once only; VAT is included.",
    )
    source_text = fields.Char(string="Where From", compute="_compute_source_text")
    source_facts = fields.Json(readonly=True, copy=False)

    def init(self):
        """Let the database refuse to share out a line of a vendor bill twice."""
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS property_allocation_source_line_once"
            " ON property_allocation_source_rel (line_id)"
        )

    @api.depends("source", "source_facts", "note")
    @api.depends_context("lang")
    def _compute_source_text(self):
        for pool in self:
            facts = pool.source_facts or {}
            if pool.source == "meters" and "used" in facts:
                pool.source_text = self.env._(
                    "master meter %(meter)s %(total)s less %(count)s sub-meters %(subs)s = "
                    "%(used)s × %(price)s",
                    **facts,
                )
            elif pool.source == "bill":
                pool.source_text = self.env._(
                    "vendor bill %(bills)s", bills=", ".join(facts.get("bills") or [])
                )
            else:
                pool.source_text = pool.note or self.env._("sum entered by hand")

    @api.constrains("source", "master_meter_id", "source_line_ids", "site_id", "company_id")
    def _check_source(self):
        for pool in self:
            if pool.source == "meters" and pool.master_meter_id.site_id != pool.site_id:
                raise ValidationError(
                    self.env._("Choose the master meter, one of %(site)s.", site=pool.site_id.name)
                )
            if pool.source == "bill":
                pool._check_lines()
        self._check_lines_once()

    def _check_lines(self):
        # sudo: finance may enter pools without reading every journal; only facts of the line count
        lines_sudo = self.source_line_ids.sudo()
        if not lines_sudo:
            raise ValidationError(self.env._("Choose the lines of the vendor bill to share out."))
        for line in lines_sudo:
            if (
                line.move_id.move_type not in ("in_invoice", "in_refund")
                or line.parent_state != "posted"
                or line.display_type != "product"
                or line.company_id != self.company_id
                or line.currency_id != self.currency_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(line)s is no line of a posted vendor bill of %(company)s in "
                        "%(currency)s. Choose another one.",
                        line=line.display_name,
                        company=self.company_id.name,
                        currency=self.currency_id.name,
                    )
                )

    def _check_lines_once(self):
        # sudo: a line may have been shared out on a site this user does not see
        lines_sudo = self.source_line_ids.sudo()
        others = self.sudo().search(
            [("source_line_ids", "in", lines_sudo.ids), ("id", "not in", self.ids)], limit=1
        )
        mine = [line.id for pool in self for line in pool.source_line_ids]
        if others or len(mine) != len(set(mine)):
            raise ValidationError(
                self.env._(
                    "A line of a vendor bill is already shared out by %(pool)s. Each line can be "
                    "used once only.",
                    pool=others.display_name or self[:1].display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Take the sum from its source where that is known already."""
        pools = super().create(vals_list)
        pools._take_amount(raise_missing=False)
        return pools

    def write(self, vals):
        """Override to follow the source with the sum."""
        result = super().write(vals)
        if SOURCE_FIELDS & vals.keys():
            self._take_amount(raise_missing=False)
        return result

    def action_take_amount(self):
        """Take the sum from the meters or the vendor bill again.

        :raise UserError: when it is not known yet
        """
        self.check_access("write")
        self._check_not_billed()
        self._take_amount()
        return True

    def _take_amount(self, raise_missing=True):
        """Write the sums that follow from sources.

        :return: dict pool -> why its sum is not known
        """
        derived = self.filtered(lambda pool: pool.source != "amount")
        billed = derived._billed_ids()
        problems = {}
        points = derived._meter_points()
        for pool in derived.filtered(lambda pool: pool.id not in billed):
            try:
                amount, facts = pool._source_amount(points)
            except UserError as error:
                if raise_missing:
                    raise
                problems[pool] = str(error)
                continue
            if (
                pool.currency_id.compare_amounts(pool.amount, float(amount))
                or facts != pool.source_facts
            ):
                # sudo: a run may take the sum although its user may not edit pools
                pool.sudo().write({"amount": float(amount), "source_facts": facts})
        return problems

    def _source_amount(self, points):
        """Return (Decimal, facts to show) of one pool.

        :param points: readings by meter, of all pools at hand
        :raise UserError: saying what is missing
        """
        self.ensure_one()
        if self.source == "meters":
            return self._metered_amount(points)
        lines_sudo = self.source_line_ids.sudo()
        self._check_lines()
        total = sum(
            to_decimal(line.price_total) * (-1 if line.move_id.move_type == "in_refund" else 1)
            for line in lines_sudo
        )
        total = round_step(total)
        if total < 0:
            raise UserError(
                self.env._("The lines of %(pool)s sum to less than zero.", pool=self.display_name)
            )
        return total, {"bills": sorted(set(lines_sudo.move_id.mapped("name")))}

    def _meter_points(self):
        """Return dict meter -> (points, days of held readings), in two queries.

        Points are (day, value, is estimated), sorted.
        """
        masters = self.master_meter_id
        if not masters:
            return {}
        # sudo: a run sees the meters of its own sites, whatever their user's rights on meters
        meters_sudo = self.env["property.meter"].sudo().with_context(active_test=False)
        meters_sudo = meters_sudo.search(
            [
                "|",
                ("id", "in", masters.sudo()._points().ids),
                ("master_id", "in", masters.sudo()._points().ids),
            ]
        )
        readings_sudo = self.env["property.meter.reading"].sudo()
        rows = readings_sudo.search(
            [("meter_id", "in", meters_sudo.ids), ("state", "!=", "rejected")], order="date, id"
        ).grouped("meter_id")
        result = {}
        for meter in meters_sudo:
            known = rows.get(meter, readings_sudo)
            trusted = known.filtered(lambda row: row.state in TRUSTED)
            points = [(row.date, to_decimal(row.value), row.is_estimated) for row in trusted]
            initial = meter._initial_points()
            if initial and (not points or initial[0][0] < points[0][0]):
                points = [(*point, False) for point in initial] + points
            held = [row.date for row in known if row.state == "held"]
            result[meter] = (points, held)
        return result

    def _metered_amount(self, points):
        master = self.master_meter_id.sudo()
        successions = defaultdict(list)
        for meter in sorted(points, key=lambda one: (bool(one.point_id), one.install_date or _MIN)):
            successions[meter.point_id or meter].append(meter)
        own = master.point_id or master
        behind = {
            point: meters
            for point, meters in successions.items()
            if point != own
            and any((meter.master_id.point_id or meter.master_id) == own for meter in meters)
        }
        if not behind:
            raise UserError(
                self.env._(
                    "Master meter %(meter)s has no sub-meters. Enter it on the meters behind it.",
                    meter=master.code,
                )
            )
        total = self._used(successions[own], points)
        subs = sum((self._used(meters, points) for meters in behind.values()), Decimal(0))
        if subs > total:
            raise UserError(
                self.env._(
                    "The sub-meters of %(meter)s counted %(subs)s, more than itself (%(total)s). "
                    "Check their readings.",
                    meter=master.code,
                    subs=f"{subs.normalize():f}",
                    total=f"{total.normalize():f}",
                )
            )
        price = self._source_price()
        facts = {
            "meter": master.code,
            "total": f"{total.normalize():f}",
            "subs": f"{subs.normalize():f}",
            "count": len(behind),
            "used": f"{(total - subs).normalize():f}",
            "price": f"{price.normalize():f}",
        }
        return round_step((total - subs) * price, FEN), facts

    def _used(self, meters, points):
        """Return what a succession of meters counted in the period of the pool."""
        held = [day for meter in meters for day in points[meter][1]]
        held = [day for day in held if self.date_from <= day <= self.date_to]
        segments = pick_segments(
            [(meter, points[meter][0]) for meter in meters], self.date_from, self.date_to
        )
        if held or not segments:
            raise UserError(
                self.env._(
                    "Meter %(meter)s has no plausible reading between %(start)s and %(end)s. Enter "
                    "or accept it first.",
                    meter=meters[-1].code,
                    start=self.date_from,
                    end=self.date_to,
                )
            )
        try:
            return sum(
                flowed(
                    opening[1],
                    closing[1],
                    meter.digits,
                    to_decimal(meter.multiplier),
                    opening[2],
                )
                for meter, opening, closing in segments
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Meter %(meter)s fell. Correct its readings first.", meter=meters[-1].code
                )
            ) from error

    def _source_price(self):
        if self.price:
            return to_decimal(self.price)
        rows = [
            (tariff.date_from, tariff.date_to or None, tariff) for tariff in self.item_id.tariff_ids
        ]
        tariff = tariff_on(self.date_to, rows)
        if not tariff or not tariff.price:
            raise UserError(
                self.env._(
                    "%(pool)s has no price for the consumption. Enter it, or a tariff of the item.",
                    pool=self.display_name,
                )
            )
        return to_decimal(tariff.price)


_MIN = fields.Date.to_date("1900-01-01")
