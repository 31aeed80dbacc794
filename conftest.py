"""Collect doctests, repeat what is generated, part the workers' files, be patient and quick."""

import functools
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest_odoo
from _pytest.doctest import DoctestModule
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

PATIENCE = 5  # how many times as long as Odoo's own tests ours wait for a busy machine


@contextmanager
def own_filestore(source, database):
    """Give the worker's copy of the database a copy of the files, by hard links.

    Odoo deletes, after every class of tests, the files that its own database does not know: with
    the folder that pytest-odoo lets the workers share, those of the other workers' running tests.
    """
    from odoo.tools import config  # exists once pytest-odoo has configured Odoo

    folder = Path(config.filestore(database))
    if database != source:
        shutil.rmtree(folder, ignore_errors=True)
        if Path(config.filestore(source)).exists():
            shutil.copytree(config.filestore(source), folder, copy_function=os.link)
    try:
        yield
    finally:
        if database != source:
            shutil.rmtree(folder, ignore_errors=True)


pytest_odoo._shared_filestore = own_filestore


def pytest_collect_file(file_path, parent):
    """Read the doctests of every kernel: <addon>/tools/*.py."""
    if (
        file_path.suffix == ".py"
        and file_path.parent.name == "tools"
        and (file_path.parent.parent / "__manifest__.py").exists()
        and ">>> " in file_path.read_text()
    ):
        return DoctestModule.from_parent(parent, path=file_path)
    return None


def with_warm_templates(set_up):
    """Let the tests of a class share what was compiled of views and templates, as requests do.

    Odoo forgets everything after each test; here what no test has touched is kept. Identifiers and
    access rights, which a test may have looked up among records of its own, are forgotten too.

    :param set_up: TransactionCase.setUp
    """

    @functools.wraps(set_up)
    def warm(case):
        registry = case.registry
        registry.signal_changes()  # in a test this only counts what was touched
        before = dict(registry.cache_sequences)

        def forget():
            registry.signal_changes()
            counts = registry.cache_sequences.items()
            registry.clear_cache("stable", *(name for name, n in counts if n != before[name]))

        with mock.patch.object(registry, "clear_all_caches", forget):
            set_up(case)

    return warm


def pytest_collection_finish():
    """Let no test fail because the machine is busy, and none do again what another has done."""
    from odoo.tests import common  # exists once pytest-odoo has configured Odoo

    common.CHECK_BROWSER_ITERATIONS *= PATIENCE
    # all limits of a browser are multiplied by this, which each sets to 1 as it begins
    common.ChromeBrowser.throttling_factor = property(lambda _self: PATIENCE, lambda *_given: None)
    for name in ("url_open", "make_jsonrpc_request"):
        limited = getattr(common.HttpCase, name)
        setattr(common.HttpCase, name, functools.partialmethod(limited, timeout=PATIENCE * 12))
    common.TransactionCase.setUp = with_warm_templates(common.TransactionCase.setUp)
