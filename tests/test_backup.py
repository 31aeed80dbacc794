"""A restored database is the one that was saved."""

import pytest
from odoo.tests.common import get_db_name

from scripts import backup, restore
from scripts.databases import TEMPLATE, System
from scripts.state import Fault

FILL = """
import base64
partner = env["res.partner"].create({"name": "A saved person"})
env["ir.attachment"].create(
    {"name": "a", "res_model": "res.partner", "res_id": partner.id, "raw": b"attached" * 1000}
)
accounts = env["account.account"].search([("account_type", "=", "expense")], limit=2)
lines = [{"account_id": accounts[0].id, "debit": 423579.34}]
lines += [{"account_id": accounts[-1].id, "credit": 423579.34}]
move = env["account.move"].create({"line_ids": [(0, 0, line) for line in lines]})
move.action_post()
env.cr.commit()
"""
TOTALS = """
select (select sum(debit) from account_move_line), (select count(*) from res_partner),
       (select count(*) from ir_attachment), (select count(*) from ir_model_data),
       (select md5(string_agg(store_fname, ',' order by id)) from ir_attachment)
"""


@pytest.fixture(scope="module")
def system():
    """Enter the system that the tests run on."""
    found = System("test", wanted=())
    with found.postgres:
        yield found


@pytest.fixture(scope="module")
def saved(system):
    """Make a small database with an entry and an attachment; drop it and its copies after."""
    name = f"{get_db_name()}-saved"
    source = next(found for found in system.postgres.names() if _is_template(found))
    system.copy(source, name)
    system.shell(name, FILL)
    yield name
    for found in system.postgres.names():
        if found.startswith(name):
            system.drop(found)


def _is_template(name):
    inside = name.removeprefix(TEMPLATE)
    return name != inside and not inside.startswith("base-") and "part" not in inside


@pytest.fixture
def secret(tmp_path):
    """Write a passphrase."""
    path = tmp_path / "passphrase"
    path.write_text("correct horse battery\n")
    return path


def attachments(system, name):
    """Name the files of a database's attachments."""
    folder = system.filestore(name)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_restored_database_has_the_totals_and_files_of_the_saved_one(
    system, saved, tmp_path, secret, encrypted
):
    passphrase = secret if encrypted else None
    backup.save(system, saved, tmp_path / "b", passphrase)
    restore.load(system, tmp_path / "b", f"{saved}-again", passphrase, force=True)
    totals = system.postgres.sql(TOTALS, saved)
    assert totals.startswith("423579.34|")
    assert system.postgres.sql(TOTALS, f"{saved}-again") == totals
    assert attachments(system, f"{saved}-again") == attachments(system, saved) != []


def test_a_restore_does_not_replace_a_database_unasked(system, saved, tmp_path):
    backup.save(system, saved, tmp_path / "b")
    before = system.postgres.sql(TOTALS, saved)
    with pytest.raises(Fault, match="exists"):
        restore.load(system, tmp_path / "b", saved)
    assert system.postgres.sql(TOTALS, saved) == before


def test_a_damaged_backup_leaves_the_database_it_would_replace(system, saved, tmp_path, secret):
    backup.save(system, saved, tmp_path / "b", secret)
    content = bytearray((tmp_path / "b").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "b").write_bytes(content)
    before = system.postgres.names()
    with pytest.raises(Fault, match="changed"):
        restore.load(system, tmp_path / "b", saved, secret, force=True)
    assert system.postgres.names() == before
    assert system.postgres.sql(TOTALS, saved).startswith("423579.34|")


def test_saving_a_database_that_is_missing_says_so_and_writes_nothing(system, tmp_path):
    with pytest.raises(Fault, match="no database nowhere"):
        backup.save(system, "nowhere", tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_the_data_key_travels_with_the_backup(system, saved, tmp_path, monkeypatch):
    monkeypatch.setenv("PROPERTY_DATA_KEY", "the key of the ID numbers")
    backup.save(system, saved, tmp_path / "b")
    monkeypatch.setenv("PROPERTY_DATA_KEY", "another key")
    with pytest.raises(Fault, match="data key is not this system's"):
        restore.load(system, tmp_path / "b", f"{saved}-key")
    assert f"{saved}-key" not in system.postgres.names()
