import base64

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime
from odoo.tools.mimetypes import guess_mimetype

from ..tools.upkeep import UNFINISHED


class InspectionResult(models.Model):
    """Abnormal results raise work, numbers become readings of equipment."""

    _inherit = "inspection.result"

    equipment_id = fields.Many2one(
        related="checkpoint_id.equipment_id", store=True, precompute=True, index="btree_not_null"
    )
    reading_ids = fields.One2many("property.equipment.reading", "result_id", string="Readings")

    # Abnormal results -------------------------------------------------------------------------

    def _on_abnormal(self):
        """Override of `inspection_round`: raise one request for each defect while it is open."""
        result = super()._on_abnormal()
        ours_sudo = self.sudo().filtered("site_id")
        # Two phones may report the same defect at once: the second waits here and sees the first.
        ours_sudo.checkpoint_id._lock_and_reread()
        for (checkpoint, item), found_sudo in ours_sudo.grouped(
            lambda one: (one.checkpoint_id, one.item_id)
        ).items():
            request_sudo = self._open_request(checkpoint, item)
            first_sudo, *_others = found_sudo.sorted("checked_at")
            if not request_sudo:
                request_sudo = first_sudo._raise_defect()
                found_sudo -= first_sudo
            for one_sudo in found_sudo.sorted("checked_at"):
                request_sudo._see_again(one_sudo)
        return result

    def _open_request(self, checkpoint, item):
        """Return the request about a defect that is not finished."""
        return (
            self.env["maintenance.request"]
            .sudo()
            .search(
                [
                    ("inspection_checkpoint_id", "=", checkpoint.id),
                    ("inspection_item_id", "=", item.id),
                    *UNFINISHED,
                ],
                limit=1,
            )
        )

    def _raise_defect(self):
        """Raise the request about this abnormal result.

        :return: the request, as superuser
        """
        self.ensure_one()
        equipment = self.equipment_id
        vals = {
            "name": f"{self.checkpoint_id.name}: {self.item_id.name}"[:200],
            "description": self._defect_text(),
            "site_id": self.site_id.id,
            "unit_id": equipment.unit_id.id,
            "place": self.checkpoint_id._where(),
            "equipment_id": equipment.id,
            "maintenance_team_id": equipment._team().id if equipment else False,
            "kind": "repair",
            "channel": "inspection",
        }
        vals = {name: value for name, value in vals.items() if value}
        files = []
        for number, photo in enumerate(self.photo_ids.filtered("image"), 1):
            content = base64.b64decode(photo.image)
            mimetype = guess_mimetype(content)
            files.append((f"{number}.{mimetype.rpartition('/')[2]}", content, mimetype))
        request_sudo = self.env["maintenance.request"].sudo()._raise_request(vals, files).sudo()
        request_sudo.write(
            {
                "inspection_checkpoint_id": self.checkpoint_id.id,
                "inspection_item_id": self.item_id.id,
                "inspection_result_id": self.id,
            }
        )
        return request_sudo

    def _defect_text(self):
        """Return what was found, when and by whom, in one line."""
        self.ensure_one()
        site_time = self.with_context(tz=self.site_id.tz)
        parts = [
            self.env._(
                "%(item)s: %(value)s (expected: %(expected)s)",
                item=self.item_id.name,
                value=self.value or "",
                expected=self.item_id.limits or "",
            ),
            self.note,
            self.checkin_id.employee_id.name,
            format_datetime(site_time.env, self.checked_at, tz=self.site_id.tz),
        ]
        return " · ".join(part for part in parts if part)

    # Readings ---------------------------------------------------------------------------------

    def _keep_readings(self):
        """Keep numbers as readings; a counter that would run backwards says so instead.

        A check-in is never refused for a number.
        """
        try:
            with self.env.cr.savepoint():
                self.env["property.equipment.reading"]._take(
                    [result._prepare_reading_vals() for result in self]
                )
        except ValidationError as error:
            if len(self) == 1:
                self.equipment_id.message_post(body=str(error))
                return
            for result in self:
                result._keep_readings()

    def _prepare_reading_vals(self):
        self.ensure_one()
        return {
            "gauge_id": self.item_id.gauge_id.id,
            "at": self.checked_at,
            "value": self.number,
            "source": "inspection",
            "reference": f"inspection.result,{self.id}",
            "result_id": self.id,
            "note": self.note,
        }
