"""Every address of the site. A name such as `reports:decision` says what a page is about, not which app draws it."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

import desk.urls
import history.urls
import records.urls
import reports.urls
from itsam.platform import health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("robots.txt", health.robots, name="robots"),
    path(".well-known/security.txt", health.security_contact, name="security_contact"),
    path("", include(([*reports.urls.urlpatterns, *history.urls.urlpatterns, *desk.urls.reports], "reports"))),
    path("", include((desk.urls.budgets, "budgets"))),
    path("", include((desk.urls.forecasts, "forecasts"))),
    path("", include("invoices.urls")),
    path("", include(([*records.urls.urlpatterns, *desk.urls.records], "records"))),
    path("", include((desk.urls.objects, "objects"))),
    path("api/v1/", include("itsam.api")),
    path("account/", include("accounts.urls")),
    # One way to a new password: the site's own, which limits guesses.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]

handler400 = "web.errors.bad_request"
handler403 = "web.errors.permission_denied"
handler404 = "web.errors.page_not_found"
handler500 = "web.errors.server_error"
