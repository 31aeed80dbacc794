from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.inspection_round.tools.checkin import true_time
from odoo.addons.inspection_round.tools.field_error import FieldRefused

from ..tools.incident_entry import EntryError, iso, read_handover


class PropertyHandover(models.Model):
    """Hand-overs on the guards' phones."""

    _inherit = "property.handover"

    @api.model
    def _field_data(self, employee):
        """Collect the posts of an employee's sites, who may take over, and what he has to sign.

        :param employee: hr.employee who signed in
        :return: JSON-able dict
        """
        sites = self.env.user.property_site_ids
        posts = self.env["property.handover.post"].search([("site_id", "in", sites.ids)])
        waiting = self.search([("state", "=", "given"), ("to_employee_id", "=", employee.id)])
        return {
            "posts": [post._field_post() for post in posts],
            "colleagues": [
                {"id": one.id, "name": one.name, "sites": (one.site_ids & sites.sudo()).ids}
                for one in self._field_colleagues(sites) - employee.sudo()
            ],
            "waiting": [handover._field_handover() for handover in waiting],
        }

    @api.model
    def _field_colleagues(self, sites):
        """Return the guards of sites, without those who only may do as guards do.

        Phones show their names only.
        """
        guards = self.env.ref("property_base.group_guard")
        managers = self.env.ref("property_base.group_manager")
        # sudo: guards do not read employees, but hand over to them
        employees_sudo = self.env["hr.employee"].sudo()
        found_sudo = employees_sudo.search([("site_ids", "in", sites.ids)], order="name, id")
        groups_of = {one: one.user_id.all_group_ids for one in found_sudo}
        return found_sudo.filtered(
            lambda one: guards in groups_of[one] and managers not in groups_of[one]
        )

    def _field_handover(self):
        """Describe a hand-over to the guard who has to sign it."""
        self.ensure_one()
        return {
            "id": self.id,
            "post": self.post_id.name,
            "site": self.site_id.name,
            "from": self.from_employee_id.sudo().name,  # a colleague's name
            "start_at": iso(self.start_at),
            "end_at": iso(self.end_at),
            "note": self.note or "",
            "items": [
                {
                    "name": item.name,
                    "expected": item.expected,
                    "counted": item.counted,
                    "note": item.note or "",
                }
                for item in self.item_ids
            ],
            "incidents": self.incident_ids.mapped("display_name"),
        }

    @api.model
    def _field_take(self, entry, payload, files):
        """Take a hand-over that was given or signed on a phone.

        :param entry: field.entry of this transaction
        :param payload: dict of `tools.incident_entry`
        :param files: photos; none are taken
        :return: (hand-over, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        try:
            said = read_handover(payload)
        except EntryError as wrong:
            message = self.env._(
                "The hand-over cannot be read (%(field)s). Write it again.", field=wrong.field
            )
            raise FieldRefused(422, message) from None
        at = true_time(entry.device_at, entry.clock_skew, entry.received_at)
        handover = self._field_give(said, at) if said["event"] == "give" else None
        if not handover:
            handover = self.search([("id", "=", said["handover"])])
            if not handover:
                raise FieldRefused(404, self.env._("There is no such hand-over for you. Reload."))
            handover._take(at, said["text"])
        return handover, {"state": handover.state}

    @api.model
    def _field_give(self, said, at):
        """Write and give a hand-over; a draft of the same guard is used up."""
        post = self.env["property.handover.post"].search([("id", "=", said["post"])])
        taker_sudo = self._field_colleagues(post.site_id).filtered(lambda one: one.id == said["to"])
        if not post or not taker_sudo:
            raise FieldRefused(
                404, self.env._("This post or guard is not on your site. Choose another one.")
            )
        draft = self.search([("post_id", "=", post.id), ("state", "=", "draft")])
        vals = {
            "from_employee_id": self.env.user.employee_id.id,
            "to_employee_id": taker_sudo.id,
            "note": said["text"] or False,
        }
        if draft:
            draft.write(vals)
        else:
            draft = self.create({"post_id": post.id, **vals})
        draft._field_count(said["items"])
        draft._give(at)
        return draft

    def _field_count(self, counts):
        """Keep what was counted.

        :param dict counts: id of the post's item -> (number, note)
        """
        unknown = counts.keys() - set(self.item_ids.post_item_id.ids)
        if unknown:
            raise UserError(self.env._("The equipment of the post has changed. Reload and count."))
        for item in self.item_ids:
            if item.post_item_id.id in counts:
                counted, note = counts[item.post_item_id.id]
                item.write({"counted": counted, "note": note or False, "is_counted": True})
