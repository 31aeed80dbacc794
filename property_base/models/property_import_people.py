from odoo import api, models

from ..tools import idcard
from ..tools.cellread import read_name, read_phones

ID_TYPES = {
    "resident": "resident_id",
    "resident15": "resident_id",
    "company": "business",
    "other": "other",
}


class PropertyImportPeople(models.AbstractModel):
    """Reading people from rows; finding or creating their contacts without doubling one."""

    _name = "property.import.people"
    _description = "Workbook Import: People"

    @api.model
    def _read_person(self, row, context):
        """Read name, phone and ID number of a row."""
        vals = row.vals
        vals["name"] = self._cell(row, context, "name", read_name, required=True)
        phones = self._read_phones(row, context)
        vals["phone"] = phones[0] if phones else None
        vals["other_phones"] = phones[1:]
        vals["id_kind"], vals["id_number"] = self._read_id_number(row, context) or (None, None)

    @api.model
    def _read_phones(self, row, context):
        """Return the phone numbers of a row; a layout with placeholders overrides it."""
        return self._cell(row, context, "phone", read_phones) or []

    @api.model
    def _read_id_number(self, row, context):
        """Return (kind, number) or ``None``; a layout with placeholders overrides it."""
        return self._cell(row, context, "id_number", idcard.read_id_number, today=context.today)

    @api.model
    def _check_people(self, rows, context):
        """Point out one ID number under several names; they stay different people."""
        names = {}
        for row in rows:
            number = row.vals.get("id_number")
            if not number:
                continue
            first = names.setdefault(number, row)
            if first.vals["name"] != row.vals["name"]:
                context.warn(
                    row,
                    "id_number",
                    self.env._(
                        "Row %(row)s has the same ID number under another name (%(name)s). One of "
                        "the two is wrong.",
                        row=first.number,
                        name=first.vals["name"],
                    ),
                )

    @api.model
    def _match_people(self, rows, context):
        """Return dict row -> partner id.

        People are found by ID number, else by name and phone within the site, else by name within
        the unit. Two different ID numbers in one workbook are two people.
        """
        known = self._known_people(rows, context)
        names = {}
        for row in rows:
            names.setdefault(row.vals.get("id_number"), set()).add(row.vals["name"])
        result, new, waiting = {}, {}, {}
        for row in rows:
            keys = self._person_keys(row)
            found = next((known[key] for key in keys if key in known), None)
            if not found and keys[0][0] == "id" and len(names[row.vals["id_number"]]) == 1:
                # The one person with this number, under a name that was corrected since.
                found = known.get(("id", keys[0][1], None))
            if found:
                result[row] = found
                for key in keys:
                    known.setdefault(key, found)
                continue
            slot = next((waiting[key] for key in keys if key in waiting), None)
            if slot is None or self._is_other_person(row, new[slot]):
                slot = len(new)
                new[slot] = []
            new[slot].append(row)
            for key in keys:
                waiting.setdefault(key, slot)
        groups = list(new.values())
        partners = self._create(
            "res.partner", [self._prepare_partner(group, context) for group in groups], context
        )
        for partner_id, group in zip(partners.ids, groups, strict=True):
            result.update(dict.fromkeys(group, partner_id))
        self._update_people(result, set(partners.ids), context)
        return result

    @api.model
    def _person_keys(self, row):
        vals = row.vals
        keys = []
        if vals.get("id_number"):
            keys.append(
                ("id", self.env["property.cipher"]._digest(vals["id_number"]), vals["name"])
            )
        if vals.get("phone"):
            keys.append(("phone", vals["name"], vals["phone"]))
        keys.append(("unit", vals["name"], vals.get("unit")))
        return keys

    @api.model
    def _is_other_person(self, row, group):
        """Return whether a row's ID number contradicts those of a group of rows."""
        number = row.vals.get("id_number")
        known = {other.vals.get("id_number") for other in group} - {None}
        return bool(number and known and number not in known)

    @api.model
    def _known_people(self, rows, context):
        """Return dict key -> partner id of the people the system has already."""
        digest = self.env["property.cipher"]._digest
        digests = {digest(row.vals["id_number"]) for row in rows if row.vals.get("id_number")}
        partners = self.env["res.partner"].with_context(active_test=False)
        known = {}
        company = [("company_id", "in", (False, context.company_id))]
        for partner in partners.search([("id_number_digest", "in", list(digests)), *company]):
            known[("id", partner.id_number_digest, partner.name)] = partner.id
            known.setdefault(("id", partner.id_number_digest, None), partner.id)
        residents = self.env["property.occupancy"].search([("site_id", "=", context.site_id)])
        for occupancy in residents:
            partner = occupancy.partner_id
            known.setdefault(("unit", partner.name, occupancy.unit_id.code), partner.id)
            if partner.phone:
                known.setdefault(("phone", partner.name, partner.phone), partner.id)
        return known

    @api.model
    def _prepare_partner(self, group, context):
        """Return the values of a new contact from all rows that mean this person."""
        cipher = self.env["property.cipher"]
        vals = {"name": group[0].vals["name"], "company_id": context.company_id}
        for row in group:
            number = row.vals.get("id_number")
            if row.vals.get("phone") and "phone" not in vals:
                vals["phone"] = row.vals["phone"]
            if row.vals.get("other_phones") and "comment" not in vals:
                vals["comment"] = "、".join(row.vals["other_phones"])
            if number and "id_type" not in vals:
                vals.update(
                    id_type=ID_TYPES[row.vals["id_kind"]],
                    id_number_cipher=cipher._encrypt(number),
                    id_number_digest=cipher._digest(number),
                    id_number_masked=idcard.mask(number),
                    is_company=row.vals["id_kind"] == "company",
                )
        return vals

    @api.model
    def _update_people(self, result, created, context):
        """Write a corrected phone or a new ID number onto contacts that were there before."""
        cipher = self.env["property.cipher"]
        done = set(created)
        for row, partner_id in result.items():
            if partner_id in done:
                continue
            done.add(partner_id)
            partner = self.env["res.partner"].browse(partner_id)
            vals = {"active": True, "name": row.vals["name"]}
            if row.vals.get("phone"):
                vals["phone"] = row.vals["phone"]
            number = row.vals.get("id_number")
            if number and cipher._digest(number) != partner.id_number_digest:
                vals.update(
                    id_type=ID_TYPES[row.vals["id_kind"]],
                    id_number_cipher=cipher._encrypt(number),
                    id_number_digest=cipher._digest(number),
                    id_number_masked=idcard.mask(number),
                )
            self._update(partner, vals, context)
