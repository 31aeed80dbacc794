"""Whoever bills and collects may be killed at any moment: nothing is lost, nothing done twice.

The suite kills at some moments; PROPERTY_KILLS=50 kills at as many, PROPERTY_SEED at others.
"""

import json
import os
from pathlib import Path

import pytest
from odoo.tests.common import get_db_name

from scripts.databases import System
from scripts.state import REPO

from .test_backup import _is_template

MOMENTS = int(os.environ.get("PROPERTY_KILLS", "18"))
SEED = int(os.environ.get("PROPERTY_SEED", "2026"))
DRIVER = Path(__file__).with_name("fault_driver.py")
INVARIANTS = REPO / "property_billing" / "tests" / "invariants.py"


@pytest.fixture
def database():
    """Make a database for the worker that is killed."""
    system = System("test", wanted=())
    with system.postgres:
        name = f"{get_db_name()}-faults"
        system.copy(next(found for found in system.postgres.names() if _is_template(found)), name)
        yield system, name
        system.drop(name)


def test_killed_at_any_moment_a_run_and_the_counter_go_on_where_they_were(database):
    system, name = database
    head = f"MOMENTS, SEED, INVARIANTS = {MOMENTS}, {SEED}, {str(INVARIANTS)!r}\n"
    printed = system.shell(name, head + DRIVER.read_text())
    told = json.loads(printed.strip().splitlines()[-1])
    assert told["moments"] >= MOMENTS
    # most kills must fall inside a step, else the test proves nothing
    assert told["cut"] >= MOMENTS // 2, told
    assert MOMENTS < 18 or all(told["cuts"].values()), told
