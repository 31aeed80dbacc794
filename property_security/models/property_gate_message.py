import base64

from odoo import fields, models

from ..tools.gate_error import GateRefused


class PropertyGate(models.Model):
    """Take what a device tells, and answer."""

    _inherit = "property.gate"

    def _take_messages(self, messages):
        """Take what a device has seen at its lanes; the same again changes nothing.

        :param list messages: tools.gate_message.Message
        :return: list of answers, as described in readme/gate_api.md
        :raise GateRefused: when a message names no lane of the gate
        """
        self.ensure_one()
        if self.kind != "barrier":
            raise GateRefused(422, "kind")
        self._touch()
        lanes = [self._lane_of(message, number) for number, message in enumerate(messages)]
        found = {}
        for lane in self.lane_ids:
            mine = [m for m, own in zip(messages, lanes, strict=True) if own == lane and m.plate]
            if mine:
                reads = [self._prepare_read(message) for message in mine]
                taken = self.env["property.parking.passage"]._take(lane, reads)
                found.update(zip(mine, taken, strict=True))
        self._see_unplated(messages, lanes)
        commands = self._open_for(found)
        return [
            found[message]._gate_answer(message.key, commands.get(message))
            if message in found
            else self._unplated_answer(message)
            for message in messages
        ]

    def _lane_of(self, message, number):
        """Return the lane that a message names; that of a gate with one lane needs no name."""
        lanes = self.lane_ids
        if message.lane is not None:
            lanes = lanes.filtered(lambda lane: lane.channel == message.lane)
        if len(lanes) != 1:
            raise GateRefused(422, "lane", number)
        return lanes

    def _prepare_read(self, message):
        """Return a message as `property.parking.passage._take` wants it."""
        read = {
            "key": f"{self.id}:{message.key}",
            "plate": message.plate,
            "confidence": message.confidence,
            "plate_color": message.color,
            "source": message.source,
            "gate_id": self.id,
        }
        if message.at:
            read["at"] = message.at
        if message.image:
            read["image"] = base64.b64encode(message.image)
        return read

    def _see_unplated(self, messages, lanes):
        """Remember at which lanes a car without plate stands now."""
        seen = self.env["property.parking.lane"].union(
            *(
                lane
                for message, lane in zip(messages, lanes, strict=True)
                if not message.plate and message.source == "live"
            )
        )
        if seen:
            seen.sudo().unplated_at = fields.Datetime.now()

    def _open_for(self, found):
        """Give the command to open for each car that is let through now.

        A controller that uploads what it did offline has opened by itself.

        :param dict found: passage by message
        :return: command by message
        """
        passing = {
            message: passage
            for message, passage in found.items()
            if message.source == "live" and passage.action == "open"
        }
        state = "sent" if self._driver()._answers_at_once else "queued"
        commands = self.env["property.gate.command"]._give(
            self, [passage._prepare_open_vals(state=state) for passage in passing.values()]
        )
        return dict(zip(passing, commands, strict=True))

    def _show(self, results):
        """Give a device that reads no answers what its display shall show.

        :param list results: of `_take_messages`
        """
        rows = [
            {
                "kind": "display",
                "key": f"show-{result['message_id']}",
                "text": " ".join(result["display"]),
                "passage_id": result["passage"] or False,
            }
            for result in results
        ]
        self.env["property.gate.command"]._give(self, rows)

    def _unplated_answer(self, message):
        """Answer about a car without number plate: its driver opens by the code at the lane."""
        return {
            "message_id": message.key,
            "passage": None,
            "decision": "code",
            "open": False,
            "command": None,
            "display": [self.env._("No plate"), self.env._("Scan the code to come in")],
            "voice": self.env._("No plate was read. Please scan the code at the lane."),
        }

    def _fetch_commands(self, *states):
        """Return the commands that wait for the device, marked as sent.

        :param states: those of commands that are wanted; all that are not answered by default
        """
        self.ensure_one()
        commands = self.env["property.gate.command"]._due(self, *([states] if states else []))
        commands._mark_sent()
        return commands._wire()
