"""A real, certified OpenID provider over TLS: it signs in people of its own mail domain, and nobody else.

The provider (npm's oidc-provider) calls every address verified, as one that is careless or bought would. The site trusts its
certificate by an authority of the test's own.
"""

from __future__ import annotations

import datetime
import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts.tests.federated_site import variables
from itsam.platform.embedded import CHECKOUT
from tests import services
from tests.site import free_port, running

OWN, FOREIGN, NOBODY = "vera@vimmerby.se", "hugo@hultsfred.se", "nova@vimmerby.se"
CLIENT, SECRET = "itsam", "a-secret-of-the-test-alone"
MAKE = "import django; django.setup(); from accounts.services import create_user\n"
MAKE += "for address in {addresses!r}: create_user(email=address, name=address, password='correct horse battery')"
LOGIN = "/account/login/"


@dataclass(frozen=True)
class Federated:
    """A site with a provider, and the authority that both trust."""

    url: str
    authority: Path


def require_provider() -> str:
    """Node, where it and the provider are installed; else the test is skipped, or fails where node is required."""
    node = shutil.which("node")
    if node is not None and (CHECKOUT / "node_modules" / "oidc-provider").is_dir():
        return node
    message = "The OpenID provider needs node and npm's oidc-provider; make setup-dev installs it where node is."
    if os.environ.get("ITSAM_REQUIRE_NODE") == "1":
        pytest.fail(message)
    pytest.skip(message)


def _certify(name: str, key: ec.EllipticCurvePrivateKey, by: x509.Name, signing: ec.EllipticCurvePrivateKey) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_authority = subject == by
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    if not is_authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    return builder.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def make_certificates(folder: Path) -> tuple[Path, str, str]:
    """The authority's file, and the key and certificate of the provider."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the test's authority")])
    (folder / "authority.pem").write_bytes(_certify("the test's authority", authority, name, authority))
    kind = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate = _certify("localhost", key, name, authority)
    return folder / "authority.pem", key.private_bytes(*kind).decode(), certificate.decode()


@pytest.fixture(scope="module")
def federated(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federated]:
    """The site and the provider, each on a port of its own; two users, one of them of another member."""
    node, folder = require_provider(), tmp_path_factory.mktemp("openid")
    authority, key, certificate = make_certificates(folder)
    own, theirs = free_port(), free_port()
    back = f"http://127.0.0.1:{own}/account/oidc/vimmerby/login/callback/"
    said = {"port": theirs, "key": key, "cert": certificate, "client": CLIENT, "secret": SECRET, "back": back}
    provider = {"id": "vimmerby", "name": "Vimmerby kommun", "domains": ["vimmerby.se"], "client_id": CLIENT}
    provider |= {"secret": SECRET, "server_url": f"https://localhost:{theirs}"}
    with services.temporary_database(f"openid_{os.getpid()}", database) as name:
        site = variables(name, OIDC_PROVIDERS=json.dumps([provider]), REQUESTS_CA_BUNDLE=str(authority))
        make = [sys.executable, "-c", MAKE.format(addresses=[OWN, FOREIGN])]
        subprocess.run(make, cwd=CHECKOUT, env=site, check=True, capture_output=True)
        server = subprocess.Popen(
            [node, "tests/script/openid_provider.js"], cwd=CHECKOUT, env={**os.environ, "PROVIDER": json.dumps(said)},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        web = ["gunicorn", "itsam.wsgi", "-b", f"127.0.0.1:{own}", "-w", "1", "--threads", "4"]
        try:
            assert server.stdout and "ready" in server.stdout.readline()
            with running(web, site, folder / "web.log"):
                _wait_for(f"http://127.0.0.1:{own}{LOGIN}", folder / "web.log")
                yield Federated(f"http://127.0.0.1:{own}", authority)
        finally:
            server.kill()
            server.wait()


def _wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            requests.get(url, timeout=30)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The site did not start:\n{log.read_text()[-3000:]}")


def sign_in(federated: Federated, address: str) -> requests.Response:
    """Where somebody ends who signs in at the provider with an address: its two pages are filled in as a person does."""
    with requests.Session() as browser:
        browser.verify, browser.trust_env = str(federated.authority), False
        page = browser.get(f"{federated.url}/account/oidc/vimmerby/login/", timeout=30)
        for values in ({"prompt": "login", "login": address, "password": "x"}, {"prompt": "consent"}):
            assert page.url.startswith("https://localhost"), page.text[-2000:]
            (action,) = re.findall(r'<form[^>]*action="([^"]+)"', page.text)
            page = browser.post(urljoin(page.url, html.unescape(action)), values, timeout=30)
        return page if page.url.startswith(federated.url) else pytest.fail(page.text[-2000:])


def is_signed_in(federated: Federated, page: requests.Response) -> bool:
    return not page.url.startswith(f"{federated.url}{LOGIN}")


def test_somebody_of_the_providers_own_domain_is_signed_in(federated: Federated) -> None:
    page = sign_in(federated, OWN)
    assert page.status_code == 200 and is_signed_in(federated, page)
    assert OWN in page.text


@pytest.mark.parametrize("address", [FOREIGN, FOREIGN.upper(), NOBODY, "nova@example.org"])
def test_somebody_of_another_domain_or_whom_nobody_has_added_is_refused(federated: Federated, address: str) -> None:
    page = sign_in(federated, address)
    assert page.status_code == 200 and not is_signed_in(federated, page)
    assert "Vimmerby kommun" in page.text
