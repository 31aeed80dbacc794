"""The HTTP door of the inbox, for devices that push over HTTP."""

import time

from odoo.http import Controller, request, route

from ..bridge import inbox
from ..tools import signature
from ..tools.reading import Delivery

HARD_LIMIT = 8 * 1024 * 1024  # bytes of a body, whatever a subscription allows


class IngestController(Controller):
    """Take a message of a device, and answer once it is stored."""

    @route(
        "/mqtt_bridge/ingest/<string:code>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=HARD_LIMIT,
    )
    def ingest(self, code, topic=None, broker=None, **_ignored):
        """Store a message.

        The headers X-Timestamp and X-Signature prove who sends it. Odoo commits before the answer
        goes out, and runs this anew when another transaction was in the way.

        :param code: of the device
        :param topic: as if it had been published there; http/<code> when left out
        :param broker: code of the broker that the device belongs to, where several have it
        """
        topic = topic or f"http/{code}"
        body = request.httprequest.get_data()
        device_sudo = self._device(code, broker, topic, body)
        if not device_sudo:
            return self._answer(401, {"error": "unknown device or wrong signature"})
        broker_sudo = device_sudo.broker_id
        box = inbox.Inbox(broker_sudo.id, broker_sudo.subscription_ids._sources())
        delivery = Delivery(topic, body, inbox.now().replace(microsecond=0))
        [item] = box.store(request.env.cr, [delivery], speaker=code)
        # nobody is logged in; whoever looks at devices has to be told
        if box.news.changed:
            request.env["mqtt.device"].sudo()._tell(box.news.heard, box.news.changed)
        told = {"result": item.outcome}
        if item.reason:
            told["reason"] = item.reason
        if item.reading and item.reading.reference:
            told["id"] = item.reading.reference
        return self._answer(200, told)

    @staticmethod
    def _device(code, broker, topic, body):
        """Find the device that signed the message.

        All that fails takes the same way to the same answer.
        """
        headers = request.httprequest.headers
        proof = (
            *(headers.get("X-Signature", ""), headers.get("X-Timestamp", "")),
            *(topic, body, time.time()),
        )
        domain = [("code", "=", code), ("broker_id.active", "=", True), ("secret", "!=", False)]
        if broker:
            domain.append(("broker_id.code", "=", broker))
        # nobody is logged in: the signature is what lets a device in
        devices_sudo = request.env["mqtt.device"].sudo().search(domain)
        return devices_sudo.filtered(lambda device: signature.is_good(device.secret, *proof))[:1]

    @staticmethod
    def _answer(status, content):
        return request.make_json_response(content, status=status)
