"""./run test: pytest on a copy of the template database."""

import argparse
import os
import signal
import subprocess

from . import tools
from .databases import COPY, System, template
from .state import REPO, STATE, Fault, say

MOST_JOBS = 4
PATIENCE = 30  # seconds that a program has for ending by itself


def parse(argv):
    """Part our arguments from pytest's."""
    parser = argparse.ArgumentParser(prog="./run test", add_help=False)
    parser.add_argument("-j", "--jobs", type=int)
    parser.add_argument("--template", action="store_true", help="only make the database")
    return parser.parse_known_args(argv)


def main(argv):
    """Run the tests.

    :return: pytest's code
    """
    options, rest = parse(argv)
    jobs = options.jobs or min(os.cpu_count() or 1, MOST_JOBS)
    system = System("test")
    if not tools.browser(system.tools):
        if os.environ.get("CI"):
            raise Fault("there is no browser here and Odoo would skip the browser tests silently")
        say("THERE IS NO BROWSER: the browser tests will be skipped")
    if not tools.broker(system.tools):
        if os.environ.get("CI"):
            raise Fault("there is no Mosquitto of 2.1 or later here for the tests of mqtt_bridge")
        say("THERE IS NO MOSQUITTO 2.1: the tests with a broker will be skipped")
    with system.postgres:
        system.configure(max_cron_threads=0, log_level="warn")
        source = template(system)
        if options.template:
            print(source)
            return 0
        drop_stale(system)
        database = f"{COPY}{os.getpid()}"
        try:
            system.copy(source, database)
            return pytest(system, database, jobs, rest)
        finally:
            for name in system.postgres.names():
                if name == database or name.startswith(f"{database}-"):
                    system.drop(name)
            system.drop(database)


def drop_stale(system):
    """Drop the databases of runs that were killed."""
    for name in system.postgres.names():
        owner = name.removeprefix(COPY).split("-")[0] if name.startswith(COPY) else ""
        if owner.isdigit() and not os.path.exists(f"/proc/{owner}"):
            system.drop(name)


def pytest(system, database, jobs, rest):
    """Run pytest, whose closing line is the last that is printed."""
    # without these pytest guesses its root from every path in its arguments
    command = [system.python, "-m", "pytest", "-c", REPO / "pyproject.toml", "--rootdir", REPO]
    command += ["--odoo-config", system.configuration]
    command += ["--odoo-http", "--odoo-database", database]
    if jobs > 1 and not {"--pdb", "--co", "--collect-only", "-s"} & set(rest):
        # as collected: by the number of tests, the longest, which are alone, would be the last
        command += ["-n", jobs, "--dist", "loadscope", "--no-loadscope-reorder"]
    environment = system.environment()
    environment["HYPOTHESIS_STORAGE_DIRECTORY"] = str(STATE / "hypothesis")
    say(f"pytest on a copy of the template, {jobs} at a time")
    child = subprocess.Popen([str(part) for part in [*command, *rest]], env=environment, cwd=REPO)
    return wait(child)


def wait(child, alone=False):
    """Wait for a program; when this one is asked to end, that one ends first and in its own way.

    :param alone: whether it is in a session of its own, where a terminal's Ctrl-C does not reach it
    :return: its code
    """
    try:
        return child.wait()
    except (KeyboardInterrupt, SystemExit) as asked:
        if alone or isinstance(asked, SystemExit):
            child.send_signal(signal.SIGINT)
        try:
            child.wait(PATIENCE)
        except BaseException:
            child.kill()
            child.wait()
            raise
        raise
