"""The compose file against the compose specification's own schema, and against what the project has.

No Docker here: the schema is vendored (compose-spec.json), references and names are held against the files.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from itsam.platform.embedded import CHECKOUT

HERE = Path(__file__).parent
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SITE = ("web", "worker", "beat", "migrate", "tools")


def named(entries: Any) -> list[str]:
    """The names in a list or a mapping."""
    return [str(entry).split(":")[0] for entry in entries or ()]


def test_the_file_follows_the_compose_specification() -> None:
    schema = json.loads((HERE / "compose-spec.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(COMPOSE)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_refers_to_is_there(name: str) -> None:
    service = SERVICES[name]
    assert set(named(service.get("networks"))) <= set(COMPOSE["networks"])
    assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
    assert set(named(service.get("depends_on"))) <= set(SERVICES)
    for volume in service.get("volumes", ()):
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or source.startswith("${BACKUP_FOLDER") or (CHECKOUT / source).is_file()
    for setting, value in service.get("environment", {}).items():
        if setting.endswith("_FILE") and name in SITE:
            assert value.removeprefix("/run/secrets/") in service["secrets"], setting


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_right_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert ("ports" in service) == (name == "proxy")
    assert name == "tools" or "memory" in service["deploy"]["resources"]["limits"]


def test_only_who_migrates_gets_the_owners_password() -> None:
    assert [name for name in SERVICES if "database_owner_url" in SERVICES[name].get("secrets", ())] == [
        "migrate",
        "tools",
    ]
    assert COMPOSE["networks"]["store"] == {"internal": True}
    for name in ("database", "broker"):
        assert SERVICES[name]["networks"] == ["store"]


def test_the_site_starts_when_its_database_is_migrated() -> None:
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert "healthcheck" in SERVICES["database"] and "healthcheck" in SERVICES["broker"]


def test_every_variable_is_explained_in_the_example() -> None:
    example = (CHECKOUT / ".env.example").read_text()
    names = set(re.findall(r"\$\{([A-Z_]+)", (CHECKOUT / "docker-compose.yml").read_text()))
    assert [name for name in sorted(names) if f"#{name}=" not in example] == []


def test_every_secret_is_made_by_the_script() -> None:
    script = (CHECKOUT / "deploy" / "make-secrets").read_text()
    for name in COMPOSE["secrets"]:
        assert name in script or name.endswith("_password"), name


def test_the_image_has_every_folder_that_the_site_imports() -> None:
    kept = (CHECKOUT / ".dockerignore").read_text().splitlines()
    packages = [
        path.parent.name for path in CHECKOUT.glob("*/__init__.py") if path.parent.name not in ("tests", "benchmarks")
    ]
    assert [name for name in packages if f"!{name}/" not in kept] == []


def test_commands_of_services_are_parts_that_the_script_knows() -> None:
    script = (CHECKOUT / "deploy" / "run").read_text()
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["command"] == ["deploy/run", name]
        assert f"\n{name})\n" in script
    assert SERVICES["migrate"]["command"] == ["deploy/run", "migrate", "--noinput"]
