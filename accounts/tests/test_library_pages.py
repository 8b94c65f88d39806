"""Every page, message and mail of signing in, walked from end to end in both languages: none says a word of the other."""

from __future__ import annotations

import gettext
import html
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings as site_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.library import TEXTS
from accounts.models import User
from accounts.services import create_user

pytestmark = pytest.mark.django_db
ADDRESS, PASSWORD, NEW = "owner@example.org", "correct horse battery", "another fine password"
SWEDISH = re.compile(r"\b(och|är|inte|att|för|lösenord\w*|koden|kontot|logga|skriv)\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|and|is|not|your|please|password|account|enter|sign)\b", re.IGNORECASE)
# What the frame of every page says: the way to the other language.
OTHER_LANGUAGE = {"sv": "English", "en": "Svenska"}


class Walk:
    """What a browser of one language is told, by step."""

    def __init__(self, language: str) -> None:
        self.client = Client(headers={"accept-language": language})
        self.client.cookies["django_language"] = language
        self.told: dict[str, str] = {}

    def get(self, step: str, address: str) -> str:
        """Keep the text of a page; return where it led."""
        return self._keep(step, self.client.get(address, follow=True))

    def post(self, step: str, address: str, **data: str) -> str:
        """Keep the text of the answer; return where it led."""
        return self._keep(step, self.client.post(address, data, follow=True))

    def _keep(self, step: str, answer: Any) -> str:
        assert answer.status_code in (200, 429), (step, answer.status_code)
        page = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<!--.*?-->", " ", answer.content.decode())
        page = re.sub(r'<[^>]*?\b(?:aria-label|title|placeholder|alt)="([^"]*)"[^>]*>', r" \1 ", page)
        self.told[step] = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))
        return str(answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"])

    def read_mail(self, step: str) -> str:
        """Keep the newest letter; return its text."""
        letter = mail.outbox[-1]
        self.told[step] = f"{letter.subject}\n{letter.body}"
        return str(letter.body)


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def walk_sign_in(walk: Walk) -> None:
    login = reverse("account_login")
    walk.get("sign in", login)
    walk.post("sign in, empty", login)
    walk.post("sign in, wrong", login, login=ADDRESS, password="wrong")
    User.objects.update(is_active=False)
    walk.post("sign in, closed", login, login=ADDRESS, password=PASSWORD)
    User.objects.update(is_active=True)


def walk_reset(walk: Walk) -> None:
    reset = reverse("account_reset_password")
    walk.get("reset", reset)
    walk.post("reset, no address", reset, email="x")
    walk.post("reset, sent", reset, email=ADDRESS)
    link = re.search(r"https?://[^/]+(/\S+)", walk.read_mail("reset, mail"))
    assert link
    form = walk.get("reset, link", link[1])
    walk.post("reset, differ", form, password1=NEW, password2="x")
    walk.post("reset, short", form, password1="short", password2="short")
    walk.post("reset, done", form, password1=NEW, password2=NEW)
    walk.get("reset, link used", link[1])


def walk_change(walk: Walk) -> None:
    walk.post("sign in, right", reverse("account_login"), login=ADDRESS, password=NEW)
    walk.get("account", reverse("account_profile"))
    change = reverse("account_change_password")
    walk.get("change", change)
    walk.post("change, wrong", change, oldpassword="x", password1="short", password2="y")
    walk.post("change, common", change, oldpassword=NEW, password1="password1234", password2="password1234")
    walk.post("change, like", change, oldpassword=NEW, password1=ADDRESS, password2=ADDRESS)
    walk.post("change, done", change, oldpassword=NEW, password1=PASSWORD, password2=PASSWORD)


def walk_second_factor(walk: Walk) -> None:
    walk.get("factor, none", reverse("mfa_index"))
    session = walk.client.session
    session["account_authentication_methods"] = []
    session.save()
    activate = reverse("mfa_activate_totp")
    asked = walk.get("confirm", activate)
    walk.post("confirm, wrong", asked, password="x")
    walk.post("factor, connect", reverse("account_reauthenticate") + f"?next={activate}", password=PASSWORD)
    walk.post("factor, wrong code", activate, code="000000")
    walk.post("factor, connected", activate, code=code_of(walk.client.session["mfa.totp.secret"]))
    walk.get("factor, some", reverse("mfa_index"))
    walk.get("codes", reverse("mfa_view_recovery_codes"))
    walk.get("codes, new", reverse("mfa_generate_recovery_codes"))
    walk.post("codes, made", reverse("mfa_generate_recovery_codes"))


def walk_second_sign_in(walk: Walk) -> None:
    login, asked = reverse("account_login"), reverse("mfa_authenticate")
    walk.get("sign out", reverse("account_logout"))
    walk.post("signed out", reverse("account_logout"))
    walk.post("sign in, factor asked", login, login=ADDRESS, password=PASSWORD)
    walk.post("sign in, wrong factor", asked, code="000000")
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    walk.post("sign in, recovery code", asked, code=code)
    walk.get("confirm, either way", reverse("mfa_deactivate_totp"))
    walk.post(
        "factor, disconnect",
        reverse("account_reauthenticate") + "?next=" + reverse("mfa_deactivate_totp"),
        password=PASSWORD,
    )
    walk.post("factor, disconnected", reverse("mfa_deactivate_totp"))
    walk.post("signed out again", reverse("account_logout"))
    for _attempt in range(7):
        walk.post("sign in, too many", login, login="other@example.org", password="wrong")


@pytest.fixture(params=["sv", "en"])
def walk(request: pytest.FixtureRequest, settings: Any) -> Walk:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    create_user(email=ADDRESS, name="Olivia", password=PASSWORD, language=request.param)
    taken = Walk(request.param)
    for part in (walk_sign_in, walk_reset, walk_change, walk_second_factor, walk_second_sign_in):
        part(taken)
    return taken


def test_signing_in_speaks_one_language_and_ours(walk: Walk) -> None:
    language = walk.client.cookies["django_language"].value
    foreign = ENGLISH if language == "sv" else SWEDISH
    path = site_settings.LOCALE_PATHS[1] / "en" / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        ours = gettext.GNUTranslations(file)
    # Texts of the library that we say in other words, also in English; a word or two may be part of other texts.
    theirs = [text for text in TEXTS if len(text) > 14 and "%(" not in text and ours.gettext(text) != text]
    assert len(theirs) > 25
    found = {}
    for step, told in walk.told.items():
        text = re.sub(r"https?://\S+", "", told).replace(OTHER_LANGUAGE[language], "")
        mixed = foreign.findall(text) + [words for words in theirs if words in text]
        if mixed:
            found[step] = mixed
    assert found == {}
    assert {"factor, disconnected", "reset, mail", "sign in, too many"} <= walk.told.keys()
