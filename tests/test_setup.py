"""What goes wrong in a set-up ends in one clear sentence and leaves nothing half-made."""

import ast
import errno
import os
import shutil
import socket
import subprocess
import sys

import pytest

from scripts import addons, cli, debs, demo, odoo_source, postgres, state, tools, venv
from scripts.state import REPO, Fault

SYSTEM_PYTHON = os.path.realpath(sys.executable)


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """Use an empty state."""
    for module in (state, debs, odoo_source, postgres, tools, venv):
        monkeypatch.setattr(module, "STATE", tmp_path)
    return tmp_path


def program(folder, name, script):
    """Put a made-up program on a made-up PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(*arguments, path="/usr/bin:/bin", **variables):
    """Start ./run as a person does."""
    names = ("ODOO_HOME", "PGHOST", "DATABASE_URL", "ODOO_RC", "PYTHONPATH", "CI", postgres.OURS)
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment.update(
        {"PATH": str(path), **{name: str(value) for name, value in variables.items()}}
    )
    return subprocess.run(
        [SYSTEM_PYTHON, REPO / "run", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def assert_one_sentence(done, words):
    """Check how a command failed."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert words in done.stderr
    assert done.stderr.startswith("run: ")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


# --- Python


def test_the_entry_still_parses_on_old_pythons():
    ast.parse((REPO / "run").read_text(), feature_version=(3, 4))


def test_an_old_python_is_told_so_in_one_sentence():
    code = f"import sys; sys.version_info = (3, 9, 2); exec(open({str(REPO / 'run')!r}).read())"
    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert_one_sentence(done, "Python 3.10 to 3.13 is needed and this is 3.9")


def test_a_machine_with_no_python_that_odoo_supports_is_told_so(monkeypatch):
    monkeypatch.setattr(venv, "OLDEST", (4, 0))
    monkeypatch.setattr(venv, "NEWEST", (4, 1))
    with pytest.raises(Fault, match=r"3.10 to 3.13"):
        venv.python()


def test_packages_that_cannot_be_installed_leave_no_environment(empty, monkeypatch):
    program(
        empty / "bin",
        "python",
        'case "$2" in venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python";; '
        'pip) echo "no network" && exit 1;; *) dirname "$0";; esac',
    )
    monkeypatch.setattr(venv, "python", lambda _kind: (empty / "bin" / "python", (3, 11)))
    monkeypatch.setattr(state, "ROOM", 0)
    with pytest.raises(Fault, match="go online"):
        venv.ensure(odoo_source.Odoo("home", empty))
    assert not (empty / "venv").exists()


def test_a_reason_that_is_reworded_installs_nothing_anew():
    assert venv.lines("# all\nlxml<6  # why\n") == venv.lines("lxml<6  # because\n\n") == ["lxml<6"]


# --- commands


