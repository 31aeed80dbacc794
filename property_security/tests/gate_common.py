"""A barrier with a lane in and a lane out, and a device that signs what it sends."""

import json
import secrets
import time

from odoo.tests import HttpCase

from ..tools import gate_signature
from .common import ParkingCommon


class GateCommon(ParkingCommon):
    """``cls.gate`` opens ``lane_in`` (channel 1) and ``lane_out`` (channel 2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate, cls.other_gate = cls.env["property.gate"].create(
            [
                {"name": "South barrier", "site_id": cls.site.id},
                {"name": "Foreign barrier", "site_id": cls.other_site.id},
            ]
        )
        cls.lane_in.write({"gate_id": cls.gate.id, "channel": "1"})
        cls.lane_out.write({"gate_id": cls.gate.id, "channel": "2"})
        cls.secret = cls.gate._make_secret()

    def count(self, model="property.parking.passage"):
        """Return how many records of the area's site there are."""
        return self.env[model].search_count([("site_id", "=", self.site.id)])


class GateHttpCase(GateCommon, HttpCase):
    """A device that speaks over HTTP."""

    def ask(self, what, body=b"", method="POST", gate=None, **changed):
        """Send a signed request.

        :param changed: `secret`, `timestamp`, `nonce`, `signature`, `sent` (the body really sent)
        :return: the response
        """
        gate = gate or self.gate
        if not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        path = f"/gate/v1/{gate.code}/{what}"
        timestamp = changed.get("timestamp", str(int(time.time())))
        nonce = changed.get("nonce", secrets.token_urlsafe(12))
        parts = (method, path, timestamp, nonce, body)
        signature = gate_signature.sign(changed.get("secret", self.secret), *parts)
        signature = changed.get("signature", signature)
        values = (timestamp, nonce, signature)
        headers = dict(zip(gate_signature.HEADERS, values, strict=True))
        headers = {name: value for name, value in headers.items() if value is not None}
        return self.url_open(
            path,
            data=changed.get("sent", body) if method == "POST" else None,
            headers={"Content-Type": "application/json", **headers},
            method=method,
        )

    def tell(self, plate="浙A·8K888", lane="1", message_id="m1", **values):
        """Tell a passage.

        :return: (status, answer about it)
        """
        values = {"message_id": message_id, "plate": plate, "lane": lane, **values}
        response = self.ask("passages", values)
        answer = response.json()
        return response.status_code, answer["results"][0] if "results" in answer else answer
