"""A missing or wrong setting stops the start with its name; a site that others reach is secure without being told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from itsam.platform.embedded import CHECKOUT
from itsam.tests import starts

START = "import django; django.setup()"
SHOW = "from django.conf import settings; print({wanted})"
GOOD = {
    "DJANGO_SETTINGS_MODULE": "itsam.settings",
    "SECRET_KEY": "tests",
    "DATABASE_URL": "postgresql://site:hide-me@127.0.0.1:1/itsam",
    "BROKER_URL": "redis://:hide-me@127.0.0.1:1/0",
}


PRODUCTION = {
    "ALLOWED_HOSTS": "budget.example.org",
    "BEHIND_PROXY": "1",
    "SECRET_KEY": "hide-me-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
}
OIDC = {"id": "vimmerby", "name": "Vimmerby kommun", "domains": ["vimmerby.se"], "client_id": "itsam"}
OIDC |= {"secret": "hide-me", "server_url": "https://login.example.org/vimmerby"}
SAML = {"id": "hultsfred", "name": "Hultsfreds kommun", "domains": ["hultsfred.se"]}
SAML |= {"entity_id": "https://idp.example.org/", "metadata_url": "https://idp.example.org/metadata"}


def start(code: str = START, /, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """Starts Django with good settings but for those changed; None takes one away."""
    wanted = {"PATH": os.environ["PATH"], **GOOD, **changed}
    variables = {name: value for name, value in wanted.items() if value is not None}
    return starts.start(code, variables)


def assert_stopped(name: str, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert name in last
    assert "hide-me" not in done.stderr


def test_good_settings_start() -> None:
    done = start()
    assert (done.returncode, done.stderr) == (0, "")


def test_a_process_of_its_own_starts_and_stops_as_these_do() -> None:
    for changed, status in (({}, 0), ({"DEBUG": "true"}, 1)):
        variables = {"PATH": os.environ["PATH"], **GOOD, **changed}
        command = [sys.executable, "-c", START]
        apart = subprocess.run(command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, check=False)
        here = start(**changed)
        assert apart.returncode == here.returncode == status
        assert apart.stderr.splitlines()[-1:] == here.stderr.splitlines()[-1:]


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "BROKER_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_missing_or_empty_setting_stops_the_start_with_its_name(name: str, value: str | None) -> None:
    assert_stopped(name, start(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "true"),
        ("DEBUG", "2"),
        ("ITSAM_DEMO", "yes"),
        ("ITSAM_DATABASE_ROLE", "admin"),
        ("DATABASE_URL", "mysql://site:hide-me@127.0.0.1/itsam"),
        ("DATABASE_URL", "sqlite:///itsam.db"),
        ("DATABASE_URL", "postgresql://127.0.0.1/itsam"),
        ("DATABASE_URL", "postgresql://site:hide-me@127.0.0.1"),
        ("DATABASE_URL", "postgresql://site:hide-me@127.0.0.1:port/itsam"),
        ("BROKER_URL", "amqp://:hide-me@127.0.0.1"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "https://budget.example.org"),
        ("ALLOWED_HOSTS", "budget.example.org:443"),
        ("CSRF_TRUSTED_ORIGINS", "budget.example.org"),
        ("BEHIND_PROXY", "yes"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("EMAIL_PORT", "smtp"),
        ("EMAIL_SECURITY", "ssl"),
        ("SECURITY_CONTACT", "security@example.org"),
        ("SECRET_KEY_FILE", "/nowhere/secret_key"),
        ("SECRET_KEY_FILE", "/dev/null"),
    ],
)
def test_wrong_setting_stops_the_start_with_its_name(name: str, value: str) -> None:
    assert_stopped(name, start(**{name: value}))


def test_owner_needs_an_address_of_its_own() -> None:
    assert_stopped("DATABASE_OWNER_URL", start(ITSAM_DATABASE_ROLE="owner"))
    good = start(ITSAM_DATABASE_ROLE="owner", DATABASE_OWNER_URL="postgresql://owner:hide-me@127.0.0.1:1/itsam")
    assert good.returncode == 0


def test_production_settings_are_secure_without_being_told() -> None:
    wanted = "(s := settings).SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS"
    secure = start(SHOW.format(wanted=wanted), **PRODUCTION).stdout
    assert secure == "True True True 31536000\n"
    assert start(SHOW.format(wanted=wanted)).stdout == "False False False 0\n"
    origins = start(SHOW.format(wanted="settings.CSRF_TRUSTED_ORIGINS"), **PRODUCTION).stdout
    assert origins == "['https://budget.example.org']\n"


def test_the_proxys_word_counts_only_when_there_is_a_proxy() -> None:
    wanted = SHOW.format(wanted="settings.SECURE_PROXY_SSL_HEADER, settings.ALLAUTH_TRUSTED_PROXY_COUNT")
    assert start(wanted, **PRODUCTION).stdout == "('HTTP_X_FORWARDED_PROTO', 'https') 1\n"
    assert start(wanted, **PRODUCTION | {"BEHIND_PROXY": "0"}).stdout == "None 0\n"


@pytest.mark.parametrize("preload", ["0", "1"])
def test_djangos_own_check_finds_nothing_in_production(preload: str) -> None:
    code = f"{START}; from django.core.management import call_command; "
    code += "call_command('check', '--deploy', '--fail-level', 'WARNING')"
    done = start(code, **PRODUCTION, HSTS_PRELOAD=preload)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG"),
        ("CSRF_TRUSTED_ORIGINS", "http://budget.example.org"),
    ],
)
def test_production_refuses_what_one_machine_may_have(name: str, value: str) -> None:
    assert_stopped(name, start(**PRODUCTION | {name: value}))


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "database_url"
    file.write_text("postgresql://from_file:hide-me@127.0.0.1:1/itsam\n")
    show = SHOW.format(wanted="settings.DATABASES['default']['USER']")
    assert start(show, DATABASE_URL=None, DATABASE_URL_FILE=str(file)).stdout == "from_file\n"
    assert_stopped("DATABASE_URL_FILE", start(DATABASE_URL_FILE=str(file)))


def test_identity_providers_are_installed_when_named() -> None:
    show = SHOW.format(wanted="[app for app in settings.INSTALLED_APPS if 'social' in app]")
    assert start(show).stdout == "[]\n"
    printed = start(show, OIDC_PROVIDERS=json.dumps([OIDC]), SAML_PROVIDERS=json.dumps([SAML])).stdout
    assert "openid_connect" in printed and "saml" in printed


def test_no_attribute_of_a_saml_provider_vouches_for_addresses() -> None:
    show = SHOW.format(wanted="settings.SOCIALACCOUNT_PROVIDERS['saml']['APPS'][0]['settings']")
    printed = start(show, SAML_PROVIDERS=json.dumps([SAML])).stdout
    assert "'domains': ['hultsfred.se']" in printed and "emailaddress" in printed
    assert "verified" not in printed


@pytest.mark.parametrize(
    ("setting", "value", "place"),
    [
        ("OIDC_PROVIDERS", '[{"id": "hide-me",}]', "line 1, column 19"),
        ("OIDC_PROVIDERS", json.dumps(OIDC), "not a list"),
        ("OIDC_PROVIDERS", json.dumps([OIDC, "vimmerby"]), "provider 2"),
        ("OIDC_PROVIDERS", json.dumps([{**OIDC, "server": "hide-me"}]), "provider 1: unknown server"),
        ("OIDC_PROVIDERS", json.dumps([{**OIDC, "secret": ""}]), "provider 1: secret"),
        ("OIDC_PROVIDERS", json.dumps([{**OIDC, "id": "Vimmerby kommun"}]), "provider 1: id"),
        ("OIDC_PROVIDERS", json.dumps([{**OIDC, "domains": []}]), "provider 1: domains"),
        ("OIDC_PROVIDERS", json.dumps([{**OIDC, "domains": ["vimmerby.se", "*"]}]), "provider 1: domain 2"),
        ("OIDC_PROVIDERS", json.dumps([{**OIDC, "server_url": "http://login"}]), "provider 1: server_url"),
        ("OIDC_PROVIDERS", json.dumps([{**OIDC, "server_url": "https://login/common/v2.0"}]), "provider 1: server_url"),
        ("OIDC_PROVIDERS", json.dumps([OIDC, OIDC]), "id twice"),
        ("SAML_PROVIDERS", json.dumps([{**SAML, "metadata_url": "http://idp"}]), "provider 1: metadata_url"),
        ("SAML_PROVIDERS", json.dumps([{**SAML, "x509cert": "hide-me"}]), "provider 1: give either"),
        ("SAML_PROVIDERS", json.dumps([{**SAML, "sign_up": "yes"}]), "provider 1: sign_up"),
        ("SAML_PROVIDERS", json.dumps([{**SAML, "attributes": {"email_verified": "x"}}]), "provider 1: attributes"),
        ("SAML_PROVIDERS", json.dumps([{**SAML, "domains": ["Hultsfred.se"]}]), "provider 1: domain 1"),
    ],
)
def test_a_wrong_identity_provider_stops_the_start_with_its_place(setting: str, value: str, place: str) -> None:
    done = start(**{setting: value})
    assert_stopped(setting, done)
    assert place in done.stderr.strip().splitlines()[-1]


def test_links_in_mail_begin_with_what_is_set_or_the_first_name_that_others_reach() -> None:
    show = SHOW.format(wanted="settings.SITE_URL")
    assert start(show).stdout.strip() == "http://127.0.0.1:8000"
    assert start(show, PORT="8001").stdout.strip() == "http://127.0.0.1:8001"
    assert start(show, **PRODUCTION).stdout.strip() == "https://budget.example.org"
    assert start(show, **PRODUCTION, SITE_URL="https://b.example.org/").stdout.strip() == "https://b.example.org"
    assert_stopped("SITE_URL", start(**PRODUCTION, SITE_URL="http://budget.example.org"))


@pytest.mark.parametrize(("is_web", "lock", "statement"), [("1", "5s", "60s"), ("0", "30s", "600s")])
def test_no_connection_of_the_site_waits_for_ever_or_reads_another_schema(
    is_web: str, lock: str, statement: str
) -> None:
    show = SHOW.format(wanted="settings.DATABASES['default']['OPTIONS']['options']")
    said = start(show, ITSAM_WEB=is_web).stdout
    for wanted in (f"lock_timeout={lock}", f"statement_timeout={statement}", "search_path=public"):
        assert f"-c {wanted}" in said
    assert "idle_in_transaction_session_timeout" in said
