"""What a device at a gate is told when its message is not taken."""

#: What an integrator reads beside the code; what he has to do is in readme/gate_api.md.
TEXTS = {
    "unknown": "No such gate, or the signature is wrong. Check code and secret.",
    "headers": "Send X-Gate-Timestamp, X-Gate-Nonce and X-Gate-Signature.",
    "clock": "The timestamp is outside the window. Set the clock by the Date of this answer.",
    "replay": "This nonce was used already. Sign every request with a new one.",
    "too_large": "The body is too large. Send smaller images or fewer passages.",
    "json": "The body is not a JSON object in UTF-8.",
    "passages": "Send a passage, or 1 to 200 of them as a list in `passages`.",
    "message_id": "Every passage needs a `message_id` of 1 to 64 characters.",
    "plate": "A plate is a text of at most 16 letters, digits and signs.",
    "lane": "The lane is not one of this gate. Send the channel that is set at the lane.",
    "time": "The time is not ISO 8601 or Unix seconds of this century.",
    "confidence": "Confidence is a number from 0 to 100.",
    "color": "The colour of the plate is a text.",
    "source": "`source` is `live` or `upload`.",
    "image": "The image is no JPEG in base64 of at most 600 kB.",
    "command": "This gate has no such command.",
    "result": "The result is `done` or `failed`.",
    "event": "An event needs `message_id`, and `card` (1 to 128) or `token` (1 to 600 characters).",
    "events": "Send an event, or 1 to 200 of them as a list in `events`.",
    "direction": "`direction` is `in` or `out`.",
    "kind": "This kind of gate takes no such message.",
    "value": "A value is out of range.",
    "busy": "Too many messages about the same car. Send it again.",
}


class GateRefused(Exception):
    """A request that is answered with an error; nothing of it is written."""

    def __init__(self, status, code, place=None):
        """Keep what is wrong.

        :param int status: of HTTP
        :param str code: key of TEXTS
        :param int place: number of the passage in its list, from 0
        """
        super().__init__(code)
        self.status, self.code, self.place = status, code, place

    def answer(self):
        """Return the body of the answer.

        >>> GateRefused(422, "lane", 1).answer()["error"]["passage"]
        1
        """
        error = {"code": self.code, "message": TEXTS[self.code]}
        if self.place is not None:
            error["passage"] = self.place
        return {"error": error}
