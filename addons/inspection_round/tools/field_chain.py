"""A chain of entries in order of arrival, in which a later change shows."""

import hashlib
import json
from dataclasses import dataclass

START = "0" * 64  # what the first entry of a chain follows
CHANGED, MISSING, REORDERED = "changed", "missing", "reordered"


@dataclass(frozen=True)
class Link:
    """An entry of a chain.

    :param sequence: place in the chain, 1 for the first
    :param values: everything that must not change, as texts, numbers and None
    :param is_whole: whether its content still has the sum that ``values`` names
    """

    sequence: int
    previous_hash: str
    chain_hash: str
    values: tuple
    is_whole: bool = True


@dataclass(frozen=True)
class Break:
    """A place where a chain is broken.

    :param sequence: the entry that was changed or stands wrong, or the first that is missing
    :param count: how many entries are missing
    """

    sequence: int
    kind: str
    count: int = 1


def link_hash(previous_hash, sequence, values):
    """Sum up an entry and all before it.

    :param previous_hash: of the entry before; ``START`` for the first
    :return: hexadecimal text

    >>> first = link_hash(START, 1, ("a", 5))
    >>> first == link_hash(START, 1, ("a", 5)), first == link_hash(START, 1, ("a", 6))
    (True, False)
    """
    text = json.dumps([previous_hash, sequence, *values], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def find_breaks(links, heads=()):
    """Find where a chain is broken.

    :param links: Link in order of their sequence
    :param heads: (sequence, chain hash) as they were told to people, in order of the sequence
    :return: list of Break, in order of the sequence
    """
    found, told = {}, dict(heads)
    number, last, suspect = 0, START, None
    hashes, strays = {START}, []
    for link in links:
        if link.sequence > number + 1:
            found[number + 1] = Break(number + 1, MISSING, link.sequence - number - 1)
        elif link.previous_hash != last:
            strays.append((link, suspect))
        own = link_hash(link.previous_hash, link.sequence, link.values)
        head = told.pop(link.sequence, link.chain_hash)
        if own != link.chain_hash or not link.is_whole or head != link.chain_hash:
            found[link.sequence] = Break(link.sequence, CHANGED)
        number, last, suspect = link.sequence, link.chain_hash, link.sequence
        hashes.add(last)
    for link, before in strays:
        # what it followed is elsewhere in the chain, or nowhere: then that was written anew
        if link.previous_hash in hashes or before is None:
            found.setdefault(link.sequence, Break(link.sequence, REORDERED))
        else:
            found.setdefault(before, Break(before, CHANGED))
    beyond = max(told, default=0)
    if beyond > number:
        found[number + 1] = Break(number + 1, MISSING, beyond - number)
    return [found[sequence] for sequence in sorted(found)]
