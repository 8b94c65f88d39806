"""Sign-in by the members' identity providers (OpenID Connect, SAML), from two settings in JSON.

The trick: each provider names the mail domains it speaks for, and is believed about these alone, so that one member's
provider can never sign somebody in as another member's user.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from itsam.platform.environment import env

ID: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
BOTH: Final = {"id", "name", "domains", "sign_up"}
OIDC: Final = BOTH | {"client_id", "secret", "server_url", "token_auth_method", "uid_field"}
SAML: Final = (
    BOTH
    | {"entity_id", "metadata_url", "sso_url", "x509cert", "attributes", "sp_entity_id"}
    | {"sp_x509cert", "sp_private_key"}
)
# The library's own mapping, but for the attribute by which a provider vouches for an address of whatever domain.
SAML_ATTRIBUTES: Final = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id"],
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    ],
    "name": [],
    "first_name": ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "urn:oid:2.5.4.42"],
    "last_name": ["urn:oid:2.5.4.4"],
}
# Of a provider for every organisation, anybody can own an account with anybody's address.
SHARED_TENANTS: Final = ("/common", "/organizations", "/consumers")
OIDC_EXAMPLE: Final = (
    '[{"id": "vimmerby", "name": "Vimmerby kommun", "domains": ["vimmerby.se"], "client_id": "…", "secret": "…",'
    ' "server_url": "https://login.example.org/vimmerby"}]'
)
SAML_EXAMPLE: Final = (
    '[{"id": "hultsfred", "name": "Hultsfreds kommun", "domains": ["hultsfred.se"],'
    ' "entity_id": "https://idp.example.org/", "metadata_url": "https://idp.example.org/metadata"}]'
)
# As the operator wrote it, checked here before anything is read from it.
Provider = Mapping[str, Any]


def identity_providers() -> tuple[dict[str, object], list[str]]:
    """Return the library's settings of the providers, and the apps they need; both empty when none is named."""
    oidc = _read("OIDC_PROVIDERS", OIDC, ("client_id", "secret", "server_url"), OIDC_EXAMPLE, _check_oidc)
    saml = _read("SAML_PROVIDERS", SAML, ("entity_id",), SAML_EXAMPLE, _check_saml)
    ids = [provider["id"] for provider in (*oidc, *saml)]
    if len(set(ids)) < len(ids):
        raise ImproperlyConfigured("The settings OIDC_PROVIDERS and SAML_PROVIDERS use an id twice. Ids must differ.")
    settings: dict[str, object] = {}
    if oidc:
        settings["openid_connect"] = {"APPS": [_as_oidc_app(provider) for provider in oidc], "OAUTH_PKCE_ENABLED": True}
    if saml:
        settings["saml"] = {"APPS": [_as_saml_app(provider) for provider in saml]}
    apps = ["allauth.socialaccount", *(f"allauth.socialaccount.providers.{name}" for name in settings)]
    return settings, apps if settings else []


def _read(
    setting: str, known: set[str], needed: tuple[str, ...], example: str, check: Callable[[Provider], str]
) -> list[Provider]:
    """Return the providers of one setting. ImproperlyConfigured names the setting and the place, never a value."""

    def refuse(place: str, problem: str) -> ImproperlyConfigured:
        return ImproperlyConfigured(f"The setting {setting} is wrong at {place}: {problem}. Example: {example}")

    try:
        providers = json.loads(env(setting, "[]"))
    except json.JSONDecodeError as error:
        raise refuse(f"line {error.lineno}, column {error.colno}", f"no JSON, {error.msg}") from None
    if not isinstance(providers, list):
        raise refuse("its beginning", "not a list")
    for number, provider in enumerate(providers, 1):
        place = f"provider {number}"
        if not isinstance(provider, dict):
            raise refuse(place, "not an object with names and values")
        if unknown := sorted(provider.keys() - known):
            raise refuse(place, f"unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        problem = _check_both(provider, needed) or check(provider)
        if problem:
            raise refuse(place, problem)
    return providers


def _check_both(provider: Provider, needed: tuple[str, ...]) -> str:
    for name in ("id", "name", *needed):
        if not isinstance(provider.get(name), str) or not provider[name].strip():
            return f"{name} is missing or no text"
    if not ID.fullmatch(provider["id"]):
        return "id must be small letters, digits and hyphens, beginning with a letter"
    domains = provider.get("domains")
    if not isinstance(domains, list) or not domains:
        return 'domains must list the mail domains that this provider speaks for, such as ["vimmerby.se"]'
    for place, domain in enumerate(domains, 1):
        if not isinstance(domain, str) or not DOMAIN.fullmatch(domain):
            return f"domain {place} must look like vimmerby.se"
    return "" if isinstance(provider.get("sign_up", False), bool) else "sign_up must be true or false"


def _check_oidc(provider: Provider) -> str:
    if not provider["server_url"].startswith("https://"):
        return "server_url must start with https://"
    if any(part in provider["server_url"] for part in SHARED_TENANTS):
        return "server_url must be your organisation's own, not one shared by all organisations"
    return ""


def _check_saml(provider: Provider) -> str:
    has_metadata = "metadata_url" in provider
    if has_metadata == ("sso_url" in provider or "x509cert" in provider):
        return "give either metadata_url, or sso_url and x509cert"
    for name in ("metadata_url",) if has_metadata else ("sso_url",):
        if not str(provider.get(name, "")).startswith("https://"):
            return f"{name} must start with https://"
    if not has_metadata and not provider.get("x509cert"):
        return "x509cert is missing; without it nobody could tell whose answer it is"
    attributes = provider.get("attributes", {})
    if not isinstance(attributes, dict) or set(attributes) - set(SAML_ATTRIBUTES):
        return (
            f"attributes may map {', '.join(SAML_ATTRIBUTES)} and nothing else,"
            ' such as {"email": "urn:oid:0.9.2342.19200300.100.1.3"}'
        )
    return ""


def _as_oidc_app(provider: Provider) -> dict[str, object]:
    optional = {name: provider[name] for name in ("token_auth_method", "uid_field") if name in provider}
    return {
        "provider_id": provider["id"],
        "name": provider["name"],
        "client_id": provider["client_id"],
        "secret": provider["secret"],
        "settings": {"server_url": provider["server_url"], **_common(provider), **optional},
    }


def _as_saml_app(provider: Provider) -> dict[str, object]:
    idp = {name: provider[name] for name in ("entity_id", "metadata_url", "sso_url", "x509cert") if name in provider}
    advanced: dict[str, object] = {"want_assertion_signed": True, "reject_idp_initiated_sso": True}
    if "sp_private_key" in provider:
        advanced |= {"x509cert": provider.get("sp_x509cert", ""), "private_key": provider["sp_private_key"]}
        advanced |= {"authn_request_signed": True}
    mapping = provider.get("attributes", SAML_ATTRIBUTES)
    settings = {"idp": idp, "advanced": advanced, "attribute_mapping": mapping, **_common(provider)}
    if "sp_entity_id" in provider:
        settings["sp"] = {"entity_id": provider["sp_entity_id"]}
    # The address has the client_id in it.
    return {
        "provider_id": provider["entity_id"],
        "client_id": provider["id"],
        "name": provider["name"],
        "settings": settings,
    }


def _common(provider: Provider) -> dict[str, object]:
    return {"domains": provider["domains"], "sign_up": provider.get("sign_up", False)}
