"""./run i18n: export the terms of our addons and merge them into the translations."""

import argparse
import json
import os

from . import addons
from .databases import COPY, System, template
from .state import REPO, Fault, call, say

EXPORT = """
import base64, io, json
from odoo.tools.translate import trans_export
found = {{}}
for name in {names!r}:
    buffer = io.BytesIO()
    trans_export(False, [name], buffer, "po", env)
    found[name] = buffer.getvalue().decode()
print("TERMS " + base64.b64encode(json.dumps(found).encode()).decode())
"""


def main(argv):
    """Write i18n/<addon>.pot and i18n/zh_CN.po of addons.

    :param argv: names of addons; all when empty
    """
    parser = argparse.ArgumentParser(prog="./run i18n")
    parser.add_argument("addons", nargs="*")
    names = parser.parse_args(argv).addons
    mine = addons.ours()
    unknown = sorted(set(names) - set(mine))
    if unknown:
        raise Fault(f"there is no addon of ours named {', '.join(unknown)}")
    system = System("test")
    with system.postgres:
        system.configure(max_cron_threads=0, log_level="warn")
        source = template(system)
        database = f"{COPY}{os.getpid()}"
        try:
            system.copy(source, database)
            printed = system.shell(database, EXPORT.format(names=sorted(names or mine)))
        finally:
            system.drop(database)
    exported = next(line for line in printed.splitlines() if line.startswith("TERMS "))
    folders = {name: str(mine[name]) for name in names or mine}
    say("merging")
    call(
        *(system.python, "-m", "scripts.merge", json.dumps(folders)),
        *(system.odoo.base / "odoo/addons", system.odoo.base / "addons"),
        input=exported.removeprefix("TERMS "),
        text=True,
        cwd=REPO,
    )
