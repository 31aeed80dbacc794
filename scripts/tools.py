"""Programs beside Odoo: a browser for tests and PDFs, Chinese fonts, an MQTT broker."""

import glob
import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from .debs import SUITE, Debs
from .state import STATE, Fault, call, digest, made, output, remove, say


@dataclass(frozen=True)
class Tool:
    """A program or fonts: the Debian packages, names on the PATH, and where a package puts it.

    One that the machine's own release has too old comes from another suite, with all its libraries:
    it runs on the C library of that suite.
    """

    name: str
    packages: tuple
    names: tuple = ()
    inside: str = ""
    suite: str = ""
    least: tuple = ()  # version


CHROMIUM = Tool(
    "chromium",
    ("chromium",),
    ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"),
    "usr/lib/chromium/chromium",
)
FONTS = Tool("Chinese fonts", ("fonts-noto-cjk",))
MOSQUITTO = Tool(  # 2.1 is the first that keeps its queues through a crash and heeds its clients
    "mosquitto",
    ("mosquitto",),
    ("mosquitto", "/usr/sbin/mosquitto"),
    "usr/sbin/mosquitto",
    suite=SUITE,
    least=(2, 1),
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
LOADER = """#!/bin/sh
exec "{loader}" --library-path "{libraries}" "{root}/{inside}" "$@"
"""


def installed(tool):
    """Say whether the machine itself has it, and it starts."""
    if not tool.names:
        if glob.glob("/usr/share/fonts/**/*CJK*", recursive=True):
            return True
        return bool(shutil.which("fc-list")) and bool(output("fc-list", ":lang=zh-cn").strip())
    return any(_starts(shutil.which(name), tool.least) for name in tool.names)


def _starts(path, least=()):
    """Say whether a program starts and is no older than it must be."""
    if not path:
        return False
    flag = "-h" if "mosquitto" in path else "--version"
    try:
        done = subprocess.run(
            [path, flag], capture_output=True, check=False, timeout=30, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    if done.returncode not in ((0, 3) if flag == "-h" else (0,)):
        return False
    told = re.search(rb"version (\d+)\.(\d+)", done.stdout + done.stderr)
    return not least or (bool(told) and tuple(map(int, told.groups())) >= least)


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
    key = digest("v6", folder, *(tool.name for tool in lacking))
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


def broker(folder):
    """Find an MQTT broker that keeps its queues through a crash.

    :param folder: what ensure() returned
    :return: path, or None
    """
    for name in (str(folder / "mosquitto"), *MOSQUITTO.names):
        path = shutil.which(name)
        if _starts(path, MOSQUITTO.least):
            return path
    return None


def _unpack(part, root, lacking):
    debs = Debs()
    debs.ready()
    near = [tool for tool in lacking if not tool.suite]
    need = debs.missing([package for tool in near for package in tool.packages]) if near else []
    _fetch(debs, need, part, [tool.name for tool in near])
    for tool in lacking:
        if tool.suite:
            _fetch(debs, debs.whole(tool.packages, tool.suite), part / tool.name, [tool.name])
    (part / "fonts.conf").write_text(FONTCONFIG.format(root=root))
    (part / "bin").mkdir()
    libraries = ":".join(f"{root}/{path}" for path in _libraries())
    for tool in lacking:
        if not tool.inside:
            continue
        within = tool.name if tool.suite else "."
        if not (part / within / tool.inside).exists():
            raise Fault(f"Debian's package has no {tool.inside}; install {tool.name} yourself")
        text = WRAPPER.format(libraries=libraries, root=root, inside=tool.inside)
        if tool.suite:
            text = _foreign(part / within, root / within, tool)
        wrapper = part / "bin" / tool.name
        wrapper.write_text(text)
        wrapper.chmod(0o755)


def _fetch(debs, need, place, names):
    if not need:
        return
    say(f"fetching {', '.join(names)} ({len(need)} Debian packages)")
    temporary = STATE / "tools.debs"
    remove(temporary)
    try:
        debs.unpack(debs.download(need, temporary), place)
    finally:
        remove(temporary)


def _foreign(part, root, tool):
    """Write the script that starts a program on the C library of its own suite.

    :param part: where the suite's packages are now
    :param root: where they will be
    """
    loaders = sorted([*part.glob("usr/lib/*/ld-linux*.so.*"), *part.glob("usr/lib/ld-linux*.so.*")])
    if not loaders:
        raise Fault(
            f"Debian's packages of {tool.name} bring no loader; install {tool.name} yourself"
        )
    libraries = ":".join(f"{root}/{path}" for path in _libraries()[:1])
    # a package may count on ldconfig for the short names of its libraries
    call("/sbin/ldconfig", "-n", loaders[0].parent, check=False)
    loader = root / loaders[0].relative_to(part)
    return LOADER.format(loader=loader, libraries=libraries, root=root, inside=tool.inside)


def _libraries():
    triplet = f"{os.uname().machine}-linux-gnu"
    if shutil.which("dpkg-architecture"):
        triplet = output("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()
    base = f"usr/lib/{triplet}"
    return (base, f"lib/{triplet}", f"{base}/pulseaudio", f"{base}/nss")


def _sound(folder, lacking):
    return all(
        _starts(str(folder / "bin" / tool.name), tool.least) for tool in lacking if tool.inside
    )
