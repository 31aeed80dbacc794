"""Collect the doctests of the kernels, and keep generated tests repeatable."""

import os

from _pytest.doctest import DoctestModule
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")


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
