import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import field_chain, field_payload

# what is settled when an entry comes in; the rest tells what became of it
CHAINED = [
    *("uuid", "handler", "employee_id", "user_id", "company_id", "device_id", "payload"),
    *("digest", "signature", "signature_state", "device_at", "sent_at", "received_at"),
    *("clock_skew", "state"),
]
FROZEN = {*CHAINED, "conflict_entry_id", "sequence", "previous_hash", "chain_hash"}
CHECK_BATCH = 5000


class FieldEntry(models.Model):
    """Something that a phone sent: kept as it came, in order of arrival, and never changed."""

    _name = "field.entry"
    _description = "Field Entry"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"  # who looks at an entry may say what he found
    _order = "received_at desc, id desc"
    _rec_name = "uuid"

    uuid = fields.Char(string="Entry Number", required=True, readonly=True)
    handler = fields.Char(required=True, readonly=True)
    kind = fields.Char(compute="_compute_kind", help="What was to be made of it.")
    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    device_id = fields.Many2one(
        "field.device", string="Signed On", readonly=True, index=True, ondelete="restrict"
    )
    payload = fields.Text(required=True, readonly=True, help="Exactly the text that was signed.")
    digest = fields.Char(
        required=True, readonly=True, help="SHA-256 over the payload and the photos it names."
    )
    signature = fields.Char(readonly=True)
    signature_state = fields.Selection(
        [("valid", "Valid"), ("invalid", "Invalid"), ("unsigned", "Not Signed")],
        string="Signature Is",
        required=True,
        readonly=True,
    )
    device_at = fields.Datetime(
        string="Happened", required=True, readonly=True, help="By the clock of the phone."
    )
    sent_at = fields.Datetime(
        string="Sent", required=True, readonly=True, help="By the clock of the phone."
    )
    received_at = fields.Datetime(string="Received", required=True, readonly=True, index=True)
    clock_skew = fields.Integer(
        string="Clock Off",
        readonly=True,
        aggregator=None,
        help="Seconds by which the clock of the phone was ahead when it sent.",
    )
    state = fields.Selection(
        [
            ("accepted", "Taken"),
            ("conflict", "Other Content Under the Same Number"),
            ("refused", "Handed Over"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    conflict_entry_id = fields.Many2one(
        "field.entry", string="Came First", readonly=True, ondelete="restrict"
    )
    sequence = fields.Integer(
        string="Place in the Chain", required=True, readonly=True, aggregator=None
    )
    previous_hash = fields.Char(required=True, readonly=True)
    chain_hash = fields.Char(string="Sum", required=True, readonly=True)
    res_model = fields.Char(string="Model of the Record", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, aggregator=None
    )
    message = fields.Char(readonly=True, help="Why a person has to look at it.")
    result_json = fields.Text(string="Answer of the Server", readonly=True)
    handled_by_id = fields.Many2one("res.users", string="Dealt With By", readonly=True)
    handled_at = fields.Datetime(string="Dealt With", readonly=True)
    is_open = fields.Boolean(
        string="To Deal With", compute="_compute_is_open", search="_search_is_open"
    )

    _uuid_unique = models.UniqueIndex("(uuid) WHERE state <> 'conflict'")
    _conflict_unique = models.UniqueIndex("(uuid, digest) WHERE state = 'conflict'")
    _sequence_unique = models.UniqueIndex("(company_id, sequence)")

    @api.depends("state", "handled_at")
    def _compute_is_open(self):
        for entry in self:
            entry.is_open = entry.state != "accepted" and not entry.handled_at

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = [("state", "!=", "accepted"), ("handled_at", "=", False)]
        others = ["|", ("state", "=", "accepted"), ("handled_at", "!=", False)]
        return wanted if True in value else others

    @api.depends("handler")
    def _compute_kind(self):
        models_by_handler = self.env["field.app"]._field_handlers()
        for entry in self:
            name = models_by_handler.get(entry.handler)
            # names of models are read by administrators only
            entry.kind = (name and self.env["ir.model"].sudo()._get(name).name) or entry.handler

    @api.depends("employee_id", "device_at")
    def _compute_display_name(self):
        for entry in self:
            moment = fields.Datetime.context_timestamp(self, entry.device_at)
            entry.display_name = f"{entry.employee_id.name} · {moment:%Y-%m-%d %H:%M}"

    def write(self, vals):
        """Override of `base`: what came in stays as it came."""
        if any(name in vals for name in FROZEN):
            raise UserError(
                self.env._("What a phone sent is evidence: it is not changed. Add a note instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a phone sent is evidence: it is not deleted."))

    def action_handle(self):
        """Say that these entries were looked at and dealt with."""
        self.check_access("read")
        if not self.env.user.has_group("inspection_round.group_planner"):
            raise UserError(self.env._("Ask a planner of inspections to deal with this entry."))
        # nobody may write entries by hand
        open_sudo = self.sudo().filtered("is_open")
        open_sudo.write({"handled_by_id": self.env.uid, "handled_at": fields.Datetime.now()})
        open_sudo.activity_ids.action_done()
        return True

    def action_open_record(self):
        """Open what the entry made."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            raise UserError(self.env._("Nothing was made from this entry. Read its payload."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    # -- the chain

    def _append(self, sent, employee, state, **values):
        """Put an entry at the end of its company's chain. The caller holds the chain's turn.

        :param sent: tools.field_payload.Sent, with ``handler`` in ``values``
        :param employee: hr.employee whose session it came in
        :param state: accepted, conflict or refused
        :return: field.entry
        """
        company = employee.sudo().company_id
        # phones are found by a number that the caller says he has; the employee must fit too
        device_sudo = (
            self.env["field.device"]
            .sudo()
            .search([("uuid", "=", sent.device), ("employee_id", "=", employee.id)])
        )
        now = fields.Datetime.now()
        device_sudo.last_seen_at = now
        # nobody may write entries by hand; thousands come in, so each makes one row and no note
        entries_sudo = self.sudo().with_context(tracking_disable=True, mail_create_nosubscribe=True)
        last = entries_sudo.search(
            [("company_id", "=", company.id)], order="sequence desc", limit=1
        )
        vals = {
            "uuid": sent.uuid,
            "employee_id": employee.id,
            "user_id": self.env.uid,
            "company_id": company.id,
            "device_id": device_sudo.id,
            "payload": sent.text,
            "digest": sent.digest,
            "signature": sent.signature,
            "signature_state": device_sudo._signature_state(sent),
            "device_at": sent.at,
            "sent_at": sent.sent_at,
            "received_at": now,
            "clock_skew": round((sent.sent_at - now).total_seconds()),
            "state": state,
            "sequence": last.sequence + 1,
            "previous_hash": last.chain_hash or field_chain.START,
            **values,
        }
        vals["chain_hash"] = field_chain.link_hash(
            vals["previous_hash"], vals["sequence"], self._chained(vals)
        )
        return entries_sudo.create(vals)

    @api.model
    def _chained(self, vals):
        """List what the chain covers, as plain values.

        :param vals: values of an entry, as read or as about to be written
        :return: tuple
        """
        return tuple(
            fields.Datetime.to_string(value) if hasattr(value, "year") else value or None
            for value in (vals.get(name) for name in CHAINED)
        )

    @api.model
    def _check_chain(self, company):
        """Read a company's whole chain and list where it is broken.

        :param company: res.company
        :return: list of tools.field_chain.Break
        """
        company.ensure_one()
        # whether evidence is whole does not depend on what the reader may see of it
        heads_sudo = self.env["field.head"].sudo().search([("company_id", "=", company.id)])
        told = [
            (head.last_sequence, head.chain_hash) for head in heads_sudo.sorted("last_sequence")
        ]
        self.env.flush_all()
        return field_chain.find_breaks(self._links(company), told)

    @api.model
    def _links(self, company):
        """Yield the links of a company's chain in order, some at a time."""
        columns = [*CHAINED, "sequence", "previous_hash", "chain_hash"]
        after = 0
        while True:
            self.env.cr.execute(
                f"SELECT {', '.join(columns)} FROM field_entry"  # noqa: S608 (our own names)
                " WHERE company_id = %s AND sequence > %s ORDER BY sequence LIMIT %s",
                [company.id, after, CHECK_BATCH],
            )
            rows = self.env.cr.dictfetchall()
            for row in rows:
                yield field_chain.Link(
                    row["sequence"],
                    row["previous_hash"],
                    row["chain_hash"],
                    self._chained(row),
                    self._is_whole(row),
                )
            if len(rows) < CHECK_BATCH:
                return
            after = rows[-1]["sequence"]

    @api.model
    def _is_whole(self, row):
        """Say whether a payload still has the sum that was taken of it."""
        try:
            names = field_payload.named_files(json.loads(row["payload"]))
        except ValueError:
            return row["digest"] == hashlib.sha256(row["payload"].encode()).hexdigest()
        return row["digest"] == field_payload.digest(row["payload"], names)
