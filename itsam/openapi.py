"""The API's OpenAPI document: what drf-spectacular finds in the views, and the profile's words about the whole."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from web.api import both

Document = dict[str, Any]
ROOT: Final = "/api/v1"
INFO: Final[dict[str, object]] = {
    "description": both(
        "Medlemmarnas fakturor från kommunalförbundet Itsam. Gör en API-nyckel på sidan API-åtkomst och skicka den i "
        "huvudet `Authorization: Bearer`. Belopp är decimaltal i kronor skrivna som text, tidpunkter är i UTC.",
        "The members' invoices from the municipal federation Itsam. Make a token on the page API access and send it in "
        "the header `Authorization: Bearer`. Amounts are decimal strings in SEK, moments are in UTC.",
    ),
    "license": {"name": "Får användas av förbundets kunder / For the federation's customers"},
    "x-limitations": both(
        "Endast läsning. Högst 200 fakturor per sida. Antalet anrop per minut och API-nyckel är begränsat (429, Retry-After). "
        "En API-nyckel gäller högst ett år.",
        "Read only. At most 200 invoices on a page. The number of requests per minute and token is limited (429, "
        "Retry-After). A token is valid for a year at most.",
    ),
    "x-sla": both(
        "Kontorstid, utan garanterad svarstid. En äldre version finns kvar tills dess användare har bytt.",
        "Office hours, no guaranteed response time. An older version stays until its users have changed.",
    ),
}
EXTERNAL_DOCS: Final = {
    "description": both("Den nationella REST API-profilen.", "The national REST API profile."),
    "url": "https://www.dataportal.se/rest-api-profil",
}
TAGS: Final = [
    {"name": "invoices", "description": both("Kundens fakturor.", "The customer's invoices.")},
    {"name": "api-info", "description": both("Om API:et.", "About the API.")},
]


class BearerScheme(OpenApiAuthenticationExtension):
    """How a token is sent, for the document."""

    target_class = "objects.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme: in the header only."""
        description = both("API-nyckeln, aldrig i adressen.", "The token, never in the address.")
        return {"type": "http", "scheme": "bearer", "bearerFormat": "itsam_…", "description": description}


def complete_document(result: Document, **_kwargs: object) -> Document:
    """Add what the profile asks of the document as a whole (setting POSTPROCESSING_HOOKS)."""
    result["info"] |= INFO
    return {**result, "externalDocs": EXTERNAL_DOCS, "tags": TAGS}


@cache
def _make_document() -> Document:
    with override("en"):
        document: Document = SchemaGenerator().get_schema(request=None, public=True)
    return document


def get_document(request: HttpRequest) -> Document:
    """Return the document, with the address at which it was asked for; made once per process."""
    document = copy.copy(_make_document())
    document["servers"] = [
        {"url": request.build_absolute_uri(ROOT), "description": both("Denna installation.", "This installation.")}
    ]
    return document