def test_help_names_every_command():
    done = run("help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in cli.COMMANDS)


def test_an_unknown_command_is_refused():
    assert_one_sentence(run("dance"), "there is no command dance")


# --- Debian


def test_offline_is_told_in_one_sentence_and_leaves_nothing(tmp_path):
    said = "Err:1 InRelease\\nW: Failed to fetch"
    program(
        tmp_path / "bin",
        "apt-get",
        'case "$*" in *--print-uris*) '
        "echo \"'https://mirror.invalid/debian/dists/bookworm/InRelease' x 0\";; "
        f"*update*) printf '{said}\\n';; *) exit 100;; esac",
    )
    program(tmp_path / "bin", "apt-cache", "exit 100")
    done = run(
        *("lint",),
        path=f"{tmp_path / 'bin'}:/usr/bin:/bin",
        PROPERTY_STATE=tmp_path / "state",
        DEBIAN_MIRROR="https://mirror.invalid/debian",
    )
    if shutil.which("dpkg-deb", path="/usr/bin:/bin"):
        assert_one_sentence(done, "the Debian mirror cannot be reached; go online")
    assert not [path for path in (tmp_path / "state").iterdir() if path.is_dir()]


def test_a_system_without_apt_is_told_the_other_ways(tmp_path):
    (tmp_path / "bin").mkdir()
    done = run("lint", path=tmp_path / "bin", PROPERTY_STATE=tmp_path / "state")
    assert_one_sentence(done, "ODOO_HOME")


def test_a_download_that_is_cut_off_is_made_again(empty, monkeypatch):
    monkeypatch.setattr(state, "ROOM", 0)
    tries = []

    def build(folder):
        tries.append(folder)
        (folder / "half").write_text("half")
        if len(tries) == 1:
            raise Fault("cut off")
        (folder / "whole").write_text("whole")

    with pytest.raises(Fault):
        state.made("odoo", "key", build)
    assert list(empty.iterdir()) == []
    folder = state.made("odoo", "key", build)
    assert (folder / "whole").exists()


def test_what_a_killed_run_left_is_made_again(empty, monkeypatch):
    monkeypatch.setattr(state, "ROOM", 0)
    (empty / "odoo.part").mkdir()
    (empty / "odoo.part" / "half").write_text("half")
    (empty / "odoo").mkdir()
    folder = state.made("odoo", "key", lambda part: (part / "whole").write_text("x"))
    assert sorted(path.name for path in folder.iterdir()) == [".made", "whole"]
    assert not (empty / "odoo.part").exists()


@pytest.mark.parametrize("stamp", [b"", b"\xff\xfe\x00", b"another key", None])
def test_a_corrupted_stamp_makes_the_step_again(empty, monkeypatch, stamp):
    monkeypatch.setattr(state, "ROOM", 0)
    made = []
    folder = state.made("odoo", "key", made.append)
    if stamp is None:
        (folder / ".made").unlink()
    else:
        (folder / ".made").write_bytes(stamp)
    state.made("odoo", "key", made.append)
    state.made("odoo", "key", made.append)
    assert len(made) == 2


def test_a_damaged_folder_is_made_again(empty, monkeypatch):
    monkeypatch.setattr(state, "ROOM", 0)

    def build(part):
        (part / "file").write_text("good")

    folder = state.made("odoo", "key", build, sound=lambda f: (f / "file").exists())
    (folder / "file").unlink()
    state.made("odoo", "key", build, sound=lambda f: (f / "file").exists())
    assert (folder / "file").read_text() == "good"


def test_a_damaged_package_is_told(empty):
    if not shutil.which("dpkg-deb"):
        pytest.skip("no Debian")
    (empty / "odoo-19.deb").write_text("half a package")
    with pytest.raises(Fault, match=r"odoo-19.deb is damaged"):
        debs.Debs.unpack([empty / "odoo-19.deb"], empty / "root")


def test_an_odoo_of_another_series_is_refused(empty, monkeypatch):
    (empty / "odoo").mkdir()
    (empty / "odoo" / "release.py").write_text("version_info = (17, 0, 0, FINAL, 0, '')\n")
    monkeypatch.setenv("ODOO_HOME", str(empty))
    with pytest.raises(Fault, match=r"holds Odoo 17.0, not 19.0"):
        odoo_source.find()


def test_an_odoo_of_the_right_series_is_used(empty, monkeypatch):
    (empty / "odoo").mkdir()
    (empty / "odoo" / "release.py").write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    monkeypatch.setenv("ODOO_HOME", str(empty))
    assert odoo_source.ensure() == odoo_source.Odoo("home", empty)


# --- disk


def test_a_disk_without_room_is_told_before_anything_is_fetched(empty, monkeypatch):
    monkeypatch.setattr(state, "ROOM", 1 << 62)
    with pytest.raises(Fault, match="disk is full"):
        state.made("odoo", "key", lambda part: pytest.fail("it began"))
    assert list(empty.iterdir()) == []


def test_a_disk_that_fills_up_on_the_way_is_told_in_one_sentence(monkeypatch):
    def full(_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(demo, "main", full)
    monkeypatch.setattr(cli.signal, "signal", lambda *_arguments: None)
    with pytest.raises(SystemExit, match="the disk is full"):
        cli.main(["demo"])


def test_a_program_that_fills_the_disk_is_told_in_one_sentence():
    with pytest.raises(Fault, match="the disk is full"):
        state.quietly("x", "sh", "-c", "echo write: No space left on device; exit 1")


def test_a_state_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("lint", PROPERTY_STATE=tmp_path / "file")
    assert_one_sentence(done, "cannot be written; set PROPERTY_STATE")


# --- two runs, ports


def test_a_second_run_says_that_it_waits_and_then_goes_on(tmp_path):
    code = "import time\nfrom scripts.state import locked\n"
    code += "with locked():\n    print('in', flush=True)\n"
    start = {
        "env": {**os.environ, "PROPERTY_STATE": str(tmp_path)},
        "cwd": REPO,
        "stdout": subprocess.PIPE,
        "text": True,
    }
    first = subprocess.Popen([SYSTEM_PYTHON, "-c", f"{code}    time.sleep(60)"], **start)
    try:
        assert first.stdout.readline() == "in\n"
        second = subprocess.Popen([SYSTEM_PYTHON, "-c", code], **start)
        assert "another run is setting up; waiting" in second.stdout.readline()
        assert second.poll() is None
    finally:
        first.kill()  # as a crash does: the lock must not stay
        first.communicate()
    printed, _none = second.communicate(timeout=30)
    assert second.returncode == 0
    assert printed == "in\n"


def test_a_port_that_is_taken_is_told_at_once_and_nothing_is_made(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("demo", "--port", str(port), PROPERTY_STATE=tmp_path / "state")
    assert_one_sentence(done, f"port {port} is taken; stop what uses it or choose --port N")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("port", ["0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    done = run("demo", f"--port={port}", PROPERTY_STATE=tmp_path / "state")
    assert_one_sentence(done, "1 to 65535")


def test_a_host_that_is_not_ours_is_refused(tmp_path):
    done = run("demo", "--host=192.0.2.1", "--port=18999", PROPERTY_STATE=tmp_path / "state")
    assert_one_sentence(done, "no address of this machine")


# --- PostgreSQL


def test_a_given_server_is_read_from_its_address(monkeypatch):
    monkeypatch.delenv(postgres.OURS, raising=False)
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://clerk:p%40ss@db.example:5433/x?sslmode=require"
    )
    assert postgres.given() == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "clerk",
        "PGPASSWORD": "p@ss",
        "PGSSLMODE": "require",
    }


def test_an_address_of_another_kind_of_server_is_refused(monkeypatch):
    monkeypatch.delenv(postgres.OURS, raising=False)
    monkeypatch.setenv("DATABASE_URL", "mysql://db.example/x")
    with pytest.raises(Fault, match="postgresql://"):
        postgres.given()


def test_a_given_server_that_is_down_is_told(tmp_path):
    binaries = postgres.Path(shutil.which("psql")).parent
    with (
        pytest.raises(Fault, match="does not answer"),
        postgres.Given(binaries, {"PGHOST": str(tmp_path), "PGPORT": "1"}),
    ):
        pass


def test_a_folder_that_somebody_else_could_write_is_not_used(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(Fault, match="belongs to somebody else"):
        postgres.own_folder(tmp_path / "open")


# --- addons


def test_a_manifest_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "property_x").mkdir()
    (tmp_path / "property_x" / "__manifest__.py").write_text("{'name': ")
    with pytest.raises(Fault, match="cannot be read"):
        addons.ours(tmp_path)


def test_an_edited_test_does_not_remake_the_databases_and_an_edited_view_does(tmp_path):
    for name in ("tests/test_x.py", "views/x.xml"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("one")
    first = addons.key(tmp_path)
    (tmp_path / "tests/test_x.py").write_text("two")
    assert addons.key(tmp_path) == first
    (tmp_path / "views/x.xml").write_text("two")
    assert addons.key(tmp_path) != first


@pytest.mark.parametrize(
    ("version", "is_taken"), [("2.0.18", False), ("2.1.0", True), ("3.0.0", True), ("", False)]
)
def test_a_broker_that_is_too_old_is_not_taken(tmp_path, version, is_taken):
    program = tmp_path / "mosquitto"
    program.write_text(f"#!/bin/sh\necho mosquitto version {version}\nexit 3\n")
    program.chmod(0o755)
    assert (tools.broker(tmp_path) == str(program)) is is_taken
