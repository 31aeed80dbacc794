from odoo import api, models

from ..tools.codes import code_of, normalise_nfc
from ..tools.field_error import FieldRefused
from ..tools.payload import Wrong, read_checkin
from ..tools.results import read_value


class InspectionCheckin(models.Model):
    """How the field app hands in check-ins."""

    _inherit = "inspection.checkin"

    @api.model
    def _field_take(self, entry, payload, files):
        """Take a check-in that a phone sent.

        :param entry: field.entry of this transaction
        :param payload: dict as the phone signed it
        :param files: {sha256: bytes}
        :return: (check-in, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        rounds = self.env["inspection.round"]
        try:
            values = read_checkin(payload)
        except Wrong as wrong:
            raise FieldRefused(422, rounds._field_wrong(wrong)) from None
        one = rounds._field_find(values["round"], entry.employee_id)
        checkpoint = self._field_checkpoint(one, values)
        [(checkin, status)] = self._take(
            [
                {
                    **values,
                    **self._field_entry_values(entry),
                    "round": one,
                    "checkpoint": checkpoint,
                    "results": self._field_results(checkpoint, values["results"]),
                    "contents": files,
                }
            ]
        )
        return checkin, {
            "status": status,
            "flags": checkin.flag_ids.mapped("code"),
            "flag_names": checkin.flag_ids.mapped("name"),
            "round": one._field_answer(),
        }

    def _field_entry_values(self, entry):
        """Return what the entry says of a check-in; an addon that knows more of it adds."""
        return {
            "uuid": entry.uuid,
            "employee": entry.employee_id,
            "device_at": entry.device_at,
            "received_at": entry.received_at,
            "clock_skew": entry.clock_skew,
            "device": entry.device_id.sudo().uuid,  # the number of the own phone
        }

    def _field_checkpoint(self, one, values):
        """Find the checkpoint by its number, or by what was scanned.

        :raise FieldRefused: the route has no such checkpoint
        """
        # a checkpoint may have been archived since the phone read the route
        points = one.route_id.with_context(active_test=False).checkpoint_ids
        if values["checkpoint"]:
            found = points.filtered(lambda point: point.id == values["checkpoint"])
        else:
            found = points.filtered(lambda point: self._is_scanned(point, values))
        if not found:
            raise FieldRefused(
                422,
                self.env._(
                    "This label or tag is of no checkpoint of the route “%(route)s”. Check that"
                    " you are at the right place.",
                    route=one.route_id.name,
                ),
            )
        return found

    @api.model
    def _is_scanned(self, point, values):
        if values["code"]:
            return code_of(values["code"]) == point.code
        try:
            return bool(values["nfc"]) and normalise_nfc(values["nfc"]) == point.nfc_uid
        except ValueError:
            return False

    def _field_results(self, checkpoint, results):
        """Find the items of answers and read their values.

        :raise FieldRefused: an answer to another item, or none of its kind
        """
        items = checkpoint.with_context(active_test=False).item_ids
        by_id = {item.id: item for item in items}
        found = []
        for number, one in enumerate(results):
            item = by_id.get(one["item"])
            try:
                if not item:
                    raise ValueError(one["item"])
                value = read_value(item._expected(), one["value"])
            except ValueError:
                wrong = Wrong(f"results[{number}]")
                message = self.env["inspection.round"]._field_wrong(wrong)
                raise FieldRefused(422, message) from None
            found.append({**one, "item": item, "value": value})
        return found
