"""My account, sign-in and second factor. The library's names are global (`account_login`), so ours are too."""

from allauth import urls as allauth_urls
from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from accounts import views

# Who signs in by an identity provider is known by the address it gave: nothing to connect, and no address to type.
connections = RedirectView.as_view(pattern_name="account_profile")
sign_up = RedirectView.as_view(pattern_name="account_login")
federation: list[URLPattern | URLResolver] = [
    path("3rdparty/", connections, name="socialaccount_connections"),
    path("3rdparty/signup/", sign_up, name="socialaccount_signup"),
]

urlpatterns = [
    path("", views.ProfileView.as_view(), name="account_profile"),
    path("language/", views.set_language, name="set_language"),
    # Addresses are changed by an administrator.
    path("email/", RedirectView.as_view(pattern_name="account_profile"), name="account_email"),
    *(federation if apps.is_installed("allauth.socialaccount") else []),
    # Users are added by an administrator, so nothing asks anybody to sign up.
    path("signup/", sign_up, name="account_signup"),
    path("", include(allauth_urls)),
]
