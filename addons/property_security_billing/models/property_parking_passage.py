from odoo import models

from odoo.addons.property_security.tools.parking_tariff import NoTariff


class PropertyParkingPassage(models.Model):
    _inherit = "property.parking.passage"

    def _held_at_exit(self):
        """Override of `property_security`: a temporary car leaves when nothing is due any more.

        Only a live read holds a car: what a person opened, or a controller did offline, is done.
        """
        held = super()._held_at_exit()
        asked = self.filtered(lambda one: one.source == "live" and one.area_id.is_paid_exit)
        if not asked:
            return held
        stays = self.env["property.parking.session"].search(
            [
                ("area_id", "in", asked.area_id.ids),
                ("plate", "in", asked.mapped("plate")),
                ("state", "=", "inside"),
            ]
        )
        by_car = {(stay.area_id, stay.plate): stay for stay in stays}
        for passage in asked:
            stay = by_car.get((passage.area_id, passage.plate), stays.browse())
            if not stay or not passage._asks_to_pay(stay):
                continue
            stay.sudo().held_passage_id = passage  # no role writes stays by hand
            if not stay._pay_from_balance(passage):
                held |= passage
        return held

    def _asks_to_pay(self, stay):
        """Tell whether a car has to pay before it leaves; where no price is, it goes."""
        try:
            return bool(stay._asked_at(self.counted_at))
        except NoTariff:
            self._add_anomalies("no_tariff")
            return False

    def _gate_lines(self):
        """Override of `property_security` to tell the driver what is to be paid."""
        lines = super()._gate_lines()
        stay_sudo = self.action == "pay" and self._stay_held_sudo()
        if not stay_sudo:
            return lines
        # Displays and voices of devices speak GBK, which has neither ¥ nor the space after it:
        # 元 is said in their language.
        due = f"{stay_sudo._due_at(self.counted_at):.2f}"
        return [lines[0], self.env._("Please pay %(yuan)s yuan", yuan=due)]

    def _stay_held_sudo(self):
        # sudo: the display at the lane tells its driver what he owes
        return (
            self.env["property.parking.session"]
            .sudo()
            .search([("held_passage_id", "=", self.id)], limit=1)
        )
