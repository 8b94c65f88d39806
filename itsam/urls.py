"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from itsam import health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("robots.txt", health.robots, name="robots"),
    path(".well-known/security.txt", health.security_contact, name="security_contact"),
    path("", include("reports.urls")),
    path("", include("budgets.urls")),
    path("", include("forecasts.urls")),
    path("", include("invoices.urls")),
    path("", include("records.urls")),
    path("", include("objects.urls")),
    path("api/v1/", include("itsam.api")),
    path("account/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "itsam.web.errors.bad_request"
handler403 = "itsam.web.errors.permission_denied"
handler404 = "itsam.web.errors.page_not_found"
handler500 = "itsam.web.errors.server_error"
