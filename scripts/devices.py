"""The devices of the demo, let loose on a broker: each with a connection of its own."""

import argparse
import heapq
import json
import signal
import sys
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt

from .field import plan
from .state import write_private

LOOK = 0.5  # seconds


class Speaker:
    """A connection, with a will that the broker tells when it breaks."""

    def __init__(self, field, device, password, port):
        self.field, self.device, self.port = field, device, port
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=device.code, protocol=mqtt.MQTTv5
        )
        self.client.username_pw_set(device.code, password)
        topic, payload = field.birth(device, is_here=False)
        self.client.will_set(topic, payload, qos=1, retain=True)
        self.client.on_connect = self._on_connect
        self.client.reconnect_delay_set(1, 10)
        self.is_here = False

    def _on_connect(self, client, _userdata, _flags, reason, _properties):
        if not reason.is_failure:
            topic, payload = self.field.birth(self.device)
            client.publish(topic, payload, qos=1, retain=True)

    def come(self):
        """Connect, now or when the broker is there."""
        self.is_here = True
        self.client.connect_async("127.0.0.1", self.port, 15)
        self.client.loop_start()

    def go(self):
        """Switch off in an orderly way."""
        if self.is_here:
            topic, payload = self.field.birth(self.device, is_here=False)
            self.client.publish(topic, payload, qos=1, retain=True).wait_for_publish(1)
            self.client.disconnect()
            self.client.loop_stop()
        self.is_here = False

    def break_off(self):
        """Lose the power: nothing is said, and the broker tells the will."""
        self.client.loop_stop()
        sock = self.client.socket()
        if sock:
            sock.close()
        self.client._sock_close()
        self.is_here = False


class Field:
    """All devices, and where each is with its numbers."""

    def __init__(self, port, passwords, numbers):
        self.field = plan()
        self.numbers_path = Path(numbers)
        self.numbers = {}
        if self.numbers_path.exists():
            self.numbers = json.loads(self.numbers_path.read_text())
        known = json.loads(Path(passwords).read_text())
        self.speakers = {
            device.code: Speaker(self.field, device, known[device.code], port)
            for device in self.field.SPEAKERS
        }
        now = time.time()
        speaking = [device for device in self.field.DEVICES if not device.is_silent]
        # spread over their own time, so that something happens at any moment
        self.due = [
            (now + 2 + self.field.chance(device.code) * device.every, place)
            for place, device in enumerate(speaking)
        ]
        heapq.heapify(self.due)
        self.speaking = speaking

    def run(self, stopping):
        """Speak until asked to stop."""
        for speaker in self.speakers.values():
            speaker.come()
        try:
            while not stopping.wait(LOOK):
                self.turn(time.time())
        finally:
            for speaker in self.speakers.values():
                speaker.go()

    def turn(self, now):
        """Send what is due, and let devices break off and come back."""
        for code in self.field.AWAY:
            speaker = self.speakers[code]
            is_away = self.field.is_away(speaker.device, now)
            if is_away and speaker.is_here:
                speaker.break_off()
            elif not is_away and not speaker.is_here:
                speaker.come()
        while self.due[0][0] <= now:
            _at, place = heapq.heappop(self.due)
            device = self.speaking[place]
            heapq.heappush(self.due, (now + device.every, place))
            speaker = self.speakers[device.speaker or device.code]
            if speaker.is_here:
                self.send(speaker, device, now)

    def send(self, speaker, device, now):
        """Send one message, at times twice, at times not at all."""
        number = self.numbers.get(device.code, self.field.PAST)
        self.numbers[device.code] = number + 1
        write_private(self.numbers_path, json.dumps(self.numbers))
        if device.is_lost(number):
            return
        wrong = self.field.is_wrong(device, now)
        topic, payload = self.field.speak(device, number, now, wrong)
        for _ in range(2 if device.kind == "gate" and number % 9 == 0 else 1):
            speaker.client.publish(topic, payload, qos=1)


def main(argv):
    """Let the devices speak until this process is asked to end."""
    parser = argparse.ArgumentParser(prog="scripts.devices")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--passwords", required=True, help="file of JSON: password by device")
    parser.add_argument("--numbers", required=True, help="file that keeps where each device is")
    options = parser.parse_args(argv)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    Field(options.port, options.passwords, options.numbers).run(stopping)


if __name__ == "__main__":
    main(sys.argv[1:])
