from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.inspection_round.tools.checkin import true_time
from odoo.addons.inspection_round.tools.field_error import FieldRefused

from ..tools.incident_entry import EntryError, iso, read_report, read_step
from .incident_words import OPEN_STATES

MOST_SHOWN = 100
STAYS = timedelta(days=1)  # closed incidents stay on phones
IMAGE_NAMES = {b"\xff\xd8": ("jpg", "image/jpeg"), b"\x89P": ("png", "image/png")}


class PropertyIncident(models.Model):
    """Incidents on the guards' phones."""

    _inherit = "property.incident"

    # What phones keep -------------------------------------------------------------------------

    @api.model
    def _field_data(self, employee):
        """Collect the open incidents of an employee's sites, and what a report is chosen from.

        :param employee: hr.employee who signed in
        :return: JSON-able dict
        """
        sites = self.env["property.site"].search([("id", "in", self._field_sites().ids)])
        since = fields.Datetime.now() - STAYS
        shown = self.search(
            [
                ("site_id", "in", sites.ids),
                "|",
                ("state", "in", OPEN_STATES),
                ("closed_at", ">=", since),
            ],
            order="reported_at desc, id desc",
            limit=MOST_SHOWN,
        )
        return {
            "sites": [
                {
                    "id": site.id,
                    "name": site.name,
                    "company": site.company_id.id,
                    "buildings": [{"id": one.id, "name": one.name} for one in site.building_ids],
                }
                for site in sites
            ],
            "types": [
                {
                    "id": kind.id,
                    "name": kind.name,
                    "severity": kind.severity,
                    "company": kind.company_id.id,
                }
                for kind in self.env["property.incident.type"].search(
                    [("company_id", "in", sites.company_id.ids)]
                )
            ],
            "severities": [
                {"key": key, "name": name}
                for key, name in self._fields["severity"]._description_selection(self.env)
            ],
            "checkpoints": self._field_checkpoints(sites),
            "incidents": [incident._field_incident() for incident in shown],
        }

    @api.model
    def _field_sites(self):
        return self.env.user.property_site_ids

    @api.model
    def _field_checkpoints(self, sites):
        """List the places of patrol labels, so that scanning one says where it happened."""
        checkpoints = self.env["inspection.checkpoint"]
        if not checkpoints.has_access("read"):
            return []
        return [
            {
                "id": one.id,
                "code": one.code,
                "nfc": one.nfc_uid or "",
                "name": one.place or one.name,
                "site": one.site_id.id,
            }
            for one in checkpoints.search([("site_id", "in", sites.ids)])
        ]

    def _field_incident(self):
        """Describe an incident to a phone: no people and no money."""
        self.ensure_one()
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "text": self.description or "",
            "type": self.type_id.name,
            "severity": self.severity,
            "site": self.site_id.name,
            "site_id": self.site_id.id,
            "place": self.place_shown,
            "state": self.state,
            "occurred_at": iso(self.occurred_at),
            "due_at": self._field_due(),
            "responsible": self.responsible_id.sudo().name or "",  # a colleague's name
            "photos": self.photo_count + len(self.step_ids.photo_ids),
            "is_police_called": self.is_police_called,
            "is_fire_called": self.is_fire_called,
            "steps": [
                {
                    "id": step.id,
                    "name": step.name,
                    "is_required": step.is_required,
                    "is_done": bool(step.done_at),
                    "note": step.note or "",
                }
                for step in self.step_ids
            ],
        }

    def _field_due(self):
        due = self.respond_due_at if self.state == "reported" else self.close_due_at
        return iso(due) if self.state in OPEN_STATES else None

    # What phones send -------------------------------------------------------------------------

    @api.model
    def _field_take(self, entry, payload, files):
        """Take a report, or a step of an incident, as a phone says.

        :param entry: field.entry of this transaction
        :param payload: dict of `tools.incident_entry`
        :param files: photos, {sha256: bytes}
        :return: (incident, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        at = true_time(entry.device_at, entry.clock_skew, entry.received_at)
        try:
            if "incident" in payload:
                incident = self._field_step(read_step(payload), at, files)
            else:
                incident = self._field_report(read_report(payload), at, files)
        except EntryError as wrong:
            raise FieldRefused(422, self._field_wrong(wrong.field)) from None
        return incident, {"code": incident.code, "incident": incident._field_incident()}

    @api.model
    def _field_report(self, report, at, files):
        """Report an incident."""
        site = self.env["property.site"].search([("id", "=", report["site"])])
        kind = self.env["property.incident.type"].search([("id", "=", report["type"])])
        kind = kind and kind._of_company(site.company_id)
        if not site or not kind:
            raise FieldRefused(
                404, self.env._("This site or kind is not offered to you. Choose another one.")
            )
        vals = {
            "name": report["text"].splitlines()[0][:60],
            "description": report["text"],
            "type_id": kind.id,
            "site_id": site.id,
            "occurred_at": at,
            "reported_at": at,
            "is_police_called": report["is_police_called"],
            "is_fire_called": report["is_fire_called"],
            "source": "guard",
            **self._field_place(site, report),
        }
        if report["severity"]:
            vals["severity"] = report["severity"]
        incident = self.create(vals)
        incident._keep_photos(incident, files)
        return incident

    @api.model
    def _field_place(self, site, report):
        """Return the values that say where: a room that is not found stays in the words."""
        place, vals = report["place"], {}
        if report["building"]:
            buildings = self.env["property.building"]
            vals["building_id"] = buildings.search(
                [("id", "=", report["building"]), ("site_id", "=", site.id)]
            ).id
            if not vals["building_id"]:
                raise FieldRefused(404, self.env._("This building is not on the site."))
        if report["room"]:
            domain = [("site_id", "=", site.id), ("code", "=", report["room"])]
            unit = self.env["property.unit"].search(domain, limit=1)
            if unit:
                vals["unit_id"] = unit.id
                vals["building_id"] = unit.building_id.id
            else:
                place = " ".join(part for part in (report["room"], place) if part)
        if report["checkpoint"]:
            point = self.env["inspection.checkpoint"].search(
                [("id", "=", report["checkpoint"]), ("site_id", "=", site.id)]
            )
            if not point:
                raise FieldRefused(404, self.env._("This checkpoint is not on the site."))
            vals["checkin_id"] = self._field_checkin(point).id
            place = place or point.place or point.name
        return {**vals, "place": place or False}

    @api.model
    def _field_checkin(self, checkpoint):
        """Return the check-in of the guard at the checkpoint in the last hour, if there is one."""
        since = fields.Datetime.now() - timedelta(hours=1)
        return self.env["inspection.checkin"].search(
            [
                ("checkpoint_id", "=", checkpoint.id),
                ("employee_id", "=", self.env.user.employee_id.id),
                ("create_date", ">=", since),
            ],
            order="id desc",
            limit=1,
        )

    @api.model
    def _field_step(self, said, at, files):
        """Do something about an incident."""
        incident = self.search([("id", "=", said["incident"])])
        if not incident:
            raise FieldRefused(404, self.env._("There is no such incident for you. Reload."))
        if said["event"] == "start":
            if incident.state == "reported":
                incident._start(at)
            incident._keep_photos(incident, files)
        elif said["event"] == "close":
            incident._keep_photos(incident, files)
            incident._close(said["text"], at)
        else:
            incident._field_do(said, at, files)
        return incident

    def _field_do(self, said, at, files):
        """Mark a step as done, or add one that was done."""
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("%(incident)s is over.", incident=self.display_name))
        step = self.step_ids.filtered(lambda one: one.id == said["step"])
        if said["step"] and not step:
            raise FieldRefused(404, self.env._("There is no such step any more. Reload."))
        if not step:
            step = step.create({"incident_id": self.id, "name": said["text"][:200]})
        elif said["text"]:
            step.note = said["text"][:200]
        step._do(max(at, self.reported_at))
        self._keep_photos(step, files)

    @api.model
    def _keep_photos(self, record, files):
        """Attach photos of a phone; the app has made them small and free of metadata.

        :param record: the incident, or a step of it
        :param files: {sha256: bytes}
        """
        photos = self.env["ir.attachment"]
        for name, content in files.items():
            ending, mimetype = IMAGE_NAMES.get(content[:2], ("webp", "image/webp"))
            photos += photos.create(
                {
                    "name": f"{name[:12]}.{ending}",
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
        if photos:
            record.photo_ids |= photos

    @api.model
    def _field_wrong(self, field):
        """Say what is wrong with an entry, by the name of its value."""
        sentences = {
            "place": self.env._("Say where it is: a building, a room or a place."),
            "text": self.env._("Say what happened, in at most 2000 characters."),
            "site": self.env._("Choose the site."),
            "type": self.env._("Choose what kind of incident it is."),
        }
        unknown = self.env._("The phone sent something unreadable (%(field)s).", field=field)
        return sentences.get(field, unknown)
