from datetime import datetime

from odoo import api, fields, models

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
        made = [(area_sudo._local(moment), amount) for moment, amount in payments]
        return amount_due(area_sudo._book(self.vehicle_class), self._stay(at), made)

    def _stay(self, until, inner=None):
        """Return the stay as the kernel wants it, up to a UTC time."""
        area = self.area_id
        start, end = area._local(self.entered_at), area._local(until)
        spans = (self._inner_spans() if inner is None else inner)[self.id]
        return Stay(
            start,
            end,
            (*spans, *self._covered(start, end)),
            tuple(coupon._values() for coupon in self.sudo().coupon_ids),  # as in _quote
        )

    def _covered(self, start, end):
        """Return the local times during which a list or a pass covers the stay.

        :return: list of (start, end)
        """
        self.ensure_one()
        if self.category in FREE_CATEGORIES:
            return [(start, end)]
        spans = []
        for card in self._passes():
            space = card._space_from(self.area_id, self.vehicle_id, self.entered_at)
            begin, finish = card._validity()
            if space is not None:
                begin = max(begin, self.area_id._local(space), start)
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
                    (area._local(part.entered_at), area._local(part.left_at) or datetime.max)
                    for part in inner.get(stay.plate, self.browse())
                    if stay.entered_at and part.entered_at >= stay.entered_at
                ]
        return found

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
