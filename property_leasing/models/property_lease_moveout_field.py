"""Move-outs in the field app: the checklist and the meters, also without a network."""

import math

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.inspection_round.tools.checkin import true_time
from odoo.addons.inspection_round.tools.field_error import FieldRefused

from .property_lease_moveout_check import RESULTS

FIELD_GROUPS = ("leasing", "engineer")
MOST_NOTE = 500
MOST_VALUE = 1e9


class PropertyLeaseMoveout(models.Model):
    _inherit = "property.lease.moveout"

    @api.model
    def _field_data(self, employee):
        """Collect the move-outs to be inspected on the sites of an employee; no money is shown.

        :param employee: hr.employee who signed in
        :return: JSON-able dict
        """
        return {"moveouts": [one._field_moveout() for one in self._field_own_sudo()]}

    @api.model
    def _field_own_sudo(self):
        """Return the planned move-outs that the user may inspect."""
        user = self.env.user
        if not any(user.has_group(f"property_base.group_{name}") for name in FIELD_GROUPS):
            return self.sudo().browse()
        # sudo: engineers inspect on their sites without reading leases and money
        return self.sudo().search(
            [("step", "=", "planned"), ("site_id", "in", user.property_site_ids.ids)],
            order="date, id",
        )

    def _field_moveout(self):
        """Describe a move-out to a phone."""
        self.ensure_one()
        kinds = dict(self.env["property.meter"]._fields["kind"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "brand": self.brand or self.partner_id.name,
            "site": self.site_id.name,
            "date": str(self.date),
            "checks": [
                {
                    "id": row.id,
                    "where": row.unit_id.code,
                    "name": row.name,
                    "result": row.result or "",
                    "note": row.note or "",
                }
                for row in self.check_ids
            ],
            "meters": [
                {
                    "id": row.id,
                    "code": row.meter_id.code,
                    "kind": kinds.get(row.kind, ""),
                    "where": row.unit_id.code,
                    "last": row.meter_id.last_reading,
                }
                for row in self.reading_ids
            ],
        }

    @api.model
    def _field_take(self, entry, payload, files):
        """Take the inspection of a move-out as a phone says.

        :param entry: field.entry of this transaction
        :param payload: dict with moveout, checks (id, result, note, files), meters (id, value)
        :param files: photos, {sha256: bytes}
        :return: (move-out, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        moveout_sudo = self._field_own_sudo().filtered(lambda one: one.id == payload.get("moveout"))
        if not moveout_sudo:
            raise FieldRefused(
                422,
                self.env._(
                    "This move-out is inspected already, or is not of your sites. Hand this entry "
                    "over if it has to be looked at."
                ),
            )
        moveout_sudo._lock_and_reread("step")
        at = true_time(entry.device_at, entry.clock_skew, entry.received_at)
        moveout_sudo._field_checks(self._rows_of(payload, "checks"), files, at)
        moveout_sudo._field_meters(self._rows_of(payload, "meters"))
        try:
            moveout_sudo.with_user(self.env.user).sudo().action_inspect()
        except UserError as error:
            raise FieldRefused(422, str(error)) from None
        return moveout_sudo, {"moveout": moveout_sudo.id}

    @api.model
    def _rows_of(self, payload, name):
        """Return dict id -> row of a payload."""
        rows = payload.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise FieldRefused(422, self.env._("This entry cannot be read. Fill it in again."))
        return {row["id"]: row for row in rows if isinstance(row.get("id"), int)}

    def _field_checks(self, rows, files, at):
        attachments_sudo = self.env["ir.attachment"].sudo()  # sudo: photos of the inspection
        for check in self.check_ids.filtered(lambda one: one.id in rows):
            row = rows[check.id]
            note = row.get("note") or ""
            if row.get("result") not in dict(RESULTS) or not isinstance(note, str):
                raise FieldRefused(422, self.env._("Say of %(what)s how it is.", what=check.name))
            photos = attachments_sudo.create(
                [
                    {
                        "name": f"{name[:12]}.jpg",
                        "raw": files[name],
                        "res_model": check._name,
                        "res_id": check.id,
                    }
                    for name in row.get("files") or []
                    if name in files
                ]
            )
            check.write(
                {
                    "result": row["result"],
                    "note": note.strip()[:MOST_NOTE],
                    "checked_at": at,
                    "attachment_ids": [(4, photo.id) for photo in photos],
                }
            )

    def _field_meters(self, rows):
        for reading in self.reading_ids.filtered(lambda one: one.id in rows):
            value = rows[reading.id].get("value")
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not is_number or not math.isfinite(value) or not 0 <= value < MOST_VALUE:
                raise FieldRefused(
                    422,
                    self.env._("Read meter %(meter)s once more.", meter=reading.meter_id.code),
                )
            reading.write({"value": value, "is_read": True})


class FieldApp(models.AbstractModel):
    """Move-outs in the field app."""

    _inherit = "field.app"

    def _field_handlers(self):
        """Override of `inspection_round`: inspections of move-outs."""
        return {**super()._field_handlers(), "moveout": "property.lease.moveout"}

    def _field_screens(self, employee):
        """Override of `inspection_round`: leasing and engineers inspect move-outs."""
        screens = super()._field_screens(employee)
        user = self.env.user
        if not any(user.has_group(f"property_base.group_{name}") for name in FIELD_GROUPS):
            return screens
        is_leasing = user.has_group("property_base.group_leasing")
        return [
            *screens,
            {
                "key": "moveouts",
                "model": "property.lease.moveout",
                "title": self.env._("Move-outs"),
                "sequence": 15 if is_leasing else 50,
            },
        ]
