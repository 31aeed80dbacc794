"""Encrypt a stream with a passphrase so that any change to it is found. Runs in the venv.

Layout: MAGIC, salt (16 bytes), nonce prefix (7), then chunks. A chunk is AES-256-GCM of up to
1 MiB; its nonce is prefix, number of the chunk (4 bytes) and 1 for the last one: chunks cannot be
changed, moved, left out or cut off at the end. The key is scrypt's of the passphrase.
"""

import io
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"PROPERTY-BACKUP-1\n"
CHUNK = 1 << 20
TAG = 16
COST = {"n": 1 << 15, "r": 8, "p": 1}  # 32 MiB of memory and about 0.1 s a guess


class Tampered(Exception):
    """The passphrase is wrong, or the file is not what was written."""


def derive(passphrase, salt):
    """Make the key.

    :param passphrase: bytes
    :return: 32 bytes
    """
    return Scrypt(salt=salt, length=32, **COST).derive(passphrase)


class Sealer(io.RawIOBase):
    """A file to write to; what is written goes encrypted to another file."""

    def __init__(self, target, passphrase):
        super().__init__()
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._cipher = AESGCM(derive(passphrase, salt))
        self._target, self._waiting, self._number = target, bytearray(), 0
        self._header = MAGIC + salt + self._prefix
        target.write(self._header)

    def writable(self):
        """Say that this can be written."""
        return True

    def write(self, data):
        """Take bytes; all but the last chunk leave at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._leave(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def _leave(self, chunk, last):
        nonce = self._prefix + self._number.to_bytes(4, "big") + bytes([last])
        self._target.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._number += 1

    def close(self):
        """Write the last chunk."""
        if not self.closed:
            self._leave(bytes(self._waiting), last=True)
            super().close()


class Opener(io.RawIOBase):
    """A file to read from, decrypting another; it never gives a byte that was not checked."""

    def __init__(self, source, passphrase):
        super().__init__()
        self._header = source.read(len(MAGIC) + 23)
        if not self._header.startswith(MAGIC) or len(self._header) < len(MAGIC) + 23:
            raise Tampered("this is no encrypted backup")
        salt, self._prefix = self._header[len(MAGIC) : -7], self._header[-7:]
        self._cipher = AESGCM(derive(passphrase, salt))
        self._source, self._number = source, 0
        self._ready, self._next = b"", source.read(CHUNK + TAG)
        self._done = False

    def readable(self):
        """Say that this can be read."""
        return True

    def readinto(self, target):
        """Fill a buffer with checked bytes; 0 at the end."""
        if not self._ready and not self._done:
            self._advance()
        size = min(len(target), len(self._ready))
        target[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _advance(self):
        chunk, self._next = self._next, self._source.read(CHUNK + TAG)
        self._done = not self._next
        nonce = self._prefix + self._number.to_bytes(4, "big") + bytes([self._done])
        try:
            self._ready = self._cipher.decrypt(nonce, chunk, self._header)
        except (InvalidTag, ValueError):
            reason = (
                "the passphrase is wrong or the file was changed"
                if not self._number
                else "the file was changed or is cut off"
            )
            raise Tampered(reason) from None
        self._number += 1


def is_sealed(path):
    """Say whether a file is an encrypted backup."""
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC
