"""What every address of the API starts from, and the words of its document. Knows no app.

The document is in Swedish and English at once (profile DOK.07), whatever language the reader asks for; problems answer
in the reader's language.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Any, ClassVar, Final

from django.conf import settings
from django.dispatch import Signal
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from web.limits import LIMITS
from web.problems import CONTENT_TYPE, PROBLEMS, Problem, list_errors

# What people call a token in an address; whatever they call it, its value begins as our secrets do.
NAMES_IN_ADDRESS: Final = frozenset(
    {"token", "access_token", "accesstoken", "api_key", "apikey", "key", "authorization"}
)
_WHOLE = re.compile(r"[0-9]{1,100}")
_SECRET = re.compile(rf"{re.escape(settings.API_TOKEN_START)}[\w-]*")
# As many as a person reads at once.
MOST_ERRORS = 20
# Sent with `secret` when a token has stood in an address; the app that keeps tokens listens.
token_exposed = Signal()
_Answers = dict[tuple[int, str], OpenApiResponse]


@dataclass(frozen=True)
class Whole:
    """A parameter of the query that is a whole number; with a `usual` it is that where it is not sent."""

    least: int
    most: int | None = None
    usual: int | None = None

    def refuse(self, typed: str) -> str:
        """Return what is wrong with what was sent, and what to write instead; nothing where it can be read."""
        number = int(typed) if _WHOLE.fullmatch(typed) else None
        if number is not None and self.least <= number and (self.most is None or number <= self.most):
            return ""
        text = _("“%(value)s” is not valid. Write a whole number from %(least)s to %(most)s.")
        if self.most is None:
            text = _("“%(value)s” is not valid. Write a whole number of at least %(least)s.")
        return text % {"value": typed[:40], "least": self.least, "most": self.most}

    def describe(self) -> dict[str, object]:
        """Return it as the document does."""
        bounds = {"maximum": self.most, "default": self.usual}
        return {"type": "integer", "minimum": self.least, **{name: value for name, value in bounds.items() if value}}


class ApiView(APIView):
    """A read-only address. `parameters` are those of its query; any other is refused, so that a typing error is seen."""

    http_method_names = ["get", "head"]
    parameters: ClassVar[Mapping[str, Whole]] = {}
    # What the query says, once it is known to be right.
    asked: dict[str, int | None]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse a token in the address before anything else, and a body or wrong parameters once known who asks."""
        refuse_token_in_address(request)
        super().initial(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            refuse_body(request)
            self.read_parameters(request)

    def read_parameters(self, request: Request) -> None:
        """Read the query. Problem naming every parameter that is wrong, unknown or there twice, and the remedy."""
        sent = request.query_params
        wrong = {name[:40]: text for name in sent if (text := self._refuse(name, sent.getlist(name)))}
        if wrong:
            raise_bad(dict(islice(wrong.items(), MOST_ERRORS)))
        self.asked = {name: int(sent[name]) if name in sent else known.usual for name, known in self.parameters.items()}

    def _refuse(self, name: str, values: Sequence[str]) -> str:
        known = self.parameters.get(name)
        if known is None:
            text = _("This parameter does not exist. The parameters here are: %(known)s.")
            return text % {"known": ", ".join(sorted(self.parameters)) or _("none")}
        return known.refuse(values[0]) if len(values) == 1 else _("This parameter occurs twice. Send it once.")

    # Errors are answers of Django's own, which the library takes though its stubs do not.
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell how many requests are left, whatever is answered."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(request, LIMITS, {}).items():
            finished.headers.setdefault(name, value)
        return finished


def tag_of(*parts: object) -> str:
    """Return the ETag of an answer that is the same as long as these are and the API's version is."""
    said = json.dumps([settings.SPECTACULAR_SETTINGS["VERSION"], *map(str, parts)])
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def answer_kept(request: Request, tag: str, make: Callable[[], Mapping[str, object]]) -> HttpResponseBase:
    """Return 304 where the client has the answer with this tag, else the answer that is made.

    A client may keep it for itself, and asks each time whether it still holds.
    """
    same = get_conditional_response(request._request, etag=tag)
    response = same if same is not None and same.status_code == HTTPStatus.NOT_MODIFIED else Response(make())
    for name, value in (("ETag", tag), ("Cache-Control", "private, no-cache"), ("Vary", "Authorization")):
        response.headers[name] = value
    return response


def link_pages(request: Request, page: int, pages: int) -> str:
    """Return the header Link of a page of a list (RFC 8288): the first, the one before, the next and the last."""
    places = {"first": 1, "prev": page - 1, "next": page + 1, "last": pages}
    links = {name: place for name, place in places.items() if 1 <= place <= pages}
    return ", ".join(f'<{_address_of(request, place)}>; rel="{name}"' for name, place in links.items())


def _address_of(request: Request, page: int) -> str:
    query = request.query_params.copy()
    query["page"] = str(page)
    return str(request.build_absolute_uri(f"?{query.urlencode()}"))


def refuse_token_in_address(request: Request) -> None:
    """Raise a Problem when a token stands in the address, where logs keep it; whose it is, is told (`token_exposed`)."""
    query = request.query_params
    places = [request.path, *(value for name in query for value in query.getlist(name))]
    secrets = {secret for place in places for secret in _SECRET.findall(str(place))}
    for secret in secrets:
        token_exposed.send(sender=ApiView, secret=secret)
    if secrets or any(name.lower() in NAMES_IN_ADDRESS for name in query):
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


def raise_bad(errors: Mapping[str, str]) -> None:
    """Raise a Problem about parameters of the query, all of them."""
    raise Problem(_join(errors), code="bad-parameter", errors=errors)


def _join(errors: Mapping[str, str]) -> str:
    return " ".join(f"{name}: {text}" for name, text in errors.items())


# The document


IN_ENGLISH: Final = "\n\n*In English:* "


def both(swedish: str, english: str) -> str:
    """Return a description in both languages."""
    return f"{swedish}{IN_ENGLISH}{english}"


def in_language(text: str) -> str:
    """Return what `both` says to a reader of one language."""
    swedish, _mark, english = text.partition(IN_ENGLISH)
    return english if get_language() == "en" and english else swedish


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


def _header(name: str, swedish: str, english: str, example: str, **where: Any) -> OpenApiParameter:
    shown = [OpenApiExample(name, value=example)]
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=both(swedish, english), examples=shown, **where
    )


