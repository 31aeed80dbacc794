"""The doors through which a phone reads its work and sends what was done."""

import logging
from functools import partial
from urllib.parse import urlsplit

import psycopg2
from odoo.exceptions import AccessError, LockError, MissingError, UserError, ValidationError
from odoo.http import Controller, request, route
from odoo.service.model import retrying

from ..tools import field_payload
from ..tools.field_error import FieldRefused

_logger = logging.getLogger(__name__)


class FieldSyncController(Controller):
    """Answer phones in JSON, also when something is wrong, in the language of the user."""

    @route("/field/data", type="http", auth="public", methods=["GET"])
    def data(self):
        """Give everything that the signed-in employee's phone keeps."""
        return self._answered(self._data)

    @route("/field/device", type="http", auth="public", methods=["POST"], csrf=False)
    def device(self):
        """Keep the key of a phone at sign-in."""
        return self._answered(self._device)

    @route("/field/sync/<string:handler>", type="http", auth="public", methods=["POST"], csrf=False)
    def sync(self, handler):
        """Take an entry."""
        return self._answered(partial(self._sync, handler))

    @route(
        "/field/handover/<string:handler>", type="http", auth="public", methods=["POST"], csrf=False
    )
    def handover(self, handler):
        """Keep for a person an entry that was refused."""
        return self._answered(partial(self._handover, handler))

    # -- what they do

    def _data(self):
        employee = self._employee()
        return 200, request.env["field.app"]._data(employee)

    def _device(self):
        employee = self._employee()
        body = self._parsed(field_payload.parse)
        device_sudo = request.env["field.device"]._enrol(
            employee, body.get("uuid"), body.get("public_key"), body.get("name")
        )
        return 200, {"device": device_sudo.uuid}

    def _sync(self, handler):
        self._user()
        sent = self._parsed(field_payload.read)
        if len(sent.text.encode()) > field_payload.PAYLOAD_LIMIT:
            raise FieldRefused(413, request.env._("The entry is too long. Shorten its notes."))
        employee = self._author(sent)
        return self._in_turn(employee, "_take", handler, sent, employee)

    def _handover(self, handler):
        self._user()
        # a person gets what there is, also if it is too long, or a photo of it is gone
        sent = self._parsed(field_payload.read_partly)
        employee = self._author(sent)
        body = self._parsed(field_payload.parse)
        reason = body.get("reason")
        if not isinstance(reason, str) or not reason.strip():
            raise FieldRefused(400, request.env._("Say why the entry is handed over."))
        return self._in_turn(employee, "_hand_over", handler, sent, employee, reason.strip())

    def _in_turn(self, employee, method, *arguments):
        """Do something with a company's chain when nobody else does, and keep it."""
        entries = request.env["field.entry"]
        work = partial(getattr(entries, method), *arguments)
        with entries._turn(employee.sudo().company_id):
            try:
                return retrying(work, request.env)
            except ValidationError as error:
                if not isinstance(error.__cause__, psycopg2.errors.UniqueViolation):
                    raise
                # somebody made the same at this very moment: now it can be seen
                return retrying(work, request.env)

    # -- who asks, and how

    def _user(self):
        """Find who is signed in.

        :return: res.users
        :raise FieldRefused: when nobody is
        """
        user = request.env.user
        if not user or user._is_public():
            raise FieldRefused(401, request.env._("Sign in to go on. Nothing is lost."))
        request.update_context(lang=user.lang)
        return user

    def _employee(self):
        """Find the employee who is signed in.

        :return: hr.employee, with the user's own rights
        :raise FieldRefused: when nobody is, or nobody who works here
        """
        user = self._user()
        employee = user.employee_id
        if user.share or not employee:
            raise FieldRefused(
                403,
                request.env._(
                    "Your user belongs to no employee. Ask the personnel department to link it."
                ),
            )
        return request.env["hr.employee"].browse(employee.id)

    def _parsed(self, read):
        """Read the body of a request that comes from our own page.

        :param read: function of bytes
        :raise FieldRefused: when it does not, or cannot be read
        """
        asked = request.httprequest
        if asked.mimetype != "application/json":
            raise FieldRefused(415, request.env._("Send JSON."))
        origin = asked.headers.get("Origin")
        site = asked.headers.get("Sec-Fetch-Site", "same-origin")
        if site != "same-origin" or (origin and urlsplit(origin).netloc != asked.host):
            raise FieldRefused(403, request.env._("Open the app at its own address."))
        if (asked.content_length or 0) > field_payload.BODY_LIMIT:
            raise FieldRefused(413, self._words()["file_size"])
        try:
            return read(asked.get_data())
        except field_payload.Malformed as wrong:
            status = {"file_size": 413, "file_count": 413, "file_type": 422}.get(wrong.code, 400)
            raise FieldRefused(status, self._words()[wrong.code]) from None

    def _author(self, sent):
        """Find the employee whose entry it is: who is signed in, perhaps in another company.

        Whoever else is signed in at this moment, an employee or not, the entry waits.

        :param sent: tools.field_payload.Sent
        :return: hr.employee, with the user's own rights
        :raise FieldRefused: when it is another's
        """
        if "employee" not in sent.payload:
            return self._employee()
        user = request.env.user
        own_sudo = request.env["field.app"]._own_employees()
        found_sudo = own_sudo.filtered(lambda one: one.id == sent.payload["employee"])
        if user.share or not found_sudo:
            raise FieldRefused(
                401,
                request.env._(
                    "This entry is another employee's. It is sent when its employee signs in."
                ),
            )
        if found_sudo.company_id in user.company_ids:
            request.update_context(allowed_company_ids=found_sudo.company_id.ids)
        return request.env["hr.employee"].browse(found_sudo.id)

    @staticmethod
    def _words():
        """Say what is wrong with an entry, by the kernel's codes."""
        env = request.env
        return {
            "json": env._("The entry cannot be read: it is no JSON."),
            "payload": env._("The entry has no content."),
            "uuid": env._("The number of the entry is wrong."),
            "moment": env._("The entry does not say when it happened."),
            "files": env._("A photo is missing or damaged. Take it again."),
            "file_count": env._(
                "There are too many photos. Send at most %(count)s.",
                count=field_payload.FILE_COUNT,
            ),
            "file_size": env._(
                "A photo is too large. It may have %(size)s kB at most.",
                size=field_payload.FILE_LIMIT // 1024,
            ),
            "file_type": env._("A photo has to be a JPEG, PNG or WebP image."),
        }

    @staticmethod
    def _answered(work):
        """Do the work, and put everything that people can mend into an answer.

        :param work: function that returns (HTTP status, answer)
        """
        try:
            status, answer = work()
            return request.make_json_response(answer, status=status)
        except FieldRefused as refused:
            status, message = refused.status, refused.message
        except LockError as error:
            status, message = 503, error.args[0]  # somebody is at it: later
        except AccessError as error:
            status, message = 403, error.args[0]
        except MissingError as error:
            status, message = 404, error.args[0]
        except UserError as error:
            status, message = 422, error.args[0]
        except psycopg2.DataError:
            _logger.info("a phone sent a value that the database cannot keep")
            status, message = 400, request.env._("A value of the entry is out of range.")
        request.env.cr.rollback()
        return request.make_json_response({"error": str(message)}, status=status)
