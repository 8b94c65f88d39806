"""Planning rates and indexes as the list shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from budgets.models import COST_KINDS, Budget, IndexRate, PlanningRate
from budgets.selectors.rates import list_budgets_by_rate, list_indexes, list_rates
from pages.authors import Authors, load_authors, say_author
from records.changes import author_of, events_of


@dataclass(frozen=True)
class RateRow:
    """A planning rate, who set it last, and the budgets that use it."""

    rate: PlanningRate
    url: str
    set_by: str
    budgets: list[Budget]


@dataclass(frozen=True)
class IndexRow:
    """An index and who set it last."""

    index: IndexRate
    url: str
    set_by: str


@dataclass(frozen=True)
class Group:
    """The rows of a kind."""

    label: str | Promise
    rows: list[RateRow] | list[IndexRow]


def load_rate_groups(user: User) -> list[Group]:
    """Return the planning rates by kind."""
    rates, users = list_rates(user), list_budgets_by_rate()
    authors = _Setters(PlanningRate)
    rows = [RateRow(rate, address_of(rate), authors.name(rate), users.get(rate.pk, [])) for rate in rates]
    return [
        Group(kind.label, list(own))
        for kind, own in ((PlanningRate.Kind(key), own) for key, own in groupby(rows, lambda row: row.rate.kind))
    ]


def load_index_groups(user: User) -> list[Group]:
    """Return the indexes by kind of cost, in the order of the kinds."""
    authors = _Setters(IndexRate)
    rows = [IndexRow(index, address_of_index(index), authors.name(index)) for index in list_indexes(user)]
    groups = ((label, [row for row in rows if row.index.cost_kind == kind]) for kind, label in COST_KINDS)
    return [Group(label, own) for label, own in groups if own]


def address_of(rate: PlanningRate) -> str:
    """Return the page of a planning rate."""
    return reverse("budgets:rate", args=[rate.uuid])


def address_of_index(index: IndexRate, page: str = "index") -> str:
    """Return a page of an index, which its kind, year and day name."""
    return reverse(f"budgets:{page}", args=[index.cost_kind, index.year, index.valid_from_on.isoformat()])


class _Setters:
    """Who set each row of a model last, by three queries for all of them."""

    def __init__(self, model: type[PlanningRate] | type[IndexRate]) -> None:
        events = events_of(model).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        self.events = {event.pgh_obj_id: event for event in events}
        self.authors: Authors = load_authors(self._list_addresses(self.events.values()))

    def name(self, row: PlanningRate | IndexRate) -> str:
        """Return the name of who set a row."""
        event = self.events.get(row.pk)
        if event is None:
            return say_author("", "", inside=True)
        email = author_of(event.pgh_context)
        name, _uuid = self.authors.find(email, event.pgh_created_at)
        return say_author(email, name, inside=True)

    @staticmethod
    def _list_addresses(events: Iterable[object]) -> Iterator[str]:
        for event in events:
            yield author_of(getattr(event, "pgh_context", None))
