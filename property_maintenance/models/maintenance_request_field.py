from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import html2plaintext

from odoo.addons.inspection_round.tools.checkin import true_time
from odoo.addons.inspection_round.tools.field_error import FieldRefused

from ..tools.field_step import read_step
from ..tools.request_form import FormError
from ..tools.workflow import OPEN_STEPS
from . import maintenance_request_steps  # noqa: F401 (its `_happen` is overridden here)

DONE_STAYS = timedelta(days=2)  # finished orders stay on phones
MOST_POOL = 50
MOMENTS = ("respond_done_at", "arrive_done_at", "finish_done_at")


@dataclass(frozen=True)
class Happened:
    """When a step happened by the phone's clock, and its photos; no RPC can put one in a context.

    ``at``: naive UTC; ``photos``: ids of attachments
    """

    at: datetime
    photos: tuple = ()


class MaintenanceRequest(models.Model):
    """Orders on the engineers' phones."""

    _inherit = "maintenance.request"

    # What phones keep -------------------------------------------------------------------------

    @api.model
    def _field_data(self, employee):
        """Collect the orders of an employee and the pool.

        :param employee: hr.employee who signed in
        :return: JSON-able dict
        """
        since = fields.Datetime.now() - DONE_STAYS
        mine = Domain("assignee_id", "=", employee.id) & (
            Domain("step", "in", OPEN_STEPS)
            | (
                Domain("step", "in", ("done", "confirmed", "closed"))
                & Domain("finish_done_at", ">=", since)
            )
        )
        pool = Domain("is_pool", "=", True) & Domain("step", "=", "new")
        order = "is_urgent desc, sla_due_at, id"
        is_engineer = self.env.user.has_group("property_base.group_engineer")
        waiting = self.search(pool, order=order, limit=MOST_POOL) if is_engineer else self.browse()
        return {
            "orders": [one._field_order() for one in self.search(mine, order=order)],
            "pool": [one._field_order() for one in waiting],
        }

    def _field_order(self):
        """Describe an order to a phone: what is needed on the way, phones masked."""
        self.ensure_one()
        # sudo: the engineer sees the order; of the contact only the name and the masked phone
        order_sudo = self.sudo()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "id": self.id,
            "number": self.code,
            "name": self.name or "",
            "text": html2plaintext(self.description or "").strip(),
            "kind": self.kind,
            "kind_name": kinds.get(self.kind, ""),
            "category": order_sudo.request_category_id.complete_name or "",
            "site": order_sudo.site_id.name,
            "where": self.place_shown or "",
            "equipment": order_sudo.equipment_id.display_name or "",
            "step": self.step,
            "is_pool": self.is_pool,
            "is_urgent": self.is_urgent,
            "is_paused": self.is_paused,
            "pause_reason": self.pause_reason or "",
            "urge_count": self.urge_count,
            "raised_at": moment(self.raised_at),
            "due_at": moment(self.sla_due_at),
            "preferred_at": moment(self.preferred_at),
            "contact": self.contact_name or "",
            "phone": self.contact_phone_masked or "",
            "photos": order_sudo.photo_ids.sorted("id").ids,
            "is_chargeable": self.is_chargeable,
            "quotation": self.quotation_state,
            "may_quote": bool(self.unit_id and self.contact_id),
            "tasks": [
                {
                    "id": task.id,
                    "name": task.name,
                    "is_required": task.is_required,
                    "is_done": task.is_done,
                }
                for task in order_sudo.task_ids
            ],
            "lines": [
                {
                    "kind": line.kind,
                    "name": line.name,
                    "quantity": line.quantity,
                    "amount": line.amount,
                    "is_chargeable": line.is_chargeable,
                }
                for line in order_sudo.line_ids
            ],
        }

    # What phones send -------------------------------------------------------------------------

    @api.model
    def _field_take(self, entry, payload, files):
        """Take a step of an order as a phone says.

        :param entry: field.entry of this transaction
        :param payload: dict with request, event, reason, note, lines, tasks
        :param files: photos, {sha256: bytes}
        :return: (request, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        try:
            step = read_step(payload)
        except FormError as wrong:
            raise FieldRefused(422, self._field_wrong(wrong)) from None
        order = self._field_find(step["request"])
        order._lock_and_reread("stage_id", "step", "assignee_id", "is_pool", "is_paused")
        at = true_time(entry.device_at, entry.clock_skew, entry.received_at)
        photos = order._keep_step_photos(self._clean_photos(list(files.values())))
        happened = Happened(max(at, order.raised_at or at), tuple(photos.ids))
        order.with_context(property_happened=happened)._field_step(step)
        return order, {"order": order._field_order()}

    @api.model
    def _field_find(self, request_id):
        """Find an order that this user may see.

        :raise FieldRefused: there is none, or it went to somebody else meanwhile
        """
        order = self.search([("id", "=", request_id)])
        if order:
            return order
        # sudo: only whether it is of a site of the user, to tell why it is gone
        gone_sudo = self.sudo().browse(request_id).exists()
        if gone_sudo and gone_sudo.site_id in self.env.user.property_site_ids:
            raise FieldRefused(
                422,
                self.env._(
                    "%(order)s is not yours: somebody else took it or it was given to somebody "
                    "else. Hand this entry over if work was done.",
                    order=gone_sudo.code,
                ),
            )
        raise FieldRefused(404, self.env._("There is no such order for you. Reload your orders."))

    def _field_step(self, step):
        """Let a step happen, with the lines and ticks that come with it."""
        self.ensure_one()
        event, reason = step["event"], step["reason"]
        if event in ("done", "quote"):
            self._field_check_mine()
            self._field_details(step)
        steps = {
            "take": lambda: self.action_take(),
            "accept": lambda: self.action_accept(),
            "reject": lambda: self.action_reject(reason),
            "arrive": lambda: self.action_arrive(),
            "pause": lambda: self.action_pause(reason),
            "resume": lambda: self.action_resume(),
            "quote": lambda: self.action_send_quotation(),
            "done": lambda: self.action_done(step["note"]),
        }
        steps[event]()

    def _field_check_mine(self):
        if not {"manager", "assignee"} & self._actors():
            raise FieldRefused(
                422,
                self.env._(
                    "%(order)s is not yours any more. Hand this entry over if work was done.",
                    order=self.code,
                ),
            )

    def _field_details(self, step):
        """Keep material, labour and ticks of an order."""
        self.env["property.request.line"].create(
            [{"request_id": self.id, **line} for line in step["lines"]]
        )
        ticked = self.task_ids.filtered(lambda task: task.id in step["tasks"] and not task.is_done)
        ticked.write({"is_done": True})

    def _keep_step_photos(self, photos):
        """Keep the photos of a step.

        :param photos: list of (name, bytes, mimetype)
        :return: ir.attachment
        """
        self.ensure_one()
        # sudo: engineers make no attachments of orders they may only act on
        attachments_sudo = self.env["ir.attachment"].sudo()
        return attachments_sudo.create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content, mimetype in photos
            ]
        )

    def _happen(self, event, vals=None, **entry):
        """Override: what a phone sends later happened when it happened, with its photos."""
        happened = self.env.context.get("property_happened")
        if isinstance(happened, Happened):
            entry.setdefault("at", happened.at)
            if happened.photos:
                entry.setdefault("photo_ids", [Command.set(happened.photos)])
            vals = {
                name: happened.at if name in MOMENTS and value and value != self[name] else value
                for name, value in (vals or {}).items()
            }
        return super()._happen(event, vals, **entry)

    @api.model
    def _field_wrong(self, wrong):
        return self.env._(
            "The value of “%(path)s” is missing or not possible. Correct it and send again.",
            path=wrong.field,
        )


def moment(value):
    """Write a moment for a phone: ISO 8601 of UTC, None when there is none."""
    return f"{value.isoformat()}Z" if value else None
