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
    found, free = {}, {key for key, _number, _place in meters}
    by_number, by_source = {}, {}
    for key, number, _place in meters:
        by_number.setdefault(folded(number), []).append(key)
    for key, number, _name in sources:
        by_source.setdefault(folded(number), []).append(key)

    def take(source, meter, how):
        found[source] = (meter, how)
        free.discard(meter)

    for meter, source in (pasted or {}).items():
        if len(by_number.get(meter, ())) == len(by_source.get(source, ())) == 1:
            take(by_source[source][0], by_number[meter][0], PASTED)
    for number, keys in by_source.items():
        same = [key for key in by_number.get(number, ()) if key in free]
        if number and len(keys) == len(same) == 1 and keys[0] not in found:
            take(keys[0], same[0], CODE)
    by_word = {}
    for key, number, place in meters:
        for word in {_upper(number), _upper(place)}:
            if key in free and len(word) >= LEAST and WORD.fullmatch(word):
                by_word.setdefault(word, set()).add(key)
    named = {}
    for source, _number, name in sources:
        words = set(WORD.findall(_upper(name))) if source not in found else ()
        same = set().union(*(by_word.get(word, ()) for word in words))
        if len(same) == 1:
            named.setdefault(same.pop(), []).append(source)
    for meter, keys in named.items():
        if len(keys) == 1:
            take(keys[0], meter, NAME)
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
