"""How a device signs what it asks: HMAC-SHA256 over method, path, time, nonce and body.

The text that is signed has five lines: the method in capitals, the path without the query, the Unix
time in seconds, the nonce, and the SHA-256 of the body in hexadecimal.
"""

import hashlib
import hmac
import re

WINDOW = 300  # seconds by which the clocks of device and server may differ
NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
TIMESTAMP = re.compile(r"[0-9]{10}")
HEADERS = ("X-Gate-Timestamp", "X-Gate-Nonce", "X-Gate-Signature")


def text(method, path, timestamp, nonce, body):
    """Return what is signed.

    :param bytes body: as sent

    >>> text("get", "/gate/v1/a/commands", "1790000000", "n0nce-n0nce", b"").splitlines()[:2]
    ['GET', '/gate/v1/a/commands']
    """
    digest = hashlib.sha256(body).hexdigest()
    return "\n".join((method.upper(), path, timestamp, nonce, digest))


def sign(secret, method, path, timestamp, nonce, body):
    """Return the signature in hexadecimal.

    >>> sign("s", "GET", "/", "1790000000", "n0nce-n0nce", b"")[:16]
    '5552a6c13fa5c113'
    """
    signed = text(method, path, str(timestamp), nonce, body)
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def is_signed(secrets, signature, *parts):
    """Tell whether one of the secrets made the signature, in the same time for any answer.

    :param secrets: those that are valid now
    :param str signature: as sent
    :param parts: what `sign` takes after the secret

    >>> good = sign("new", "GET", "/", "1790000000", "n0nce-n0nce", b"")
    >>> is_signed(["old", "new"], good, "GET", "/", "1790000000", "n0nce-n0nce", b"")
    True
    >>> is_signed(["old"], "é", "GET", "/", "1790000000", "n0nce-n0nce", b"")
    False
    """
    sent = signature.encode(errors="replace")
    found = [hmac.compare_digest(sign(secret, *parts).encode(), sent) for secret in secrets]
    return any(found)


def is_timely(timestamp, now):
    """Tell whether a well-formed timestamp lies in the window around now (Unix seconds).

    >>> is_timely("1790000000", 1790000300), is_timely("1790000000", 1790000301)
    (True, False)
    """
    return abs(int(timestamp) - now) <= WINDOW
