import re
import unicodedata

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.property_base.tools import plate as plate_tools

from .property_tender_method import KEYS

SHOWN = 20
FETCHED = 200


class PropertyCounter(models.AbstractModel):
    """What the screen of the counter asks for; every rule of money is on this side (收费台)."""

    _name = "property.counter"
    _description = "Counter"

    @api.model
    def _check_cashier(self):
        """Raise unless the user takes money at a counter."""
        if not self.env.user.has_group("property_base.group_cashier"):
            raise AccessError(
                self.env._("The counter is for cashiers. Ask your site manager for that role.")
            )

    # === Start ===

    @api.model
    def start(self, site_id=None):
        """Return what the screen needs before a household is chosen.

        :param site_id: the site of the counter; the one of the open shift when left out
        :return: dict with the sites, the open shift and the ways to pay
        """
        self._check_cashier()
        sites = self.env["property.site"].search([("active", "=", True)])
        shifts = self.env["property.cashier.shift"]
        site = sites.filtered(lambda one: one.id == site_id)
        shift = shifts._mine(site) if site else shifts._mine()
        site = site or shift.site_id or sites[:1]
        return {
            "cashier": self.env.user.name,
            "sites": [{"id": one.id, "name": one.name} for one in sites],
            "site_id": site.id,
            "currency": site.currency_id.symbol or "",
            "shift": self._shift_values(shift),
            "methods": self._method_values(site) if site else [],
            "is_checker": self.env.user.has_group("property_base.group_finance"),
        }

    @api.model
    def _method_values(self, site):
        values, keys = [], set()
        for method in self.env["property.tender.method"]._for_site(site):
            key = KEYS[method.kind]
            if key in keys:
                key = next(one for one in "123456789EFGHJKMORTVXZ" if one not in keys)
            keys.add(key)
            values.append(
                {
                    "id": method.id,
                    "name": method.name,
                    "kind": method.kind,
                    "key": key,
                    "needs_reference": method.needs_reference,
                }
            )
        return values

    @api.model
    def _shift_values(self, shift):
        if not shift:
            return False
        return {
            "id": shift.id,
            "name": shift.name,
            "site_id": shift.site_id.id,
            "site": shift.site_id.name,
            "state": shift.state,
            "float": shift.amount_float,
            "received": shift.amount_received,
            "count": len(shift.collection_ids.filtered(lambda one: one.state == "done")),
        }

    # === Search ===

    @api.model
    def search_households(self, text):
        """Find households by room, name, phone, plate, or parts of them.

        Each kind of answer is a query of its own on an index: one condition with OR would read
        every unit. Parking spaces stand for the household they belong to.

        :param str text: what was typed
        :return: list of dict, the best match first
        """
        self._check_cashier()
        text = text.replace("\0", "") if isinstance(text, str) else ""
        text = unicodedata.normalize("NFKC", text).strip().replace("－", "-")[:60]
        if not text:
            return []
        units, ranks = self._find_units(text)
        heads = {}
        for unit in units:
            head = unit.parent_id or unit
            rank = (ranks[unit.id], head.sort_key or "", head.id)
            heads[head] = min(rank, heads.get(head, rank))
        found = sorted(heads, key=heads.get)[:SHOWN]
        return self._found_values(self.env["property.unit"].browse([unit.id for unit in found]))

    @api.model
    def _find_units(self, text):
        """Return the units a text means, and dict unit id -> rank (0 is the best)."""
        ranks = {}
        for rank, ids in enumerate(self._find_steps(text)):
            for unit_id in ids:
                ranks.setdefault(unit_id, rank)
        if not ranks and not re.fullmatch(r"[\d\s\-#]+", text):
            ranks = dict.fromkeys(self._find_within_names(text), 0)
        units = self.env["property.unit"].search_fetch(
            [("id", "in", list(ranks))], ["parent_id", "sort_key"], order="id"
        )
        units.parent_id.fetch(["sort_key"])
        return units, ranks

    @api.model
    def _find_within_names(self, text):
        """Return the ids of units of people whose name has a text in it."""
        like = "=ilike" if text.isascii() else "=like"
        patterns = [f"%{self._literal(text)}%"]
        if len(text) < 3:
            # the index knows two characters at the end of a name, as given names are, and three
            # anywhere: two in the middle are the last resort, which reads all names
            patterns.insert(0, f"%{self._literal(text)}")
        for pattern in patterns:
            found = self._people_units(Domain("name", like, pattern))
            if found:
                return found
        return []

    @api.model
    def _find_steps(self, text):
        """Yield the ids of units, the surest kind of match first."""
        yield from self._find_codes(text)
        digits = re.sub(r"[\s+()-]", "", text)
        if digits.isdigit() and len(digits) >= 4:
            yield self._people_units(Domain("phone_digits", "=like", f"%{digits}"))
        plate = plate_tools.normalise(text)
        if len(plate) >= 4:
            vehicles = self.env["property.vehicle"].search_fetch(
                Domain("plate", "like", plate), ["unit_id", "space_id"], limit=FETCHED, order="id"
            )
            yield (vehicles.unit_id | vehicles.space_id).ids
        if not re.fullmatch(r"[\d\s\-#]+", text):
            yield self._people_units(Domain("name", "=like", f"{self._literal(text)}%"))

    @api.model
    def _find_codes(self, text):
        units = self.env["property.unit"]
        parts = [part for part in re.split(r"[-#栋幢单元室号\s]+", text) if part]
        yield units.search([("code", "=", "-".join(parts) or text)], limit=FETCHED).ids
        if len(parts) == 2 and re.search(r"\d", parts[1]):
            pattern = Domain(
                "code", "=like", f"{self._literal(parts[0])}-%-{self._literal(parts[1])}"
            )
            yield units._search(pattern, limit=FETCHED)
        if re.search(r"[\dA-Za-z]", text):
            yield units._search(
                Domain("code", "=ilike", f"%{self._literal('-'.join(parts) or text)}%"),
                limit=FETCHED,
            )

    @api.model
    def _literal(self, text):
        return re.sub(r"([\\%_])", r"\\\1", text)

    @api.model
    def _people_units(self, partner_domain):
        """Return the units where somebody meant by a domain lives or owns today."""
        current = self.env["property.occupancy"]._domain_current()
        rows = self.env["property.occupancy"].search_fetch(
            # any!: the site rule of the occupancy itself says whom the user may find
            current & Domain("partner_id", "any!", partner_domain),
            ["unit_id"],
            limit=FETCHED,
            order="id",
        )
        return rows.unit_id.ids

    @api.model
    def _found_values(self, heads):
        spaces = heads.child_ids
        people = self._people(heads)
        open_sums = self._open_sums(heads | spaces)
        values = []
        for head in heads:
            mine = head | head.child_ids
            rows = people.get(head, [])
            # sudo: whoever may see who lives there may see the names; the phone stays masked
            persons_sudo = [row.partner_id.sudo() for row in rows[:2]]
            values.append(
                {
                    "id": head.id,
                    "code": head.code,
                    "site": head.site_id.name,
                    "names": "、".join(dict.fromkeys(one.name or "" for one in persons_sudo)),
                    "phone": persons_sudo[0].phone_masked or "" if rows else "",
                    "spaces": [space.code for space in head.child_ids],
                    "open": sum(open_sums.get(unit.id, 0.0) for unit in mine),
                }
            )
        return values

    @api.model
    def _people(self, units):
        """Return dict unit -> its current occupancies, owner and tenant first."""
        rows = self.env["property.occupancy"].search_fetch(
            self.env["property.occupancy"]._domain_current() & Domain("unit_id", "in", units.ids),
            ["unit_id", "partner_id", "role"],
            order="role_order, id",
        )
        # sudo: whoever may see who lives there may see the names; one query for all of them
        rows.partner_id.sudo().fetch(["name", "phone"])
        return rows.grouped("unit_id")

    @api.model
    def _open_sums(self, units):
        """Return dict unit id -> open amount of its bills."""
        rows = self.env["account.move"]._read_group(
            self._open_domain(units), ["unit_id"], ["amount_residual:sum"]
        )
        return {unit.id: amount for unit, amount in rows}

    @api.model
    def _open_domain(self, units):
        return (
            Domain("unit_id", "in", units.ids)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial", "in_payment"))
            & Domain("amount_residual", ">", 0)
        )
