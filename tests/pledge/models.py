"""A model as somebody would add it: what is said here is all that is said of it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from budgets.models import Budget, BudgetScopedQuerySet, Lineage, SubBudget
from web.fields import OreField
from web.tracking import tracked


@tracked(shown=("amount_ore",))
class Pledge(models.Model):
    """What somebody promises to pay of a sub-budget."""

    class State(models.TextChoices):
        GIVEN = "given", "given at the meeting"
        PAID = "paid", "paid in full"

    uuid = models.UUIDField("public id", db_default=RandomUUID(), unique=True, editable=False)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="+", verbose_name="Budget")
    sub_budget = models.ForeignKey(SubBudget, models.PROTECT, related_name="+", verbose_name="Sub-budget")
    lineage = Lineage()
    name = models.CharField("Name", max_length=100)
    state = models.CharField("State of the pledge", max_length=10, choices=State, default=State.GIVEN)
    amount_ore = OreField("Amount, SEK")
    made_at = models.DateTimeField("Made", auto_now_add=True)

    objects: ClassVar = BudgetScopedQuerySet.as_manager()

    class Meta:
        app_label = "pledge"
        verbose_name = "pledge"
        verbose_name_plural = "pledges"

    def __str__(self) -> str:
        return self.name


class PartQuerySet(BudgetScopedQuerySet["PledgePart"]):
    budget_path = "pledge__budget__"


@tracked(title="payer", place="pledge")
class PledgePart(models.Model):
    """A part of a pledge; it has no lineage of its own and goes where its pledge goes."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="parts", verbose_name="Pledge")
    payer = models.CharField("Payer", max_length=100)

    objects: ClassVar = PartQuerySet.as_manager()

    class Meta:
        app_label = "pledge"
        verbose_name = "part of a pledge"
        verbose_name_plural = "parts of pledges"

    def __str__(self) -> str:
        return self.payer
