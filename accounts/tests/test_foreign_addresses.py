"""A member's provider signs in people of its own mail domains, and nobody else, whatever it says about them.

Each case goes through the library's own views, by OpenID and by SAML. The provider calls every address verified.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from accounts.tests.federated_site import OIDC, SAML, variables
from itsam.platform.embedded import CHECKOUT

MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
OTHER_MAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
VOUCHED = "http://schemas.auth0.com/email_verified"
VERA, HUGO = "vera@vimmerby.se", "hugo@hultsfred.se"
BOTH = ("openid", "saml")
START = "import django; django.setup(); from accounts.tests.mocked_providers import main; main()"
Case = dict[str, Any]

OUTSIDE = {
    "of another member": HUGO,
    "of another member in capitals": "HUGO@HULTSFRED.SE",
    "of nobody here": "nova@example.org",
    "of a sub-domain": "vera@mail.vimmerby.se",
    "that ends alike": "vera@evilvimmerby.se",
    "that begins alike": "vera@vimmerby.se.example.org",
    "with a dot at the end": "vera@vimmerby.se.",
    "with a space in the domain": "vera@ vimmerby.se",
    "with a line break": "vera@vimmerby.se\nhugo@hultsfred.se",
    "beside another": "hugo@hultsfred.se,vera@vimmerby.se",
    "in front of the domain": '"hugo@hultsfred.se"@vimmerby.se',
    "behind the domain": "vera@vimmerby.se@hultsfred.se",
    "with a Cyrillic letter": "vera@v\u0456mmerby.se",
    "with a dotted capital": "vera@V\u0130MMERBY.SE",
    "with a full-width letter": "vera@\uff56immerby.se",
    "with an ideographic full stop": "vera@vimmerby\u3002se",
    "with an invisible space": "vera@vimmerby\u200b.se",
    "in punycode": "vera@xn--vmmerby-2ve.se",
}


def by(protocol: str, address: Any, **more: Any) -> Case:
    """A sign-in with this address, which the provider calls verified."""
    case = {"by": protocol, "uid": "17", "claims": {"email": address, "email_verified": True}}
    values = address if isinstance(address, list) else [address]
    return {**case, "attributes": {MAIL: values, VOUCHED: ["true"]}, **more}


def both(name: str, address: Any, **more: Any) -> dict[str, Case]:
    """The same sign-in by either protocol."""
    return {f"{protocol}: {name}": by(protocol, address, **more) for protocol in BOTH}


REFUSED = {
    **{f"{how}: an address {name}": by(how, a, sign_up=True) for name, a in OUTSIDE.items() for how in BOTH},
    **{
        f"openid: an address with a space {n}": by("openid", a)
        for n, a in {"before": f" {VERA}", "behind": f"{VERA} "}.items()
    },
    **both("linked earlier to a user outside", HUGO, linked=HUGO),
    **both("linked earlier, the address at the provider is outside now", HUGO, linked=VERA),
    **both("linked earlier, the user's own address is outside now", VERA, linked=HUGO),
    **both("nothing outside for a provider without domains", VERA, domains=[]),
    **both("nothing outside, linked, for a provider without domains", VERA, domains=[], linked=VERA),
    **both("several addresses, one of them outside", [HUGO, VERA]),
    **both("no address", ""),
    **both("an address that somebody else had", "nova@vimmerby.se", had="nova@vimmerby.se", sign_up=True),
    **both("an address that nobody has added", "nova@vimmerby.se"),
    "openid: called unverified by the token": by("openid", VERA, id_token={"sub": "17", "email_verified": False}),
    "openid: called unverified in words": by("openid", VERA, claims={"email": VERA, "email_verified": "false"}),
    "openid: the token alone speaks of another": by("openid", "", id_token={"sub": "17", "email": HUGO}),
    "saml: called unverified": by("saml", VERA, attributes={MAIL: [VERA], VOUCHED: ["false"]}),
    "saml: outside by the first of two attributes": by("saml", "", attributes={MAIL: [HUGO], OTHER_MAIL: [VERA]}),
    "saml: outside by the name alone": by(
        "saml", "", uid=HUGO, attributes={"a": ["b"]}, format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    ),
}
SIGNED_IN = {
    **both("an address inside", VERA),
    **both("an address inside in capitals", "Vera@VIMMERBY.SE"),
    **both("linked earlier", VERA, linked=VERA),
    **both("linked earlier, another address inside", "veronica@vimmerby.se", linked=VERA),
    "openid: the token speaks of another": by("openid", VERA, id_token={"sub": "17", "email": HUGO}),
    "saml: the second of two addresses is outside": by("saml", [VERA, HUGO]),
    # Spaces around a value mean nothing in XML.
    "saml: a space before": by("saml", f" {VERA} "),
    "saml: nothing is said about verified": by("saml", VERA, attributes={MAIL: [VERA]}),
}
OTHERS = {
    **both("new", "nova@vimmerby.se", sign_up=True),
    **both("to connect", "nova@vimmerby.se", sign_up=True, process="connect", signed_in=HUGO),
    **both("turned off", VERA, turned_off=True),
    **both("in Swedish", HUGO, language="sv"),
}


@pytest.fixture(scope="module")
def outcomes(database: str) -> dict[str, Case]:
    """What came of each case."""
    key, certificate = a_pair()
    saml = {**SAML, "id": "vimmerby-saml", "name": OIDC["name"], "domains": OIDC["domains"], "x509cert": certificate}
    done = subprocess.run(
        [sys.executable, "-c", START],
        input=json.dumps({"pair": {"key": key, "certificate": certificate}, "cases": REFUSED | SIGNED_IN | OTHERS}),
        cwd=CHECKOUT, env=variables(database, SAML_PROVIDERS=json.dumps([saml])), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes_by_name: dict[str, Case] = json.loads(done.stdout.splitlines()[-1])
    return outcomes_by_name


def a_pair() -> tuple[str, str]:
    """A key and the certificate of it, for the SAML provider."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    days = now, now + datetime.timedelta(days=1)
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), *days)
    signed = unsigned.sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    return private.decode(), signed.public_bytes(pem).decode()


