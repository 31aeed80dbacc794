"""Programs beside Odoo: a browser for tests and PDFs, Chinese fonts, an MQTT broker."""

import glob
import os
import shutil
import subprocess
from dataclasses import dataclass

from .debs import Debs
from .state import STATE, Fault, digest, made, output, remove, say


@dataclass(frozen=True)
class Tool:
    """A program or fonts: the Debian packages, names on the PATH, and where a package puts it."""

    name: str
    packages: tuple
    names: tuple = ()
    inside: str = ""


CHROMIUM = Tool(
    "chromium",
    ("chromium",),
    ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"),
    "usr/lib/chromium/chromium",
)
FONTS = Tool("Chinese fonts", ("fonts-noto-cjk",))
MOSQUITTO = Tool(
    "mosquitto", ("mosquitto",), ("mosquitto", "/usr/sbin/mosquitto"), "usr/sbin/mosquitto"
)
ALL = (CHROMIUM, FONTS, MOSQUITTO)
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{root}/cache</cachedir>
<include ignore_missing="yes">{root}/etc/fonts/conf.d</include>
<include ignore_missing="yes">/etc/fonts/conf.d</include></fontconfig>
"""
WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export FONTCONFIG_FILE="{root}/fonts.conf" XDG_DATA_DIRS="{root}/usr/share:/usr/share"
exec "{root}/{inside}" "$@"
"""


def installed(tool):
    """Say whether the machine itself has it, and it starts."""
    if not tool.names:
        if glob.glob("/usr/share/fonts/**/*CJK*", recursive=True):
            return True
        return bool(shutil.which("fc-list")) and bool(output("fc-list", ":lang=zh-cn").strip())
    return any(_starts(shutil.which(name)) for name in tool.names)


def _starts(path):
    if not path:
        return False
    flag = "-h" if "mosquitto" in path else "--version"
    try:
        done = subprocess.run(
            [path, flag], capture_output=True, check=False, timeout=30, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode in ((0, 3) if flag == "-h" else (0,))


def ensure(*wanted):
    """Unpack what the machine lacks.

    :return: folder with the programs, to put on the PATH
    """
    folder = STATE / "tools"
    lacking = [tool for tool in wanted if not installed(tool)]
    if not lacking:
        return folder / "bin"
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        say(f"not on this machine: {', '.join(tool.name for tool in lacking)}")
        return folder / "bin"
    key = digest("v5", folder, *(tool.name for tool in lacking))
    made(
        "tools",
        key,
        lambda part: _unpack(part, folder, lacking),
        sound=lambda f: _sound(f, lacking),
    )
    return folder / "bin"


def browser(folder):
    """Find a browser for tests and PDFs.

    :param folder: what ensure() returned
    :return: path, or None
    """
    for name in (*CHROMIUM.names, str(folder / "chromium")):
        path = shutil.which(name)
        if _starts(path):
            return path
    return None


def _unpack(part, root, lacking):
    debs = Debs()
    debs.ready()
    need = debs.missing([package for tool in lacking for package in tool.packages])
    names = ", ".join(tool.name for tool in lacking)
    say(f"fetching {names} ({len(need)} Debian packages)")
    temporary = STATE / "tools.debs"
    remove(temporary)
    try:
        debs.unpack(debs.download(need, temporary), part)
    finally:
        remove(temporary)
    (part / "fonts.conf").write_text(FONTCONFIG.format(root=root))
    (part / "bin").mkdir()
    libraries = ":".join(f"{root}/{path}" for path in _libraries())
    for tool in lacking:
        if not tool.inside:
            continue
        if not (part / tool.inside).exists():
            raise Fault(f"Debian's package has no {tool.inside}; install {tool.name} yourself")
        wrapper = part / "bin" / tool.name
        wrapper.write_text(WRAPPER.format(libraries=libraries, root=root, inside=tool.inside))
        wrapper.chmod(0o755)


def _libraries():
    triplet = f"{os.uname().machine}-linux-gnu"
    if shutil.which("dpkg-architecture"):
        triplet = output("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()
    base = f"usr/lib/{triplet}"
    return (base, f"lib/{triplet}", f"{base}/pulseaudio", f"{base}/nss")


def _sound(folder, lacking):
    return all(_starts(str(folder / "bin" / tool.name)) for tool in lacking if tool.inside)
