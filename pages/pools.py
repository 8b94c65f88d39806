"""What the pages of cost pools start from: who reads them, the year they show, and their table."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from pages.base import InBudget
from pricing.models import CostPool
from pricing.selectors.editing import can_edit_pools, can_read_pools


class InPools(InBudget):
    """A page on a budget's pools, for everybody inside the federation."""

    nav_key = "pools"
    writes = False

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Stop those outside, and those who may not change what this page changes."""
        if request.user.is_authenticated and not self._may_enter():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def _may_enter(self) -> bool:
        return can_read_pools(self.reader) and (not self.writes or self.can_edit)

    @cached_property
    def can_edit(self) -> bool:
        """Whether the reader may change pools and weights."""
        return can_edit_pools(self.reader, self.budget)

    @property
    def pools_url(self) -> str:
        """The page of all pools."""
        return reverse("budgets:pools", args=[self.budget.slug])

    @cached_property
    def year(self) -> int:
        """The year that is shown, counted from 0."""
        asked = self.request.GET.get("year", "")
        years = [str(year) for year in self.budget.years]
        return years.index(asked) if asked in years else 0

    @cached_property
    def pool(self) -> CostPool:
        """The address's pool."""
        found = CostPool.objects.visible_to(self.reader).filter(budget=self.budget, lineage=self.kwargs["pool"])
        pool: CostPool | None = found.first()
        if pool is None:
            raise Http404
        return pool
