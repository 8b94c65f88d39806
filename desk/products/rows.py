"""Changes of products as their list tells them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from budgets.selectors.product_acts import ProductAct
from pages.authors import say_author
from records.reasons import say_act


@dataclass(frozen=True)
class ToldAct:
    """A change in words: who, and what was done."""

    act: ProductAct
    by: str
    said: str


def tell_acts(acts: Iterable[ProductAct]) -> list[ToldAct]:
    """Return changes with the names of those who made them, by one query."""
    rows = list(acts)
    names = dict(User.objects.filter(email__in={row.by for row in rows}).values_list("email", "name"))
    return [ToldAct(row, say_author(row.by, names.get(row.by, ""), inside=True), say_act(row.context)) for row in rows]
