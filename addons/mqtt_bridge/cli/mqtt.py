"""odoo-bin mqtt: the bridge between MQTT brokers and the database.

Odoo loads this file by its place, without its addon: what it needs is imported when it runs.
"""

import argparse
import sys

from odoo.cli.command import Command
from odoo.tools import config


class Mqtt(Command):
    """Take messages from an MQTT broker into the database, act on them, and send commands."""

    def run(self, cmdargs):
        """Run a role of the bridge until it is asked to end.

        :param cmdargs: our options; the others are Odoo's
        """
        parser = argparse.ArgumentParser(
            prog=self.prog, description=self.__doc__, allow_abbrev=False, epilog=EPILOG
        )
        parser.add_argument(
            "--role",
            choices=("ingest", "actions", "outbox", "all"),
            default="ingest",
            help="ingest hears, actions runs server actions, outbox sends commands; all starts one "
            "process for each of them and looks after these",
        )
        parser.add_argument("--broker", metavar="CODE", help="needed where there are several")
        parser.add_argument(
            "--workers", type=int, default=1, help="processes for actions, with the role all"
        )
        parser.add_argument("--batch", type=int, default=500, help="most messages a transaction")
        parser.add_argument(
            "--wait-ms", type=int, default=20, help="longest wait for a batch to fill"
        )
        parser.add_argument(
            "--check", action="store_true", help="only say, by the code, whether the role works"
        )
        options, rest = parser.parse_known_args(cmdargs)
        if options.batch < 1 or options.wait_ms < 0:
            parser.error("--batch is at least 1 and --wait-ms at least 0")
        if not 1 <= options.workers <= 16:
            parser.error("--workers is 1 to 16")
        config.parser.prog = self.prog
        config.parse_config(rest, setup_logging=True)
        names = config["db_name"]
        names = names if isinstance(names, list) else [name for name in [names] if name]
        if len(names) != 1:
            parser.error("name one database: -d NAME")

        from odoo.service import server

        server.load_server_wide_modules()
        from odoo.addons.mqtt_bridge.bridge import process

        sys.exit(process.main(names[0], options))


EPILOG = """Codes: 0 ended as asked, 1 the connection's thread died, 2 wrong settings, 3 another
process has this client ID. Everything but 0 is a case for starting it again; with the role all, a
process that died is started again by itself."""
