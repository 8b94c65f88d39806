"""Sign-in: by address, closed to strangers, demo users only on the computer itself."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import create_user, may_sign_in_from

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _plain_settings(settings: Any) -> None:
    """Keep rate limits of one test away from the next."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()


def make_user(**fields: Any) -> User:
    return create_user(email="owner@example.org", name="Object owner", password=PASSWORD, **fields)


def sign_in(client: Client, password: str = PASSWORD, email: str = "Owner@Example.org", **extra: Any) -> HttpResponse:
    data = {"login": email, "password": password}
    return client.post(reverse("account_login"), data, **extra)  # type: ignore[return-value]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_user_signs_in_by_address_in_any_case(client: Client) -> None:
    make_user(language="en")
    assert sign_in(client).status_code == 302
    assert is_signed_in(client)
    assert client.cookies["django_language"].value == "en"


def test_a_wrong_password_is_refused_at_its_field_summary(client: Client) -> None:
    make_user()
    page = sign_in(client, "wrong").content.decode()
    assert not is_signed_in(client)
    assert "msg-bad" in page


def test_a_user_turned_off_cannot_sign_in(client: Client) -> None:
    make_user(is_active=False)
    sign_in(client)
    assert not is_signed_in(client)


def test_the_sign_in_page_is_swedish_and_holds_no_script_or_style(client: Client) -> None:
    response = client.get(reverse("account_login"))
    page = response.content.decode()
    assert '<html lang="sv">' in page
    assert not re.search(r"<style|style=|<script(?![^>]*\ssrc=)|\son\w+=", page)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert all(f'for="{name}"' in page for name in ("id_login", "id_password"))


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="x@example.org").exists()


def test_a_demo_user_signs_in_on_the_computer_itself(client: Client) -> None:
    make_user(is_demo=True)
    sign_in(client, REMOTE_ADDR="127.0.0.1")
    assert is_signed_in(client)


@pytest.mark.parametrize("extra", [{"REMOTE_ADDR": "10.0.0.7"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}])
def test_a_demo_user_cannot_sign_in_from_elsewhere(client: Client, extra: dict[str, str]) -> None:
    make_user(is_demo=True)
    assert "msg-bad" in sign_in(client, **extra).content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True), ("::ffff:10.0.0.1", False),
     ("10.0.0.1", False), ("", False), ("localhost", False)],
)  # fmt: skip
def test_only_loopback_is_the_computer_itself(address: str, allowed: bool) -> None:
    assert may_sign_in_from(User(is_demo=True), meta={"REMOTE_ADDR": address}) is allowed
    assert may_sign_in_from(User(), meta={"REMOTE_ADDR": address})


def test_guessing_passwords_is_stopped(client: Client) -> None:
    make_user()
    for _attempt in range(12):
        sign_in(client, "wrong")
    sign_in(client)
    assert not is_signed_in(client)


def test_a_forgotten_password_is_set_anew_by_mail(client: Client) -> None:
    make_user()
    client.post(reverse("account_reset_password"), {"email": "owner@example.org"})
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert link
    page = client.get(link[1], follow=True)
    new = "another fine password"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    sign_in(client, new)
    assert is_signed_in(client)


@pytest.mark.parametrize("name", ["account_profile", "account_change_password", "mfa_index", "account_logout"])
def test_account_pages_are_for_the_signed_in(client: Client, name: str) -> None:
    make_user()
    assert client.get(reverse(name)).status_code == 302
    sign_in(client)
    response = client.get(reverse(name))
    page = response.content.decode()
    assert response.status_code == 200
    assert "<h1>" in page
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_a_second_factor_is_set_up_after_the_password_is_given_again(client: Client) -> None:
    make_user()
    sign_in(client)
    address = reverse("mfa_activate_totp")
    asked = client.get(address)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True).content.decode()
    assert 'src="data:image/svg' in page
    assert 'name="code"' in page


def test_the_administration_uses_the_sites_own_sign_in(client: Client) -> None:
    response = client.get("/admin/login/", follow=True)
    if response.status_code == 200:
        assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize("address", ["owner@example.org", "stranger@example.org"])
def test_a_password_reset_says_the_same_to_everybody_and_writes_to_users_only(client: Client, address: str) -> None:
    make_user()
    answer = client.post(reverse("account_reset_password"), {"email": address})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_reset_password_done"))
    assert [message.to for message in mail.outbox] == ([[address]] if address.startswith("owner") else [])


QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_a_whole_municipality_signs_in_from_one_address(settings: Any) -> None:
    settings.PASSWORD_HASHERS = QUICK
    make_user()
    for _person in range(35):
        client = Client()
        assert sign_in(client).status_code == 302
        assert is_signed_in(client)


def test_failures_from_one_address_are_limited(settings: Any) -> None:
    settings.PASSWORD_HASHERS = QUICK
    make_user()
    statuses = [sign_in(Client(), "wrong", email=f"{at}@example.org").content.decode() for at in range(32)]
    assert "Too many" in statuses[-1] or "många" in statuses[-1]
    client = Client()
    sign_in(client)
    assert not is_signed_in(client)
