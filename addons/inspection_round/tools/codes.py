"""What labels and tags of checkpoints say."""

import re
import secrets
from urllib.parse import parse_qs, urlsplit

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
LENGTH = 10


def new_code():
    """Draw a code for a label that nobody guesses.

    >>> len(new_code()) == LENGTH and set(new_code()) <= set(ALPHABET)
    True
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_of(scanned):
    """Read the code from what a scanner read: the address of a label, or the code alone.

    :return: code in capitals, "" when there is none

    >>> code_of("https://example.com/field/?c=ab23cd45ef"), code_of(" ab23cd45ef ")
    ('AB23CD45EF', 'AB23CD45EF')
    >>> code_of("https://example.com/other"), code_of(None), code_of(12)
    ('', '', '12')
    """
    text = str(scanned or "").strip()
    if "://" in text:
        try:
            text = parse_qs(urlsplit(text).query).get("c", [""])[0]
        except ValueError:  # not an address after all
            text = ""
    return text.strip().upper()


def normalise_nfc(uid):
    """Bring the number of an NFC tag into one spelling.

    :return: hexadecimal capitals without separators, "" when there is none
    :raise ValueError: it is no such number

    >>> normalise_nfc("04:a2:2b:1c"), normalise_nfc("04 A2-2B 1C"), normalise_nfc(None)
    ('04A22B1C', '04A22B1C', '')
    >>> normalise_nfc(10)
    '10'
    >>> normalise_nfc("tag 1")
    Traceback (most recent call last):
    ValueError: tag 1
    """
    text = re.sub(r"[\s:\-.]", "", str(uid or "")).upper()
    if text and not re.fullmatch(r"([0-9A-F]{2})+", text):
        raise ValueError(uid)
    return text
