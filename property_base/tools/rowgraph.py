"""Which row of a ledger is at fault: odd ones out among duplicates, rows where a key is missing.

A clerk's sheet is in order. A row whose key is wrong therefore leaves a gap in the sequence
exactly where it stands, and a reference into that gap is explained by that row.
"""

import re
from itertools import pairwise

OK, ERROR, SKIPPED = "ok", "error", "skipped"
_CHUNK = re.compile(r"(\d+)")


class Row:
    """One row of a sheet as a handler read it.

    :ivar sheet: name of the sheet
    :ivar number: row number as the spreadsheet shows it
    :ivar kind: which table it belongs to
    :ivar raw: values as typed, by column key
    :ivar vals: values as read, by column key
    :ivar key: what identifies the row in its table, a text; ``None`` when unreadable
    :ivar state: ``ok``, ``error`` (at fault itself) or ``skipped`` (depends on a faulty row)
    :ivar cause: the faulty row a skipped row depends on
    :ivar origin: the row of the sheet a derived row was made from
    """

    __slots__ = (
        "cause",
        "columns",
        "extra",
        "key",
        "kind",
        "number",
        "origin",
        "raw",
        "sheet",
        "state",
        "vals",
    )

    def __init__(self, sheet, number, kind, raw, vals=None, key=None, origin=None, columns=None):
        self.sheet, self.number, self.kind, self.raw = sheet, number, kind, raw
        self.vals = {} if vals is None else vals
        self.key, self.origin, self.cause, self.state = key, origin, None, OK
        self.columns = columns or {}
        self.extra = None

    def root(self):
        """Return the faulty row this row's trouble comes from; itself when it is that one."""
        row = self
        while row.cause is not None:
            row = row.cause
        return row

    def __repr__(self):
        return f"<{self.sheet}!{self.number} {self.kind} {self.key} {self.state}>"


def chunks(key):
    """Return a key as a tuple in natural order: digits as numbers, the rest as text.

    >>> chunks("1-1-1004") < chunks("1-1-1101") < chunks("1-2-101")
    True
    """
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in _CHUNK.split(key)
        if part
    )


def has_room(before, after):
    """Return whether another key fits strictly between two neighbours.

    >>> has_room("W06", "W08"), has_room("W08", "W09"), has_room("1-1-1804", "1-2-101")
    (True, False, True)
    """
    if before is None or after is None:
        return True
    left, right = chunks(before), chunks(after)
    if left >= right:
        return False
    if len(left) != len(right) or left[:-1] != right[:-1]:
        return True
    if left[-1][0] or right[-1][0]:
        return True
    return right[-1][1] - left[-1][1] > 1


def find_duplicates(rows):
    """Return the rows at fault among rows with the same key, each with its innocent twin.

    Among the occurrences the odd one out is (1) one that is faulty anyway, (2) one out of its
    neighbours' order, (3) one whose own place has room for a missing key while its twin's has
    none; else the later one.

    :param rows: the rows of one table in the order of the sheet
    :return: list of (faulty row, twin)
    """
    places = {}
    for index, row in enumerate(rows):
        if row.key is not None:
            places.setdefault(row.key, []).append(index)
    found = []
    for indexes in places.values():
        if len(indexes) < 2:
            continue
        keeper = max(indexes, key=lambda index: (*_fit(rows, index), -index))
        found += [(rows[index], rows[keeper]) for index in indexes if index != keeper]
    return sorted(found, key=lambda pair: (pair[0].sheet, pair[0].number))


def _fit(rows, index):
    """Return how well a row's key fits where it stands; greater fits better."""
    row = rows[index]
    before, after = _neighbours(rows, index)
    here = chunks(row.key)
    in_order = (before is None or chunks(before) <= here) and (
        after is None or here <= chunks(after)
    )
    return row.state == OK, in_order, not _may_be_missing(before, after)


def _may_be_missing(before, after):
    """Return whether a key is likely missing between two neighbours, one of which may be an end."""
    if after is None:
        return False
    if before is None:
        last = chunks(after)[-1]
        return bool(last[0]) or last[1] > 1
    return has_room(before, after)


def _neighbours(rows, index, good=lambda row: row.key is not None):
    before = next((r.key for r in reversed(rows[max(0, index - 50) : index]) if good(r)), None)
    after = next((r.key for r in rows[index + 1 : index + 51] if good(r)), None)
    return before, after


class KeyIndex:
    """The keys of a table, and which faulty row stands where a missing key belongs."""

    def __init__(self, rows):
        self.rows = rows
        self.by_key = {}
        for row in rows:
            if row.key is None:
                continue
            other = self.by_key.get(row.key)
            if other is None or (other.state == ERROR and row.state != ERROR):
                self.by_key[row.key] = row
        self._gaps = None

    def get(self, key):
        """Return the row with this key, a good one before a faulty one."""
        return self.by_key.get(key)

    def explain(self, key):
        """Return the faulty row that stands where a missing key belongs, or ``None``."""
        if self._gaps is None:
            self._gaps = self._find_gaps()
        wanted = chunks(key)
        for before, after, row in self._gaps:
            if before is not None and after is not None:
                if before < wanted < after:
                    return row
            elif self._next_to(before or after, wanted, after is None):
                return row
        return None

    def _find_gaps(self):
        def good(row):
            return row.key is not None and row.state != ERROR

        gaps = []
        for index, row in enumerate(self.rows):
            if row.state != ERROR or (row.origin is not None and row.origin is not row):
                continue
            before, after = _neighbours(self.rows, index, good)
            before, after = (chunks(k) if k is not None else None for k in (before, after))
            own = chunks(row.key) if row.key is not None else None
            in_place = (
                own is not None
                and self.by_key.get(row.key) is row
                and (before is None or before < own)
                and (after is None or own < after)
            )
            if not in_place and (before is not None or after is not None):
                gaps.append((before, after, row))
        return gaps

    def _next_to(self, neighbour, wanted, above):
        """Return whether a key lies one usual step from the only neighbour of a faulty row."""
        if len(neighbour) != len(wanted) or neighbour[:-1] != wanted[:-1]:
            return False
        if neighbour[-1][0] or wanted[-1][0]:
            return False
        step = wanted[-1][1] - neighbour[-1][1]
        return 0 < (step if above else -step) <= self._usual_step()

    def _usual_step(self):
        steps = [1]
        good = [chunks(row.key) for row in self.rows if row.key is not None and row.state != ERROR]
        for left, right in pairwise(good):
            if len(left) == len(right) and left[:-1] == right[:-1] and not left[-1][0]:
                steps.append(right[-1][1] - left[-1][1])
        return max(steps)
