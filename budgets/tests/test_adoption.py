"""Adoption against writers under way, with real transactions."""

import psycopg
import pytest
from django.db import transaction

from budgets.models import Budget, CostLine
from forecasts.services.versions import adopt_budget
from objects.models import Decision
from tests import services


def test_line_added_while_the_budget_is_being_adopted_waits_and_is_refused(committed: str) -> None:
    """A writer that comes while the adoption is not yet committed must not slip in beside it."""
    decision = Budget.objects.get(slug="budget-2026").adopted_by
    line = CostLine.objects.filter(budget__slug="budget-2027").earliest("pk")
    with psycopg.connect(services.url_of(services.SERVERS.database_url, committed)) as writer:
        with transaction.atomic():
            Budget.objects.filter(slug="budget-2027").update(
                status="adopted", adopted_by=decision, adopted_at="2026-06-01T00:00Z"
            )
            writer.execute("SET lock_timeout = '300ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                writer.execute("UPDATE budgets_costline SET text = 'x' WHERE id = %s", [line.pk])
            writer.rollback()
        with pytest.raises(psycopg.errors.IntegrityError, match="adopted"):
            writer.execute("UPDATE budgets_costline SET text = 'x' WHERE id = %s", [line.pk])


def test_edit_between_roll_up_and_adoption_is_rolled_up_before_it_is_frozen(committed: str) -> None:
    decision = Decision.objects.get(kind=Decision.Kind.ADOPT_BUDGET)
    budget = Budget.objects.get(slug="budget-2027")
    CostLine.objects.filter(budget=budget).update(note="changed")
    adopt_budget(budget, decision=decision, by="test")
    assert Budget.objects.get(slug="budget-2027").is_adopted
