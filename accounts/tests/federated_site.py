"""The settings of a site with one identity provider of each kind."""

from __future__ import annotations

import json

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


def variables(database: str, **changed: str) -> dict[str, str]:
    """The settings of a site with both kinds of provider."""
    environment = services.environment(database) | {"DJANGO_SETTINGS_MODULE": "itsam.settings", "LOG_LEVEL": "ERROR"}
    return environment | {"OIDC_PROVIDERS": json.dumps([OIDC]), "SAML_PROVIDERS": json.dumps([SAML])} | changed
