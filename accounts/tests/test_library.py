"""The sign-in library speaks as the rest of the site: its texts are translated here, and mail is the federation's."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.library import TEXTS
from accounts.services import create_user

pytestmark = pytest.mark.django_db
LIBRARY = Path(allauth.__file__).parent
# Pages and mail that people reach here; the rest belongs to ways in that are turned off.
REACHED = (
    "account/account_inactive.html", "account/base_reauthenticate.html", "account/logout.html",
    "account/password_change.html", "account/password_reset.html", "account/password_reset_done.html",
    "account/password_reset_from_key.html", "account/password_reset_from_key_done.html", "account/reauthenticate.html",
    "account/email/password_changed_message.txt", "account/email/password_changed_subject.txt",
    "account/email/password_reset_key_subject.txt", "account/messages/password_changed.txt",
    "mfa/authenticate.html", "mfa/index.html", "mfa/reauthenticate.html", "mfa/recovery_codes/generate.html",
    "mfa/recovery_codes/index.html", "mfa/totp/activate_form.html", "mfa/totp/deactivate_form.html",
    "mfa/email/recovery_codes_generated_message.txt", "mfa/email/totp_activated_message.txt",
    "mfa/email/totp_deactivated_message.txt", "mfa/messages/recovery_codes_generated.txt",
    "mfa/messages/totp_activated.txt", "mfa/messages/totp_deactivated.txt",
)  # fmt: skip
# In a panel that is not shown, since security keys are turned off; and words of our own pages.
NOT_SHOWN = {
    "Security Keys",
    "No security keys have been added.",
    "Add",
    "Download",
    "Cancel",
    "Use a security key",
}
FOREIGN = re.compile(
    r"[Vv]änligen|epost|\bmail|hemlighet|Återställningskod|[Aa]nmälan stängd|tredjepart", re.IGNORECASE
)


@pytest.mark.parametrize("name", REACHED)
def test_every_text_of_the_library_that_is_reached_is_translated_here(name: str) -> None:
    source = (LIBRARY / "templates" / name).read_text(encoding="utf-8")
    plain = re.findall(r"""{% trans(?:late)? "([^"]+)" %}""", source)
    blocks = re.findall(r"{% blocktrans(?:late)?[^%]*%}(.*?){% endblocktrans", source, re.S)
    said = [re.sub(r"{{ ?(\w+) ?}}", r"%(\1)s", text) for text in (*plain, *blocks) if "{% plural" not in text]
    assert set(said) - set(TEXTS) - NOT_SHOWN == set()


@pytest.fixture
def client() -> Client:
    user = create_user(email="owner@example.org", name="Object owner", password="correct horse battery")
    client = Client(headers={"accept-language": "sv"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("name", ["account_change_password", "mfa_index", "account_logout", "account_reauthenticate"])
def test_its_pages_speak_as_the_rest(client: Client, name: str) -> None:
    page = client.get(reverse(name), follow=True).content.decode()
    assert not FOREIGN.search(re.sub(r"<[^>]*>", " ", page))


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_nobody_is_asked_to_sign_up(name: str) -> None:
    page = Client(headers={"accept-language": "sv"}).get(reverse(name)).content.decode()
    assert "signup" not in page and not FOREIGN.search(re.sub(r"<[^>]*>", " ", page))


def test_the_address_of_sign_up_leads_to_sign_in() -> None:
    assert Client().get("/account/signup/").headers["Location"] == reverse("account_login")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_password_mail_is_signed_by_the_federation_and_names_no_server(language: str) -> None:
    create_user(email="owner@example.org", name="Object owner", password="correct horse battery")
    with override(language):
        Client(headers={"accept-language": language}).post(
            reverse("account_reset_password"), {"email": "owner@example.org"}
        )
    (letter,) = mail.outbox
    without_link = re.sub(r"https?://\S+", "", str(letter.body))
    assert "Kommunalförbundet Itsam" in without_link
    assert "testserver" not in without_link + letter.subject and "example.com" not in without_link
    assert language == "en" or not FOREIGN.search(without_link)
