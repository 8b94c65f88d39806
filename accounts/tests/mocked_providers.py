"""Sign-ins by mocked providers through the library's own views, as a program: providers are settings of the start.

It reads cases from its input and writes what came of each. A case runs in a transaction that is rolled back.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import html
import json
import logging
import re
import sys
import uuid
import zlib
from collections.abc import Iterator
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts.models import User
from accounts.services import create_user

HOST: Final = "budget.example.org"
ISSUER: Final = "https://login.example.org/vimmerby"
IDP: Final = "https://idp.example.org/"
CLIENT: Final = "itsam"
PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
# The SAML provider's key and certificate, from the input.
PAIR: Final[dict[str, str]] = {}
MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
# Nobody has it; it counts as one that can be used, and is made without work.
PASSWORD: Final = "pbkdf2_sha256$1$salt$hash"
Case = dict[str, Any]


class Answer:
    """What the provider's server says to the site's own request."""

    status_code = 200
    headers: Final = {"content-type": "application/json"}

    def __init__(self, content: Any) -> None:
        self.content, self.text = content, json.dumps(content)

    def json(self) -> Any:
        """Return the content."""
        return self.content

    def raise_for_status(self) -> None:
        """Be a good answer."""


class Server:
    """The OpenID provider's server, which gives these claims."""

    def __init__(self, userinfo: Case, id_token: Case | None) -> None:
        self.userinfo = userinfo
        now = datetime.datetime.now(datetime.UTC)
        times = {"iat": now, "exp": now + datetime.timedelta(minutes=5)}
        claims = {**(userinfo if id_token is None else id_token), "iss": ISSUER, "aud": CLIENT, **times}
        self.id_token = jwt.encode(claims, "only the channel is checked, not this key", "HS256")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *problem: object) -> None:
        """Nothing is open."""

    def get(self, url: str, **more: Any) -> Answer:
        """Return the configuration or the person."""
        if url.endswith("/openid-configuration"):
            places = {f"{name}_endpoint": f"{ISSUER}/{name}" for name in ("authorization", "token", "userinfo")}
            return Answer({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **places})
        return Answer(self.userinfo)

    def request(self, method: str, url: str, **more: Any) -> Answer:
        """Return the token."""
        return Answer({"access_token": "a", "token_type": "Bearer", "id_token": self.id_token})


def sign_in_by_openid(client: Client, case: Case) -> Any:
    """Go to the provider and come back; return the last answer."""
    server = Server({"sub": case["uid"], "name": "Vera", **case["claims"]}, case.get("id_token"))
    with patch("accounts.federation.FederationAdapter.get_requests_session", lambda adapter: server):
        away = client.get("/account/oidc/vimmerby/login/", {"process": case.get("process", "login")})
        state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
        return client.get("/account/oidc/vimmerby/login/callback/", {"code": "c", "state": state})


def sign_in_by_saml(client: Client, case: Case) -> Any:
    """Go to the provider and come back with a signed answer; return the last answer."""
    away = client.get("/account/saml/vimmerby-saml/login/", {"process": case.get("process", "login")})
    request = parse_qs(urlsplit(away["Location"]).query)["SAMLRequest"][0]
    asked = zlib.decompress(base64.b64decode(request), -15).decode().split(' ID="')[1].split('"')[0]
    signed = base64.b64encode(_signed(_assertion(asked, case), asked)).decode()
    client.post("/account/saml/vimmerby-saml/acs/", {"SAMLResponse": signed, "RelayState": ""})
    return client.get("/account/saml/vimmerby-saml/acs/finish/")


