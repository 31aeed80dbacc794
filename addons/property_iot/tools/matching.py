"""Which device is which meter: by their numbers, by names, and from pasted rows. Pure."""

import re
import unicodedata

CODE, NAME, PASTED = "code", "name", "pasted"
LEAST = 3  # characters of a number that is looked for in names
WORD = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
CELLS = re.compile(r"[\t,;，；]|\s{2,}|(?<=\S) (?=\S)")


def folded(text):
    """Return a number without what people write differently.

    >>> folded(" ｗ-0012 "), folded("000260"), folded("0"), folded(None)
    ('W0012', '260', '0', '')
    """
    text = unicodedata.normalize("NFKC", text or "").upper()
    text = "".join(char for char in text if char.isalnum())
    return text.lstrip("0") or text[-1:]


def pair(meters, sources, pasted=None):
    """Pair meters with what sends for them; who could be two is left to people.

    :param meters: list of (key, number, place): place is the number of the unit, or empty
    :param sources: list of (key, number, name)
    :param pasted: dict of folded number of the meter -> folded number of the source
    :return: dict key of a source -> (key of the meter, how)

    >>> pair([(1, "W-12", "3-1-201"), (2, "W13", ""), (3, "E1", "1-101")],
    ...      [("a", "0W12", ""), ("b", "X9", "水表 1-101"), ("c", "77", "")], {"W13": "77"})
    {'c': (2, 'pasted'), 'a': (1, 'code'), 'b': (3, 'name')}
    """
    found = {}
    for how, proposed in (
        (PASTED, _by_rows(meters, sources, pasted or {})),
        (CODE, _by_number(meters, sources)),
    ):
        taken = {meter for meter, _how in found.values()}
        for source, meter in proposed.items():
            if source not in found and meter not in taken:
                found[source] = (meter, how)
    taken = {meter for meter, _how in found.values()}
    free = [row for row in meters if row[0] not in taken]
    left = [row for row in sources if row[0] not in found]
    return found | {source: (meter, NAME) for source, meter in _by_name(free, left).items()}


def _by_rows(meters, sources, pasted):
    """Pair what pasted rows name, where only one has the number."""
    of_meters, of_sources = _numbered(meters), _numbered(sources)
    return {
        of_sources[source][0]: of_meters[meter][0]
        for meter, source in pasted.items()
        if len(of_meters.get(meter, ())) == len(of_sources.get(source, ())) == 1
    }


def _by_number(meters, sources):
    """Pair what has the same number, where only one has it on each side."""
    of_meters = _numbered(meters)
    return {
        keys[0]: of_meters[number][0]
        for number, keys in _numbered(sources).items()
        if number and len(keys) == len(of_meters.get(number, ())) == 1
    }


def _by_name(meters, sources):
    """Pair sources with the one meter whose number or place is a word of their names."""
    by_word, named = {}, {}
    for key, number, place in meters:
        for word in {_upper(number), _upper(place)}:
            if len(word) >= LEAST and WORD.fullmatch(word):
                by_word.setdefault(word, set()).add(key)
    for source, _number, name in sources:
        same = set().union(*(by_word.get(word, ()) for word in set(WORD.findall(_upper(name)))))
        if len(same) == 1:
            named.setdefault(same.pop(), []).append(source)
    return {keys[0]: meter for meter, keys in named.items() if len(keys) == 1}


def _numbered(rows):
    """Return keys by folded number."""
    found = {}
    for key, number, _name in rows:
        found.setdefault(folded(number), []).append(key)
    return found


def _upper(text):
    return unicodedata.normalize("NFKC", text or "").upper().strip()


def rows(text):
    """Read rows pasted from a worksheet: the meter, and the device or its address.

    :return: (dict of folded numbers, list of the lines that have not two cells, or one that came)

    >>> rows("W12\\t0077\\nE1，8\\n\\nnonsense\\nW12 5")
    ({'W12': '77', 'E1': '8'}, ['nonsense', 'W12 5'])
    """
    found, wrong = {}, []
    for line in (text or "").splitlines():
        cells = [cell.strip() for cell in CELLS.split(line.strip()) if cell.strip()]
        if not cells:
            continue
        meter, source = (folded(cells[0]), folded(cells[1])) if len(cells) == 2 else ("", "")
        if not meter or not source or meter in found or source in found.values():
            wrong.append(line.strip())
        else:
            found[meter] = source
    return found, wrong
