"""Users in the administration, whose sign-in is the site's own, with second factor and rate limits."""

from typing import TYPE_CHECKING

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin as LibraryAuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms import NewUserForm
from accounts.models import User, UserQuerySet
from accounts.selectors import visible_to
from web.administration import Rows

if TYPE_CHECKING:
    AnyUserAdmin = DjangoUserAdmin[User]
else:
    AnyUserAdmin = DjangoUserAdmin

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Roles say who may do what (`objects`); nothing asks for a group. What the library shows of second factors is too much.
admin.site.unregister((Group, Authenticator))


@admin.register(User)
class UserAdmin(AnyUserAdmin):
    """Add users, turn them off, set what they may do."""

    add_form = NewUserForm
    list_display = ("email", "name", "is_active", "is_staff", "is_demo", "last_login")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("uuid", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "language")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "is_demo")},
        ),
        (_("Dates"), {"fields": ("uuid", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[Rows]:
        """Return the list that sorts as all others do."""
        return Rows

    def get_queryset(self, request: HttpRequest) -> UserQuerySet:
        """Start from what the reader may see."""
        return visible_to(request.user)


@admin.register(Authenticator)
class AuthenticatorAdmin(LibraryAuthenticatorAdmin):
    """Second factors: removed here for who has lost the device, and their secrets shown to nobody."""

    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave it to the user."""
        return False
