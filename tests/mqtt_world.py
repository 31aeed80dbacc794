"""A broker, bridges and devices that can be killed, as processes and threads of a test."""

import contextlib
import getpass
import json
import os
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

from scripts.field import answers, free_port, plugin

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


def wait_until(true, seconds, what):
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


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
        (folder / "mosquitto.conf").write_text(
            LISTENER.format(port=self.port, user=getpass.getuser())
            + text.format(folder=folder, plugin=plugin(program))
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


class Link:
    """The way from a bridge to its database, which can be cut.

    What was committed just then the bridge never hears of.
    """

    def __init__(self, variables, folder):
        """Prepare.

        :param variables: the PG* variables that reach the server
        :param folder: for the socket, with a short path
        """
        host, port = variables["PGHOST"], variables.get("PGPORT", "5432")
        is_local = host.startswith("/")
        self.family = socket.AF_UNIX if is_local else socket.AF_INET
        self.target = f"{host}/.s.PGSQL.{port}" if is_local else (host, int(port))
        self.path = Path(folder) / f".s.PGSQL.{port}"
        self.option = f"--db_host={folder}"
        self.kills = 0
        self._ends = []

    def start(self):
        """Let connections through."""
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return  # cut
            far = socket.socket(self.family)
            far.connect(self.target)
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=[one, other], daemon=True).start()

    @staticmethod
    def _pass(one, other):
        try:
            while content := one.recv(1 << 16):
                other.sendall(content)
        except OSError:
            return  # cut
        finally:
            for end in (one, other):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def kill(self):
        """Cut it: no connection survives, and none can be made."""
        ends, self._ends = self._ends, []
        for end in (self._listener, *ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.kills += 1


class Devices:
    """Devices that send each message until the application has confirmed it.

    Those without an id, which nobody can confirm, are sent until the broker has them.
    """

    def __init__(self, port, seed, patience=(PATIENCE, LONGEST_PATIENCE)):
        self.port = port
        self.patience, self.longest = patience
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
                due = time.monotonic() + self.patience
                self.open[key] = (topic, payload, due, self.patience)
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
                longer = min(2 * patience, self.longest)
                self.open[key] = (topic, payload, now + longer, longer)
        for topic, payload, _due, _patience in late.values():
            self.client.publish(topic, payload, qos=1)
            self.resent += 1


def is_on_ci():
    """Say whether a test that lacks something has to fail instead of being skipped."""
    return bool(os.environ.get("CI"))
