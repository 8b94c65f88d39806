"""The pages of sign-in by a member's identity provider. The site runs apart, since its providers are settings of the start."""

from __future__ import annotations

import subprocess
import sys

from accounts.tests.federated_site import variables
from itsam.platform.embedded import CHECKOUT

BEGINNING = """
import django; django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["budget.example.org"]
from django.test import Client
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
