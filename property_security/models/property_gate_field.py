from datetime import timedelta

from odoo import api, fields, models

WAIT_MINUTES = 30  # for which a car is thought to wait for the guard
RECENT = 15


class PropertyGateField(models.AbstractModel):
    """Gates in the field app: which cars wait for the guard, and opening by hand."""

    _name = "property.gate.field"
    _description = "Gates in the Field App"

    @api.model
    def _field_data(self, employee):
        """Collect what the phone keeps: gates and the reasons for which one may be opened.

        :param employee: hr.employee who signed in
        :return: JSON-able dict
        """
        openings = self.env["property.gate.opening"]
        reasons = openings._fields["reason_kind"]._description_selection(self.env)
        return {
            "gates": [
                {
                    "id": gate.id,
                    "name": gate.name,
                    "site": gate.site_id.name,
                    "kind": gate.kind,
                    "lanes": [{"id": lane.id, "name": lane.name} for lane in gate.lane_ids],
                }
                for gate in self.env["property.gate"].search([])
            ],
            "reasons": [{"key": key, "name": name} for key, name in reasons],
        }

    @api.model
    def _now(self):
        """Return what happens at the gates now: cars that wait, and the last that passed.

        :return: JSON-able dict; nothing about money or people
        """
        passages = self.env["property.parking.passage"]
        since = fields.Datetime.now() - timedelta(minutes=WAIT_MINUTES)
        waiting = passages.search(
            [("action", "=", "confirm"), ("received_at", ">=", since)], limit=50
        )
        recent = passages.search([("id", "not in", waiting.ids)], limit=RECENT)
        return {
            "waiting": [
                {**self._row(passage), "candidates": passage._candidates()} for passage in waiting
            ],
            "recent": [self._row(passage) for passage in recent],
        }

    @api.model
    def _row(self, passage):
        label = passage._fields["reason"].convert_to_export(passage.reason, passage)
        return {
            "id": passage.id,
            "plate": passage.plate,
            "shown": self.env["property.vehicle"]._display_plate(passage.plate),
            "lane": passage.lane_id.name,
            "direction": passage.direction,
            "at": fields.Datetime.to_string(passage.at).replace(" ", "T") + "Z",
            "action": passage.action,
            "reason": label or "",
            "confidence": round(passage.confidence),
            "is_unseen": passage.is_unseen,
            "image": f"/web/image/property.parking.passage/{passage.id}/image"
            if passage.with_context(bin_size=True).image
            else "",
        }
