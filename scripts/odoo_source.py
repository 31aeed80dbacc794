"""Where Odoo 19 is: the person's own, or Debian's package unpacked into the state."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .debs import FONTAWESOME_SUITES, SUITE, Debs
from .state import STATE, Fault, digest, made, remove, say

SERIES = "19.0"
SYSTEM = Path("/usr/lib/python3/dist-packages")
PACKAGES = [
    "odoo-19",
    # targets of the package's links: scripts and fonts of the web client
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
LEFT_OUT = ["./usr/lib/python3/dist-packages/addons", "*/i18n/[a-y]*.po"]  # a copy; 900 MB of terms
# Debian leaves this file out and a bundle that lacks a file logs an error in every browser test
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """An Odoo: `kind` is home, system or debian; `base` is the folder that holds odoo/."""

    kind: str
    base: Path


def series_of(base):
    """Read the series of the Odoo in a folder; None when there is none."""
    try:
        text = (Path(base) / "odoo" / "release.py").read_text()
    except OSError:
        return None
    found = re.search(r"version_info = \((\d+), (\d+)", text)
    return ".".join(found.groups()) if found else None


def find():
    """Look for an Odoo 19 of the person's.

    :return: Odoo, or None
    """
    home = os.environ.get("ODOO_HOME")
    if home:
        base = Path(home).resolve()
        if series_of(base) != SERIES:
            raise Fault(f"ODOO_HOME={home} holds Odoo {series_of(base) or 'nothing'}, not {SERIES}")
        return Odoo("home", base)
    for name in ("odoo-bin", "odoo"):
        path = shutil.which(name)
        for base in (Path(path).resolve().parent, SYSTEM) if path else ():
            series = series_of(base)
            if series == SERIES:
                return Odoo("system" if base == SYSTEM else "home", base)
            if series:
                say(f"{path} is Odoo {series} and is not used")
    return None


def ensure():
    """Find Odoo, or unpack Debian's."""
    found = find()
    if found:
        return found
    inside = "usr/lib/python3/dist-packages"
    root = made(
        "odoo",
        digest("v5", SUITE, *PACKAGES, *LEFT_OUT),
        _unpack,
        sound=lambda folder: (
            series_of(folder / inside) == SERIES and (folder / inside / STUB).exists()
        ),
    )
    return Odoo("debian", root / inside)


def _unpack(folder):
    debs = Debs()
    debs.ready()
    _uri, suite = debs.mirror()
    icons = suite if suite in FONTAWESOME_SUITES else FONTAWESOME_SUITES[-1]
    say("fetching Odoo (Debian's odoo-19, 130 MB)")
    temporary = STATE / "odoo.debs"
    remove(temporary)
    try:
        specs = [f"{name}/{SUITE}" for name in PACKAGES] + [f"fonts-font-awesome/{icons}"]
        debs.unpack(debs.download(specs, temporary), folder, LEFT_OUT)
    finally:
        remove(temporary)
    stub = folder / "usr/lib/python3/dist-packages" / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("/* not in Debian's package: no background blur in calls */\n")
