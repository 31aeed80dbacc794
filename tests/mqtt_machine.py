"""Odoo on a PostgreSQL of its own that waits for the disk, and that may be killed."""

import os
import signal
import time
from pathlib import Path

from scripts import addons, postgres
from scripts.databases import System
from scripts.state import Fault, say

from .mqtt_world import wait_until

NAME = "mqtt"  # of the cluster
BASE = "mqtt-base-"
LAST_TRY = 60


class Machine(System):
    """Odoo with the bridge alone, on a durable cluster of its own."""

    def __init__(self):
        super().__init__("test", wanted=())
        self.use = NAME
        self.postgres = postgres.Private(self.venv, NAME, durable=True)
        # started after a kill, one call instead of one for each of its thousands of files
        self.postgres.settings["recovery_init_sync_method"] = "syncfs"
        self.data = self.data.with_name(f"data-{NAME}")
        self.configuration = self.configuration.with_name(f"odoo-{NAME}.conf")

    def base(self):
        """Make the database that others are copied from, again when the addon has changed.

        :return: its name
        """
        name = f"{BASE}{addons.key(addons.ours()['mqtt_bridge'])[:12]}"
        self.configure(max_cron_threads=0, log_level="warn")
        have = self.postgres.names()
        if name not in have:
            say("making a database with mqtt_bridge alone")
            old = [one for one in have if one.startswith(BASE) and not one.endswith("-part")]

            def build(part):
                if old:
                    self.copy(old[0], part)
                    self.server(part, "-u", "mqtt_bridge")
                else:
                    self.server(part, "-i", "mqtt_bridge")

            self.built(name, build)
            for one in old:
                self.drop(one)
        return name

    def fresh(self, name, setup):
        """Make a copy of it, and run code of a set-up in Odoo's shell."""
        self.copy(self.base(), name)
        self.shell(name, setup)


class Server:
    """The server of a machine, which is killed while others use it."""

    def __init__(self, machine):
        self.postgres, self.kills = machine.postgres, 0

    def kill(self):
        """End it as a failing machine does."""
        number = int((self.postgres.data / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL)
        # whoever asks whether it runs is told yes until its parent has taken notice
        wait_until(lambda: not Path(f"/proc/{number}").exists(), 30, "the server is dead")
        self.kills += 1

    def start(self):
        """Start it; those who served the dead one have to be gone first."""
        for attempt in range(LAST_TRY + 1):
            try:
                self.postgres._start()
                return
            except Fault:
                if attempt == LAST_TRY:
                    raise
                time.sleep(0.5)
