"""Read which addon leans on which: manifests, imports, and names of models and XML ids."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

from scripts.addons import manifest, ours

DOMAIN = {
    "property_base": 2,
    "property_inspection": 2.5,  # the sites of rounds: domains that never meet share them
    "property_billing": 3,
    "property_maintenance": 3,
    "property_security": 3,
    "property_leasing": 4,
}
GENERAL, GLUE = 1, 5
MODEL = re.compile(r"property\.[a-z_]+(?:\.[a-z_]+)*")
XML_MODEL_ID = re.compile(r"\bmodel_(property_[a-z_]+)\b")
FIELD_CLASS = re.compile(r"\bf-[a-z]+(?:-[a-z]+)*")
XML_ID = re.compile(r"\b([a-z][a-z0-9_]*)\.[a-z_][a-zA-Z0-9_]*")
TEXTS = (".xml", ".csv", ".js")


@dataclass
class Addon:
    """An addon: its layer, the models it makes, and what it names in which files."""

    name: str
    folder: Path
    layer: int | None
    depends: list
    models: set = field(default_factory=set)
    imports: dict = field(default_factory=dict)  # addon: file that imports it
    words: dict = field(default_factory=dict)  # string in the code: file that has it


def layer_of(name, folder, repo):
    """Tell an addon's layer by its place and name.

    :return: a number from 1 to 5, or None for one that has no place in the plan
    """
    if folder.parent == repo or name in DOMAIN:
        return DOMAIN.get(name)
    return GLUE if name.startswith("property_") else GENERAL


def read(repo):
    """Read all our addons.

    :param repo: folder of the checkout
    :return: Addon by name
    """
    result = {}
    for name, folder in ours(repo).items():
        depends = manifest(folder).get("depends", [])
        addon = Addon(name, folder, layer_of(name, folder, repo), depends)
        for path in sorted(folder.rglob("*.py")):
            if path.name != "__manifest__.py":
                _read_python(addon, path)
        for path in sorted(path for path in folder.rglob("*") if path.suffix in TEXTS):
            if "lib" not in path.relative_to(folder).parts:
                _read_text(addon, path)
        result[name] = addon
    return result


def _read_python(addon, path):
    tree = ast.parse(path.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name in _imported(node):
                addon.imports.setdefault(name, path)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                addon.words.setdefault(node.value, path)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if "_name" in names and isinstance(node.value.value, str):
                addon.models.add(node.value.value)


def _imported(node):
    """Yield the addons that an import statement reads."""
    if isinstance(node, ast.Import):
        paths = [alias.name for alias in node.names]
    elif node.module == "odoo.addons":
        paths = [f"odoo.addons.{alias.name}" for alias in node.names]
    else:
        paths = [node.module or ""]
    for path in paths:
        parts = path.split(".")
        if parts[:2] == ["odoo", "addons"] and len(parts) > 2:
            yield parts[2]


def _read_text(addon, path):
    text = re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.S)
    for pattern in (MODEL, XML_ID):
        for found in pattern.finditer(text):
            addon.words.setdefault(found.group(), path)
    for found in XML_MODEL_ID.finditer(text):
        addon.words.setdefault(found.group(), path)


def mentions(addon, addons):
    """Yield (addon leant on, what is named, file) for all that an addon names of others."""
    owners = {}
    for other in addons.values():
        for model in other.models:
            if other.layer and (model not in owners or other.layer < addons[owners[model]].layer):
                owners[model] = other.name
    by_id = {f"model_{model.replace('.', '_')}": owner for model, owner in owners.items()}
    for word, path in addon.words.items():
        first = word.partition(".")[0]
        found = owners.get(word) or by_id.get(word.rpartition(".")[2])
        if found:
            yield found, word, path
        elif first in addons and XML_ID.fullmatch(word):
            yield first, word, path


def arrows(addons):
    """Yield (from, to, why, file) for every way in which an addon of ours leans on another."""
    for addon in addons.values():
        found = [
            (name, "depends on it", addon.folder / "__manifest__.py") for name in addon.depends
        ]
        found += [(name, "imports it", path) for name, path in addon.imports.items()]
        found += [(name, f"names {word}", path) for name, word, path in mentions(addon, addons)]
        for name, why, path in found:
            if name in addons and name != addon.name:
                yield addon, addons[name], why, path


def faults(repo):
    """Yield a sentence for everything that breaks the plan of ARCHITECTURE.

    :param repo: folder of the checkout
    """
    addons = read(repo)
    for addon in addons.values():
        if addon.layer is None:
            yield f"{addon.name} has no layer: put it in addons/ or give it one in tests/layers.py"
        if addon.layer == GENERAL:
            for word, path in addon.words.items():
                if MODEL.fullmatch(word) or XML_MODEL_ID.fullmatch(word):
                    where = path.relative_to(repo)
                    yield f"{where}: {addon.name} is for any business and names {word}"
    for source, target, why, path in arrows(addons):
        if source.layer and target.layer and target.layer >= source.layer:
            way = "up" if target.layer > source.layer else "sideways"
            where = path.relative_to(repo)
            yield f"{where}: {source.name} leans {way} on {target.name}: it {why}"
        elif target.name not in reach(source, addons):
            where = path.relative_to(repo)
            yield f"{where}: {source.name} {why} and does not depend on {target.name}"
    yield from impure(addons, repo)
    yield from unstyled(addons, repo)


def reach(addon, addons):
    """List all of our addons that one depends on, directly or not."""
    found, todo = set(), [*addon.depends]
    while todo:
        name = todo.pop()
        if name in addons and name not in found:
            found.add(name)
            todo += addons[name].depends
    return found


def impure(addons, repo):
    """Yield the kernels that import Odoo."""
    for addon in addons.values():
        for path in sorted(addon.folder.glob("tools/**/*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                if any(name.split(".")[0] == "odoo" for name in names):
                    yield f"{path.relative_to(repo)}: a kernel imports Odoo"


def unstyled(addons, repo):
    """Yield the classes of the field app whose styles are in addons that may be missing."""
    styled = {}
    for addon in addons.values():
        for path in addon.folder.glob("static/src/field/**/*.scss"):
            for name in FIELD_CLASS.findall(path.read_text()):
                styled.setdefault(name, set()).add(addon.name)
    for addon in addons.values():
        there = {addon.name, *reach(addon, addons)}
        for path in sorted(addon.folder.glob("static/src/field/**/*.xml")):
            for name in sorted(set(FIELD_CLASS.findall(path.read_text()))):
                if name in styled and not styled[name] & there:
                    where = ", ".join(sorted(styled[name]))
                    yield f"{path.relative_to(repo)}: {name} is styled by {where} only"
