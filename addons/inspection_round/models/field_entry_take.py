import json
from contextlib import contextmanager

from odoo import fields, models

from ..tools import field_payload
from ..tools.field_error import FieldRefused

LOCK = 0x6669656C  # class of our advisory locks: one for each company's chain


class FieldEntry(models.Model):
    """What happens to an entry that comes in."""

    _inherit = "field.entry"

    @contextmanager
    def _turn(self, company):
        """Hold the turn of a company's chain: one entry after the other, each seeing the last.

        The lock belongs to the connection and not to the transaction, for the transaction has to
        begin after the wait: what others stored meanwhile is invisible to an older one.

        :param company: res.company
        """
        cr = self.env.cr
        cr.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, company.id])
        try:
            cr.commit()  # nothing is written yet  # pylint: disable=invalid-commit
            self.env.invalidate_all()
            yield
        finally:
            cr.rollback()  # what was worth keeping is committed
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, company.id])

    def _take(self, handler, sent, employee):
        """Take an entry once, and say the same again to whoever sends it again.

        :param handler: name of what takes it
        :param sent: tools.field_payload.Sent
        :param employee: hr.employee whose session it came in
        :return: (HTTP status, answer)
        :raise FieldRefused: when nothing of it may be written
        """
        models_by_handler = self.env["field.app"]._field_handlers()
        if handler not in models_by_handler:
            raise FieldRefused(
                404,
                self.env._("The server does not know this kind of entry. Update the app."),
            )
        known_sudo = self._known(sent.uuid)
        if known_sudo:
            return self._take_again(known_sudo, handler, sent, employee)
        entry_sudo = self._append(sent, employee, "accepted", handler=handler)
        record, answer = self.env[models_by_handler[handler]]._field_take(
            entry_sudo, sent.payload, sent.files
        )
        answer = {**(answer or {}), "status": "accepted"}
        entry_sudo.write(
            {
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
                "result_json": json.dumps(answer, ensure_ascii=False),
            }
        )
        return 200, answer

    def _known(self, uuid):
        """Find what was accepted, or handed over, under a number."""
        # the number may be that of another's entry: then there is a conflict, and nothing is told
        return self.sudo().search([("uuid", "=", uuid), ("state", "!=", "conflict")])

    def _take_again(self, known_sudo, handler, sent, employee):
        """Answer an entry whose number is known: it is the same again, or another."""
        if (known_sudo.digest, known_sudo.employee_id, known_sudo.handler) == (
            sent.digest,
            employee,
            handler,
        ):
            answer = json.loads(known_sudo.result_json or "{}")
            return 200, {**answer, "status": "repeated"}
        message = self.env._(
            "Under the number of this entry another one was sent before. Both are kept: a planner "
            "of inspections decides."
        )
        kept = self.sudo().search(
            [("uuid", "=", sent.uuid), ("digest", "=", sent.digest), ("state", "=", "conflict")]
        )
        if not kept:
            kept = self._append(
                sent,
                employee,
                "conflict",
                handler=handler,
                conflict_entry_id=known_sudo.id,
                message=message,
            )
            kept._keep_files(sent)
            kept._call_people()
        return 409, {"status": "conflict", "error": message}

    def _hand_over(self, handler, sent, employee, reason):
        """Keep for a person what no handler would take.

        :param reason: why it was refused, as the phone was told
        :return: (HTTP status, answer)
        """
        known_sudo = self._known(sent.uuid)
        if known_sudo:
            return self._take_again(known_sudo, handler, sent, employee)
        entry_sudo = self._append(
            sent, employee, "refused", handler=handler[:64], message=reason[:500]
        )
        entry_sudo._keep_files(sent)
        entry_sudo._call_people()
        return 200, {"status": "handed_over"}

    def _keep_files(self, sent):
        """Attach the photos of an entry that nothing was made from."""
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": f"{name[:12]}.{field_payload.image_type(content)[6:]}",
                    "raw": content,
                    "mimetype": field_payload.image_type(content),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in sent.files.items()
            ]
        )

    def _call_people(self):
        """Ask the managers of the company to look at an entry."""
        for entry in self:
            for user in entry._managers():
                entry.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=fields.Date.context_today(self),
                    summary=entry.message[:120],
                    user_id=user.id,
                )

    def _managers(self):
        """List the people who answer for the evidence of these entries' company."""
        # groups are read by administrators only
        group_sudo = self.env.ref("inspection_round.group_manager").sudo()
        return group_sudo.all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id <= user.company_ids
        )
