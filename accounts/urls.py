"""My account, sign-in and second factor. The library's names are global (`account_login`), so ours are too."""

from allauth import urls as allauth_urls
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import views

urlpatterns = [
    path("", views.ProfileView.as_view(), name="account_profile"),
    path("language/", views.set_language, name="set_language"),
    # Addresses are changed by an administrator.
    path("email/", RedirectView.as_view(pattern_name="account_profile"), name="account_email"),
    path("", include(allauth_urls)),
]
