"""The roll-up: an edit counts where it happens, and totals become what a sum from scratch gives, whoever else works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.models import F

from budgets.models import Budget, BudgetProduct, CostLine, ProductTotal, RollUpState, SubBudget, SubBudgetTotal
from budgets.selectors.budgets import is_behind
from budgets.services.totals import sum_budget, sum_sub_budget
from engine.years import Amounts
from forecasts.models import ForecastRow
from forecasts.selectors import budgets_behind, sub_budgets_behind
from forecasts.services.roll_up import roll_up_budget, roll_up_sub_budget
from forecasts.tasks import sweep
from tests import services
from tests.cast import get_budget

Totals = dict[tuple[int, str], Amounts]

WAIT_SECONDS = 20


@pytest.fixture
def draft(db: None) -> Budget:
    return get_budget()


def lines_of(sub_budget: SubBudget) -> list[CostLine]:
    return list(CostLine.objects.filter(budget_product__sub_budget=sub_budget).order_by("pk"))


def add_up(lines: Iterable[CostLine], key: Callable[[CostLine], int]) -> Totals:
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in lines:
        for year, ore in enumerate(line.amounts):
            sums[key(line), line.cost_kind][year] += ore
    return {found: (a, b, c) for found, (a, b, c) in sums.items()}


def assert_totals_are_right(budget: Budget) -> None:
    """Compares every stored total with a sum of the lines made in Python."""
    lines = list(CostLine.objects.filter(budget=budget).select_related("budget_product"))
    products = ProductTotal.objects.filter(sub_budget__budget=budget).select_related("budget_product")
    kinds = SubBudgetTotal.objects.filter(sub_budget__budget=budget)
    assert {(t.budget_product_id, t.cost_kind): t.amounts for t in products} == add_up(
        lines, lambda line: line.budget_product_id
    )
    assert {(t.sub_budget_id, t.cost_kind): t.amounts for t in kinds} == add_up(
        lines, lambda line: line.budget_product.sub_budget_id
    )
    assert all(total.sub_budget_id == total.budget_product.sub_budget_id for total in products)


def counters(budget: Budget) -> dict[str, int]:
    states = RollUpState.objects.filter(sub_budget__budget=budget)
    return dict(states.values_list("sub_budget__slug", "changed"))


def counted_since(before: dict[str, int], budget: Budget) -> dict[str, int]:
    return {slug: count - before[slug] for slug, count in counters(budget).items() if count != before[slug]}


def row_versions() -> list[Any]:
    """Where each total and forecast row lies on disk: an update moves it, even one that changes no value."""
    found = []
    with connection.cursor() as cursor:
        for table in ("budgets_producttotal", "budgets_subbudgettotal", "forecasts_forecastrow", "forecasts_forecast"):
            cursor.execute(f"SELECT id, ctid::text, xmin::text FROM {table} ORDER BY id")  # noqa: S608
            found.append(cursor.fetchall())
    return found


def start_thread(pool: ThreadPoolExecutor, work: Callable[..., Any], *arguments: Any, **options: Any) -> Future[Any]:
    """Runs `work` in a thread whose Django connection is closed when it ends."""

    def run() -> Any:
        try:
            return work(*arguments, **options)
        finally:
            connections.close_all()

    return pool.submit(run)


def test_nothing_of_the_demo_is_behind(db: None) -> None:
    assert sub_budgets_behind() == []
    assert budgets_behind() == []


def test_stored_totals_of_every_budget_are_the_sums_of_its_lines(db: None) -> None:
    for budget in Budget.objects.all():
        assert_totals_are_right(budget)


@pytest.mark.parametrize("operation", ["insert", "update", "delete"])
def test_edit_counts_once_on_its_own_sub_budget_and_nowhere_else(draft: Budget, operation: str) -> None:
    line = lines_of(draft.sub_budgets.get(slug="klient"))[0]
    before = counters(draft)
    if operation == "insert":
        CostLine.objects.create(budget=draft, budget_product=line.budget_product, text="x", cost_kind="direct_cost")
    elif operation == "update":
        CostLine.objects.filter(pk=line.pk).update(amount_2_ore=F("amount_2_ore") + 1)
    else:
        line.delete()
    assert counted_since(before, draft) == {"klient": 1}
    assert sub_budgets_behind() == [draft.sub_budgets.get(slug="klient").pk]


def test_one_statement_over_many_lines_counts_once_on_each_sub_budget_it_touches(draft: Budget) -> None:
    before = counters(draft)
    slugs = ["klient", "grundanslag"]
    CostLine.objects.filter(budget=draft, budget_product__sub_budget__slug__in=slugs).update(note="x")
    assert counted_since(before, draft) == {"klient": 1, "grundanslag": 1}


def test_line_moved_to_another_sub_budget_counts_on_both(draft: Budget) -> None:
    line = lines_of(draft.sub_budgets.get(slug="klient"))[0]
    before = counters(draft)
    target = BudgetProduct.objects.filter(budget=draft, sub_budget__slug="utbildning").first()
    CostLine.objects.filter(pk=line.pk).update(budget_product=target)
    assert counted_since(before, draft) == {"klient": 1, "utbildning": 1}
    roll_up_budget(draft)
    assert_totals_are_right(draft)


def test_rolling_up_brings_totals_to_the_sum_from_scratch(draft: Budget) -> None:
    CostLine.objects.filter(budget=draft, cost_kind="direct_cost").update(amount_1_ore=F("amount_1_ore") - 12345)
    roll_up_budget(draft)
    assert_totals_are_right(draft)
    assert not is_behind(draft)


def test_one_sub_budget_rolled_up_leaves_the_others_behind(draft: Budget) -> None:
    CostLine.objects.filter(budget=draft).update(amount_1_ore=F("amount_1_ore") + 0)
    klient = draft.sub_budgets.get(slug="klient")
    roll_up_sub_budget(klient.pk)
    assert klient.pk not in sub_budgets_behind()
    assert set(sub_budgets_behind()) == set(draft.sub_budgets.exclude(pk=klient.pk).values_list("pk", flat=True))


def test_rolling_up_twice_writes_no_row_the_second_time(draft: Budget) -> None:
    CostLine.objects.filter(budget=draft).update(note="counted, but no amount differs")
    before = row_versions()
    roll_up_budget(draft)
    assert not is_behind(draft)
    roll_up_budget(draft)
    roll_up_budget(draft, everything=True)
    assert row_versions() == before


def test_edit_of_one_line_rewrites_only_its_own_totals(draft: Budget) -> None:
    line = lines_of(draft.sub_budgets.get(slug="klient"))[0]
    before = row_versions()
    CostLine.objects.filter(pk=line.pk).update(amount_3_ore=F("amount_3_ore") + 100)
    sum_sub_budget(line.budget_product.sub_budget_id)
    products, kinds = (
        [new[0] for new, old in zip(after, earlier, strict=True) if new != old]
        for after, earlier in zip(row_versions()[:2], before[:2], strict=True)
    )
    kind = {"cost_kind": line.cost_kind}
    assert products == [ProductTotal.objects.get(budget_product=line.budget_product, **kind).pk]
    assert kinds == [SubBudgetTotal.objects.get(sub_budget=line.budget_product.sub_budget, **kind).pk]


@pytest.mark.parametrize("first", ["from", "to"])
def test_product_moved_between_sub_budgets_takes_its_totals_along(draft: Budget, first: str) -> None:
    source, target = draft.sub_budgets.get(slug="klient"), draft.sub_budgets.get(slug="utbildning")
    product = BudgetProduct.objects.filter(sub_budget=source, totals__isnull=False).first()
    assert product is not None
    before = counters(draft)
    BudgetProduct.objects.filter(pk=product.pk).update(sub_budget=target)
    assert counted_since(before, draft) == {"klient": 1, "utbildning": 1}
    for sub_budget in (source, target) if first == "from" else (target, source):
        roll_up_sub_budget(sub_budget.pk)
    assert_totals_are_right(draft)
    assert set(product.totals.values_list("sub_budget", flat=True)) == {target.pk}


def test_last_line_deleted_removes_its_total(draft: Budget) -> None:
    klient = draft.sub_budgets.get(slug="klient")
    line = lines_of(klient)[0]
    CostLine.objects.filter(budget_product=line.budget_product).delete()
    roll_up_sub_budget(klient.pk)
    assert not ProductTotal.objects.filter(budget_product=line.budget_product).exists()
    assert_totals_are_right(draft)


def test_all_lines_deleted_leaves_no_total_and_a_result_of_zero(draft: Budget) -> None:
    CostLine.objects.filter(budget=draft).delete()
    roll_up_budget(draft)
    assert not ProductTotal.objects.filter(sub_budget__budget=draft).exists()
    assert not SubBudgetTotal.objects.filter(sub_budget__budget=draft).exists()
    results = ForecastRow.objects.filter(forecast__budget=draft, forecast__kind="result")
    assert set(results.values_list("amount_ore", flat=True)) == {0}


def test_roll_up_of_everything_repairs_totals_that_are_wrong_although_marked_as_right(draft: Budget) -> None:
    klient = draft.sub_budgets.get(slug="klient")
    right = row_values()
    ProductTotal.objects.filter(sub_budget=klient).update(amount_1_ore=7)
    SubBudgetTotal.objects.filter(sub_budget=klient, cost_kind="direct_cost").delete()
    ForecastRow.objects.filter(forecast__budget=draft, row="operating_revenue").update(amount_ore=7)
    SubBudgetTotal.objects.create(sub_budget=klient, cost_kind="use_of_equity", amount_1_ore=-7)
    assert not is_behind(draft)
    roll_up_budget(draft, everything=True)
    assert_totals_are_right(draft)
    assert row_values() == right


def row_values() -> list[tuple[Any, ...]]:
    rows = ForecastRow.objects.order_by("forecast", "position")
    return list(rows.values_list("forecast", "row", "budget_product", "year", "amount_ore"))


def test_roll_up_of_everything_leaves_other_budgets_alone(draft: Budget) -> None:
    other = get_budget("budget-2026")
    before = list(ProductTotal.objects.filter(sub_budget__budget=other).order_by("pk").values())
    CostLine.objects.filter(budget=draft).update(amount_1_ore=0)
    sum_budget(draft)
    assert list(ProductTotal.objects.filter(sub_budget__budget=other).order_by("pk").values()) == before


def test_roll_up_of_a_sub_budget_that_is_gone_does_nothing(db: None) -> None:
    assert sum_sub_budget(10**9) is None


def test_jobs_at_once_over_lines_being_edited_end_right(committed: str) -> None:
    draft = get_budget()
    sub_budgets = list(draft.sub_budgets.filter(slug__in=["klient", "grundanslag"]))
    lines = {sub_budget.pk: lines_of(sub_budget) for sub_budget in sub_budgets}

    def edit(pk: int) -> None:
        for line in lines[pk] * 3:
            CostLine.objects.filter(pk=line.pk).update(amount_1_ore=F("amount_1_ore") - 100)

    def job(pk: int) -> None:
        for _time in range(20):
            roll_up_sub_budget(pk)

    with ThreadPoolExecutor(max_workers=8) as pool:
        work = [(job, pk) for pk in lines] * 2 + [(edit, pk) for pk in lines] * 2
        for future in [start_thread(pool, what, pk) for what, pk in work]:
            future.result(timeout=60)
    sweep()
    assert_totals_are_right(draft)
    assert not is_behind(draft)
    for pk, edited in lines.items():
        now = {line.pk: line.amount_1_ore for line in CostLine.objects.filter(budget_product__sub_budget=pk)}
        assert now == {line.pk: line.amount_1_ore - 600 for line in edited}


def roll_up_each(pks: list[int]) -> None:
    for pk in pks:
        roll_up_sub_budget(pk)


def test_whole_and_part_rolled_up_at_once_end_right(committed: str) -> None:
    draft = get_budget()
    CostLine.objects.filter(budget=draft).update(amount_2_ore=F("amount_2_ore") - 1)
    pks = list(draft.sub_budgets.values_list("pk", flat=True))
    with ThreadPoolExecutor(max_workers=4) as pool:
        futures = [start_thread(pool, roll_up_budget, draft) for _time in range(2)]
        futures += [start_thread(pool, lambda: roll_up_budget(draft, everything=True))]
        futures += [start_thread(pool, roll_up_each, pks[::-1])]
        for future in futures:
            future.result(timeout=60)
    assert_totals_are_right(draft)
    assert not is_behind(draft)


def raise_line(database: str, line: CostLine) -> None:
    """An edit by another connection, in a transaction of its own."""
    with psycopg.connect(services.url_of(services.SERVERS.database_url, database)) as editor:
        editor.execute("UPDATE budgets_costline SET amount_1_ore = amount_1_ore - 500 WHERE id = %s", [line.pk])


def test_edit_that_comes_after_the_job_has_read_leaves_the_sub_budget_behind_until_the_sweep(committed: str) -> None:
    draft = get_budget()
    klient = draft.sub_budgets.get(slug="klient")
    first, second = lines_of(klient)[:2]
    CostLine.objects.filter(pk=first.pk).update(amount_1_ore=F("amount_1_ore") - 100)
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            sum_sub_budget(klient.pk)
            edit = pool.submit(raise_line, committed, second)
            with pytest.raises(TimeoutError):
                edit.result(timeout=0.5)
        edit.result(timeout=WAIT_SECONDS)
    assert sub_budgets_behind() == [klient.pk]
    sweep()
    assert_totals_are_right(draft)
    assert not is_behind(draft)


def test_job_that_comes_during_an_edit_waits_and_sums_it(committed: str) -> None:
    draft = get_budget()
    klient = draft.sub_budgets.get(slug="klient")
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            CostLine.objects.filter(pk=lines_of(klient)[0].pk).update(amount_1_ore=F("amount_1_ore") - 100)
            job = start_thread(pool, roll_up_sub_budget, klient.pk)
            with pytest.raises(TimeoutError):
                job.result(timeout=0.5)
        job.result(timeout=WAIT_SECONDS)
    assert_totals_are_right(draft)
    assert not is_behind(draft)


def test_job_cut_off_half_way_leaves_everything_as_it_was(committed: str) -> None:
    draft = get_budget()
    klient = draft.sub_budgets.get(slug="klient")
    CostLine.objects.filter(budget_product__sub_budget=klient).update(amount_1_ore=F("amount_1_ore") - 100)
    before = row_versions()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        sum_sub_budget(klient.pk)
        raise KeyboardInterrupt
    assert row_versions() == before
    assert sub_budgets_behind() == [klient.pk]
    sweep()
    assert_totals_are_right(draft)


def test_edit_that_is_rolled_back_counts_nothing(committed: str) -> None:
    draft = get_budget()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        CostLine.objects.filter(budget=draft).update(amount_1_ore=0)
        raise KeyboardInterrupt
    assert sub_budgets_behind() == []
