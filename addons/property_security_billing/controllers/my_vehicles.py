"""What a resident sees of his cars: plates, cards, stays with their fees, coupons."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.property_base.tools import plate as plate_tools
from odoo.addons.property_billing.tools.document_ids import is_document_id

from ..tools.fee_lines import fee_lines

#: Days of stays that are shown, and how many at most.
DAYS, STAYS = 92, 60


class PropertyMyVehicles(PaymentPortal):
    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the cars."""
        values = super()._prepare_home_portal_values(counters)
        if "property_vehicle_count" in counters:
            values["property_vehicle_count"] = len(self._my_vehicles_sudo())
        return values

    @http.route(
        "/my/vehicles", type="http", auth="user", website=True, methods=["GET"], sitemap=False
    )
    def my_vehicles(self, **kwargs):
        """Show cars, cards, stays and coupons."""
        return self._my_vehicles_page()

    @http.route(
        "/my/vehicles/request",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_vehicles_request(self, unit_id="", kind="add", plate="", **kwargs):
        """Ask for a plate to be added to the household, or taken off."""
        units = self._my_occupancies_sudo().unit_id
        unit = units.filtered(lambda one: str(one.id) == unit_id)
        if not unit or kind not in ("add", "remove") or not isinstance(plate, str):
            message = request.env._("This request is not valid. Load the page again.")
            return self._my_vehicles_page(problem=message, status=400)
        try:
            request.env["property.vehicle.request"]._ask(
                unit, request.env.user.partner_id, kind, plate
            )
        except UserError as error:
            return self._my_vehicles_page(problem=str(error), status=400)
        return request.redirect("/my/vehicles", code=303)

    @http.route("/my/vehicles/auto_pay", type="jsonrpc", auth="user")
    def my_vehicles_auto_pay(self, vehicle_id=None, wanted=None, **kwargs):
        """Switch paying from the balance on or off for one's own car.

        :param int vehicle_id: property.vehicle
        :param bool wanted: the new answer
        :return: dict with the answer that is now stored
        :raise UserError: when the car is not the user's
        """
        partner = request.env.user.partner_id
        vehicle_sudo = self._my_vehicles_sudo().filtered(
            lambda car: car.id == vehicle_id and car._may_auto_pay(partner)
        )
        if not is_document_id(vehicle_id) or not isinstance(wanted, bool) or not vehicle_sudo:
            raise UserError(
                request.env._("This car is not in your name. Ask the property service centre.")
            )
        vehicle_sudo._set_auto_pay(partner, wanted)
        return {"wanted": bool(vehicle_sudo.auto_pay_partner_id)}

    # Whose -------------------------------------------------------------------------------------

    def _my_occupancies_sudo(self):
        return request.env.user.partner_id._property_current_occupancies_sudo()

    def _my_vehicles_sudo(self):
        """Return the cars in the user's name, and those of the households he lives in."""
        own = Domain(
            "partner_id.commercial_partner_id",
            "=",
            request.env.user.partner_id.commercial_partner_id.id,
        )
        units = self._my_occupancies_sudo().unit_id
        # sudo: the domain says what this person may see
        vehicles_sudo = request.env["property.vehicle"].sudo()
        return vehicles_sudo.search(own | Domain("unit_id", "in", units.ids), order="plate")

    def _my_cards_sudo(self, card_id=None):
        """Return the cards held by the user, and those of households whose bills he may see.

        A card of who lived there before is his own: it is not shown with the home.

        :param card_id: one of them, as the client sent it
        """
        units = self._my_occupancies_sudo().filtered("may_see_bills").unit_id
        # sudo: who lives in the user's own homes, for whose cards he may look
        occupancies_sudo = request.env["property.occupancy"].sudo()
        people_sudo = occupancies_sudo.search(
            Domain("unit_id", "in", units.ids) & occupancies_sudo._domain_current()
        ).partner_id.commercial_partner_id
        domain = Domain(
            "partner_id.commercial_partner_id",
            "=",
            request.env.user.partner_id.commercial_partner_id.id,
        ) | (
            Domain("unit_id", "in", units.ids)
            & (
                Domain("partner_id", "=", False)
                | Domain("partner_id.commercial_partner_id", "in", people_sudo.ids)
            )
        )
        domain &= Domain("kind", "in", ("monthly", "owner_space"))
        # sudo: the domain says what this person may see
        cards_sudo = request.env["property.parking.pass"].sudo()
        if card_id is not None:
            if not is_document_id(card_id):
                return cards_sudo
            domain &= Domain("id", "=", card_id)
        return cards_sudo.search(domain, order="date_to desc, id desc", limit=50)

    def _my_stays_sudo(self):
        """Return the stays of the last months of cars while the user held them: they tell where
        he was, so neither his household nor who has the car after him sees them.
        """
        partner = request.env.user.partner_id.commercial_partner_id
        # sudo: the domain says what this person may see
        holdings_sudo = request.env["property.vehicle.holding"].sudo()
        held_sudo = holdings_sudo.search(
            [("partner_id.commercial_partner_id", "=", partner.id)], order="id desc", limit=200
        )
        began = fields.Datetime.now() - timedelta(days=DAYS)
        own = Domain.OR(
            Domain("vehicle_id", "=", one.vehicle_id.id)
            & Domain("started_at", ">=", max(one.since or began, began))
            & (Domain("started_at", "<", one.until) if one.until else Domain.TRUE)
            for one in held_sudo
        )
        stays_sudo = held_sudo.env["property.parking.session"]
        return stays_sudo.search(own & Domain("state", "in", ("inside", "left")), limit=STAYS)

    # What is shown: plain values ---------------------------------------------------------------

    def _my_vehicles_page(self, problem="", status=200):
        values = self._prepare_portal_layout_values()
        partner = request.env.user.partner_id
        units = self._my_occupancies_sudo().unit_id.filtered(lambda unit: unit.kind != "parking")
        # sudo: the domain says what this person may see
        requests_sudo = request.env["property.vehicle.request"].sudo()
        coupons_sudo = request.env["property.parking.coupon"].sudo()
        values.update(
            page_name="property_vehicles",
            problem=problem,
            vehicles=[self._vehicle_values(car, partner) for car in self._my_vehicles_sudo()],
            units=[{"id": unit.id, "name": f"{unit.site_id.name} {unit.code}"} for unit in units],
            requests=[
                {
                    "plate": plate_tools.display(one.plate),
                    "kind": one.kind,
                    "state": one.state,
                    "reason": one.reason,
                }
                for one in requests_sudo.search([("partner_id", "=", partner.id)], limit=5)
            ],
            cards=[self._card_values(card) for card in self._my_cards_sudo()],
            stays=[self._stay_values(stay) for stay in self._my_stays_sudo()],
            coupons=[
                self._coupon_values(coupon)
                for coupon in coupons_sudo.search(
                    [
                        ("partner_id", "=", partner.commercial_partner_id.id),
                        ("state", "=", "open"),
                        ("date_to", ">=", fields.Date.context_today(coupons_sudo)),
                    ],
                    limit=50,
                )
            ],
        )
        return request.render("property_security_billing.my_vehicles", values, status=status)

    def _vehicle_values(self, vehicle_sudo, partner):
        area_sudo = vehicle_sudo.env["property.parking.area"].search(
            [("site_id", "=", vehicle_sudo.site_id.id), ("is_paid_exit", "=", True)], limit=1
        )
        is_on = bool(vehicle_sudo.auto_pay_partner_id)
        return {
            "id": vehicle_sudo.id,
            "plate": vehicle_sudo.plate_display,
            "raw_plate": vehicle_sudo.plate,
            "is_green": vehicle_sudo.is_new_energy,
            "unit": vehicle_sudo.unit_id.code or "",
            "unit_id": vehicle_sudo.unit_id.id,
            "may_auto_pay": bool(area_sudo) and vehicle_sudo._may_auto_pay(partner),
            "auto_pay": is_on,
            "balance": float(vehicle_sudo._balance(area_sudo)) if area_sudo and is_on else 0.0,
            "currency": vehicle_sudo.company_id.currency_id,
        }

    def _card_values(self, card_sudo):
        today = fields.Date.context_today(card_sudo)
        kinds = dict(card_sudo._fields["kind"]._description_selection(request.env))
        days_left = (card_sudo.date_to - today).days if card_sudo.date_to else None
        return {
            "id": card_sudo.id,
            "kind": kinds[card_sudo.kind],
            "plates": card_sudo.plates,
            "area": card_sudo.area_id.name,
            "space": card_sudo.space_id.code or "",
            "state": card_sudo.state,
            "date_to": card_sudo.date_to,
            "days_left": days_left,
            "left": request.env._("%(count)s days left", count=(days_left or 0) + 1),
            "is_renewable": card_sudo._is_renewable(),
        }

    def _stay_values(self, stay_sudo):
        zone = ZoneInfo(stay_sudo.site_id.tz or "UTC")
        clock = (  # a stay whose way in was not read begins with its way out
            stay_sudo.started_at.replace(tzinfo=UTC).astimezone(zone).strftime("%m-%d %H:%M")
        )
        paid_sudo = stay_sudo.payment_ids.sorted("id")[-1:]
        return {
            "plate": stay_sudo.plate_display,
            "area": stay_sudo.area_id.name,
            "start": clock,
            "is_inside": stay_sudo.state == "inside",
            "amount": stay_sudo.amount_paid or stay_sudo.amount_open,
            "is_open": bool(stay_sudo.amount_open),
            "lines": fee_lines(stay_sudo.explanation),
            "currency": stay_sudo.currency_id,
            "receipt_url": paid_sudo._receipt_path() if paid_sudo else "",
        }

    def _coupon_values(self, coupon_sudo):
        worth = {
            "minutes": request.env._("%(count)s minutes", count=coupon_sudo.minutes),
            "amount": coupon_sudo.currency_id.format(coupon_sudo.amount),
            "percent": request.env._("%(count)s %% off", count=f"{coupon_sudo.percent:g}"),
            "day": request.env._("A free day"),
        }
        return {
            "code": coupon_sudo.code,
            "worth": worth[coupon_sudo.kind],
            "date_to": coupon_sudo.date_to,
        }
