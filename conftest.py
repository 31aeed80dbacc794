"""Collect the doctests of the kernels, keep generated tests repeatable, part the workers' files."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest_odoo
from _pytest.doctest import DoctestModule
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")


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
