"""Odoo on a server: its configuration, its commands, and databases that appear whole."""

import configparser
import glob
import io
import os
import shutil
import subprocess

from . import addons, odoo_source, postgres, tools, venv
from .state import REPO, STATE, Fault, call, digest, locked, remove, say, stamp_of, write_private

LANGUAGE = "zh_CN"
TEMPLATE = "property-tpl-"
COPY = "property-test-"  # followed by the number of the process that uses it
# the first page comes at once, and the server's address stays what it is
PREPARE = """
env["ir.config_parameter"].sudo().set_param("web.base.url.freeze", "True")
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""


class System:
    """Everything that a run needs, set up: Odoo, Python, PostgreSQL, a browser."""

    def __init__(self, use, wanted=tools.ALL):
        """Set up.

        :param use: demo or test; each has a cluster and a data folder of its own
        :param wanted: tools to fetch
        """
        self.use = use
        with locked():
            self.odoo = odoo_source.ensure()
            self.venv = venv.ensure(self.odoo)
            self.tools = tools.ensure(*wanted)
            self.postgres = postgres.server(self.venv, use, durable=use == "demo")
        self.python = self.venv / "bin" / "python"
        self.data = STATE / f"data-{use}"
        self.configuration = STATE / f"odoo-{use}.conf"

    def addons_path(self):
        """List the folders of addons, ours first."""
        # the inner folder first: Odoo's export takes the first path that a file lies below
        paths = sorted({folder.parent for folder in addons.ours().values()}, reverse=True)
        if (self.odoo.base / "addons").is_dir():  # a checkout keeps the community addons apart
            paths.append(self.odoo.base / "addons")
        paths += glob.glob(f"{self.venv}/lib/python3*/site-packages/odoo/addons")
        return [str(path) for path in paths]

    def configure(self, **more):
        """Write the configuration that Odoo and the tests read: odoo.conf and what is ours."""
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(REPO / "odoo.conf")
        variables = self.postgres.variables()
        options = {
            "addons_path": ",".join(self.addons_path()),
            "data_dir": self.data,
            "db_host": variables["PGHOST"],
            "db_port": variables.get("PGPORT", "5432"),
            "db_user": variables.get("PGUSER", ""),
            "db_password": variables.get("PGPASSWORD", ""),
            "admin_passwd": digest(os.urandom(32)),
            **more,
        }
        if isinstance(self.postgres, postgres.Private):
            options["db_password"] = self.postgres.password()
        for name, value in options.items():
            if str(value):
                parser["options"][name] = str(value)
        text = io.StringIO()
        parser.write(text)
        write_private(self.configuration, text.getvalue())

    def environment(self):
        """Name the environment of Odoo and of the tests."""
        found = {**self.postgres.environment(), "LC_ALL": "C.UTF-8"}
        found["PATH"] = os.pathsep.join([str(self.venv / "bin"), found["PATH"], str(self.tools)])
        found["ODOO_RC"] = str(self.configuration)
        found.pop("PYTHONDONTWRITEBYTECODE", None)
        return found

    def run(self, *arguments, **options):
        """Run a stock Odoo command to its end."""
        options.setdefault("cwd", REPO)
        command = (self.python, "-m", "odoo", *arguments)
        return call(*command, env=self.environment(), **options)

    def server(self, database, *arguments):
        """Install or update in a database, showing warnings.

        :raise Fault: when Odoo fails; its log is on the screen by then
        """
        options = ("--stop-after-init", "--no-http", "--max-cron-threads=0", "--log-level=warn")
        done = self.run("server", "-d", database, *options, *arguments, check=False)
        if done.returncode:
            raise Fault(f"Odoo could not do {' '.join(map(str, arguments))}; the reason is above")

    def shell(self, database, code):
        """Run code in Odoo's shell.

        :return: what it prints
        """
        done = self.run(
            *("shell", "-d", database, "--no-http", "--log-level=warn", "--shell-interface=python"),
            input=GUARD.format(code=code),
            text=True,
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise Fault("a step in Odoo's shell failed; the reason is above")
        return done.stdout

    def filestore(self, database):
        """Name the folder of a database's attachments."""
        return self.data / "filestore" / database

    def drop(self, database):
        """Drop a database with its attachments."""
        self.postgres.drop(database)
        remove(self.filestore(database))

    def rename(self, old, new):
        """Give a finished database its name."""
        self.postgres.rename(old, new)
        remove(self.filestore(new))
        if self.filestore(old).exists():
            self.filestore(old).rename(self.filestore(new))

    def copy(self, source, target):
        """Copy a database; attachments are linked: named by content, they are never edited."""
        self.drop(target)
        self.postgres.copy(source, target)
        if self.filestore(source).exists():
            shutil.copytree(self.filestore(source), self.filestore(target), copy_function=os.link)

    def built(self, name, build):
        """Make a database under another name and rename it when it is whole.

        :param build: function of the temporary name
        """
        part = f"{name}-part"
        self.drop(part)
        try:
            build(part)
            self.rename(part, name)
        except BaseException:
            self.drop(part)
            raise


# the shell goes on after an exception and then exits with 0: leave at once instead
GUARD = """
import sys, traceback
try:
    exec(compile({code!r}, "<run>", "exec"), {{"env": env, "self": self, "odoo": odoo}})
except BaseException:
    traceback.print_exc()
    sys.stdout.flush()
    import os
    os._exit(1)
"""


def template(system, mine=None):
    """Make the database that tests copy, in two layers that are remade when their inputs change.

    :param system: entered System of use test
    :param mine: our addons by name; all when omitted
    :return: name of the database
    """
    mine = addons.ours() if mine is None else mine
    needed = addons.stock(mine)
    version = digest(stamp_of(system.venv), odoo_source.series_of(system.odoo.base), "v2")
    base = f"{TEMPLATE}base-{digest(version, *needed)}"
    whole = f"{TEMPLATE}{digest(base, *(addons.key(folder) for folder in mine.values()))}"

    def lower(name):
        # a database born in another language has no English of its own, and tests read English
        system.server(name, "-i", ",".join(needed), f"--load-language={LANGUAGE},en_US")

    def upper(name):
        system.copy(base, name)
        if mine:
            system.server(name, "-i", ",".join(mine))
        system.shell(name, PREPARE)

    with locked("templates", "another run is making the test databases; waiting"):
        have = system.postgres.names()
        for name, build in ((base, lower), (whole, upper)):
            if name in have:
                continue
            say(f"making the test database {name}")
            system.built(name, build)
            say(f"the test database {name} is made")
        for name in have:
            if name.startswith(TEMPLATE) and name not in (base, whole):
                system.drop(name)
    return whole
