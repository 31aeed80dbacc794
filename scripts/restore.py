"""./run restore: a database from a backup, whole or not at all."""

import argparse
import json
import re
import shutil
import tempfile
from pathlib import Path

from .backup import KEY, check_passphrase, data_key, pack
from .databases import System
from .state import STATE, Fault, quietly, say, write_private


def parse(argv):
    """Read the arguments."""
    parser = argparse.ArgumentParser(prog="./run restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--database", required=True)
    parser.add_argument("--passphrase-file", type=Path)
    parser.add_argument("--force", action="store_true", help="replace a database of that name")
    return parser.parse_args(argv)


def main(argv):
    """Restore a backup."""
    options = parse(argv)
    if not options.file.is_file():
        raise Fault(f"there is no file {options.file}")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,50}", options.database):
        raise Fault("a database's name has letters, digits, dots, dashes and underscores")
    check_passphrase(options.passphrase_file)
    system = System("demo", wanted=())
    with system.postgres:
        system.configure(log_level="warn")
        load(
            system,
            options.file.absolute(),
            options.database,
            options.passphrase_file,
            options.force,
        )
    say(f"restored; ./run odoo -d {options.database} serves it")


def load(system, path, database, secret=None, force=False):
    """Restore one database.

    :param system: entered System
    :param secret: file with the passphrase
    :param force: replace a database of that name
    """
    if database in system.postgres.names() and not force:
        raise Fault(f"the database {database} exists; --force replaces it, or choose another name")
    with tempfile.TemporaryDirectory(prefix="restore-", dir=STATE) as name:
        folder = Path(name)
        pack(system, "unpack", path, folder, secret)
        facts = json.loads((folder / "manifest.json").read_text())
        check_key(system, folder)

        def build(part):
            system.postgres.sql(f'create database "{part}" template template0')
            quietly(
                "the database could not be restored; what was there is as it was",
                *(system.postgres.bin / "pg_restore", "--no-owner", "--no-privileges"),
                *("--exit-on-error", "-d", part, folder / "database.dump"),
                env=system.environment(),
            )
            if (folder / "filestore").exists():
                system.filestore(part).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(folder / "filestore", system.filestore(part))

        say(f"restoring {facts['database']} of {facts['saved_at']} as {database}")
        system.built(f"{database}-restored", build)
        system.drop(database)
        system.rename(f"{database}-restored", database)
        install_key(system, folder)


def check_key(system, folder):
    """Refuse a backup whose data key is another one than this system's."""
    saved, own = folder / KEY, data_key(system)
    if saved.exists() and own is not None and saved.read_bytes().strip() != own.strip():
        raise Fault(
            f"the backup's data key is not this system's; set PROPERTY_DATA_KEY or move "
            f"{system.data / KEY} away first"
        )


def install_key(system, folder):
    """Put the data key in place where there is none."""
    saved = folder / KEY
    if saved.exists() and data_key(system) is None:
        system.data.mkdir(parents=True, exist_ok=True)
        write_private(system.data / KEY, saved.read_text())
