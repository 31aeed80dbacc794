"""./run backup: a database, its attachments and the data key in one file."""

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from .databases import System
from .state import STATE, Fault, call, output, quietly, say

KEY = "property.key"  # encrypts ID numbers; without it a restored database cannot show them


def parse(argv):
    """Read the arguments."""
    parser = argparse.ArgumentParser(prog="./run backup")
    parser.add_argument("file", type=Path)
    parser.add_argument("--database", default="demo")
    parser.add_argument("--passphrase-file", type=Path, help="encrypt; its first line is used")
    return parser.parse_args(argv)


def main(argv):
    """Write a backup."""
    options = parse(argv)
    target = options.file.expanduser().absolute()
    if not target.parent.is_dir():
        raise Fault(f"there is no folder {target.parent}")
    check_passphrase(options.passphrase_file)
    system = System("demo", wanted=())
    with system.postgres:
        system.configure(log_level="warn")
        save(system, options.database, target, options.passphrase_file)
    say(f"{target}: {target.stat().st_size // 1000} kB")


def check_passphrase(path):
    """Refuse a passphrase file that is missing."""
    if path and not path.is_file():
        raise Fault(f"there is no file {path}")


def save(system, database, target, secret=None):
    """Write one database's backup.

    :param system: entered System
    :param secret: file with a passphrase
    """
    if database not in system.postgres.names():
        raise Fault(f"there is no database {database}; ./run backup FILE --database NAME")
    with tempfile.TemporaryDirectory(prefix="backup-", dir=STATE) as name:
        folder = Path(name)
        quietly(
            "the database could not be saved",
            *(system.postgres.bin / "pg_dump", "-Fc", "--no-owner", "--no-privileges"),
            *("-f", folder / "database.dump", database),
            env=system.environment(),
        )
        # after the dump: an attachment that was added meanwhile is one too many, never one too few
        if system.filestore(database).exists():
            shutil.copytree(system.filestore(database), folder / "filestore", copy_function=_link)
        key = data_key(system)
        if key:
            (folder / KEY).write_bytes(key)
        (folder / "manifest.json").write_text(json.dumps(facts(system, database), indent=1))
        pack(system, "pack", target, folder, secret)


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def data_key(system):
    """Read the key of the encrypted columns, wherever it was given.

    :return: bytes, or None
    """
    given = os.environ.get("PROPERTY_DATA_KEY")
    if given:
        return given.encode()
    path = system.data / KEY
    return path.read_bytes() if path.exists() else None


def facts(system, database):
    """Describe a backup: what made it, and what is in it."""
    modules = system.postgres.sql(
        "select name, latest_version from ir_module_module where state = 'installed' order by 1",
        database,
    )
    version = output(system.postgres.bin / "pg_dump", "--version", env=system.environment())
    return {
        "format": 1,
        "database": database,
        "saved_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "postgresql": version.strip(),
        "modules": dict(line.split("|", 1) for line in modules.splitlines()),
    }


def pack(system, action, path, folder, secret=None):
    """Pack or unpack, in the venv, where the cipher is."""
    done = call(
        *(system.python, "-m", "scripts.archive", action, path, folder),
        *([secret.absolute()] if secret else []),
        cwd=Path(__file__).resolve().parent.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode == 3:
        raise Fault(done.stderr.strip())
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it was interrupted"]
        raise Fault(f"the backup could not be {action}ed: {last[0]}")
