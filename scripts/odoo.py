"""./run odoo: any stock command, on the demo's server."""

import subprocess

from .databases import System
from .state import REPO
from .test import wait


def main(argv):
    """Run a stock Odoo command.

    :return: its code
    """
    system = System("demo")
    with system.postgres:
        system.configure()
        child = subprocess.Popen(
            [str(system.python), "-m", "odoo", *argv], env=system.environment(), cwd=REPO
        )
        return wait(child)
