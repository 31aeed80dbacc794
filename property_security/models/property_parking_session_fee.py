from odoo import fields, models

from ..tools.parking import Stay, amount_due, length, quote, uncovered
from ..tools.parking_tariff import NoTariff
from ..tools.parking_words import explain
from .property_parking_session import FREE_CATEGORIES


class PropertyParkingSession(models.Model):
    _inherit = "property.parking.session"

    def _compute_amount_now(self):
        now = fields.Datetime.now()
        for stay in self:
            result = stay._quote(now) if stay.state == "inside" else None
            stay.amount_now = float(result.total) if result else 0

    def _charge(self):
        """Freeze what stays cost that have ended, and the lines that explain it."""
        for stay in self:  # each has values of its own
            result = stay._quote(stay.left_at)
            if result:
                vals = {
                    "minutes": result.minutes,
                    "covered_minutes": result.minutes - length(stay._charged_parts(stay.left_at)),
                    "amount": float(result.total),
                    "explanation": stay._explain(result),
                }
            else:
                vals = {"minutes": 0, "covered_minutes": 0, "amount": 0, "explanation": False}
            stay.sudo().write(vals)  # whoever lets a car out may not see the fee

    def _quote(self, until):
        """Return the kernel's quote up to a time.

        :param datetime until: UTC
        :return: Quote, or None when the beginning is not known or no tariff is in force
        """
        self.ensure_one()
        if not self.entered_at:
            return None
        # The fee is worked out for whoever handles the car; who may read it is the field's rule.
        area_sudo = self.area_id.sudo()
        try:
            return quote(area_sudo._book(self.vehicle_class), self._stay(until))
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

    def _stay(self, until):
        """Return the stay as the kernel wants it, up to a UTC time."""
        area = self.area_id
        return Stay(
            area._local(self.entered_at),
            area._local(until),
            tuple(self._covered(until)),
            tuple(coupon._values() for coupon in self.sudo().coupon_ids),  # as in _quote
        )

    def _charged_parts(self, until):
        stay = self._stay(until)
        entry = stay.entry.replace(second=0)
        return uncovered(entry, entry + (stay.exit - stay.entry), stay.covered)

    def _covered(self, until):
        """Return the local times during which a list or a pass covers the stay.

        :param datetime until: UTC
        :return: list of (start, end)
        """
        self.ensure_one()
        start, end = self.area_id._local(self.entered_at), self.area_id._local(until)
        if self.category in FREE_CATEGORIES:
            return [(start, end)]
        spans = self._inside_inner_areas(end)
        for card in self._passes():
            space = card._space_from(self.area_id, self.vehicle_id, self.entered_at)
            begin, finish = card._validity()
            if space is not None:
                begin = max(begin, self.area_id._local(space), start)
                finish = min(finish or end, end)
                spans += [(begin, finish)] if begin < finish else []
        return spans

    def _inside_inner_areas(self, end):
        """Return the local times that the car spent in areas inside this one, charged there."""
        inner = self.search(
            [
                ("area_id", "child_of", self.area_id.id),
                ("area_id", "!=", self.area_id.id),
                ("plate", "=", self.plate),
                ("state", "in", ("inside", "left")),
                ("entered_at", ">=", self.entered_at),
            ]
        )
        times = [(self.area_id._local(s.entered_at), self.area_id._local(s.left_at)) for s in inner]
        return [(begin, min(finish or end, end)) for begin, finish in times if begin < end]

    def _passes(self):
        """Return the passes of the car that count in this area or one inside it."""
        return self.vehicle_id._passes_in(self.area_id)

    def _explain(self, result):
        """Return the lines of a quote as text, in the language of the company."""
        lang = self.company_id.partner_id.lang or self.env.lang
        sentences = self.env["property.parking.words"].with_context(lang=lang)._sentences()
        return "\n".join(
            line.text if line.amount is None else f"{line.text}  ¥{line.amount:.2f}"
            for line in explain(result, sentences)
        )
