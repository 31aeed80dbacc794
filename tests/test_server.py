"""The private PostgreSQL is private."""

import os
import subprocess

import pytest
from odoo.tests.common import get_db_name

from scripts import postgres
from scripts.databases import System


@pytest.fixture(scope="module")
def system():
    """Enter the system that the tests run on; skip for a server that somebody else runs."""
    found = System("test", wanted=())
    if not isinstance(found.postgres, postgres.Private):
        pytest.skip("the server is not ours")
    with found.postgres:
        yield found


def test_only_its_owner_reads_the_passwords_the_data_and_the_socket(system):
    server = system.postgres
    assert server.passwords.stat().st_mode & 0o777 == 0o600
    assert server.data.stat().st_mode & 0o777 == 0o700
    assert server.socket.stat().st_mode & 0o777 == 0o700
    assert system.configuration.stat().st_mode & 0o777 == 0o600


def test_it_listens_on_no_network_address(system):
    assert system.postgres.sql("show listen_addresses").strip() == ""


def test_nobody_enters_without_the_password(system):
    environment = {**os.environ, **system.postgres.variables(), "PGPASSFILE": os.devnull}
    environment.pop("PGPASSWORD", None)
    for password in ({}, {"PGPASSWORD": "guess"}):
        done = subprocess.run(
            [system.postgres.bin / "psql", "-w", "-c", "select 1"],
            env={**environment, **password},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert "password" in done.stderr


def test_odoo_is_no_superuser_of_it(system):
    assert system.postgres.sql("select rolsuper from pg_roles where rolname = 'odoo'") == "f\n"


def test_a_second_user_of_the_server_does_not_stop_it_when_leaving(system):
    with System("test", wanted=()).postgres:
        pass
    assert get_db_name() in system.postgres.names()


def test_the_web_server_is_for_this_machine_only(system):
    assert "http_interface = 127.0.0.1" in system.configuration.read_text()
