import hashlib
import hmac
import json
import logging
from urllib.parse import urlsplit

import requests
from odoo import api, fields, models
from odoo.exceptions import ValidationError

_logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds
LOCAL = ("localhost", "127.0.0.1", "::1")


class PropertySmsGateway(models.Model):
    """Where short messages go: another addon adds a provider and its ``_send_<provider>``."""

    _name = "property.sms.gateway"
    _description = "SMS Gateway"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    provider = fields.Selection(
        [("log", "Only write to the log"), ("http", "HTTP, signed JSON")],
        required=True,
        default="log",
    )
    url = fields.Char(help="Address that takes POST requests, https.")
    secret = fields.Char(
        groups="base.group_system", copy=False, help="Key of the HMAC-SHA256 signature."
    )
    signature_name = fields.Char(
        string="Signature in the Text", help="Such as 【翠湖物业】, put before every message."
    )
    active = fields.Boolean(default=True)

    @api.constrains("provider", "url")
    def _check_url(self):
        for gateway in self.filtered(lambda one: one.provider == "http"):
            parts = urlsplit(gateway.url or "")
            if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
                raise ValidationError(
                    self.env._("The address of the gateway must begin with https://.")
                )

    @api.model
    def _of_company(self, company):
        """Return the gateway a company sends through, or none."""
        # sudo: staff who remind people need not see the gateway's settings
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _send(self, phone, text, reference):
        """Send one message.

        :param phone: number as kept on the person
        :param reference: our own number; the gateway must take a repeated one once only
        :return: (the gateway's number or False, error or False)
        """
        self.ensure_one()
        text = f"{self.signature_name or ''}{text}"
        return getattr(self, f"_send_{self.provider}")(phone, text, reference)

    def _send_log(self, _phone, _text, reference):
        _logger.info("sms gateway %s: message %s not sent, only logged", self.id, reference)
        return reference, False

    def _send_http(self, phone, text, reference):
        """POST {phone, text, reference} signed with HMAC-SHA256 over the body.

        The gateway answers 2xx with {"id": …}; anything else is an error.
        """
        body = json.dumps(
            {"phone": phone, "text": text, "reference": reference},
            ensure_ascii=False,
            sort_keys=True,
        ).encode()
        signature = hmac.new((self.secret or "").encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Signature": f"sha256={signature}"}
        try:
            answer = requests.post(
                self.url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
            if not 200 <= answer.status_code < 300:
                return False, self.env._(
                    "The gateway refused the message (%(status)s).", status=answer.status_code
                )
            return str(answer.json().get("id") or reference), False
        except (requests.RequestException, ValueError) as error:
            _logger.warning("sms gateway %s: %s", self.id, type(error).__name__)
            return False, self.env._("The gateway could not be reached. Try again later.")
