from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.inspection_round.tools import field_payload
from odoo.addons.inspection_round.tools.checkin import true_time
from odoo.addons.inspection_round.tools.field_error import FieldRefused

from ..tools.visitor_form import FormError
from ..tools.visitor_step import read_visit
from .property_visitor_ticket_field import MOST, moment


class PropertyVisitorVisit(models.Model):
    """Visitors on the phones of guards."""

    _inherit = "property.visitor.visit"

    # -- what phones keep

    @api.model
    def _field_data(self, employee):
        """Collect who is expected and who is inside on the guard's sites.

        :param employee: hr.employee who signed in
        :return: JSON-able dict; telephone numbers and codes are not in it
        """
        # a director without sites of his own stands at any gate
        sites = self.env.user.property_site_ids or self.env["property.site"].search([], limit=MOST)
        inside = self.search(
            [("site_id", "in", sites.ids), ("state", "in", ["inside", "overstay"])], limit=MOST
        )
        return {
            "sites": [{"id": site.id, "name": site.name} for site in sites],
            "keys": self.env["property.visitor.key"]._public_keys(sites.company_id),
            "passes": self.env["property.visitor.pass"]._field_passes(sites),
            "visits": [visit._field_visit() for visit in inside],
            "releases": self.env["property.item.release"]._field_releases(sites),
        }

    def _field_visit(self):
        """Describe a visit to a phone."""
        self.ensure_one()
        return {
            "uuid": self.uuid,
            "pass": self.pass_id.id or None,
            "site": self.site_id.id,
            "name": self.name,
            "kind": self.kind,
            "unit": self.unit_id.code or self.unit_text or "",
            "plate": self.env["property.vehicle"]._display_plate(self.plate),
            "entered_at": moment(self.entered_at),
            "due_at": moment(self.due_at),
        }

    # -- what phones send

    @api.model
    def _field_take(self, entry, payload, files):
        """Take what happened at a gate: somebody came in or left.

        :param entry: field.entry of this transaction
        :param payload: dict as the phone signed it
        :param files: photos of the car, {sha256: bytes}
        :return: (visit, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        self._field_check_guard()
        try:
            step = read_visit(payload)
        except FormError as wrong:
            raise FieldRefused(422, self._field_wrong(wrong)) from None
        at = true_time(entry.device_at, entry.clock_skew, entry.received_at)
        if step["action"] == "out":
            visit_sudo = self._field_leave(step, at, entry.employee_id)
        else:
            take = self._field_enter if step["action"] == "in" else self._field_walk_in
            visit_sudo = take(
                step,
                {
                    "uuid": entry.uuid,
                    "entered_at": at,
                    "guard_id": entry.employee_id.id,
                    "gate": step["gate"],
                    "note": step["note"],
                },
            )
            visit_sudo._field_photos(files)
        labels = dict(self._fields["problem"]._description_selection(self.env))
        return visit_sudo, {
            "visit": visit_sudo._field_visit(),
            "problem": labels.get(visit_sudo.problem, ""),
        }

    @api.model
    def _field_check_guard(self):
        if not self.env.user.has_group("property_base.group_guard"):
            raise AccessError(self.env._("Only guards let visitors in and out."))

    @api.model
    def _field_enter(self, step, vals):
        one = self.env["property.visitor.pass"].search([("id", "=", step["pass"])])
        if not one:
            raise FieldRefused(
                422, self.env._("This pass is not of your site. Nobody is let in with it here.")
            )
        visit_sudo = self._enter(one, {**vals, "method": step["method"]})
        if step["signed"] and not one._is_signed(step["signed"]):
            visit_sudo.problem = "forged"
        return visit_sudo

    @api.model
    def _field_walk_in(self, step, vals):
        site = self.env["property.site"].search([("id", "=", step["site"])])
        if not site:
            raise FieldRefused(422, self.env._("This site is not yours. Choose your own."))
        unit = self.env["property.unit"].search(
            [("site_id", "=", site.id), ("code", "=", step["unit"])], limit=1
        )
        # sudo: the guard may register walk-ins; when and under which number says the entry
        visit_sudo = self.sudo().create(
            {
                **vals,
                "method": "walk_in",
                "site_id": site.id,
                "unit_id": unit.id,
                "unit_text": False if unit else step["unit"],
                **{name: step[name] for name in ("name", "kind", "phone", "plate", "confirmed_by")},
            }
        )
        if visit_sudo._banned():
            visit_sudo.problem = "banned"
        visit_sudo._tell_household()
        return visit_sudo

    @api.model
    def _field_leave(self, step, at, employee):
        visit = self.search([("uuid", "=", step["visit"])])
        if not visit:
            raise FieldRefused(
                422,
                self.env._(
                    "The server does not know when this visitor came in. Hand this entry over."
                ),
            )
        visit._leave(at, employee)
        return visit.sudo()  # the answer is the same for whoever let him out

    def _field_photos(self, files):
        """Keep the photos of a car."""
        # sudo: guards make no attachments of visits by hand
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": f"{name[:12]}.{field_payload.image_type(content)[6:]}",
                    "raw": content,
                    "mimetype": field_payload.image_type(content),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in files.items()
            ]
        )

    @api.model
    def _field_wrong(self, wrong):
        return self.env._(
            "The value of “%(path)s” is missing or not possible. Correct it and send again.",
            path=wrong.field,
        )
