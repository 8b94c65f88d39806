"""What every address of the API starts from, and the words of its document. Knows no app.

The document is in Swedish and English at once (profile DOK.07), whatever language the reader asks for; problems answer
in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import ClassVar, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.views import APIView

from web.problems import CONTENT_TYPE, PROBLEMS, Problem

# What people call a token in an address; whatever they call it, its value begins as our secrets do.
NAMES_IN_ADDRESS: Final = frozenset(
    {"token", "access_token", "accesstoken", "api_key", "apikey", "key", "authorization"}
)
_WHOLE = re.compile(r"[0-9]{1,100}")
_Answers = dict[tuple[int, str], OpenApiResponse]


class ApiView(APIView):
    """A read-only address. `parameters` names those of its query; any other is refused, so that a typing error is seen."""

    http_method_names = ["get", "head"]
    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse a token in the address before anything else, and a body or unknown parameters once known who asks."""
        refuse_token_in_address(request)
        super().initial(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            refuse_body(request)
            self._refuse_unknown(request)

    def _refuse_unknown(self, request: Request) -> None:
        known = ", ".join(sorted(self.parameters)) or _("none")
        text = _("This parameter does not exist. The parameters here are: %(known)s.")
        unknown = [name for name in request.query_params if name not in self.parameters]
        if unknown:
            raise_bad({name[:40]: text % {"known": known} for name in unknown[:5]})


def refuse_token_in_address(request: Request) -> None:
    """Raise a Problem when a token stands in the address, where logs keep it."""
    for name, value in request.query_params.items():
        if name.lower() in NAMES_IN_ADDRESS or str(value).startswith(settings.API_TOKEN_START):
            text = _(
                "A token must never stand in the address, since addresses are logged. Revoke it now on the page API "
                "access, make a new one, and send that in the header Authorization: Bearer."
            )
            raise Problem(text, code="token-in-address")


def refuse_body(request: Request) -> None:
    """Raise a Problem, or UnsupportedMediaType for anything but JSON, when a request that only reads has a body."""
    if str(request.META.get("CONTENT_LENGTH") or "0") in ("0", ""):
        return
    if request.content_type != "application/json":
        raise UnsupportedMediaType(request.content_type)
    raise Problem(_("Nothing here takes a body. Send the request without one."))


def read_whole(request: Request, name: str, *, least: int, most: int | None = None) -> int | None:
    """Return a whole number of the query, None when it is not there. Problem naming parameter, value and remedy."""
    typed = request.query_params.get(name)
    if typed is None:
        return None
    number = int(typed) if _WHOLE.fullmatch(typed) else None
    if number is None or number < least or (most is not None and number > most):
        words = {"value": typed[:40], "least": least, "most": most}
        text = _("“%(value)s” is not valid. Write a whole number from %(least)s to %(most)s.")
        if most is None:
            text = _("“%(value)s” is not valid. Write a whole number of at least %(least)s.")
        raise_bad({name: text % words})
    return number


def raise_bad(errors: Mapping[str, str]) -> None:
    """Raise a Problem about parameters of the query."""
    first, text = next(iter(errors.items()))
    raise Problem(f"{first}: {text}", code="bad-parameter", errors=errors)


# The document


def both(swedish: str, english: str) -> str:
    """Return a description in both languages."""
    return f"{swedish}\n\n*In English:* {english}"


class ParameterErrorSerializer(serializers.Serializer[object]):
    """One bad parameter."""

    parameter = serializers.CharField(help_text=both("Parameterns namn.", "The parameter's name."))
    detail = serializers.CharField(help_text=both("Vad som ska skrivas i stället.", "What to write instead."))


class ProblemSerializer(serializers.Serializer[object]):
    """An RFC 9457 problem."""

    type = serializers.URLField(help_text=both("Leder till problemets beskrivning.", "Leads to its description."))
    title = serializers.CharField(help_text=both("Vad slags fel det är.", "What kind of problem it is."))
    status = serializers.IntegerField(help_text=both("Svarets statuskod.", "The status code of the response."))
    detail = serializers.CharField(help_text=both("Vad som är fel och vad man gör.", "What is wrong, and what to do."))
    instance = serializers.CharField(help_text=both("Adressen som felet gäller.", "The address it is about."))
    code = serializers.CharField(help_text=both("Felets namn.", "The problem's name."))
    errors = ParameterErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text=both("Felaktiga parametrar.", "Bad parameters.")
    )


# By status, what its description says in both languages.
MEANINGS: Final[dict[int, tuple[str, str]]] = {
    400: ("En parameter är fel, eller så står en API-nyckel i adressen.", "A parameter is wrong, or a token stands in the address."),
    401: ("API-nyckeln saknas, är okänd, återkallad eller har gått ut.", "The token is missing, unknown, revoked or expired."),
    403: ("API-nyckeln har inte den rättighet som behövs.", "The token lacks the scope that is needed."),
    404: ("Det finns inget här för den här kunden.", "There is nothing here for this customer."),
    406: ("Svaret finns bara som application/json.", "The answer exists as application/json only."),
    415: ("Anropet har ett innehåll, och det tas inte emot.", "The request has a body, which is not accepted."),
    429: ("För många anrop under en minut; Retry-After säger hur länge man väntar.", "Too many requests in a minute; Retry-After says how long to wait."),
    500: ("Ett fel hos oss. Det är loggat.", "An error at our end. It is logged."),
}  # fmt: skip


def problem_answers(statuses: Iterable[int], instance: str) -> _Answers:
    """Return the documented answers of errors, each with an example; for `extend_schema(responses=…)`."""
    return {(status, CONTENT_TYPE): _describe(status, instance) for status in statuses}


def _describe(status: int, instance: str) -> OpenApiResponse:
    anchor, title, detail = PROBLEMS[status]
    with override("en"):
        value = {
            "type": f"https://budget.example/api-access/reference/#{anchor}",
            "title": str(title),
            "status": status,
            "detail": str(detail),
            "instance": instance,
            "code": anchor,
        }
    example = OpenApiExample(HTTPStatus(status).phrase, value=value, response_only=True, media_type=CONTENT_TYPE)
    return OpenApiResponse(ProblemSerializer, description=both(*MEANINGS[status]), examples=[example])