@pytest.mark.parametrize("name", REFUSED)
def test_a_provider_signs_in_nobody_outside_its_domains(outcomes: dict[str, Case], name: str) -> None:
    outcome, linked = outcomes[name], REFUSED[name].get("linked")
    assert (outcome["status"], outcome["to"], outcome["user"]) == (302, "/account/login/", None)
    assert outcome["users"] == [HUGO, VERA]
    assert all(user == linked for user, _ in outcome["linked"])
    assert "Vimmerby kommun" in outcome["said"]
    assert len(outcome["log"]) == 1
    assert (
        outcome["log"][0].startswith("Refused a sign-in")
        and HUGO not in outcome["log"][0]
        and VERA not in outcome["log"][0]
    )


@pytest.mark.parametrize("protocol", BOTH)
def test_a_refused_answer_is_not_stored(outcomes: dict[str, Case], protocol: str) -> None:
    stored = outcomes[f"{protocol}: linked earlier, the address at the provider is outside now"]["linked"]
    assert stored == [[VERA, {}]]


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_provider_signs_in_those_inside_its_domains(outcomes: dict[str, Case], name: str) -> None:
    outcome = outcomes[name]
    assert (outcome["status"], outcome["to"], outcome["user"], outcome["log"]) == (302, "/", VERA, [])
    assert outcome["users"] == [HUGO, VERA] == outcome["keep"]


@pytest.mark.parametrize("protocol", BOTH)
def test_a_provider_signs_in_nobody_who_is_turned_off(outcomes: dict[str, Case], protocol: str) -> None:
    assert outcomes[f"{protocol}: turned off"]["user"] is None


@pytest.mark.parametrize("protocol", BOTH)
def test_a_provider_that_may_add_users_adds_one_inside(outcomes: dict[str, Case], protocol: str) -> None:
    assert outcomes[f"{protocol}: new"]["user"] == "nova@vimmerby.se"


@pytest.mark.parametrize("protocol", BOTH)
def test_nobody_connects_an_account_of_a_provider_to_the_one_signed_in(
    outcomes: dict[str, Case], protocol: str
) -> None:
    outcome = outcomes[f"{protocol}: to connect"]
    assert [user for user, _ in outcome["linked"]] == [outcome["user"]] == ["nova@vimmerby.se"]


@pytest.mark.parametrize("protocol", BOTH)
def test_the_words_say_what_happened_and_what_to_do(outcomes: dict[str, Case], protocol: str) -> None:
    english = outcomes[f"{protocol}: an address of another member"]
    assert (
        "only people with an email address at vimmerby.se. Nobody was signed in. Sign in with your" in english["said"]
    )
    swedish = outcomes[f"{protocol}: in Swedish"]
    assert "får bara logga in personer med en e-postadress på vimmerby.se. Ingen loggades in." in swedish["said"]
    assert "mail domain that is not set" in english["log"][0]
