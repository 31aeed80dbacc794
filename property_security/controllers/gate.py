"""The doors through which devices at gates speak: readme/gate_api.md is the contract."""

import time
from functools import partial

import psycopg2
from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.http import Controller, request, route
from odoo.service.model import retrying
from werkzeug.exceptions import HTTPException

from ..tools import gate_message
from ..tools.gate_error import GateRefused

DEVICE = {"type": "http", "auth": "none", "csrf": False, "save_session": False}
WORDS = 200  # characters of what a device says about a command


class GateController(Controller):
    """Answer devices in JSON, whatever they send. Who speaks is told by the signature."""

    @route("/gate/v1/<string:code>/passages", methods=["POST"], **DEVICE)
    def passages(self, code, **_ignored):
        """Take passages, and say for each what the barrier does."""
        return self._answered(code, self._passages)

    @route("/gate/v1/<string:code>/heartbeat", methods=["POST"], **DEVICE)
    def heartbeat(self, code, **_ignored):
        """Note that the device is there; tell it the time and what it has to do."""
        return self._answered(code, self._heartbeat)

    @route("/gate/v1/<string:code>/events", methods=["POST"], **DEVICE)
    def events(self, code, **_ignored):
        """Take that somebody held a card or code to a door, and say whether it opens."""
        return self._answered(code, self._events)

    @route("/gate/v1/<string:code>/commands", methods=["GET"], **DEVICE)
    def commands(self, code, **_ignored):
        """Give the commands that wait for the device."""
        return self._answered(code, self._heartbeat)

    @route("/gate/v1/<string:code>/commands/<int:command>", methods=["POST"], **DEVICE)
    def confirm(self, code, command, **_ignored):
        """Take down what became of a command."""
        return self._answered(code, partial(self._confirm, command))

    # -- what they do

    @staticmethod
    def _passages(gate, body):
        messages = gate._driver()._parse(gate, body)
        return {
            "results": gate._take_messages(messages),
            "commands": gate._fetch_commands("queued"),
        }

    @staticmethod
    def _heartbeat(gate, _body):
        gate._touch()
        return {"time": int(time.time()), "commands": gate._fetch_commands()}

    @staticmethod
    def _events(gate, body):
        gate._touch()
        value = gate_message.load(body)
        events = gate.env["property.gate.event"]._take_all(gate, value)
        answers = [event._answer() for event in events]
        told = {"results": answers} if "events" in value else answers[0]
        return {**told, "commands": gate._fetch_commands("queued")}

    @staticmethod
    def _confirm(number, gate, body):
        value = gate_message.load(body)
        command = request.env["property.gate.command"]
        if number < 2**31:
            command = command.search([("id", "=", number), ("gate_id", "=", gate.id)])
        if not command:
            raise GateRefused(404, "command")
        if value.get("result") not in ("done", "failed"):
            raise GateRefused(422, "result")
        said = value.get("message")
        said = said[:WORDS] if isinstance(said, str) and said.isprintable() else ""
        command._confirm(value["result"], said)
        return {"id": command.id, "state": command.state}

    # -- who asks, and how

    def _answered(self, code, work):
        """Do the work in the gate's turn, and put everything that is wrong into an answer.

        :param str code: of the gate
        :param work: function of the gate and the body that returns the answer
        """
        try:
            body = self._body()
            asked = request.httprequest
            request.update_env(user=SUPERUSER_ID)
            gates = request.env["property.gate"]
            gate, nonce = gates._signed(code, asked.method, asked.path, asked.headers, body)
            with gate._turn():
                answer = retrying(partial(self._once, work, gate, nonce, body), gate.env)
            return request.make_json_response(answer)
        except GateRefused as refused:
            status, answer = refused.status, refused.answer()
        except (psycopg2.DataError, UserError):
            status, answer = 422, GateRefused(422, "value").answer()
        except psycopg2.OperationalError:  # others worked at the same car all the time
            status, answer = 503, GateRefused(503, "busy").answer()
        request.env.cr.rollback()
        return request.make_json_response(answer, status=status)

    @staticmethod
    def _once(work, gate, nonce, body):
        gate._use_nonce(nonce)
        return work(gate, body)

    @staticmethod
    def _body():
        asked = request.httprequest
        if (asked.content_length or 0) > gate_message.BODY_LIMIT:
            raise GateRefused(413, "too_large")
        asked.max_content_length = gate_message.BODY_LIMIT
        try:
            return asked.get_data()
        except HTTPException:
            raise GateRefused(413, "too_large") from None
