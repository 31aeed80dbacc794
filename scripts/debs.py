"""Debian packages without root: a private view of apt, and packages unpacked into a folder."""

import glob
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from .state import STATE, Fault, call, digest, made, output, quietly, remove, say

SUITE = "sid"  # the suite that carries odoo-19
FONTAWESOME_SUITES = ("bookworm", "trixie")  # FontAwesome 4, as Odoo's client wants; sid has 7
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
OTHER_WAYS = "set ODOO_HOME to a checkout of Odoo 19, or run the containers of deploy/compose.yaml"
PREFERENCES = f"""Package: *
Pin: release n={SUITE}
Pin-Priority: 50

Package: *
Pin: release a=unstable
Pin-Priority: 50
"""


def release(path="/etc/os-release"):
    """Read which system this is.

    :return: (ID, VERSION_CODENAME), empty where the system does not say
    """
    try:
        text = Path(path).read_text()
    except OSError:
        return "", ""
    found = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return tuple(found.get(key, "").strip('"') for key in ("ID", "VERSION_CODENAME"))


class Debs:
    """The machine's own sources and keys plus SUITE, with lists and cache of our own."""

    def __init__(self):
        self.folder = STATE / "apt"

    def options(self, folder=None):
        """Say what makes apt look at our folders instead of the system's."""
        folder = folder or self.folder
        settings = {
            "Dir::State::Lists": folder / "lists",
            "Dir::Cache": folder / "cache",
            "Dir::Etc::SourceList": folder / "none.list",
            "Dir::Etc::SourceParts": folder / "sources",
            "Dir::Etc::Preferences": folder / "preferences",
            "Dir::Etc::PreferencesParts": "/dev/null",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            # snapshots of a moving suite outlive their date; signatures are still checked
            "Acquire::Check-Valid-Until": "false",
            "APT::Get::List-Cleanup": "0",
            "Debug::NoLocking": "1",
        }
        return [
            "-q",
            *(part for key, value in settings.items() for part in ("-o", f"{key}={value}")),
        ]

    def mirror(self):
        """Find the Debian mirror that this machine is set up with.

        :return: (URI, suite of the system), or (None, None) when it has none
        """
        system, codename = release()
        if os.environ.get("DEBIAN_MIRROR"):
            return os.environ["DEBIAN_MIRROR"].rstrip("/"), codename
        nothing = ["-o", f"Dir::State::Lists={self.folder}/nolists"]
        text = output(
            "apt-get", "--print-uris", *nothing, "update", stderr=subprocess.DEVNULL, check=False
        )
        found = re.findall(r"^'(\S+?)/dists/([a-z]+)/InRelease'", text, re.M)
        if system != "debian" or not found:
            return None, None
        return next((pair for pair in found if pair[1] == codename), found[0])

    def ready(self):
        """Make the view once a month, and check that it knows Odoo."""
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Fault(f"there is no Odoo 19 here and this is not Debian: {OTHER_WAYS}")
        made("apt", digest("v4", time.strftime("%Y-%m"), release()), self._fill)

    def _fill(self, folder):
        for name in ("lists/partial", "cache/archives/partial", "sources"):
            (folder / name).mkdir(parents=True)
        sources = ["/etc/apt/sources.list", *glob.glob("/etc/apt/sources.list.d/*.list")]
        sources += glob.glob("/etc/apt/sources.list.d/*.sources")
        for source in sources:
            if os.access(source, os.R_OK):
                shutil.copy(source, folder / "sources" / os.path.basename(source))
        uri, suite = self.mirror()
        if not uri:
            raise Fault(f"apt here has no Debian mirror (DEBIAN_MIRROR can name one): {OTHER_WAYS}")
        signed = f"[signed-by={KEYRING}] " if os.path.exists(KEYRING) else ""
        suites = {SUITE, suite if suite in FONTAWESOME_SUITES else FONTAWESOME_SUITES[-1]} - {suite}
        lines = [f"deb {signed}{uri} {name} main\n" for name in sorted(suites)]
        (folder / "sources" / "extra.list").write_text("".join(lines))
        (folder / "preferences").write_text(PREFERENCES)
        say("reading Debian's package lists")
        told = call(
            *("apt-get", *self.options(folder), "update"),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ).stdout
        known = output(
            *("apt-cache", *self.options(folder), "show", "odoo-19"),
            check=False,
            stderr=subprocess.DEVNULL,
        )
        if "Package: odoo-19" in known:
            return
        if re.search(r"^(Err:|W: Failed|E: Failed)", told, re.M):
            raise Fault("the Debian mirror cannot be reached; go online and run the command again")
        raise Fault(f"Debian's suite {SUITE} has no odoo-19 now: {OTHER_WAYS}")

    def download(self, specs, folder):
        """Fetch packages, as name/suite or name=version.

        :return: the .deb files
        """
        folder.mkdir(parents=True, exist_ok=True)
        quietly(
            "a download from the Debian mirror did not finish; go online and run the command again",
            *("apt-get", *self.options(), "download", *specs),
            cwd=folder,
        )
        return sorted(folder.glob("*.deb"))

    def missing(self, packages):
        """List the packages, with what they depend on, that this machine lacks: name=version."""
        text = quietly(
            f"apt cannot resolve {', '.join(packages)}; install them with the system's own means",
            *("apt-get", *self.options(), "install", "-s", "--no-install-recommends", *packages),
        )
        found = re.findall(r"^Inst (\S+) (?:\[\S+\] )?\((\S+)", text, re.M)
        return [f"{name}={version}" for name, version in found]

    def whole(self, packages, suite):
        """List the packages with everything they link with, of one suite, as name=version.

        As on a machine with nothing on it, less the programs that only a system needs.
        """
        text = quietly(
            f"apt cannot resolve {', '.join(packages)}; install them with the system's own means",
            *("apt-get", *self.options(), "-o", "Dir::State::status=/dev/null", "-t", suite),
            *("install", "-s", "--no-install-recommends", *packages),
        )
        found = re.findall(r"^Inst (\S+) (?:\[\S+\] )?\((\S+)", text, re.M)
        return [
            f"{name}={version}"
            for name, version in found
            if name in packages
            or (name.startswith(("lib", "zlib")) and "systemd-shared" not in name)
        ]

    @staticmethod
    def unpack(debs, root, exclude=()):
        """Unpack packages into a folder, one at a time, deleting each."""
        root.mkdir(parents=True, exist_ok=True)
        for deb in debs:
            command = ["tar", "-x", "-C", str(root), "--no-same-owner"]
            command += [f"--exclude={pattern}" for pattern in exclude]
            with subprocess.Popen(
                ["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE
            ) as reader:
                done = subprocess.run(
                    command, stdin=reader.stdout, stderr=subprocess.PIPE, text=True, check=False
                )
            if "No space left" in done.stderr:
                raise Fault("the disk is full (about 2 GB are needed); free some and run it again")
            if done.returncode or reader.returncode:
                raise Fault(f"{deb.name} is damaged; run the command again to fetch it anew")
            remove(deb)
