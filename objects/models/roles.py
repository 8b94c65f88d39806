"""Who may do what: a role, and the object, municipality or customer it is held for.

One queryset per model decides who sees what: `visible_to(user)`. The roles are read once per request and
kept on the user.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self, TypeVar, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from web.compiled import compiled
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


class Role(models.TextChoices):
    OBJECT_OWNER = "object_owner", _("object owner")
    OBJECT_MANAGER = "object_manager", _("object manager")
    STEERING_GROUP = "steering_group", _("object steering group")
    ECONOMIST = "economist", _("economist")
    BOARD = "board", _("board")
    CHIEF_EXECUTIVE = "chief_executive", _("chief executive")
    MUNICIPALITY_OFFICER = "municipality_officer", _("municipality officer")
    ADMINISTRATOR = "administrator", _("administrator")
    AUDITOR = "auditor", _("auditor")


OBJECT_ROLES = frozenset({Role.OBJECT_OWNER, Role.OBJECT_MANAGER, Role.STEERING_GROUP})
EDITORS = frozenset({Role.OBJECT_OWNER, Role.OBJECT_MANAGER})
REVIEWERS = frozenset({Role.STEERING_GROUP})
# Everybody inside the federation sees all its budgets; a municipality officer sees what is adopted.
FEDERATION_ROLES = frozenset(Role) - {Role.MUNICIPALITY_OFFICER}


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def visible_to(self, user: User) -> Self:
        if roles_of(user) & {Role.ADMINISTRATOR, Role.AUDITOR}:
            return self
        return self.filter(user=user.pk)


@tracked(key="role", shown=("role", "governance_object", "municipality", "customer"), title="user")
class RoleAssignment(models.Model):
    """A role that a user holds; object roles name the governance object, a municipality officer the customer."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_assignments", verbose_name=_("User")
    )
    role = models.CharField(_("Role"), max_length=24, choices=Role)
    governance_object = models.ForeignKey(
        "objects.GovernanceObject",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="role_assignments",
        verbose_name=_("Object"),
    )
    municipality = models.ForeignKey(
        "objects.Municipality",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="role_assignments",
        verbose_name=_("Municipality"),
    )
    customer = models.ForeignKey(
        "objects.Customer",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="role_assignments",
        verbose_name=_("Customer"),
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in sorted(OBJECT_ROLES)]) ^ Q(governance_object__isnull=True),
                name="object_roles_name_an_object",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.MUNICIPALITY_OFFICER)
                | Q(municipality__isnull=False)
                | Q(customer__isnull=False),
                name="officers_name_whom_they_serve",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "governance_object", "municipality", "customer"],
                nulls_distinct=False,
                name="role_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


def assignments_of(user: User) -> list[RoleAssignment]:
    """Return the user's role assignments, read once and kept on the user."""
    kept: dict[str, object] = user.__dict__
    if "_assignments" not in kept:
        kept["_assignments"] = _list_assignments(user.pk) if user.is_authenticated else []
    return cast(list[RoleAssignment], kept["_assignments"])


@compiled
def _list_assignments(user_id: int) -> models.QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(user=user_id)


def roles_of(user: User) -> frozenset[str]:
    """Return the names of the roles the user holds."""
    return frozenset(assignment.role for assignment in assignments_of(user))


def objects_of(user: User, roles: frozenset[Role]) -> frozenset[int]:
    """Return the primary keys of the governance objects for which the user holds one of `roles`."""
    return frozenset(
        a.governance_object_id for a in assignments_of(user) if a.role in roles and a.governance_object_id is not None
    )


Row = TypeVar("Row", bound=models.Model, covariant=True)


class VisibleQuerySet(models.QuerySet[Row]):
    """Shared facts: everybody with a role sees them, an outsider nothing."""

    def visible_to(self, user: User) -> Self:
        return self if roles_of(user) else self.none()


class FederationQuerySet(models.QuerySet[Row]):
    """Rows for those inside the federation only."""

    def visible_to(self, user: User) -> Self:
        return self if roles_of(user) & FEDERATION_ROLES else self.none()
