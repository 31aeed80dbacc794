"""./run bench: measure, on copies of the tests' database, and compare.

A benchmark is a module of tests/bench with a function run(runner) that returns rows; a row is a
dict with `what`, `seconds`, and optionally `count` (things done), `base` (seconds of what it is
compared with) and `note`. A module may say in SERVER which database it measured instead. The
runner's `shell(code)` runs code in Odoo's shell and returns what it prints; `fresh()` makes a new
copy of the database first; `module(name)` runs a module that prints rows.
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import subprocess
import time

from .databases import COPY, System, template
from .postgres import Private
from .state import REPO, Fault, output, say

FOLDER = REPO / "tests" / "bench"
HEAD = """# Benchmarks

`./run bench --write docs/benchmarks.md [NAME …]` measures and replaces the section of each
benchmark; a ratio is the time of what a row is compared with, divided by its own. Sizes are set in
the environment: see the head of each file of `tests/bench`.
"""


class Runner:
    """What a benchmark is given."""

    def __init__(self, system, source):
        self.system, self._source = system, source
        self.database = f"{COPY}{os.getpid()}"

    def fresh(self):
        """Make a new copy of the tests' database."""
        self.system.copy(self._source, self.database)

    def shell(self, code):
        """Run code in Odoo's shell on the copy.

        :return: what it prints
        """
        return self.system.shell(self.database, code)

    def rows(self, code):
        """Run code that prints rows as lines of JSON.

        :return: list of dicts
        """
        lines = self.shell(code).splitlines()
        return [json.loads(line) for line in lines if line.startswith('{"what"')]

    def module(self, name):
        """Run a module that prints rows as lines of JSON, with everything that Odoo has.

        :return: iterator of dicts, as they come
        """
        command = (str(self.system.python), "-m", name)
        environment = self.system.environment()
        with subprocess.Popen(
            command, cwd=REPO, env=environment, stdout=subprocess.PIPE, text=True
        ) as child:
            for told in child.stdout:
                if told.startswith('{"what"'):
                    yield json.loads(told)
        if child.returncode:
            raise Fault(f"{name} failed; the reason is above")

    def administer(self, statement):
        """Run a statement as the administrator of the tests' own server, where it is ours.

        :return: whether it was run
        """
        server = self.system.postgres
        if not isinstance(server, Private):
            return False
        command = (server.bin / "psql", "-XAtq", "-U", "administrator", "-d", "postgres")
        output(*command, "-c", statement, env=server.environment())
        return True

    @staticmethod
    def timed(what, work, **more):
        """Measure a call.

        :return: a row
        """
        began = time.perf_counter()
        work()
        return {"what": what, "seconds": time.perf_counter() - began, **more}

    def close(self):
        """Drop the copy."""
        self.system.drop(self.database)


def found():
    """Find the benchmarks.

    :return: file of each by name
    """
    return {path.stem: path for path in sorted(FOLDER.glob("[a-z]*.py"))}


def line(row):
    """Write a row as a line of the table."""
    seconds = row["seconds"]
    parts = [f"  {row['what']:<52} {seconds:>9.3f} s"]
    if row.get("count"):
        parts.append(f"{row['count'] / seconds if seconds else 0:>10.0f}/s of {row['count']}")
    if row.get("base"):
        parts.append(f"{row['base'] / seconds if seconds else 0:>7.2f}x")
    parts.append(row.get("note", ""))
    return "  ".join(part for part in parts if part)


def table(name, title, where, rows):
    """Write the rows of a benchmark as a section of Markdown."""
    lines = [f"## {name}", "", title, "", f"*{where}*", ""]
    lines += ["| what | seconds | per second | ratio | note |", "|---|---:|---:|---:|---|"]
    for row in rows:
        seconds, count = row["seconds"], row.get("count")
        cells = [
            row["what"],
            f"{seconds:.3f}",
            f"{count / seconds:,.0f} (of {count:,})" if count and seconds else "",
            f"{row['base'] / seconds:.2f}×" if row.get("base") and seconds else "",
            row.get("note", ""),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def merged(text, tables):
    """Put sections into a document, in place of those of the same benchmarks; others stay.

    :param str text: the document as it is
    :param dict tables: name -> section
    """
    kept = {part.split("\n", 1)[0].strip(): part for part in re.split(r"(?m)^## ", text)[1:]}
    sections = {name: f"## {part.strip()}\n" for name, part in kept.items()}
    sections.update(tables)
    return "\n".join([HEAD, *(sections[name] for name in sorted(sections))])


def machine(system, server="the tests' PostgreSQL, which does not wait for the disk"):
    """Name what the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} CPUs, {memory} GB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"PostgreSQL {system.postgres.sql('show server_version').strip()}; {server}"
    )


def main(argv):
    """Run benchmarks and print their tables."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("names", nargs="*", help="of tests/bench; all when omitted")
    parser.add_argument("--write", help="file of Markdown to write the tables to")
    options = parser.parse_args(argv)
    names, tables = options.names, {}
    there = found()
    unknown = sorted(set(names) - set(there))
    if unknown:
        raise Fault(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(there)}")
    system = System("test")
    with system.postgres:
        system.configure(max_cron_threads=0, log_level="warn")
        runner = Runner(system, template(system))
        say("on the tests' PostgreSQL, which does not wait for the disk")
        for name in names or there:
            spec = importlib.util.spec_from_file_location(f"bench_{name}", there[name])
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            title = (module.__doc__ or "").strip().splitlines()[0]
            say(f"{name}: {title}")
            rows = []
            try:
                runner.fresh()
                for row in module.run(runner):
                    rows.append(row)
                    print(line(row), flush=True)
            finally:
                runner.close()
            server = getattr(module, "SERVER", None)
            where = machine(system, server) if server else machine(system)
            tables[name] = table(name, title, where, rows)
            if options.write:
                file = REPO / options.write
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(merged(file.read_text() if file.exists() else "", tables))
