"""A user: someone who signs in, known by an e-mail address.

The trick: addresses are kept in lower case and a database constraint compares them that way, so one address is one
user however it is typed. What a user may see and do is given by roles in `objects`, not here.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from web.tracking import tracked


def clean_address(email: str) -> str:
    """Return an e-mail address as it is stored."""
    return email.strip().lower()


class UserQuerySet(models.QuerySet["User"]):
    """Who sees which users."""

    def visible_to(self, user: "User | AnonymousUser") -> "UserQuerySet":
        """Administrators see everyone, others themselves, strangers nobody."""
        if not user.is_active or not user.is_authenticated:
            return self.none()
        return self.all() if user.is_staff else self.filter(pk=user.pk)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds users by address in any case; makes them for Django's own commands."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this address."""
        user: User = self.get(email=clean_address(username or ""))
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password, one who cannot sign in with a password yet."""
        user: User = self.model(email=clean_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator with every permission."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


@tracked(
    shown=("email",),
    name=Coalesce(NullIf("name", Value("")), "email", output_field=models.CharField()),
    exclude=["password", "last_login"],
)
class User(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="sv")
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Turn this off instead of deleting."))
    is_staff = models.BooleanField(_("administrator"), default=False, help_text=_("May use the administration."))
    is_demo = models.BooleanField(
        _("demo user"), default=False, help_text=_("May sign in only on the computer the system runs on.")
    )
    date_joined = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """One user per address."""

        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email",
                violation_error_message=_("There is a user with this email."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name, or the address when there is none."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return the same; first names alone do not tell people apart."""
        return self.get_full_name()

    def clean(self) -> None:
        """Keep the address as it is stored."""
        self.email = clean_address(self.email)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Who sees which invitations."""

    def visible_to(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        """Return those of the users that are seen."""
        return self.filter(user__in=User.objects.visible_to(user))


@tracked(shown=("sent_at", "expires_at"), title="user", is_inside=True)
class Invitation(models.Model):
    """A mail that asked a new user to choose a password; the link in it holds until a day, or until it is withdrawn.

    The link's secret is kept nowhere: it is made of the user's own row, which changes when a password is chosen.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="invitation", verbose_name=_("user"))
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    sent_at = models.DateTimeField(_("invitation sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("invitation holds until"))
    withdrawn_at = models.DateTimeField(_("invitation withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        """One to a user."""

        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return str(self.user)