ETAG: Final = '"4be3a0ff65a84ed2b8c6bbe4b1c6ea11"'
# What a client may send to be spared what it has already, and what every answer's head tells.
KEPT_HEADERS: Final = [
    _header("If-None-Match", "ETag från ett tidigare svar: är det oförändrat blir svaret 304.", "The ETag of an earlier answer: where nothing has changed the answer is 304.", ETAG),
    _header("ETag", "Svarets märke; detsamma så länge svaret är detsamma.", "The answer's tag; the same as long as the answer is.", ETAG, response=[200, 304]),
    _header("RateLimit-Policy", "Hur många anrop (q) en API-nyckel har på så många sekunder (w).", "How many requests (q) a token has in so many seconds (w).", '"minute";q=600;w=60', response=[200, 304, 429]),
    _header("RateLimit", "Hur många anrop som är kvar (r) och om hur många sekunder minuten är slut (t).", "How many requests are left (r), and in how many seconds the minute ends (t).", '"minute";r=598;t=41', response=[200, 304, 429]),
]  # fmt: skip
LINK_HEADER: Final = _header(
    "Link",
    "Adresserna till första, föregående, nästa och sista sidan.",
    "The addresses of the first, the previous, the next and the last page.",
    '<https://budget.example/api/v1/invoices?page=2>; rel="next"',
    response=[200],
)
RETRY_HEADER: Final = _header(
    "Retry-After", "Så många sekunder att vänta.", "So many seconds to wait.", "41", response=[429]
)
NOT_CHANGED: Final = OpenApiResponse(
    description=both("Klienten har redan svaret.", "The client has the answer already.")
)


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
        if status == HTTPStatus.BAD_REQUEST:
            wrong = {"month": Whole(1, 12).refuse("13"), "limit": Whole(1, 200).refuse("1000")}
            value |= {"code": "bad-parameter", "detail": _join(wrong), "errors": list_errors(wrong)}
    example = OpenApiExample(HTTPStatus(status).phrase, value=value, response_only=True, media_type=CONTENT_TYPE)
    return OpenApiResponse(ProblemSerializer, description=both(*MEANINGS[status]), examples=[example])
