import secrets
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import gate_signature
from ..tools.gate_error import GateRefused
from .property_gate import LOCK

OVERLAP_HOURS = 24  # for which the former secret still counts


class PropertyGate(models.Model):
    _inherit = "property.gate"

    secret = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="With which the device signs.",
    )
    secret_former = fields.Char(readonly=True, copy=False, groups="base.group_system")
    secret_former_until = fields.Datetime(
        string="Former Secret Until", readonly=True, copy=False, groups="base.group_system"
    )
    has_secret = fields.Boolean(
        string="Has a Secret", compute="_compute_has_secret", compute_sudo=True
    )

    @api.depends("secret")
    def _compute_has_secret(self):
        for gate in self:
            gate.has_secret = bool(gate.secret)

    def action_make_secret(self):
        """Make a new secret and show it this once; the former one counts for another day."""
        self.ensure_one()
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("property_base.group_manager")):
            raise AccessError(self.env._("Only a site manager makes secrets. Ask yours."))
        secret = self._make_secret()
        self.message_post(body=self.env._("A new secret was made for the device."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Secret of %(gate)s, shown only this once", gate=self.name),
                "message": secret,
                "type": "warning",
                "sticky": True,
            },
        }

    def _make_secret(self):
        self.ensure_one()
        secret = secrets.token_urlsafe(32)
        gate_sudo = self.sudo()  # hidden from everybody, also from who makes it
        gate_sudo.write(
            {
                "secret_former": gate_sudo.secret,
                "secret_former_until": fields.Datetime.now() + timedelta(hours=OVERLAP_HOURS),
                "secret": secret,
            }
        )
        return secret

    def _secrets(self):
        """Return the secrets that count now."""
        self.ensure_one()
        gate_sudo = self.sudo()  # a signature is checked before anybody is known
        now = fields.Datetime.now()
        found = [gate_sudo.secret] if gate_sudo.secret else []
        until = gate_sudo.secret_former_until
        if gate_sudo.secret_former and until and now < until:
            found.append(gate_sudo.secret_former)
        return found

    @api.model
    def _signed(self, code, method, path, headers, body):
        """Return the gate that has signed a request.

        :param str code: as in the address
        :param headers: those of the request
        :param bytes body: as sent
        :return: (property.gate in superuser mode, nonce)
        :raise GateRefused: 401 when nobody has
        """
        timestamp, nonce, signature = (headers.get(name) or "" for name in gate_signature.HEADERS)
        well_formed = (
            gate_signature.TIMESTAMP.fullmatch(timestamp)
            and gate_signature.NONCE.fullmatch(nonce)
            and signature
        )
        if not well_formed:
            raise GateRefused(401, "headers")
        # sudo: devices are no users; the signature says who speaks
        gate_sudo = self.sudo().search([("code", "=", code)]) if code.isprintable() else self
        known = gate_sudo._secrets() if gate_sudo else []
        parts = (method, path, timestamp, nonce, body)
        # a stranger's signature is compared too, so that the time tells nothing
        if not gate_signature.is_signed(known or [secrets.token_hex()], signature, *parts):
            raise GateRefused(401, "unknown")
        if not gate_signature.is_timely(timestamp, int(fields.Datetime.now().timestamp())):
            raise GateRefused(401, "clock")
        return gate_sudo._speaking(), nonce

    def _speaking(self):
        """Return the gate with the company it belongs to and the language of its display."""
        self.ensure_one()
        self.env.cr.execute(  # a company has a hundred fields, and a car is waiting
            "SELECT p.lang FROM res_company c JOIN res_partner p ON p.id = c.partner_id"
            " WHERE c.id = %s",
            [self.company_id.id],
        )
        (lang,) = self.env.cr.fetchone() or (None,)
        gate = self.with_company(self.company_id)
        return gate.with_context(lang=lang) if lang else gate

    def _use_nonce(self, nonce):
        """Refuse a nonce that was used already; it is remembered until its window is over.

        :raise GateRefused: 401
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "INSERT INTO property_gate_nonce (gate_id, site_id, company_id, nonce, expires_at)"
                " VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC' + %s * interval '1 second')"
                " ON CONFLICT (gate_id, nonce) DO NOTHING",
                self.id,
                self.site_id.id,
                self.company_id.id or None,
                nonce,
                2 * gate_signature.WINDOW + 60,
            ),
            log_exceptions=False,
        )
        if not self.env.cr.rowcount:
            raise GateRefused(401, "replay")

    @contextmanager
    def _turn(self):
        """Hold the turn of a gate: one message after the other, each seeing what the last wrote.

        The lock belongs to the connection: the transaction begins after the wait, or it would not
        see what others stored meanwhile.
        """
        self.ensure_one()
        cr = self.env.cr
        cr.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, self.id])
        try:
            cr.commit()  # nothing is written yet  # pylint: disable=invalid-commit
            yield
        finally:
            cr.rollback()  # what was worth keeping is committed
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, self.id])
