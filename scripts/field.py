"""Beside the demo: a broker, the bridge of mqtt_bridge, and devices that speak all the time."""

import base64
import contextlib
import ctypes
import getpass
import hashlib
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import tools
from .state import REPO, STATE, Fault, remove, say, write_private

ROLE = "all"  # of odoo-bin mqtt
CODE = "demo"  # of the broker in the demo data
BRIDGE = "bridge"  # its user on the broker
PLAN = REPO / "addons" / "mqtt_bridge" / "demo" / "field.py"
FOLDER = STATE / "field"
PATIENCE = 15  # seconds for ending, and for the broker to begin
AGAIN = 3  # seconds before what died is started again
CONFIGURATION = """
listener {port} 127.0.0.1
user {user}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl
max_queued_messages 1000000
max_inflight_messages 200
plugin {plugin}
plugin_opt_db_file {folder}/mosquitto.db
plugin_opt_sync full
plugin_opt_flush_period 0
log_type error
log_type warning
"""
# each device on its own topics only; the fire panel speaks for its detectors
ACL = f"""
user {BRIDGE}
topic read iot/#
topic read dtu/#
topic read fire/#
topic write cmd/#

user FIRE-01
topic write iot/FIRE-01/#
topic write fire/#
topic read cmd/FIRE-01/#

pattern write iot/%u/#
pattern write dtu/%u/#
pattern read cmd/%u/#
"""


def plan():
    """Load what the devices say, which the addon has for its demo data."""
    spec = importlib.util.spec_from_file_location("field_of_the_demo", PLAN)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def hashed(user, password):
    """Write a line of a password file of Mosquitto."""
    salt, turns = os.urandom(12), 101
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, turns, 64)
    salt, digest = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{user}:$7${turns}${salt}${digest}\n"


def plugin(program):
    """Find the part of Mosquitto that keeps its queues on disk."""
    found = sorted(Path(program).parents[1].glob("mosquitto/usr/lib/*/mosquitto/*persist_sq*"))
    found += sorted(Path("/usr/lib").glob("*/mosquitto/*persist_sq*"))
    if not found:
        raise Fault("this Mosquitto has no plug-in persist_sqlite; install Debian's, of 2.1")
    return found[0]


def free_port():
    """Find a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def answers(port):
    """Say whether somebody listens on a port."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


def prepare(folder, program):
    """Write the broker's files: new passwords each time, its queues kept.

    :return: (port, password by user)
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    users = [BRIDGE, *(device.code for device in plan().SPEAKERS)]
    passwords = {user: secrets.token_urlsafe(24) for user in users}
    port = free_port()
    write_private(folder / "passwords", "".join(hashed(*one) for one in passwords.items()))
    write_private(folder / "acl", ACL)
    of_devices = {user: word for user, word in passwords.items() if user != BRIDGE}
    write_private(folder / "devices.json", json.dumps(of_devices))
    text = CONFIGURATION.format(
        port=port, user=getpass.getuser(), folder=folder, plugin=plugin(program)
    )
    write_private(folder / "mosquitto.conf", text)
    return port, passwords


class Programs:
    """Programs that run beside the demo, are started again when they die, and end with it."""

    def __init__(self, folder):
        self.folder = folder
        self.commands, self.children, self.waiting = {}, {}, {}
        self.stopping, self.ended = threading.Event(), threading.Event()
        self.lock = threading.Lock()
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self, name, command, environment=None):
        """Start a program; what it prints goes into its log."""
        self.commands[name] = ([str(part) for part in command], environment)
        self._start(name)

    def start_when(self, ready, name, command):
        """Start a program once something is so."""
        self.commands[name] = ([str(part) for part in command], None)
        self.waiting[name] = ready

    def has_said(self, name, word):
        """Say whether a program has written something into its log."""
        path = self.folder / f"{name}.log"
        return path.exists() and word in path.read_bytes()

    def _start(self, name):
        command, environment = self.commands[name]
        path = self.folder / f"{name}.log"
        with open(path, "ab") as log:
            self.children[name] = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=environment,
                cwd=REPO,
                start_new_session=True,  # so that Ctrl-C reaches it through stop()
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
            )

    def _watch(self):
        looked_at = time.monotonic()
        while not self.stopping.wait(0.5):
            for name in [name for name, ready in self.waiting.items() if ready()]:
                del self.waiting[name]
                self._start_again(name)
            if time.monotonic() < looked_at + AGAIN:
                continue
            looked_at = time.monotonic()
            for name, child in list(self.children.items()):
                if child.poll() is not None:
                    self._start_again(name)
        # what this thread has started would be asked to end together with it
        self.ended.wait()

    def _start_again(self, name):
        with self.lock:
            if not self.stopping.is_set():
                self._start(name)

    def stop(self):
        """End them, the one that was started last first."""
        with self.lock:
            self.stopping.set()
        for child in reversed(self.children.values()):
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.ended.set()


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent():
    """Ask the kernel to end this process when the one that started it dies."""
    LIBC.prctl(1, signal.SIGTERM)


@contextlib.contextmanager
def alive(system, database, folder=FOLDER, role=ROLE):
    """Let devices speak to a database while this is entered.

    :param system: entered System
    :return: Programs, or None where there is no broker
    """
    program = tools.broker(system.tools)
    if not program:
        say("there is no Mosquitto of 2.1 or later here: the devices of the demo are mute")
        yield None
        return
    port, passwords = prepare(folder, program)
    programs = Programs(folder)
    for log in folder.glob("*.log"):
        log.unlink()  # those of the last time
    try:
        programs.start("broker", [program, "-c", folder / "mosquitto.conf"])
        end = time.monotonic() + PATIENCE
        while not answers(port):
            if time.monotonic() > end or programs.children["broker"].poll() is not None:
                raise Fault(f"the demo's MQTT broker does not start; see {folder}/broker.log")
            time.sleep(0.05)
        programs.start(
            "bridge",
            [*(system.python, "-m", "odoo", "mqtt", "-d", database, "--broker", CODE)]
            + ["--role", role, "--log-level=info"],
            {
                **system.environment(),
                "MQTT_BRIDGE_DEMO_HOST": "127.0.0.1",
                "MQTT_BRIDGE_DEMO_PORT": str(port),
                "MQTT_BRIDGE_DEMO_USERNAME": BRIDGE,
                "MQTT_BRIDGE_DEMO_PASSWORD": passwords[BRIDGE],
            },
        )
        # a broker keeps for a bridge only what comes after its first visit
        programs.start_when(
            lambda: programs.has_said("bridge", b"connected to"),
            "devices",
            [*(system.python, "-m", "scripts.devices", "--port", port)]
            + ["--passwords", folder / "devices.json", "--numbers", folder / "numbers.json"],
        )
        programs.watcher.start()
        yield programs
    finally:
        programs.stop()


def forget(folder=FOLDER):
    """Forget what the broker keeps and where the devices are: the database is made anew."""
    remove(folder)
