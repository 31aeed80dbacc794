"""Write and read a backup: one tar with its contents' checksums. Runs in the venv.

python -m scripts.archive pack FILE FOLDER [PASSPHRASE_FILE]
python -m scripts.archive unpack FILE FOLDER [PASSPHRASE_FILE]
"""

import contextlib
import hashlib
import io
import json
import os
import sys
import tarfile
from pathlib import Path

from . import seal

MANIFEST = "manifest.json"


def passphrase(path):
    """Read a passphrase: the first line of a file."""
    lines = Path(path).read_text().splitlines()
    if not lines or len(lines[0].strip()) < 8:
        raise ValueError("the passphrase must have at least 8 characters, on the first line")
    return lines[0].strip().encode()


def checksum(path):
    """Hash a file's content.

    :return: hexadecimal SHA-256
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if DIGEST else _slowly(file)


DIGEST = hasattr(hashlib, "file_digest")  # Python 3.11


def _slowly(file):
    found = hashlib.sha256()
    while chunk := file.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


def files(folder):
    """List the files of a folder by their path inside it, in order."""
    found = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path for path in sorted(found)}


def pack(path, folder, secret=None):
    """Write a backup in one move: under another name until it is whole.

    :param folder: its contents, with a manifest.json to which checksums are added
    :param secret: passphrase, bytes; None for a plain tar
    """
    found = files(folder)
    facts = json.loads(found.pop(MANIFEST).read_text())
    facts["sha256"] = {name: checksum(file) for name, file in found.items()}
    part = Path(f"{path}.part")
    try:
        with contextlib.ExitStack() as stack:
            raw = stack.enter_context(open(part, "wb", opener=_private))
            target = stack.enter_context(seal.Sealer(raw, secret)) if secret else raw
            tar = stack.enter_context(tarfile.open(fileobj=target, mode="w|"))
            _add(tar, MANIFEST, json.dumps(facts, indent=1).encode())
            for name, file in found.items():
                tar.add(file, name, recursive=False)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _private(path, flags):
    return os.open(path, flags, 0o600)


def _add(tar, name, content):
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def unpack(path, folder, secret=None):
    """Read a backup, checking every byte.

    :param folder: where its contents go; empty
    :raise ValueError: when it is not whole, saying why
    """
    if seal.is_sealed(path) and not secret:
        raise ValueError("the backup is encrypted: give --passphrase-file")
    if secret and not seal.is_sealed(path):
        raise ValueError("the backup is not encrypted: leave --passphrase-file out")
    with open(path, "rb") as raw:
        source = io.BufferedReader(seal.Opener(raw, secret)) if secret else raw
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                for member in tar:
                    _take(tar, member, Path(folder))
            while source.read(1 << 20):  # to the last chunk, which proves that nothing is cut off
                pass
        except (tarfile.TarError, EOFError) as error:
            raise ValueError(f"this is no backup or it is damaged: {error}") from None
    _verify(Path(folder))


def _take(tar, member, folder):
    """Write one file of the tar; anything but a plain file inside the folder is refused."""
    target = (folder / member.name).resolve()
    if not member.isreg() or not target.is_relative_to(folder.resolve()):
        raise ValueError(f"the backup holds {member.name}, which no backup of ours does")
    target.parent.mkdir(parents=True, exist_ok=True)
    source = tar.extractfile(member)
    with open(target, "wb", opener=_private) as file:
        while chunk := source.read(1 << 20):
            file.write(chunk)


def _verify(folder):
    found = files(folder)
    if MANIFEST not in found:
        raise ValueError("this is no backup: it has no manifest")
    wanted = json.loads(found.pop(MANIFEST).read_text()).get("sha256", {})
    if set(wanted) != set(found):
        raise ValueError("the backup is damaged: files are missing or were added")
    for name, file in found.items():
        if checksum(file) != wanted[name]:
            raise ValueError(f"the backup is damaged: {name} is not what was saved")


def main(action, path, folder, secret_file=None):
    """Run as a program: 0, or 3 after one sentence about what is wrong."""
    try:
        secret = passphrase(secret_file) if secret_file else None
        {"pack": pack, "unpack": unpack}[action](path, folder, secret)
    except (ValueError, seal.Tampered) as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
