"""Signatures of phones: ECDSA on the curve P-256 over SHA-256, as WebCrypto makes them."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

HALF = 32  # bytes of r and of s
KEY_LIMIT = 200  # characters; a key of the curve has 124


def load_key(text):
    """Read a public key.

    :param text: SubjectPublicKeyInfo in base64
    :return: key, or nothing when it is no key of the curve
    """
    if not isinstance(text, str) or len(text) > KEY_LIMIT:
        return None
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        return None
    return key


def is_valid(key_text, message, signature):
    """Say whether a signature is that of a key over a message.

    :param key_text: as for ``load_key``
    :param message: bytes
    :param signature: r and s, base64 as in URLs, without padding
    """
    key = load_key(key_text)
    try:
        raw = base64.b64decode(
            signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return False
    if not key or len(raw) != 2 * HALF:
        return False
    halves = (int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
