"""Odoo on a PostgreSQL of its own that waits for the disk, and that may be killed."""

import os
import signal
import time

from scripts import addons, postgres
from scripts.databases import System
from scripts.state import Fault, say

NAME = "mqtt"  # of the cluster
BASE = "mqtt-base-"


class Machine(System):
    """Odoo with the bridge alone, on a durable cluster of its own."""

    def __init__(self):
        super().__init__("test", wanted=())
        self.use = NAME
        self.postgres = postgres.Private(self.venv, NAME, durable=True)
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

    def kill(self):
        """End the server as a failing machine does, and start it again."""
        os.kill(self._number(), signal.SIGKILL)
        self.start()

    def _number(self):
        return int((self.postgres.data / "postmaster.pid").read_text().split()[0])

    def start(self):
        """Start the server; those who served its dead one have to be gone first."""
        for attempt in range(60):
            try:
                return self.postgres._start()
            except Fault:
                if attempt == 59:
                    raise
                time.sleep(0.5)
