"""An addon that overrides posting is found: the run says so and every bill goes through the ORM."""

import json
import subprocess
from pathlib import Path

import pytest
from odoo.tests.common import get_db_name

from odoo.addons.property_billing.models import billing_lane_proof

from scripts.databases import GUARD, System

from .test_backup import _is_template

ADDONS = Path(__file__).with_name("addons")
COMPUTE = """
from datetime import date
company = env.company
company._billing_prepare_accounting()
kind = env.ref("property_base.unit_type_residence")
site = env["property.site"].create({"name": "Rival", "code": "RIVAL"})
units = env["property.unit"].create([
    {"site_id": site.id, "code": f"R-{n}", "type_id": kind.id, "area_gross": 50.37 + n,
     "handover_date": date(2020, 1, 1)} for n in range(24)])
owners = env["res.partner"].create([{"name": f"Owner {n}"} for n in range(24)])
env["property.occupancy"].create([
    {"unit_id": unit.id, "partner_id": owner.id, "role": "owner", "date_from": date(2020, 1, 1)}
    for unit, owner in zip(units, owners)])
item = env["property.charge.item"].create({
    "code": "M", "name": "M", "method": "area", "site_id": site.id,
    "unit_type_ids": [(6, 0, kind.ids)],
    "tariff_ids": [(0, 0, {"date_from": date(2020, 1, 1), "price": 2.35,
                           "tax_id": env["account.tax"]._vat_tax(company, 6).id})]})
site._billing_journal()
run = env["property.billing.run"].create({
    "site_ids": [(6, 0, site.ids)], "date_from": date(2026, 9, 1), "date_to": date(2026, 9, 30)})
run.action_compute()
env.cr.commit()
"""
POST = """
import json
from odoo.addons.property_billing.models import billing_lane_proof
run = env["property.billing.run"].with_context(lang="en_US").search([], order="id desc", limit=1)
run.action_post()
env.flush_all()
moves = run.charge_ids.move_id
print(json.dumps({
    "fast": run.fast_count, "orm": run.orm_count, "unknown": run.lane_unknown,
    "census": run.lane_census, "note": run.lane_note, "view": run.get_view()["arch"],
    "bills": billing_lane_proof.capture(env, moves),
    "stamps": moves.mapped("lane_rival_stamp") if "lane_rival_stamp" in moves else [],
    "made": moves.line_ids.mapped("lane_rival_made") if "lane_rival_stamp" in moves else [],
    "names": moves.mapped("name"),
}))
"""


@pytest.fixture
def database():
    """Make a database for the addon."""
    system = System("test", wanted=())
    with system.postgres:
        name = f"{get_db_name()}-rival"
        system.copy(next(found for found in system.postgres.names() if _is_template(found)), name)
        yield system, name
        system.drop(name)


def posted(system, name, path):
    """Post the run in a shell that sees the addons of a path; nothing is kept.

    :return: what the run and its bills say
    """
    done = system.run(
        *("shell", "-d", name, "--no-http", "--log-level=warn", "--shell-interface=python"),
        f"--addons-path={path}",
        input=GUARD.format(code=POST),
        text=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_an_addon_that_overrides_posting_sends_every_bill_through_the_orm(database):
    system, name = database
    path = ",".join([*system.addons_path(), str(ADDONS)])
    system.shell(name, COMPUTE)
    before = posted(system, name, path)
    assert (before["fast"], before["orm"], before["unknown"]) == (24, 0, False), before["note"]

    system.server(name, "-i", "lane_rival", f"--addons-path={path}")
    after = posted(system, name, path)
    assert (after["fast"], after["orm"], after["unknown"]) == (0, 24, "lane_rival")
    assert after["census"]["lane_rival"] == [
        "account.move._post",
        "account.move.line.create",
        "account.move.line.write",
    ]
    assert "lane_rival" not in before["census"]
    # the banner of the form, and why
    assert 'invisible="not lane_unknown"' in after["view"]
    assert "24" in after["note"]
    # the addon had its say, and the bills are otherwise those of the fast lane
    assert after["stamps"] == [f"posted {bill}" for bill in after["names"]]
    assert set(after["made"]) == {1}
    assert before["bills"].keys() == after["bills"].keys()
    for charge_id, bill in before["bills"].items():
        found, cells = billing_lane_proof.differences(bill, after["bills"][charge_id])
        assert found == []
        assert cells > 100