def _assertion(asked: str, case: Case) -> str:
    now = datetime.datetime.now(datetime.UTC)
    before, after = ((now + datetime.timedelta(minutes=m)).strftime(MOMENT) for m in (-5, 5))
    acs, audience = (f"http://{HOST}/account/saml/vimmerby-saml/{end}/" for end in ("acs", "metadata"))
    attributes = "".join(
        f"<saml:Attribute Name={quoteattr(name)}>"
        + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in case["attributes"].items()
    )
    name_id = f'<saml:NameID Format="{case.get("format", PERSISTENT)}">{escape(case["uid"])}</saml:NameID>'
    return (
        f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{uuid.uuid4()}" Version="2.0"'
        f' IssueInstant="{before}"><saml:Issuer>{IDP}</saml:Issuer><saml:Subject>{name_id}<saml:SubjectConfirmation'
        ' Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData'
        f' NotOnOrAfter="{after}" Recipient="{acs}" InResponseTo="{asked}"/></saml:SubjectConfirmation></saml:Subject>'
        f'<saml:Conditions NotBefore="{before}" NotOnOrAfter="{after}"><saml:AudienceRestriction><saml:Audience>{audience}'
        "</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{before}" SessionIndex="_1"><saml:AuthnContext><saml:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
        f"</saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
    )


def _signed(assertion: str, asked: str) -> bytes:
    sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"
    signed = OneLogin_Saml2_Utils.add_sign(assertion, PAIR["key"], PAIR["certificate"], False, *sha256).decode()
    now = datetime.datetime.now(datetime.UTC).strftime(MOMENT)
    return (
        f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_{uuid.uuid4()}" Version="2.0"'
        f' IssueInstant="{now}" Destination="http://{HOST}/account/saml/vimmerby-saml/acs/" InResponseTo="{asked}">'
        f'<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{IDP}</saml:Issuer><samlp:Status>'
        f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{signed}</samlp:Response>'
    ).encode()


@contextlib.contextmanager
def written_to_the_log() -> Iterator[list[str]]:
    """The warnings of the sign-in while it lasts."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("accounts.federation")
    logger.addHandler(handler)
    level, logger.level = logger.level, logging.WARNING
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.level = level


def prepare(case: Case) -> None:
    """Set the provider as the case says, and store its users and who was linked earlier."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    app = providers["saml" if case["by"] == "saml" else "openid_connect"]["APPS"][0]
    app["settings"] |= {"domains": case.get("domains", ["vimmerby.se"]), "sign_up": case.get("sign_up", False)}
    for address in ("vera@vimmerby.se", "hugo@hultsfred.se"):
        create_user(email=address, name=address, is_active=not case.get("turned_off"))
    User.objects.update(password=PASSWORD)
    if linked := case.get("linked"):
        user = User.objects.get(email=linked)
        SocialAccount.objects.create(user=user, provider=app["provider_id"], uid=case["uid"], extra_data={})
    if had := case.get("had"):
        EmailAddress.objects.create(user=User.objects.get(email="hugo@hultsfred.se"), email=had, verified=True)


def outcome(case: Case) -> Case:
    """Sign in; return who is signed in, what was said, written and stored."""
    prepare(case)
    client = Client(HTTP_HOST=HOST, headers={"accept-language": case.get("language", "en")})
    if case.get("signed_in"):
        client.force_login(User.objects.get(email=case["signed_in"]))
    with written_to_the_log() as lines:
        answer = (sign_in_by_saml if case["by"] == "saml" else sign_in_by_openid)(client, case)
    user_id = client.session.get("_auth_user_id")
    page = client.get("/account/login/", follow=True)
    return {
        "status": answer.status_code,
        "to": answer.headers.get("Location"),
        "user": User.objects.get(pk=user_id).email if user_id else None,
        "users": sorted(User.objects.values_list("email", flat=True)),
        "linked": [[a.user.email, a.extra_data] for a in SocialAccount.objects.select_related("user")],
        "said": html.unescape(" ".join(re.findall(r'role="alert">.*?<p>(.*?)</p>', page.content.decode(), re.DOTALL))),
        "keep": list(User.objects.filter(password=PASSWORD).values_list("email", flat=True)),
        "log": lines,
    }


def main() -> None:
    """Run the cases."""
    settings.ALLOWED_HOSTS = [HOST]
    given = json.load(sys.stdin)
    PAIR.update(given["pair"])
    outcomes = {}
    for name, case in given["cases"].items():
        with transaction.atomic():
            outcomes[name] = outcome(case)
            transaction.set_rollback(True)
    sys.stdout.write(json.dumps(outcomes))
