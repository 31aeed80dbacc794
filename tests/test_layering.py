"""The layers of the architecture hold, and this test can fail."""

import pytest

from scripts.state import REPO

from . import layers


def plant(repo, name, depends=(), files=None):
    """Write an addon into a made-up checkout."""
    folder = repo / name
    folder.mkdir(parents=True)
    (folder / "__manifest__.py").write_text(repr({"name": name, "depends": list(depends)}))
    for path, text in (files or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.fixture
def repo(tmp_path):
    """Make a small checkout that keeps the plan."""
    model = 'class X(models.Model):\n    _name = "{}"\n'
    plant(tmp_path, "property_base", ["base"], {"models/unit.py": model.format("property.unit")})
    plant(
        tmp_path,
        "property_billing",
        ["property_base", "account"],
        {
            "models/charge.py": model.format("property.charge"),
            "views/charge.xml": '<odoo><record model="property.charge" id="x"/></odoo>',
            "tools/rounding.py": "from decimal import Decimal\n",
        },
    )
    plant(tmp_path, "addons/inspection_round", ["mail"])
    plant(tmp_path, "addons/property_inspection", ["property_base", "inspection_round"])
    plant(tmp_path, "property_security", ["property_base", "property_inspection"])
    return tmp_path


def test_our_addons_keep_the_layers_of_the_architecture():
    assert list(layers.faults(REPO)) == []


def test_a_tree_that_keeps_the_plan_has_no_fault(repo):
    assert list(layers.faults(repo)) == []


def test_a_dependency_upward_is_found(repo):
    plant(repo, "addons/mqtt_bridge", ["property_base"])
    assert any("leans up on property_base" in fault for fault in layers.faults(repo))


def test_a_dependency_sideways_is_found(repo):
    plant(repo, "property_maintenance", ["property_billing"])
    assert any("leans sideways on property_billing" in fault for fault in layers.faults(repo))


def test_the_sites_of_rounds_lean_on_no_domain_that_shares_them(repo):
    (repo / "addons/property_inspection/gate.py").write_text('MODEL = "property_security.gate"\n')
    assert any("leans up on property_security" in fault for fault in layers.faults(repo))


def test_an_import_sideways_is_found(repo):
    (repo / "property_security" / "__init__.py").write_text(
        "from odoo.addons.property_billing.tools import rounding\n"
    )
    assert any("it imports it" in fault for fault in layers.faults(repo))


def test_an_import_of_the_addon_by_name_is_found(repo):
    (repo / "property_security" / "__init__.py").write_text(
        "def late():\n    from odoo.addons import property_billing\n"
    )
    assert any("it imports it" in fault for fault in layers.faults(repo))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("models/gate.py", 'def open_gate(env):\n    return env["property.charge"].search([])\n'),
        ("models/gate.py", 'def open_gate(env):\n    return env.ref("property_billing.x")\n'),
        ("views/gate.xml", '<odoo><record model="property.charge" id="x"/></odoo>'),
        ("views/gate.xml", '<odoo><template inherit_id="property_billing.bills" id="x"/></odoo>'),
        (
            "security/ir.model.access.csv",
            "id,model_id:id\nx,property_billing.model_property_charge",
        ),
        ("static/src/gate.js", 'orm.call("property.charge", "read", [[1]]);'),
    ],
)
def test_a_name_of_another_addon_is_found_wherever_it_is_written(repo, path, text):
    file = repo / "property_security" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert any("leans sideways on property_billing" in fault for fault in layers.faults(repo))


def test_a_name_in_a_docstring_or_comment_is_no_arrow(repo):
    (repo / "property_security" / "__init__.py").write_text('"""Unlike property.charge."""\n')
    (repo / "property_security" / "x.xml").write_text("<odoo><!-- property.charge --></odoo>")
    assert list(layers.faults(repo)) == []


def test_a_general_addon_may_not_name_any_property_model(repo):
    (repo / "addons/inspection_round/__init__.py").write_text('MODEL = "property.future"\n')
    assert any("for any business" in fault for fault in layers.faults(repo))


def test_leaning_on_a_lower_addon_without_depending_on_it_is_found(repo):
    plant(repo, "addons/property_iot", ["mail"], {"x.py": 'MODEL = "property.unit"\n'})
    assert any("does not depend on property_base" in fault for fault in layers.faults(repo))


def test_glue_may_lean_on_all_below_it(repo):
    text = 'MODELS = ["property.unit", "property.charge"]\n'
    plant(repo, "addons/property_iot", ["property_billing", "inspection_round"], {"x.py": text})
    assert list(layers.faults(repo)) == []


def test_an_addon_without_a_layer_is_found(repo):
    plant(repo, "property_gardening", ["property_base"])
    assert any("property_gardening has no layer" in fault for fault in layers.faults(repo))


def test_a_kernel_that_imports_odoo_is_found(repo):
    (repo / "property_billing/tools/rounding.py").write_text("from odoo import fields\n")
    assert any("a kernel imports Odoo" in fault for fault in layers.faults(repo))


def test_a_style_of_the_field_app_that_another_addon_brings_is_found(repo):
    styles = {"static/src/field/orders.scss": ".f-parts { display: grid; }\n"}
    plant(repo, "property_maintenance", ["property_base"], styles)
    screen = repo / "property_security/static/src/field/gates.xml"
    screen.parent.mkdir(parents=True)
    screen.write_text('<templates><div class="f-parts"/></templates>')
    assert [fault for fault in layers.faults(repo) if "f-parts is styled by" in fault]
