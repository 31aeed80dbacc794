"""Our addons: where they are, what they need, and what has changed."""

import ast
import hashlib

from .state import REPO, Fault

EXTRA = ("payment_demo",)  # tests and the demo pay with it; no addon depends on it
NOT_INSTALLED = ("tests", "readme", "__pycache__")  # folders that a database does not hold


def ours(repo=REPO):
    """Find our addons.

    :return: folder of each installable addon by name
    """
    found = sorted([*repo.glob("*/__manifest__.py"), *repo.glob("addons/*/__manifest__.py")])
    return {
        path.parent.name: path.parent
        for path in found
        if manifest(path.parent).get("installable", True)
    }


def manifest(folder):
    """Read an addon's manifest."""
    path = folder / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text())
    except (SyntaxError, ValueError) as error:
        raise Fault(f"{path} cannot be read: {error}") from None


def stock(addons):
    """List what our addons need and is not ours."""
    needed = {name for folder in addons.values() for name in manifest(folder).get("depends", [])}
    return sorted((needed | set(EXTRA) | {"base"}) - set(addons))


def key(folder):
    """Hash what of an addon ends in a database.

    :param folder: of the addon
    :return: hexadecimal digest
    """
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not set(inside.parts) & set(NOT_INSTALLED) and path.suffix != ".pyc":
            found.update(f"{inside}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()
