"""Addresses of the pages on API access."""

from django.urls import path

from objects import views

app_name = "objects"
urlpatterns = [
    path("api-access/", views.TokenListView.as_view(), name="tokens"),
    path("api-access/new/", views.NewTokenView.as_view(), name="new_token"),
    path("api-access/reference/", views.ReferenceView.as_view(), name="api_reference"),
    path("api-access/<uuid:token>/revoke/", views.RevokeTokenView.as_view(), name="revoke_token"),
]
