"""The command line of ./run."""

import importlib
import signal
import sys

from .state import Fault

COMMANDS = {
    "demo": ("demo", "serve the system with demo data; --port N, --host H, --https, --reset"),
    "test": ("test", "run the tests; takes pytest's own arguments, and -j N"),
    "odoo": ("odoo", "any stock Odoo command, as in: ./run odoo shell -d demo"),
    "lint": ("lint", "ruff, pylint-odoo, manifests, XML and translations; --fix lets ruff repair"),
    "bench": ("bench", "run the benchmarks of tests/bench; takes names of benchmarks"),
    "i18n": ("i18n", "export the terms of our addons and merge them into zh_CN.po"),
    "backup": ("backup", "backup FILE [--database demo] [--passphrase-file F]"),
    "restore": ("restore", "restore FILE --database NAME [--passphrase-file F] [--force]"),
}

DISK_FULL = {
    28: "the disk is full (about 2 GB are needed)",
    122: "the disk quota is used up (about 2 GB are needed)",
}


def usage():
    """Say what there is.

    :return: the text of ./run help
    """
    lines = ["usage: ./run COMMAND [ARGUMENTS]", ""]
    lines += [f"  {name:<9}{text}" for name, (_module, text) in COMMANDS.items()]
    lines += [
        "",
        "Everything made is kept in .state/ (or $PROPERTY_STATE); delete it to start afresh.",
        "ODOO_HOME uses an Odoo 19 of yours; PGHOST or DATABASE_URL uses a PostgreSQL of yours.",
    ]
    return "\n".join(lines)


def main(argv):
    """Run one command and exit with its code.

    :param argv: arguments after the program's name
    """
    name = argv[0] if argv else "help"
    if name in ("help", "-h", "--help"):
        print(usage())
        sys.exit(0 if argv else 2)
    if name not in COMMANDS:
        sys.exit(f"run: there is no command {name}; ./run help lists them")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: sys.exit(128 + got))  # unwinds: servers stop
    try:
        command = importlib.import_module(f"scripts.{COMMANDS[name][0]}")
        code = command.main(argv[1:])
    except Fault as fault:
        sys.exit(f"run: {fault}")
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno in DISK_FULL:
            sys.exit(f"run: {DISK_FULL[error.errno]}; free some and run the command again")
        raise
    sys.stdout.flush()
    sys.exit(code or 0)
