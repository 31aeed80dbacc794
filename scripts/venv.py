"""The Python environment that sees Odoo."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .state import REPO, STATE, Fault, call, digest, made, output, quietly, say

OLDEST, NEWEST = (3, 10), (3, 13)  # what Odoo 19 supports
REQUIREMENTS = [REPO / "requirements.txt", REPO / "scripts" / "requirements-test.txt"]


def python(kind="home"):
    """Choose an interpreter; a system's Odoo goes with the system's own.

    :return: (path, (major, minor))
    """
    # not sys.executable, which is the environment itself when the tests call this
    own = os.path.realpath(sys.executable)
    names = [own, *(f"python3.{minor}" for minor in (12, 11, 13, 10))]
    if kind == "system":
        names.insert(0, "/usr/bin/python3")
    for name in names:
        path = shutil.which(name or "")
        told = path and call(
            *(path, "-c", "import sys; print(*sys.version_info[:2])"),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if told and told.returncode == 0:
            version = tuple(map(int, told.stdout.split()))
            if OLDEST <= version <= NEWEST:
                return path, version
    raise Fault("Odoo 19 needs Python 3.10 to 3.13 and none of them is on the PATH; install one")


def lines(text):
    """List what a requirements file asks for, without its comments."""
    found = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in found if line]


def ensure(odoo):
    """Make the environment once for these requirements.

    :param odoo: odoo_source.Odoo
    :return: its folder
    """
    path, version = python(odoo.kind)
    wanted = [line for file in REQUIREMENTS for line in lines(file.read_text())]

    def build(folder):
        say("installing the Python packages")
        extra = ["--system-site-packages"] if odoo.kind == "system" else []
        quietly(
            "python -m venv does not work; install the system's package python3-venv",
            *(path, "-m", "venv", *extra, folder),
        )
        if odoo.kind != "system":
            code = "import sysconfig; print(sysconfig.get_path('purelib'))"
            site = output(folder / "bin/python", "-c", code)
            (Path(site.strip()) / "odoo19.pth").write_text(f"{odoo.base}\n")
        quietly(
            "the Python packages could not be installed; go online and run the command again",
            *(folder / "bin/python", "-m", "pip", "install", "--disable-pip-version-check"),
            *("--no-compile", "--prefer-binary", "--quiet"),
            *(part for file in REQUIREMENTS for part in ("-r", file)),
        )

    key = digest("v5", version, odoo.kind, odoo.base, *wanted)
    return made("venv", key, build, sound=_sound, in_place=True)


def _sound(folder):
    check = "import odoo.release, psycopg2, lxml, pytest"
    try:
        done = subprocess.run(
            [folder / "bin/python", "-c", check], capture_output=True, check=False, cwd=STATE
        )
    except OSError:
        return False
    return done.returncode == 0
