"""Where things are kept, and how a step is made once, whole or not at all."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("PROPERTY_STATE") or REPO / ".state").resolve()
ROOM = 2_000_000_000  # bytes that a set-up from nothing takes
STARTED = time.monotonic()


class Fault(Exception):
    """Something the person can mend; its text is one sentence that says how."""


def say(message):
    """Print one line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:6.1f}s] {message}", flush=True)


def digest(*parts):
    """Hash what a step depends on.

    :param parts: bytes, or anything whose text says what it is
    :return: 12 hexadecimal digits
    """
    found = hashlib.sha256()
    for part in parts:
        found.update(part if isinstance(part, bytes) else str(part).encode())
        found.update(b"\0")
    return found.hexdigest()[:12]


def call(*command, **options):
    """Run a program that must succeed.

    :raise subprocess.CalledProcessError: when it does not
    """
    options.setdefault("check", True)
    return subprocess.run([str(part) for part in command], **options)


def output(*command, **options):
    """Run a program that must succeed and return what it prints."""
    return call(*command, stdout=subprocess.PIPE, text=True, **options).stdout


def quietly(sentence, *command, **options):
    """Run a program without its chatter; when it fails, show the end of it and one sentence.

    :param sentence: what to tell the person when it fails
    :raise Fault: with that sentence
    """
    done = call(
        *command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        print(tail, file=sys.stderr)
        if "No space left on device" in done.stdout or "Disk quota exceeded" in done.stdout:
            raise Fault("the disk is full (about 2 GB are needed); free some and run it again")
        raise Fault(sentence)
    return done.stdout


def remove(path):
    """Delete a file or a folder, whether it is there or not."""
    path = Path(path)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_private(path, text):
    """Write a file that only its owner can read, in one move."""
    part = Path(f"{path}.{os.getpid()}.part")
    remove(part)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


@contextlib.contextmanager
def locked(name="setup", message="another run is setting up; waiting"):
    """Hold one of the checkout's locks; the kernel frees it even after kill -9."""
    make_state()
    with open(STATE / f"{name}.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(message)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_state():
    """Make the folder of everything, and say so when that cannot be."""
    try:
        STATE.mkdir(parents=True, exist_ok=True)
    except (PermissionError, FileExistsError, NotADirectoryError):
        raise Fault(f"{STATE} cannot be written; set PROPERTY_STATE to a folder of yours") from None


def need_room():
    """Refuse to begin a long download that cannot end well."""
    make_state()
    free = shutil.disk_usage(STATE).free
    if free < ROOM:
        raise Fault(
            f"the disk is full: {free // 1_000_000} MB are free where {STATE} is and about "
            f"{ROOM // 1_000_000} MB are needed"
        )


def stamp_of(folder):
    """Read the key that a folder was made with; None when it is missing or was not finished."""
    try:
        return (Path(folder) / ".made").read_text()
    except (OSError, UnicodeDecodeError):
        return None


def made(name, key, build, *, sound=None, in_place=False):
    """Make a folder of the state once per key.

    It is built under another name and moved, and its stamp is written last: what was interrupted,
    damaged, or made from other inputs is made again.

    :param name: name of the folder
    :param key: hash of everything it depends on
    :param build: function that fills the folder it is given
    :param sound: function that says whether the finished folder is usable
    :param in_place: for what cannot be moved, such as a venv
    :return: the folder
    """
    folder = STATE / name
    if stamp_of(folder) == key:
        if sound is None or sound(folder):
            return folder
        say(f"{name} is damaged and is made again")
    need_room()
    began = time.monotonic()
    part = folder if in_place else STATE / f"{name}.part"
    remove(part)
    try:
        part.mkdir(parents=True)
        build(part)
        (part / ".made").write_text(key)
        if not in_place:
            remove(folder)
            part.rename(folder)
    except BaseException:
        remove(part)
        raise
    if sound is not None and not sound(folder):
        remove(folder)
        raise Fault(f"{name} was made but does not work here; see README.md for other ways")
    say(f"{name}: made in {time.monotonic() - began:.1f}s")
    return folder
