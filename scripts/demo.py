"""./run demo: the system with demo data, served here."""

import argparse
import contextlib
import errno
import json
import socket
import subprocess
import sys

from . import addons, field
from .databases import LANGUAGE, PREPARE, System
from .state import REPO, STATE, Fault, locked, remove, say, write_private
from .test import wait

DATABASE = "demo"
RECORD = STATE / "demo.json"  # what the database holds: hash of each addon
EVERYWHERE = ("127.0.0.1", "0.0.0.0", "::")  # noqa: S104  (only what --host may say)
ROLES = {
    "director": "项目总监  director: everything, all sites",
    "manager": "项目经理  site manager: all of one site",
    "finance": "会计  finance: bills, journals, reports",
    "cashier": "收费员  cashier: the counter",
    "service": "客服  service desk: households",
    "engineer": "工程维修  engineer: meters and works",
    "guard": "安保  guard: vehicles and visitors",
    "leasing": "招商  leasing: vacant space",
    "owner": "业主  owner: the portal of a household",
    "tenant": "租户  tenant: the portal of a shop",
    "admin": "系统  system administrator: settings",
}
# Chinese from the first page on; and a demo that failed to load is no demo
CHINESE = """
lang, zone = "zh_CN", "Asia/Shanghai"
env["res.users"].with_context(active_test=False).search([]).write({"lang": lang, "tz": zone})
env["res.company"].search([]).partner_id.write({"lang": lang})
env["ir.default"].set("res.partner", "lang", lang)
readers = {"director": "manager", "manager": "operator", "engineer": "operator"}
for login, role in {**readers, "service": "reader"}.items():
    group = env.ref(f"mqtt_bridge.group_{role}", raise_if_not_found=False)
    if group:
        env["res.users"].search([("login", "=", login)]).group_ids += group
failed = env["ir.demo_failure"].search([])
for failure in failed:
    print(f"FAILED {failure.module_id.name}: {failure.error.strip().splitlines()[-1]}")
env.cr.commit()
"""


def parse(argv):
    """Read the arguments."""
    parser = argparse.ArgumentParser(prog="./run demo")
    parser.add_argument("--port", type=int, default=8069, help="8069 when omitted")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 opens it to the network")
    parser.add_argument(
        "--https",
        type=int,
        nargs="?",
        const=8443,
        metavar="PORT",
        help="an https door for phones in the same network, with a code to scan; 8443 when omitted",
    )
    parser.add_argument("--reset", action="store_true", help="make the demo database anew")
    parser.add_argument("--setup-only", action="store_true", help="prepare, and do not serve")
    return parser.parse_args(argv)


def need_port(host, port):
    """Refuse to begin when the address cannot be had.

    :raise Fault: with what to do
    """
    if not 0 < port < 65536:
        raise Fault("a port is a number from 1 to 65535")
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Fault(f"port {port} is taken; stop what uses it or choose --port N") from None
        if error.errno == errno.EACCES:
            raise Fault(f"port {port} needs root; choose --port above 1023") from None
        raise Fault(f"{host} is no address of this machine") from None


def main(argv):
    """Prepare the demo database and serve it until Ctrl-C.

    :return: the server's code
    """
    options = parse(argv)
    if not options.setup_only:
        need_port(options.host, options.port)
        if options.https:
            need_port("0.0.0.0", options.https)  # noqa: S104  (what --https is for)
    system = System("demo")
    if options.reset:
        system.postgres.mend()
    with system.postgres:
        system.configure(
            log_level="warn",
            http_interface=options.host,
            http_port=options.port,
            proxy_mode=bool(options.https),
        )
        with locked("demo", "another run is preparing the demo; waiting"):
            prepare(system, options.reset)
        show(system, options)
        if options.setup_only:
            return 0
        command = [system.python, "-m", "odoo", "server", "-d", DATABASE, "--db-filter=^demo$"]
        with field.alive(system, DATABASE), door(system, options):
            child = subprocess.Popen(
                [str(part) for part in command],
                env=system.environment(),
                cwd=REPO,
                start_new_session=True,  # so that Ctrl-C reaches it once, through served()
            )
            return served(child)


