"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("budgets.urls")),
    path("", include("forecasts.urls")),
    path("account/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]
