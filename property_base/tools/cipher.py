"""Encryption of personal numbers at rest, and fingerprints that find duplicates."""

import base64
import hashlib
import hmac
import re

from cryptography.fernet import Fernet, InvalidToken

EMAIL = re.compile(r"([^\s<>,;\"@]+)@([^\s<>,;\"]+)")
NUMBER = re.compile(r"\+?\d[\d ()-]{3,}\d")  # five digits and more


def encrypt(secret, text):
    """Return the cipher text of a number.

    :param str secret: key material of any length
    :param str text: the number

    >>> decrypt("key", encrypt("key", "990000200306169067"))
    '990000200306169067'
    """
    return Fernet(_derive(secret, b"encrypt")).encrypt(text.encode()).decode()


def decrypt(secret, token):
    """Return the number behind a cipher text.

    :raise ValueError: when the key is not the one it was encrypted with

    >>> decrypt("other", encrypt("key", "1"))
    Traceback (most recent call last):
    ValueError: wrong key
    """
    try:
        return Fernet(_derive(secret, b"encrypt")).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("wrong key") from error


def fingerprint(secret, text):
    """Return a keyed digest: equal for equal numbers, useless without the key.

    >>> fingerprint("key", "1") == fingerprint("key", "1") != fingerprint("key", "2")
    True
    """
    return hmac.new(_derive(secret, b"digest"), text.encode(), hashlib.sha256).hexdigest()


def mask_phone(phone):
    """Return a telephone number with its middle hidden.

    >>> mask_phone("13812345678"), mask_phone("+86 138 1234 5678"), mask_phone("0571-8812345")
    ('138****5678', '138****5678', '057****2345')
    >>> mask_phone("12345"), mask_phone(""), mask_phone(None)
    ('*2345', '', '')
    """
    digits = phone_digits(phone)
    if len(digits) < 8:
        return "*" * max(len(digits) - 4, 0) + digits[-4:]
    return f"{digits[:3]}****{digits[-4:]}"


def mask_contact(text):
    """Return a telephone number or e-mail address, or a text with some, masked.

    >>> mask_contact("13812345678"), mask_contact("Li <li.na@example.com>"), mask_contact("li")
    ('138****5678', 'Li <l***@example.com>', 'li')
    >>> mask_contact("a@x.cn, +86 138 1234 5678"), mask_contact("")
    ('a***@x.cn, 138****5678', '')
    """
    masked = EMAIL.sub(lambda found: f"{found[1][0]}***@{found[2]}", text)
    return NUMBER.sub(lambda found: mask_phone(found[0]), masked)


def phone_digits(phone):
    """Return the digits of a telephone number without separators and without the Chinese prefix.

    >>> phone_digits("+86 138-1234-5678"), phone_digits("0571 8812345"), phone_digits(None)
    ('13812345678', '05718812345', '')
    """
    digits = "".join(char for char in phone or "" if char.isascii() and char.isdigit())
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 11:
            return digits[len(prefix) :]
    return digits


def _derive(secret, purpose):
    digest = hashlib.sha256(b"property-base\0" + purpose + b"\0" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
