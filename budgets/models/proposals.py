"""What an object's owner or manager proposes about products, and what the economist answers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models.base import BudgetScopedQuerySet
from budgets.models.budget import Budget, RevenueCategory, SubBudget
from objects.models import Product
from web.tracking import tracked

LONGEST_NOTE = 500


@tracked(shown=("kind", "state"), place="sub_budget", is_inside=True)
class ProductProposal(models.Model):
    """A product to add to a sub-budget, to change or to end there. It belongs to one draft and is never copied."""

    class Kind(models.TextChoices):
        ADD = "add", _("new product")
        CHANGE = "change", _("change of a product")
        END = "end", _("end of a product")

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="product_proposals", verbose_name=_("Budget"))
    sub_budget = models.ForeignKey(
        SubBudget, models.PROTECT, related_name="product_proposals", verbose_name=_("Sub-budget")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("Product")
    )
    kind = models.CharField(_("Kind of proposal"), max_length=10, choices=Kind)
    name = models.CharField(_("Name"), max_length=160)
    category = models.CharField(_("Revenue category"), max_length=30, choices=RevenueCategory, blank=True)
    note = models.TextField(_("Reason for the proposal"), max_length=LONGEST_NOTE)
    state = models.CharField(_("State of the proposal"), max_length=10, choices=State, default=State.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="product_proposals", verbose_name=_("Proposed by")
    )
    proposed_at = models.DateTimeField(_("Proposed"), auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Answered by")
    )
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    answer = models.TextField(_("Answer"), max_length=LONGEST_NOTE, blank=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal on products")
        verbose_name_plural = _("proposals on products")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind="add") ^ Q(product__isnull=False), name="proposal_is_of_a_product"),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(answered_at__isnull=False),
                name="answered_proposal_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name
