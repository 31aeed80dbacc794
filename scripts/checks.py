"""Checks of manifests, XML, size and translations. Runs in the venv, without a database."""

import re
import sys
from pathlib import Path

import polib
from lxml import etree

from . import translations
from .addons import manifest, ours
from .state import REPO

VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
LOADED = ("data", "demo", "report", "security", "views", "wizard", "wizards")
LONGEST = 400
OLD_HABITS = {
    "_sql_constraints": "models.Constraint is what Odoo 19 reads",
    ".read_group(": "_read_group returns tuples and is not deprecated",
    "<tree": "lists are <list> in Odoo 19",
    "attrs=": "invisible, readonly and required take expressions in Odoo 19",
}


def check_manifest(addon, folder):
    """Yield what is wrong with a manifest and the files it lists."""
    found = manifest(folder)
    if found.get("license") != "LGPL-3":
        yield "__manifest__.py: the license must be LGPL-3"
    if not VERSION.fullmatch(str(found.get("version"))):
        yield "__manifest__.py: the version must look like 19.0.1.0.0"
    if not found.get("author") or not found.get("depends"):
        yield "__manifest__.py: author and depends must be given"
    listed = [*found.get("data", []), *found.get("demo", [])]
    for name in sorted(set(listed)):
        if not (folder / name).is_file():
            yield f"__manifest__.py: {name} is listed and does not exist"
        if listed.count(name) > 1:
            yield f"__manifest__.py: {name} is listed twice"
    for top in LOADED:
        for path in sorted([*(folder / top).rglob("*.xml"), *(folder / top).rglob("*.csv")]):
            name = str(path.relative_to(folder))
            if name not in listed:
                yield f"{name}: it is not listed in the manifest and is never loaded"
    yield from check_assets(addon, folder, found.get("assets", {}))


def check_assets(addon, folder, assets):
    """Yield the assets of a manifest that match no file."""
    for pattern in (pattern for patterns in assets.values() for pattern in patterns):
        path = (pattern[-1] if isinstance(pattern, (list, tuple)) else pattern).lstrip("/")
        inside = path.removeprefix(f"{addon}/")
        if inside != path and not any(folder.glob(inside)):
            yield f"__manifest__.py: the asset {path} matches no file"


def check_files(folder):
    """Yield what is wrong with the XML and Python files of an addon."""
    for path in sorted(folder.rglob("*.xml")):
        try:
            tree = etree.parse(path)
        except etree.XMLSyntaxError as error:
            yield f"{path.relative_to(folder)}: {error}"
            continue
        yield from (f"{path.relative_to(folder)}: {one}" for one in check_columns(tree))
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.xml")]):
        text = path.read_text()
        inside = path.relative_to(folder)
        for habit, reason in OLD_HABITS.items():
            if habit in text:
                yield f"{inside}: it has {habit} but {reason}"
        if path.suffix == ".py" and text.count("\n") > LONGEST:
            yield f"{inside}: it has more than {LONGEST} lines; split it"


def check_columns(tree):
    """Yield what is wrong with the columns of the lists in an XML file."""
    for field in tree.iterfind(".//list/field"):
        name = field.get("name")
        if field.get("filename") and not field.get("widget"):
            yield f"without widget=binary a list shows the size of {name}, not the file"
        if name == "display_name" and not {"string", "column_invisible"} & set(field.keys()):
            yield "a column of display_name needs a string: “Display Name” tells nobody what it is"


def check_translations(addon, folder):
    """Yield the terms that have no good translation."""
    terms = folder / "i18n" / f"{addon}.pot"
    translated = folder / "i18n" / f"{translations.LANGUAGE}.po"
    if not terms.exists():
        if any((folder / top).is_dir() for top in ("models", "views", "controllers", "wizards")):
            yield f"i18n/{addon}.pot: it is missing; ./run i18n {addon} writes it"
        return
    if not translated.exists():
        yield f"i18n/{translated.name}: it is missing; ./run i18n {addon} writes it"
        return
    try:
        found = list(translations.problems(polib.pofile(terms), polib.pofile(translated)))
    except (OSError, ValueError) as error:
        yield f"i18n: {error}"
        return
    yield from (f"i18n/{translated.name}: {problem}" for problem in found)


def problems(repo=REPO):
    """Yield every problem of every addon, with the addon's name before it."""
    for addon, folder in ours(repo).items():
        for problem in (
            *check_manifest(addon, folder),
            *check_files(folder),
            *check_translations(addon, folder),
        ):
            yield f"{folder.relative_to(repo)}/{problem}"


if __name__ == "__main__":
    every = list(problems(Path(sys.argv[1]) if len(sys.argv) > 1 else REPO))
    print("\n".join(every[:200]))
    if len(every) > 200:
        print(f"and {len(every) - 200} more")
    sys.exit(1 if every else 0)
