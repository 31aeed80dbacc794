"""What QR codes of visitors and item releases say, signed: a phone believes it without a network.

A ticket is 19 bytes — version and subject, number, site, first and last minute, times, kind — and
64 bytes of an ECDSA signature (P-256, SHA-256, r and s as WebCrypto has them), all in base64 as in
URLs. The private key stays on the server; phones keep the public one.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

SUBJECTS = {"pass": 1, "release": 2}
KINDS = ("visitor", "delivery", "contractor", "item")
LAYOUT = struct.Struct(">BIIIIBB")
HALF = 32  # bytes of r and of s
LENGTH = LAYOUT.size + 2 * HALF


@dataclass(frozen=True)
class Ticket:
    """What is signed; moments are naive UTC, whole minutes; ``uses`` 0: any number of times."""

    subject: str
    number: int
    site: int
    valid_from: datetime
    valid_to: datetime
    uses: int
    kind: str


def new_key():
    """Make a key.

    :return: (private key as PEM, public key as SubjectPublicKeyInfo in base64)
    """
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), base64.b64encode(public).decode()


def write(ticket, private_pem):
    """Sign a ticket.

    :param Ticket ticket: what the code says
    :param str private_pem: key of `new_key`
    :return: text of letters, digits, - and _
    """
    packed = LAYOUT.pack(
        SUBJECTS[ticket.subject],
        ticket.number,
        ticket.site,
        _minutes(ticket.valid_from),
        _minutes(ticket.valid_to),
        ticket.uses,
        KINDS.index(ticket.kind),
    )
    key = serialization.load_pem_private_key(private_pem.encode(), None)
    halves = decode_dss_signature(key.sign(packed, ec.ECDSA(hashes.SHA256())))
    signature = b"".join(half.to_bytes(HALF, "big") for half in halves)
    return base64.urlsafe_b64encode(packed + signature).decode().rstrip("=")


def read(text, public_keys):
    """Read a ticket that one of the keys has signed.

    :param text: anything that was scanned
    :param public_keys: SubjectPublicKeyInfo in base64, each
    :return: Ticket, or None for whatever is none

    >>> private, public = new_key()
    >>> day = datetime(2026, 11, 26, 8, 0)
    >>> ticket = Ticket("pass", 7, 3, day, day, 1, "visitor")
    >>> text = write(ticket, private)
    >>> len(text), read(text, [public]) == ticket
    (111, True)
    >>> read(text, [new_key()[1]]) is read("B" + text[1:], [public]) is read("?", [public]) is None
    True
    """
    raw = _decoded(text)
    if len(raw) != LENGTH:
        return None
    packed, signature = raw[: LAYOUT.size], raw[LAYOUT.size :]
    if not any(_is_signed(packed, signature, key) for key in public_keys):
        return None
    subject, number, site, first, last, uses, kind = LAYOUT.unpack(packed)
    names = {code: name for name, code in SUBJECTS.items()}
    if subject not in names or kind >= len(KINDS):
        return None
    return Ticket(names[subject], number, site, _moment(first), _moment(last), uses, KINDS[kind])


def _decoded(text):
    if not isinstance(text, str) or len(text) > 2 * LENGTH:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_signed(packed, signature, public_key):
    key = serialization.load_der_public_key(base64.b64decode(public_key))
    halves = (int.from_bytes(signature[:HALF], "big"), int.from_bytes(signature[HALF:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), packed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _minutes(moment):
    return int(moment.replace(tzinfo=UTC).timestamp()) // 60


def _moment(minutes):
    return datetime.fromtimestamp(minutes * 60, UTC).replace(tzinfo=None)
