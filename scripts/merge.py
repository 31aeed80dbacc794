"""Write exported terms and merge them into the translations. Runs in the venv."""

import base64
import json
import sys
from pathlib import Path

import polib

from . import translations


def write(addon, folder, text, memory=None):
    """Write the .pot and the .po of an addon.

    :param text: the export
    :param memory: translations by term
    :return: (number of terms, terms without a translation)
    """
    terms = translations.tidy(text, addon)
    place = Path(folder) / "i18n"
    if not len(terms):
        return 0, []
    place.mkdir(exist_ok=True)
    (place / f"{addon}.pot").write_text(f"{terms}\n")
    path = place / f"{translations.LANGUAGE}.po"
    old = polib.pofile(path) if path.exists() else None
    merged = translations.merge(terms, old, addon, memory)
    path.write_text(f"{merged}\n")
    return len(terms), [entry.msgid for entry in merged if not entry.msgstr]


if __name__ == "__main__":
    exported = json.loads(base64.b64decode(sys.stdin.read()))
    known = {}
    for place in sys.argv[2:]:
        known = {**translations.stock(Path(place)), **known}
    for name, where in json.loads(sys.argv[1]).items():
        count, lacking = write(name, where, exported[name], known)
        print(f"{name}: {count} terms, {len(lacking)} without a translation")
        for term in lacking:
            print(f"    {term!r}")