@contextlib.contextmanager
def door(system, options):
    """Keep the https door open while this is entered, if it is asked for."""
    if not options.https:
        yield
        return
    command = [system.python, "-m", "scripts.https", "--port", options.https]
    command += ["--target", options.port, "--folder", STATE / "https"]
    child = subprocess.Popen(
        [str(part) for part in command],
        cwd=REPO,
        start_new_session=True,  # so that Ctrl-C reaches it after the server
        preexec_fn=field.die_with_parent if sys.platform == "linux" else None,
    )
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def served(child):
    """Wait for the server; being asked to stop is no failure."""
    try:
        return wait(child, alone=True)
    except KeyboardInterrupt:
        say("stopped")
        return 0


def prepare(system, reset):
    """Make the database, or update what has changed in it.

    :param reset: make it anew
    """
    mine = addons.ours()
    keys = {name: addons.key(folder) for name, folder in mine.items()}
    there = DATABASE in system.postgres.names()
    if reset or not there:
        remove(RECORD)
        field.forget()
        say("making the demo database; this takes a few minutes")
        system.built(f"{DATABASE}-new", lambda name: fill(system, name, mine))
        system.drop(DATABASE)
        system.rename(f"{DATABASE}-new", DATABASE)
    elif not RECORD.exists():
        raise Fault("a database named demo is there that was not made here; --reset replaces it")
    else:
        update(system, json.loads(RECORD.read_text()), keys)
    write_private(RECORD, json.dumps(keys, indent=1))


def fill(system, name, mine):
    """Install stock Odoo without its demo data, then ours with it, all in Chinese.

    :param name: of the database
    :param mine: our addons by name
    """
    system.run("db", "init", name, "--force", "--language", LANGUAGE)
    without_demo(system, name, addons.stock(mine))
    system.server(name, "-i", ",".join(mine), "--with-demo")
    check(system.shell(name, CHINESE))
    system.shell(name, PREPARE)


def without_demo(system, name, stock, changed=()):
    """Install stock addons without their demo data, which is another company's.

    :param name: of the database
    :param stock: names of the addons
    :param changed: our addons to update in the same go: Odoo runs their code already
    """
    updates = ["-u", ",".join(changed)] if changed else []
    system.server(name, "-i", ",".join(stock), *updates)
    # an addon's demo data loads where that of all it builds on did: say that it did
    system.postgres.sql("update ir_module_module set demo = true where state = 'installed'", name)


def update(system, old, keys):
    """Install what is new and update what has changed since the last run."""
    new = [name for name in keys if name not in old]
    changed = [name for name in keys if name in old and old[name] != keys[name]]
    if not new and not changed:
        return
    say(f"updating {', '.join(new + changed)}")
    if "mqtt_bridge" in new:
        field.forget()
    if new:
        without_demo(system, DATABASE, addons.stock(addons.ours()), changed)
        query = "select name from ir_module_module where state = 'installed'"
        there = system.postgres.sql(query, DATABASE).split()
        # what a changed addon leans on came with it, without its demo data
        changed = [name for name in new if name in there]
        new = [name for name in new if name not in there]
    arguments = ["-i", ",".join(new)] if new else []
    arguments += ["-u", ",".join(changed)] if changed else []
    system.server(DATABASE, *arguments, "--with-demo")
    check(system.shell(DATABASE, CHINESE))


def check(printed):
    """Stop when demo data failed to load, which Odoo only logs.

    :param printed: what the shell printed
    """
    failed = [line.removeprefix("FAILED ") for line in printed.splitlines() if "FAILED " in line]
    if failed:
        raise Fault(f"the demo data of {'; '.join(failed)}")


def show(system, options):
    """Print the accounts and the address."""
    rows = system.postgres.sql(
        "select u.login, p.name from res_users u join res_partner p on p.id = u.partner_id "
        "where u.active and not u.share or u.login in ('owner', 'tenant')",
        DATABASE,
    )
    names = dict(row.split("|", 1) for row in rows.splitlines())
    host = "localhost" if options.host in EVERYWHERE else options.host
    print(f"\n  {'login':<10} {'password':<10} role and name")
    for login, role in ROLES.items():
        if login in names:
            print(f"  {login:<10} {login:<10} {role} ({names[login]})")
    print(f"\n  http://{host}:{options.port}    Ctrl-C stops it")
    print("  Not for production; see deploy/.\n", flush=True)
