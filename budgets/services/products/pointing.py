"""What points to a product of a budget and belongs to it: read from the models, as what is copied is, so no list names it."""

from __future__ import annotations

from functools import cache

from django.db.models import Model

from budgets.models import BudgetProduct
from budgets.services.copying import list_copied


@cache
def list_pointing() -> list[tuple[type[Model], list[str]]]:
    """Return the models that point to a product and are copied with a budget, each with the fields by which it does."""
    found = []
    for model in list_copied():
        keys = [key.name for key in model._meta.concrete_fields if key.related_model is BudgetProduct]
        if keys:
            found.append((model, keys))
    return found
