"""Sign-in by a member's identity provider. The site runs apart, since its providers are settings of the start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from itsam.embedded import CHECKOUT
from tests import services

OIDC = {"id": "vimmerby", "name": "Vimmerby kommun", "domains": ["vimmerby.se"], "client_id": "itsam", "secret": "s"}
OIDC |= {"server_url": "https://login.example.org/vimmerby"}
SAML = {
    "id": "hultsfred",
    "name": "Hultsfreds kommun",
    "domains": ["hultsfred.se"],
    "entity_id": "https://idp.example.org/",
}
SAML |= {"sso_url": "https://idp.example.org/sso", "x509cert": "MIIC"}

BEGINNING = """
import django; django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["budget.example.org"]
from django.test import Client, RequestFactory
client = Client(SERVER_NAME="budget.example.org", HTTP_HOST="budget.example.org")
"""
PAGES = """
print(client.get("/account/login/").content.decode())
print(client.get("/account/saml/hultsfred/metadata/").content.decode())
from django.urls import reverse
for name, key in (("openid_connect_login", "vimmerby"), ("openid_connect_callback", "vimmerby"), ("saml_acs", "hultsfred")):
    print(reverse(name, args=[key]))
answer = client.get("/account/saml/hultsfred/login/")
print(answer.status_code, answer.headers["Location"].split("?")[0])
print(client.get("/account/3rdparty/").headers["Location"])
"""
WHO = """
import json, sys
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.contrib.sessions.backends.cache import SessionStore
from django.contrib.messages.storage.cookie import CookieStorage
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.adapter import get_adapter
from accounts.models import User
from accounts.services import create_user
import contextlib

def attempt(address, **claims):
    request = RequestFactory(SERVER_NAME="budget.example.org").get("/account/oidc/vimmerby/login/callback/")
    request.session, request.user = client.session, AnonymousUser()
    request._messages = CookieStorage(request)
    with context.request_context(request):
        provider = get_adapter().get_provider(request, "vimmerby")
        login = provider.sociallogin_from_response(request, {"sub": address, "email": address, "name": "Vera", **claims})
        login.state = {"process": "login"}
        response = complete_social_login(request, login)
    said = " ".join(str(message) for message in request._messages)
    return response.status_code, response.headers.get("Location"), request.session.get("_auth_user_id"), said

with transaction.atomic():
    user = create_user(email="vera@vimmerby.se", name="Vera", password="a password that stays")
    other = create_user(email="hugo@hultsfred.se", name="Hugo", password="a password that stays")
    gone = create_user(email="gone@vimmerby.se", name="Gone", is_active=False)
    found = {
        "known": attempt("Vera@Vimmerby.se"), "other member's": attempt("hugo@hultsfred.se"),
        "unknown": attempt("nobody@vimmerby.se"), "denied": attempt("vera@vimmerby.se", email_verified=False),
        "turned off": attempt("gone@vimmerby.se"), "pk": str(user.pk), "users": User.objects.filter(email__startswith="nobody").count(),
        "password": User.objects.get(pk=user.pk).check_password("a password that stays"),
    }
    transaction.set_rollback(True)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database with the library's own tables, and nobody in it."""
    with services.temporary_database(f"federation_{os.getpid()}", services.empty_template()) as name:
        owner = variables(name) | {"ITSAM_DATABASE_ROLE": "owner"}
        owner["DATABASE_OWNER_URL"] = services.url_of(services.SERVERS.owner_url, name)
        migrate = [sys.executable, "manage.py", "migrate", "--noinput", "-v", "0"]
        subprocess.run(migrate, cwd=CHECKOUT, env=owner, check=True, capture_output=True)
        yield name


def variables(database: str, **changed: str) -> dict[str, str]:
    """The settings of a site with both kinds of provider."""
    found = services.environment(database) | {"DJANGO_SETTINGS_MODULE": "itsam.settings", "LOG_LEVEL": "ERROR"}
    return found | {"OIDC_PROVIDERS": json.dumps([OIDC]), "SAML_PROVIDERS": json.dumps([SAML])} | changed


def run(code: str, database: str, **changed: str) -> str:
    """What the code prints in a site of its own."""
    command = [sys.executable, "-c", BEGINNING + code]
    environment = variables(database, **changed)
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_sign_in_page_shows_the_providers_and_their_addresses_exist(database: str) -> None:
    page = run(PAGES, database)
    assert "Vimmerby kommun" in page and "Hultsfreds kommun" in page
    for address in (
        "/account/oidc/vimmerby/login/",
        "/account/oidc/vimmerby/login/callback/",
        "/account/saml/hultsfred/acs/",
    ):
        assert address in page
    assert "EntityDescriptor" in page
    assert "302 https://idp.example.org/sso" in page
    assert page.strip().endswith("/account/")


def test_a_provider_signs_in_those_whom_it_speaks_for_and_somebody_has_added(database: str) -> None:
    found = json.loads(run(WHO, database).splitlines()[-1])
    assert found["known"][:3] == [302, "/", found["pk"]]
    for who in ("other member's", "unknown", "denied"):
        status, location, user, said = found[who]
        assert (status, location, user) == (302, "/account/login/", None), who
        assert "Vimmerby kommun" in said
    assert found["turned off"][2] is None
    assert found["users"] == 0
    assert found["password"] is True


def test_a_provider_may_add_users_when_told(database: str) -> None:
    found = json.loads(run(WHO, database, OIDC_PROVIDERS=json.dumps([{**OIDC, "sign_up": True}])).splitlines()[-1])
    assert found["unknown"][2] and found["users"] == 1
    assert found["other member's"][2] is None
