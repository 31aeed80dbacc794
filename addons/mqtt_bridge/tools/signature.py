"""Signatures of devices that push over HTTP: HMAC-SHA256 over time, topic and body."""

import hashlib
import hmac

TOLERANCE = 300  # seconds that a device's clock may be off


def sign(secret, timestamp, topic, body):
    """Sign a message.

    :param secret: text that the device and we know
    :param timestamp: text, whole seconds since 1970
    :param body: bytes
    :return: hexadecimal text

    >>> sign("k", "1767225600", "http/1", b"{}")[:16]
    '32b9e0ca9c6a936d'
    """
    head = f"{timestamp}\n{topic}\n".encode()
    return hmac.new(secret.encode(), head + body, hashlib.sha256).hexdigest()


def is_good(secret, signature, timestamp, topic, body, now):
    """Say whether a signature is right and of now.

    :param now: seconds since 1970

    >>> good = sign("k", "1000", "t", b"x")
    >>> is_good("k", good, "1000", "t", b"x", 1200), is_good("k", good, "1000", "t", b"x", 1400)
    (True, False)
    >>> is_good("k", good, "1000", "u", b"x", 1000), is_good("", good, "1000", "t", b"x", 1000)
    (False, False)
    """
    if not secret or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(int(timestamp) - now) > TOLERANCE:
        return False
    wanted = sign(secret, timestamp, topic, body)
    return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace").lower())
