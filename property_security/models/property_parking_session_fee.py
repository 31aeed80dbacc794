from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.parking import Stay, amount_due, quote
from ..tools.parking_tariff import NoTariff
from ..tools.parking_words import explain
from .property_parking_session import FREE_CATEGORIES


class PropertyParkingSession(models.Model):
    _inherit = "property.parking.session"

    @api.depends("state", "entered_at", "coupon_ids")
    def _compute_amount_now(self):
        now = fields.Datetime.now()
        for stay in self:
            result = stay._quote(now) if stay.state == "inside" else None
            stay.amount_now = float(result.total) if result else 0

    def _charge(self):
        """Freeze what stays cost that have ended, and the lines that explain it."""
        inner = self._inner_spans()
        found = [(stay, stay._prepare_fee_vals(inner)) for stay in self]
        for stay, vals in found:  # each has values of its own
            stay.sudo().write(vals)  # whoever lets a car out may not see the fee

    def _prepare_fee_vals(self, inner):
        self.ensure_one()
        result = self._quote(self.left_at, inner)
        if not result:
            return {"minutes": 0, "covered_minutes": 0, "amount": 0, "explanation": False}
        return {
            "minutes": result.minutes,
            "covered_minutes": result.covered_minutes,
            "amount": float(result.total),
            "explanation": self._explain(result),
        }

    def _quote(self, until, inner=None):
        """Return the kernel's quote up to a time.

        :param datetime until: UTC
        :param dict inner: what `_inner_spans` returns, where several stays are charged
        :return: Quote, or None when the beginning is not known or no tariff is in force
        """
        self.ensure_one()
        if not self.entered_at:
            return None
        # The fee is worked out for whoever handles the car; who may read it is the field's rule.
        area_sudo = self.area_id.sudo()
        try:
            return quote(area_sudo._book(self.vehicle_class), self._stay(until, inner))
        except NoTariff:
            return None

    def _amount_due(self, at, payments):
        """Return what is still to be paid to leave at a time.

        :param datetime at: UTC
        :param payments: (UTC time, Decimal) of what was paid for this stay
        :return: Decimal
        :raise NoTariff: when no tariff is in force
        """
        self.ensure_one()
        area_sudo = self.area_id.sudo()  # as in _quote
        made = [(self._clock(moment), amount) for moment, amount in payments]
        return amount_due(area_sudo._book(self.vehicle_class), self._stay(at), made)

    def _stay(self, until, inner=None):
        """Return the stay as the kernel wants it, up to a UTC time."""
        start, end = self._clock(self.entered_at), self._clock(until)
        spans = (self._inner_spans() if inner is None else inner)[self.id]
        return Stay(
            start,
            end,
            (*spans, *self._covered(start, end)),
            tuple(coupon._values() for coupon in self.sudo().coupon_ids),  # as in _quote
        )

    def _clock(self, moment):
        """Return a UTC time by the clock that hung on the wall of the site when the car came.

        One clock charges all of a stay: summer time makes no hour come twice, or not at all.
        """
        self.ensure_one()
        return moment + (self.area_id.sudo()._local(self.entered_at) - self.entered_at)

    def _covered(self, start, end):
        """Return the local times during which a list or a pass covers the stay.

        :return: list of (start, end)
        """
        self.ensure_one()
        if self.category in FREE_CATEGORIES:
            return [(start, end)]
        spans = []
        for card in self._passes():
            space = card._space_from(self.area_id, self.vehicle_id, self.entered_at, self)
            begin, finish = card._validity()
            if space is not None:
                begin = max(begin, self._clock(space), start)
                finish = min(finish or end, end)
                spans += [(begin, finish)] if begin < finish else []
        return spans

    def _inner_spans(self):
        """Return the local times that cars spent in areas inside the one of their stay.

        They are charged there. A car that is still inside an inner area is so without end.

        :return: dict of lists of (start, end) by id of the stay
        """
        found = {stay.id: [] for stay in self}
        for area, stays in self.filtered("area_id.child_ids").grouped("area_id").items():
            inner = self.search(
                [
                    ("area_id", "child_of", area.id),
                    ("area_id", "!=", area.id),
                    ("plate", "in", stays.mapped("plate")),
                    ("state", "in", ("inside", "left")),
                    ("entered_at", ">=", min(stays.mapped("started_at"))),
                ]
            ).grouped("plate")
            for stay in stays:
                found[stay.id] = [
                    (
                        stay._clock(part.entered_at),
                        stay._clock(part.left_at) if part.left_at else datetime.max,
                    )
                    for part in inner.get(stay.plate, self.browse())
                    if stay.entered_at and part.entered_at >= stay.entered_at
                ]
        return found

    def _charged_by_these(self):
        """Return other stays that are over and cost something else now, as late messages came.

        The time in an inner area is charged there only, and a car has the space that it shares
        once an earlier one has left.
        """
        domains = []
        for stay in self:
            around = [int(number) for number in stay.area_id.parent_path.split("/")[:-2]]
            if around:
                same_car = Domain("area_id", "in", around) & Domain("plate", "=", stay.plate)
                domains.append(same_car & Domain("left_at", ">", stay.started_at))
            shared = [card for card in stay._passes() if card.space_count]
            mates = stay.vehicle_id.browse().union(*(card.vehicle_ids for card in shared))
            if mates := mates - stay.vehicle_id:
                beside = Domain("area_id", "=", stay.area_id.id)
                beside &= Domain("vehicle_id", "in", mates.ids)
                domains.append(beside & Domain("left_at", ">", stay.started_at))
        if not domains:
            return self.browse()
        open_ones = Domain("state", "=", "left") & Domain("is_settled", "=", False)
        return self.search(open_ones & Domain.OR(domains)) - self

    def _passes(self):
        """Return the passes of the car that count in this area or one inside it."""
        return self.vehicle_id._passes_in(self.area_id)

    def _explain(self, result):
        """Return the lines of a quote as text, in the language of the company."""
        company_sudo = self.company_id.sudo()  # a cashier need not see the company's contact
        lang = company_sudo.partner_id.lang or self.env.lang
        sentences = self.env["property.parking.words"].with_context(lang=lang)._sentences()
        return "\n".join(
            line.text if line.amount is None else f"{line.text}  ¥{line.amount:.2f}"
            for line in explain(result, sentences)
        )
