"""A broker, bridges and devices that can be killed, as processes and threads of a test."""

import base64
import getpass
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import paho.mqtt.client as mqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LISTENER = """
listener {port} 127.0.0.1
user {user}
"""
DURABLE = """
allow_anonymous true
max_queued_messages 1000000
max_inflight_messages 200
max_packet_size 20000000
plugin {plugin}
plugin_opt_db_file {folder}/mosquitto.db
plugin_opt_sync full
plugin_opt_flush_period 0
"""


PATIENCE, LONGEST_PATIENCE = 5, 15  # seconds that a device waits for a confirmation


def free_port():
    """Find a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_until(true, seconds, what):
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


def answers(port):
    """Say whether somebody listens on a port."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


class Program:
    """A process that can be killed and started again."""

    def __init__(self, command, folder, environment=None):
        self.command = [str(part) for part in command]
        self.log = Path(folder) / f"{type(self).__name__.lower()}.log"
        self.environment = environment
        self.child = None
        self.kills = 0

    def start(self):
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.command, stdout=log, stderr=log, env=self.environment
            )

    def kill(self):
        """End it as a failing machine does."""
        self.child.kill()
        self.child.wait()
        self.kills += 1

    def stop(self, seconds=30):
        """Ask it to end.

        :return: its code
        """
        if self.child is None or self.child.poll() is not None:
            return self.child and self.child.returncode
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError(f"{self.command[0]} did not end when asked to") from None


GUARD = """
allow_anonymous false
password_file {folder}/passwords
cafile {folder}/ca.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
require_certificate true
"""


def hashed(user, password):
    """Write a line of a password file of Mosquitto."""
    salt, turns = os.urandom(12), 101
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, turns, 64)
    salt, digest = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{user}:$7${turns}${salt}${digest}\n"


def make_certificates(folder):
    """Make an authority with a certificate for the broker and one for the bridge.

    :return: the paths that a bridge is told
    """
    authority = _certificate(folder, "ca", None)
    _certificate(folder, "broker", authority, "localhost")
    _certificate(folder, "bridge", authority)
    return {
        "ca_path": str(folder / "ca.pem"),
        "cert_path": str(folder / "bridge.pem"),
        "key_path": str(folder / "bridge.key"),
    }


def _certificate(folder, name, authority, host=None):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = authority or (subject, key)
    today = datetime.now(timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), True)
    )
    if host:
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        builder = builder.add_extension(names, False)
    signed = builder.sign(signer, hashes.SHA256())
    (folder / f"{name}.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return subject, key


class Broker(Program):
    """Mosquitto with the setting that survives its own death best."""

    def __init__(self, program, folder, more="", text=DURABLE):
        self.port = free_port()
        folder = Path(folder)
        found = sorted(Path(program).parents[1].glob("mosquitto/usr/lib/*/mosquitto/*persist_sq*"))
        found += sorted(Path("/usr/lib").glob("*/mosquitto/*persist_sq*"))
        (folder / "mosquitto.conf").write_text(
            LISTENER.format(port=self.port, user=getpass.getuser())
            + text.format(folder=folder, plugin=found[0] if found else "")
            + more
        )
        super().__init__([program, "-c", folder / "mosquitto.conf"], folder)

    def start(self):
        super().start()
        wait_until(lambda: answers(self.port), 20, "the broker listens")


class Bridge(Program):
    """odoo-bin mqtt."""

    def __init__(self, system, database, folder, port, *options, **variables):
        environment = {**system.environment(), "MQTT_BRIDGE_PORT": str(port), **variables}
        command = [system.python, "-m", "odoo", "mqtt", "-d", database, "--log-level=info"]
        super().__init__([*command, *options], folder, environment)
        self._begun = 0

    def start(self):
        self._begun = self.log.stat().st_size if self.log.exists() else 0
        super().start()

    def is_connected(self):
        """Say whether it has connected since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._begun)
            return b"connected to" in log.read()


class Devices:
    """Devices that send each message until the application has confirmed it.

    Those without an id, which nobody can confirm, are sent until the broker has them.
    """

    def __init__(self, port, seed):
        self.random = random.Random(seed)  # noqa: S311  (repeatable, no secret)
        self.port = port
        self.open = {}  # (device, id): (topic, payload, when it is due, patience)
        self.results = {}
        self.resent = 0
        self.next_look = 0.0
        self.lock = threading.Lock()
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=f"devices-{seed}", protocol=mqtt.MQTTv5
        )
        self.client.max_queued_messages_set(0)
        self.client.max_inflight_messages_set(100)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = lambda client, *_: client.subscribe("cmd/+/ack", qos=0)
        self.client.on_message = self._on_message

    def connect(self):
        self.client.connect("127.0.0.1", self.port, 10)
        self.client.loop_start()

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def _on_message(self, _client, _userdata, message):
        told = json.loads(message.payload)
        device = message.topic.split("/")[1]
        with self.lock:
            self.open.pop((device, told["id"]), None)
            self.results.setdefault((device, told["id"]), told["result"])

    def send(self, topic, payload, ident=None):
        """Send a message; with an id, it is sent again until it is confirmed."""
        if ident is not None:
            with self.lock:
                key = (topic.split("/")[1], ident)
                self.open[key] = (topic, payload, time.monotonic() + PATIENCE, PATIENCE)
        self.client.publish(topic, payload, qos=1)

    def send_again(self):
        """Send again what was not confirmed in time, and give it more time."""
        now = time.monotonic()
        if now < self.next_look:
            return
        self.next_look = now + 0.5
        with self.lock:
            late = {key: found for key, found in self.open.items() if found[2] < now}
            for key, (topic, payload, _due, patience) in late.items():
                longer = min(2 * patience, LONGEST_PATIENCE)
                self.open[key] = (topic, payload, now + longer, longer)
        for topic, payload, _due, _patience in late.values():
            self.client.publish(topic, payload, qos=1)
            self.resent += 1


def is_on_ci():
    """Say whether a test that lacks something has to fail instead of being skipped."""
    return bool(os.environ.get("CI"))
