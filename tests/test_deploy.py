"""The production files agree with themselves and with the addons."""

import re

import pytest
import yaml

from scripts.addons import ours
from scripts.state import REPO

DEPLOY = REPO / "deploy"


@pytest.fixture
def compose():
    """Read the compose file."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_every_named_volume_network_and_service_is_declared(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if not source.startswith((".", "$")):
                assert source in compose["volumes"]
        assert set(service.get("networks", [])) <= set(compose["networks"])
        assert set(service.get("depends_on", {})) <= set(compose["services"])


def test_every_file_that_is_mounted_exists(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (DEPLOY / source).is_file()
    assert (REPO / compose["services"]["odoo"]["build"]["dockerfile"]).is_file()


def test_every_service_restarts_and_says_whether_it_is_well(compose):
    for service in compose["services"].values():
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


def test_every_variable_is_in_the_example_or_has_a_default(compose):
    text = (DEPLOY / "compose.yaml").read_text()
    example = (DEPLOY / "env.example").read_text()
    for name, rest in re.findall(r"\$\{(\w+)([^}]*)\}", text):
        assert f"\n{name}=" in example or rest.startswith(":-"), name


def test_secrets_have_no_default():
    text = (DEPLOY / "compose.yaml").read_text()
    for name in ("DB_PASSWORD", "PROPERTY_DATA_KEY"):
        assert f"${{{name}:-" not in text
        assert f"${{{name}:?" in text


def test_the_database_is_not_reachable_from_outside(compose):
    assert "ports" not in compose["services"]["db"]
    assert compose["services"]["db"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_the_addons_that_it_installs_are_ours():
    text = (DEPLOY / "env.example").read_text()
    names = re.search(r"^ADDONS=(.+)$", text, re.M).group(1).split(",")
    assert set(names) <= set(ours())


def test_nginx_sends_the_websocket_to_its_own_port():
    text = (DEPLOY / "nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    route = text.split("location /websocket {")[1].split("}")[0]
    assert "proxy_pass http://websocket" in route
    assert "Upgrade $http_upgrade" in route
    assert re.search(r"upstream websocket \{\s*server odoo:8072;", text)
