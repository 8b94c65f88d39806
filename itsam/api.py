"""The addresses of the API's version 1, and what it says of itself. No trailing slashes; what is not here is a problem."""

from __future__ import annotations

from django.conf import settings
from django.urls import path, re_path, reverse
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api import InvoiceEndpoint, InvoicesEndpoint
from itsam.openapi import get_document
from web.api import ApiView, both, problem_answers

RELEASED_ON = "2026-11-22"


class PublicView(ApiView):
    """An address for everybody, without token."""

    authentication_classes = []
    permission_classes = [AllowAny]


class ApiInfoSerializer(serializers.Serializer[object]):
    """What the profile wants an API to say of itself (VER.06)."""

    apiName = serializers.CharField(help_text=both("API:ets namn.", "The API's name."))
    apiVersion = serializers.CharField(help_text=both("Version.", "Version."))
    apiReleased = serializers.DateField(help_text=both("När versionen släpptes.", "When the version was released."))
    apiDocumentation = serializers.URLField(help_text=both("Dokumentationen.", "The documentation."))
    apiStatus = serializers.ChoiceField(["active"], help_text=both("API:ets status.", "The API's status."))


INFO_EXAMPLE = {
    "apiName": "Itsam Budget API",
    "apiVersion": "1.0.0",
    "apiReleased": RELEASED_ON,
    "apiDocumentation": "https://budget.example/api/v1/openapi.json",
    "apiStatus": "active",
}


class ApiInfoView(PublicView):
    """What the API is called, and which version it is."""

    @extend_schema(
        operation_id="getApiInfo",
        tags=["api-info"],
        summary="Om API:et / About the API",
        description=both("API:ets namn, version och status.", "The API's name, version and status."),
        responses={
            200: OpenApiResponse(
                ApiInfoSerializer,
                description=both("Uppgifter om API:et.", "Facts about the API."),
                examples=[OpenApiExample("api-info", value=INFO_EXAMPLE, response_only=True)],
            ),
            **problem_answers((400, 406, 415, 500), "/api/v1/api-info"),
        },
    )
    def get(self, request: Request) -> Response:
        """Say it."""
        facts: dict[str, object] = settings.SPECTACULAR_SETTINGS
        return Response(
            {
                "apiName": facts["TITLE"],
                "apiVersion": facts["VERSION"],
                "apiReleased": RELEASED_ON,
                "apiDocumentation": request.build_absolute_uri(reverse("api:openapi")),
                "apiStatus": "active",
            }
        )


class OpenApiView(PublicView):
    """The OpenAPI document."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Give it."""
        return Response(get_document(request._request))


class NothingView(PublicView):
    """Every other address: a problem, so that no client has to read a page."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Say that there is nothing."""
        raise NotFound

    def read_parameters(self, request: Request) -> None:
        pass


app_name = "api"
urlpatterns = [
    path("api-info", ApiInfoView.as_view(), name="info"),
    path("openapi.json", OpenApiView.as_view(), name="openapi"),
    path("invoices", InvoicesEndpoint.as_view(), name="invoices"),
    path("invoices/<uuid:invoice>", InvoiceEndpoint.as_view(), name="invoice"),
    re_path(r"", NothingView.as_view()),
]
