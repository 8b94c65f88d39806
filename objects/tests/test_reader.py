"""Queries that are compiled once read anew, and never show more than a reader's roles allow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from accounts.models import User
from budgets.models import Budget, SubBudget
from budgets.selectors.budgets import list_budgets
from objects.models import Municipality
from objects.models.roles import Role, RoleAssignment
from objects.selectors.reader import compiled_for_reader
from tests.cast import ADOPTED, DRAFT, OFFICER, OUTSIDER, get_user
from web.compiled import compiled

pytestmark = pytest.mark.django_db


@compiled
def _read_budgets(*slugs: str) -> QuerySet[Budget]:
    return Budget.objects.filter(slug__in=slugs).select_related("based_on").prefetch_related("sub_budgets")


_read_seen = compiled_for_reader(list_budgets)


def test_rows_are_those_of_the_queryset_also_with_what_is_fetched_beside_them() -> None:
    plain = list(Budget.objects.filter(slug__in=[DRAFT, ADOPTED]).order_by("-fiscal_year", "-created_at"))

    found = _read_budgets(DRAFT, ADOPTED)

    assert found == plain
    assert [budget.based_on for budget in found] == [budget.based_on for budget in plain]
    assert [list(b.sub_budgets.all()) for b in found] == [list(b.sub_budgets.all()) for b in plain]


@compiled
def _names(slug: str) -> QuerySet[Budget, str]:
    return Budget.objects.filter(slug=slug).values_list("name", flat=True)


def test_a_query_is_compiled_once_and_its_rows_are_read_each_time() -> None:
    _names(DRAFT)
    Budget.objects.filter(slug=DRAFT).update(name="Ännu ett namn")

    with mock.patch.object(SQLCompiler, "as_sql", side_effect=AssertionError("compiled anew")):
        assert _names(DRAFT) == ["Ännu ett namn"]


def test_a_query_stays_planned_however_much_else_is_asked_in_between() -> None:
    with connection.cursor() as cursor:
        for walk in range(7):
            _names(DRAFT)
            for page in range(120):
                cursor.execute(f"SELECT {walk * 1000 + page}")
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [statement for (statement,) in cursor.fetchall()]
    assert any('"budgets_budget"."slug" = $1' in statement for statement in kept)


def test_related_rows_are_compiled_once_too_and_are_their_owners_alone() -> None:
    _read_budgets(DRAFT, ADOPTED)
    name, gone = SubBudget.objects.filter(budget__slug=DRAFT).values_list("slug", "pk")[0]
    SubBudget.objects.filter(pk=gone).update(slug="another")

    with mock.patch.object(SQLCompiler, "as_sql", side_effect=AssertionError("compiled anew")):
        found = {budget.slug: budget for budget in _read_budgets(DRAFT, ADOPTED)}
        slugs = {slug: [part.slug for part in budget.sub_budgets.all()] for slug, budget in found.items()}
        assert all(part.budget is found[DRAFT] for part in found[DRAFT].sub_budgets.all())

    assert "another" in slugs[DRAFT]
    assert name not in slugs[DRAFT]
    assert name in slugs[ADOPTED]
    assert found[DRAFT].sub_budgets.filter(slug=name).count() == 0


def test_other_arguments_are_another_query() -> None:
    assert {budget.slug for budget in _read_budgets(DRAFT)} == {DRAFT}
    assert {budget.slug for budget in _read_budgets(ADOPTED)} == {ADOPTED}
    assert _read_budgets() == []  # lets nothing through, and runs no query


def test_a_reader_who_gets_a_role_sees_what_it_allows_and_no_longer_when_it_is_lost() -> None:
    assert _read_seen(get_user(OUTSIDER)) == []

    role = RoleAssignment.objects.create(
        user=get_user(OUTSIDER), role=Role.MUNICIPALITY_OFFICER, municipality=Municipality.objects.first()
    )
    assert ADOPTED in {budget.slug for budget in _read_seen(get_user(OUTSIDER))}
    assert DRAFT not in {budget.slug for budget in _read_seen(get_user(OUTSIDER))}

    role.delete()
    assert _read_seen(get_user(OUTSIDER)) == []


def test_readers_do_not_share_what_they_see() -> None:
    everybody = User.objects.filter(email__endswith="@demo.example")

    for _time in range(2):
        for user in everybody:
            assert _read_seen(user) == list(list_budgets(user)), user.email
    assert DRAFT not in {budget.slug for budget in _read_seen(get_user(OFFICER))}


def test_each_thread_reads_on_its_own_connection() -> None:
    def read() -> list[str]:
        try:
            return _names(ADOPTED)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as one, ThreadPoolExecutor(max_workers=1) as other:
        found = [pool.submit(read).result() for pool in (one, other)]

    assert found == [_names(ADOPTED)] * 2 == [[Budget.objects.get(slug=ADOPTED).name]] * 2
