"""./run lint: what a reader of the code should not have to check."""

import argparse
import os

from . import odoo_source, venv
from .addons import ours
from .state import REPO, STATE, call, locked, say

# Left out here, as pyproject.toml can only turn the whole group on after turning everything off.
LEFT_OUT = (
    "missing-readme",  # one README tells about the whole family
    "consider-merging-classes-inherited",  # a model of over 400 lines is split by concern
    "except-pass",  # ruff forbids broad ones; passing over a named exception is a decision
    "manifest-superfluous-key",  # saying a default aloud harms nobody
)


def main(argv):
    """Run every check, and fail when one of them does.

    :return: 0 when everything is clean
    """
    parser = argparse.ArgumentParser(prog="./run lint")
    parser.add_argument("--fix", action="store_true", help="let ruff repair what it can")
    options = parser.parse_args(argv)
    with locked():
        python = venv.ensure(odoo_source.ensure()) / "bin" / "python"
    ruff = ["ruff", "check", "--no-cache", "--quiet", "--output-format=concise"]
    layout = ["ruff", "format", "--no-cache", "--quiet"]
    checks = {
        "ruff": [*ruff, "--fix", REPO] if options.fix else [*ruff, REPO],
        "ruff format": [*layout, REPO] if options.fix else [*layout, "--check", REPO],
        "pylint-odoo": [
            *("pylint", "--rcfile", REPO / "pyproject.toml", f"--disable={','.join(LEFT_OUT)}"),
            *ours().values(),
        ],
        "manifests, XML, translations": ["scripts.checks"],
    }
    environment = {**os.environ, "PYLINTHOME": str(STATE / "pylint")}
    bad = []
    for name, command in checks.items():
        say(name)
        if call(python, "-m", *command, check=False, cwd=REPO, env=environment).returncode:
            bad.append(name)
    print(f"lint: {'not clean: ' + ', '.join(bad) if bad else 'clean'}")
    return 1 if bad else 0
