"""What a page asked the last time is asked at once the next: the same rows, read anew, by the reader's roles of now."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from budgets.models import Budget
from budgets.selectors.budgets import list_budgets
from objects.models import Municipality
from objects.models.roles import Role, RoleAssignment
from objects.selectors.reader import compiled_for_reader
from tests.cast import ADOPTED, DRAFT, OUTSIDER, get_user
from web.ahead import count_asked, reading_at_once
from web.compiled import compiled

pytestmark = pytest.mark.django_db


@compiled
def _names(slug: str) -> QuerySet[Budget, str]:
    return Budget.objects.filter(slug=slug).values_list("name", flat=True)


@compiled
def _with_sub_budgets(slug: str) -> QuerySet[Budget]:
    return Budget.objects.filter(slug=slug).prefetch_related("sub_budgets")


_read_seen = compiled_for_reader(list_budgets)


def read(page: str, *slugs: str) -> tuple[list[list[str]], int]:
    """Reads budgets' names as one page; returns them, and how often it waited for the database."""
    with CaptureQueriesContext(connection) as waited, reading_at_once(page):
        names = [_names(slug) for slug in slugs]
    return names, len(waited)


def test_second_reading_waits_once_and_reads_what_is_there_then() -> None:
    before, waited = read("twice", DRAFT, ADOPTED)
    assert waited == 2
    Budget.objects.filter(slug=DRAFT).update(name="Ännu ett namn")

    assert read("twice", DRAFT, ADOPTED) == ([["Ännu ett namn"], before[1]], 1)
    assert count_asked("twice") == 2


def test_what_is_asked_twice_in_a_reading_is_read_once_and_outside_it_each_time() -> None:
    assert read("same", DRAFT, DRAFT)[1] == 1

    with CaptureQueriesContext(connection) as waited:
        _names(DRAFT), _names(DRAFT)
    assert len(waited) == 2


def test_another_way_through_the_page_asks_what_it_needs_and_is_the_next_ones() -> None:
    read("other", DRAFT)

    names, waited = read("other", ADOPTED)

    assert (names, waited) == ([_names(ADOPTED)], 2)
    assert read("other", ADOPTED)[1] == 1


def test_rows_that_point_to_others_are_sent_along() -> None:
    slugs = list(Budget.objects.get(slug=DRAFT).sub_budgets.values_list("slug", flat=True))
    for expected in (2, 1):
        with CaptureQueriesContext(connection) as waited, reading_at_once("related"):
            found = [part.slug for budget in _with_sub_budgets(DRAFT) for part in budget.sub_budgets.all()]
        assert sorted(found) == sorted(slugs)
        assert len(waited) == expected


def test_reader_who_lost_a_role_gets_nothing_of_what_was_asked_before() -> None:
    role = RoleAssignment.objects.create(
        user=get_user(OUTSIDER), role=Role.MUNICIPALITY_OFFICER, municipality=Municipality.objects.first()
    )
    with reading_at_once("seen"):
        assert ADOPTED in {budget.slug for budget in _read_seen(get_user(OUTSIDER))}
    role.delete()

    with reading_at_once("seen"):
        assert _read_seen(get_user(OUTSIDER)) == []


def test_reading_that_fails_leaves_nothing_behind() -> None:
    with pytest.raises(ValueError, match="broken"), reading_at_once("broken"):
        _names(DRAFT)
        raise ValueError("broken")
    Budget.objects.filter(slug=DRAFT).update(name="Ett nytt")

    assert _names(DRAFT) == ["Ett nytt"]
    assert count_asked("broken") == 0
