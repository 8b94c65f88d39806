"""Starting a budget from another one: the preview is the result, refused with words, once, and undone whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.models import (
    Budget,
    BudgetProduct,
    BudgetStart,
    CostLine,
    IndexRate,
    KeyWeight,
    StartedIndex,
    SubBudget,
)
from budgets.selectors.starting import find_index_of, list_set_amounts, list_started_sums
from budgets.selectors.totals import load_totals_by_sub_budget
from budgets.services.starting import ChosenIndex, Part, StartKind, StartPlan, YearExistsError, list_indexed_kinds
from budgets.services.undoing_start import ChangedSinceError, undo_start
from budgets.services.workflow import NotYourStepError, RefusedError
from engine.result import CostKind
from engine.years import AMOUNTS
from forecasts.services.versions import preview_start, start_budget
from pricing.models import PoolWeight
from records.changes import events_of
from tests.cast import ADOPTED, ECONOMIST, PEOPLE, client_of, get_budget, get_user, signed

pytestmark = pytest.mark.django_db

PAGE, LOG, UNDO = "/budgets/{}/start/", "/budgets/{}/started/", "/budgets/{}/started/undo/"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def make_plan(**given: Any) -> StartPlan:
    return StartPlan(**{"name": "Budget 2028", "slug": "budget-2028", **given})


def start(source: str = "budget-2027", **given: Any) -> Budget:
    return start_budget(get_budget(source), make_plan(**given), by=get_user(ECONOMIST))


def give_percent(percent: str) -> dict[str, ChosenIndex]:
    chosen = ChosenIndex(Decimal(percent), date(2026, 1, 1), "assumed", "SKR")
    return dict.fromkeys(list_indexed_kinds(), chosen)


def proposed(client: Client, source: str = "budget-2027") -> dict[str, str]:
    """What the form proposes, as the browser would send it."""
    form = client.get(PAGE.format(source)).context["form"]
    values = {field.name: field.value() for field in form}
    return {name: "on" if value is True else str(value) for name, value in values.items() if value}


def test_preview_is_what_the_start_gives_and_writes_nothing() -> None:
    source, plan = get_budget(), make_plan(indexes=give_percent("3"))
    before = Budget.objects.count(), events_of(CostLine).count()
    preview = preview_start(source, plan, by=get_user(ECONOMIST))
    assert (Budget.objects.count(), events_of(CostLine).count()) == before
    target = start_budget(source, plan, by=get_user(ECONOMIST))
    shown = [(row.sub_budget.slug, row.before, row.after) for row in preview.rows]
    assert shown == [(row.sub_budget.slug, row.before, row.after) for row in list_started_sums(source, target)]
    assert preview.years == target.years


def test_page_shows_the_choices_at_once_and_asks_for_what_they_would_give() -> None:
    """To know that is to start it and take it back, which is too long for a page."""
    client, address = client_of(ECONOMIST, "en"), PAGE.format("budget-2027")
    with patch("desk.year.start.preview_start", side_effect=AssertionError("started")):
        page = client.get(address).content.decode()
    assert f'hx-get="{address}"' in page and 'hx-trigger="load, change ' in page
    assert "Budget 2028" in page and "Per sub-budget" not in page
    sent = proposed(client)
    part = client.get(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert "Per sub-budget" in part and "load," not in part and "<html" not in part
    assert part.strip() in client.get(address, sent).content.decode()


def test_preview_says_itself_what_is_wrong_and_own_days_are_not_folded_away() -> None:
    client, address = client_of(ECONOMIST, "en"), PAGE.format("budget-2027")
    sent = {**proposed(client), "due-klient": "2027-11-02", "approval-klient": "2027-10-01"}
    part = client.get(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert "the day of approval is before the day of submission" in part
    answer = client.post(address, sent)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["approval-klient"]
    opened = answer.content.decode().partition("Days of a sub-budget&#x27;s own")[0].rpartition("<details")[2]
    assert opened.startswith(" open")


def test_economist_starts_the_next_budget_in_the_browser_and_reads_its_log() -> None:
    client = client_of(ECONOMIST, "en")
    answer = client.post(PAGE.format("budget-2027"), proposed(client))
    assert answer.status_code == 302
    assert answer["Location"] == LOG.format("budget-2028")
    target = get_budget("budget-2028")
    assert (target.fiscal_year, target.based_on, target.status) == (2028, get_budget(), Budget.Status.DRAFT)
    page = client.get(answer["Location"]).content.decode()
    assert "Budget 2027" in page
    assert "assumed" in page


def test_log_says_the_product_below_its_line_and_its_files_have_every_column() -> None:
    client, log = client_of(ECONOMIST, "en"), LOG.format("budget-2027")
    table = client.get(log).context["table"]
    assert not {"product", "cost_kind"} & {column.name for column in table.columns}
    row = next(row for row in table.rows if row.record.text != row.record.product_name)
    shown = str(row.get_cell("text"))
    assert row.record.product_name in unescape(shown) and "muted small" in shown
    head, first = client.get(log, {"export": "csv"}).content.decode("utf-8-sig").splitlines()[:2]
    assert "Product" in head and "Cost kind" in head and "Index" in head and "<" not in first


def test_form_sent_twice_starts_once() -> None:
    client = client_of(ECONOMIST)
    sent = {**proposed(client), "once": "3f0f8f1e-6a4f-4f5e-9f57-2b8f7f0f1a11"}
    answers = [client.post(PAGE.format("budget-2027"), sent) for _time in range(2)]
    assert [answer["Location"] for answer in answers] == [LOG.format("budget-2028")] * 2
    assert Budget.objects.filter(fiscal_year=2028).count() == 1


def test_looking_again_keeps_the_forms_keys_out_of_the_address() -> None:
    client = client_of(ECONOMIST)
    answer = client.post(PAGE.format("budget-2027"), {**proposed(client), "once": "a", "look": "1"})
    assert answer.status_code == 302
    assert "once" not in answer["Location"]
    assert "csrf" not in answer["Location"]
    assert client.get(answer["Location"]).context["preview"].years == (2028, 2029, 2030)
    assert not Budget.objects.filter(fiscal_year=2028).exists()


@pytest.mark.parametrize("name", PEOPLE)
def test_only_the_economist_starts_and_undoes(name: str) -> None:
    start()
    expected = 200 if name == ECONOMIST else 403
    client = client_of(name)
    for page in (PAGE.format("budget-2028"), UNDO.format("budget-2028")):
        found = client.get(page).status_code
        assert found == expected or (found == 404 and name in ("vimmerby", "utan.roll"))
    if name != ECONOMIST:
        with pytest.raises(NotYourStepError):
            start_budget(get_budget("budget-2028"), make_plan(name="x", slug="x"), by=get_user(name))
        with pytest.raises(NotYourStepError):
            undo_start(get_budget("budget-2028"), by=get_user(name))


def test_year_that_exists_is_refused_with_words_and_a_link() -> None:
    with pytest.raises(YearExistsError, match=r"2027.*Budget 2027"):
        start(ADOPTED)
    page = client_of(ECONOMIST, "en").get(PAGE.format(ADOPTED)).content.decode()
    assert "There is already an original budget of 2027" in page
    assert '<a href="/budgets/budget-2027/overview/">' in page or 'href="/budgets/budget-2027/"' in page


def test_forecast_budget_is_the_same_year_as_it_is_and_only_of_an_adopted_one() -> None:
    source = get_budget(ADOPTED)
    target = start(
        ADOPTED, name="Prognos 2026", slug="prognos-2026", kind=StartKind.FORECAST, indexes=give_percent("9")
    )
    assert (target.fiscal_year, target.kind) == (2026, Budget.Kind.FORECAST)
    amounts = [dict(row.cost_lines.values_list("lineage", "amount_3_ore")) for row in (source, target)]
    assert amounts[0] == amounts[1]
    with pytest.raises(RefusedError, match="adopted"):
        start(kind=StartKind.FORECAST)


def test_published_figures_alone_start_nothing() -> None:
    with pytest.raises(RefusedError, match="published figures only"):
        start("budget-2025")


def test_empty_budget_has_sub_budgets_and_what_is_chosen_but_no_amounts() -> None:
    target = start(kind=StartKind.EMPTY, parts=frozenset({Part.PRODUCTS}))
    assert target.sub_budgets.count() == get_budget().sub_budgets.count()
    assert target.budget_products.count() == get_budget().budget_products.count()
    assert not target.budget_products.exclude(allocation_key=None).exists()
    assert not target.cost_lines.exists()
    assert not KeyWeight.objects.filter(key__budget=target).exists()


def test_without_products_there_are_no_lines_either() -> None:
    target = start(parts=frozenset({Part.KEYS, Part.LINES}))
    assert not target.budget_products.exists()
    assert not target.cost_lines.exists()
    assert not PoolWeight.objects.filter(pool__budget=target, budget_product__isnull=False).exists()
    between = [
        set(PoolWeight.objects.filter(pool__budget=of, to_pool__isnull=False).values_list(*WEIGHT))
        for of in (get_budget(), target)
    ]
    assert between[0] == between[1]


# Which pool uses which, by what they are in every budget.
WEIGHT = ("pool__lineage", "to_pool__lineage", "weight_3")


def test_product_that_ends_is_left_out_with_its_lines_and_named() -> None:
    product = BudgetProduct.objects.filter(budget=get_budget(), cost_lines__isnull=False).first()
    assert product is not None
    target = start(ended=[product.lineage])
    assert not target.budget_products.filter(lineage=product.lineage).exists()
    gone = set(product.cost_lines.values_list("lineage", flat=True))
    assert gone
    assert not target.cost_lines.filter(lineage__in=gone).exists()
    assert target.cost_lines.count() == get_budget().cost_lines.count() - len(gone)
    assert BudgetStart.objects.get(budget=target).ended == product.name


def test_notes_stay_behind_when_asked() -> None:
    CostLine.objects.filter(pk=get_budget().cost_lines.all()[0].pk).update(note="Repaired")
    assert start().cost_lines.filter(note="Repaired").exists()
    undo_start(get_budget("budget-2028"), by=get_user(ECONOMIST))
    assert not start(keeps_notes=False).cost_lines.exclude(note="").exists()


def test_typed_percentage_is_stored_as_a_rate_of_the_day_with_its_source() -> None:
    typed = {"personnel": ChosenIndex(Decimal("2.7"), timezone.localdate(), source_text="SKR 12:26", is_new=True)}
    target = start(indexes=typed)
    rate = IndexRate.objects.get(cost_kind="personnel", year=2030)
    assert (rate.percent, rate.valid_from_on, rate.provenance) == (Decimal("2.7"), timezone.localdate(), "entered")
    index = StartedIndex.objects.get(start__budget=target)
    assert (index.percent, index.source_text) == (Decimal("2.7"), "SKR 12:26")


def test_each_indexed_line_says_by_which_rate() -> None:
    target = start(indexes=give_percent("3"))
    line = target.cost_lines.filter(cost_kind="direct_cost", is_calculated=False)[0]
    found = find_index_of(line)
    assert found is not None
    assert (found.percent, found.year, found.source_text) == (Decimal(3), 2030, "SKR")
    assert find_index_of(target.cost_lines.filter(cost_kind="depreciation")[0]) is None
    page = client_of(ECONOMIST, "en").get(
        f"/budgets/budget-2028/sub-budgets/{line.budget_product.sub_budget.slug}/lines/{line.lineage}/"
    )
    assert "The amount of 2030 is that of 2029 with the index 3 %" in page.content.decode()


def test_log_tells_what_the_start_set_and_not_what_came_later() -> None:
    target = start()
    line = target.cost_lines.filter(cost_kind="direct_cost")[0]
    set_ore = line.amount_1_ore
    CostLine.objects.filter(pk=line.pk).update(amount_1_ore=set_ore + 100, quantity=None, unit_price_ore=None)
    CostLine.objects.create(budget=target, budget_product=line.budget_product, text="new", cost_kind="direct_cost")
    rows = list_set_amounts(BudgetStart.objects.get(budget=target))
    assert rows.count() == get_budget().cost_lines.count()
    assert rows.get(lineage=line.lineage).amount_1_ore == set_ore


def test_days_of_the_budget_and_of_a_sub_budget_are_set() -> None:
    day = timezone.localdate() + timedelta(days=90)
    target = start(due_on=day, own_days={"klient": (day - timedelta(days=9), None)})
    assert target.due_on == day
    assert SubBudget.objects.get(budget=target, slug="klient").submit_by == day - timedelta(days=9)
    assert SubBudget.objects.get(budget=target, slug="nat").submit_by == day


def test_undone_start_leaves_nothing_and_can_be_made_again() -> None:
    start()
    client = client_of(ECONOMIST)
    answer = client.post(UNDO.format("budget-2028"), {})
    assert answer["Location"] == PAGE.format("budget-2027")
    assert not Budget.objects.filter(slug="budget-2028").exists()
    assert events_of(Budget).filter(slug="budget-2028", pgh_label="delete").exists()
    assert start().cost_lines.count() == get_budget().cost_lines.count()


def test_start_that_somebody_has_changed_is_not_undone_and_says_where() -> None:
    target = start()
    CostLine.objects.filter(pk=target.cost_lines.all()[0].pk).update(note="mine")
    with pytest.raises(ChangedSinceError, match="changed since it was started"):
        undo_start(target, by=get_user(ECONOMIST))
    answer = client_of(ECONOMIST).post(UNDO.format("budget-2028"), {})
    assert answer.status_code == 409
    assert Budget.objects.filter(slug="budget-2028").exists()


def test_start_is_not_undone_when_another_budget_is_made_from_it_or_it_is_compiled() -> None:
    target = start()
    start("budget-2028", name="Budget 2029", slug="budget-2029")
    with pytest.raises(ChangedSinceError, match="Budget 2029"):
        undo_start(target, by=get_user(ECONOMIST))
    later = get_budget("budget-2029")
    Budget.objects.filter(pk=later.pk).update(phase="compiled")
    with pytest.raises(ChangedSinceError, match="compiled"):
        undo_start(later, by=get_user(ECONOMIST))


def test_start_is_one_act_of_the_economist() -> None:
    target = start()
    contexts = {
        json.dumps(row, sort_keys=True)
        for row in events_of(CostLine).filter(budget=target).values_list("pgh_context", flat=True)
    }
    contexts |= {
        json.dumps(row, sort_keys=True)
        for row in events_of(BudgetStart).filter(budget=target).values_list("pgh_context", flat=True)
    }
    assert len(contexts) == 1
    assert "ekonom@demo.example" in contexts.pop()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("start_year", *arguments, stdout=out)
    return out.getvalue()


def test_command_previews_and_starts_by_the_same_service() -> None:
    options = ("budget-2027", "--index", "personnel=3", "--json")
    preview = json.loads(run(*options, "--preview"))
    assert not Budget.objects.filter(slug="budget-2028").exists()
    made = json.loads(run(*options))
    assert made["sub_budgets"] == preview["sub_budgets"]
    assert Budget.objects.get(slug="budget-2028").start.indexes.get(cost_kind="personnel").percent == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("budget-2026",), "already an original budget of 2027"),
        (("budget-2027", "--index", "interest=3"), "has no index"),
        (("budget-2027", "--index", "personnel=x"), "no percentage"),
        (("budget-2027", "--index", "personnel=1000"), "below 1000"),
        (("budget-2027", "--end", "No such"), "There is no product"),
        (("budget-2027", "--name", "Budget 2026"), "already a budget"),
    ],
)
def test_command_says_what_is_wrong(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*arguments)


AMOUNT = st.integers(-(10**13), 10**13)
KINDS = st.sampled_from([kind.value for kind in CostKind])


def test_sums_before_and_after_are_those_that_the_overview_shows() -> None:
    plan, source = make_plan(), get_budget("budget-2027")
    sums = preview_start(source, plan, by=get_user(ECONOMIST)).rows
    totals = load_totals_by_sub_budget(source)
    assert {row.sub_budget.lineage: row.before for row in sums} == totals
    made = start()
    assert {row.sub_budget.lineage: row.after for row in sums} == load_totals_by_sub_budget(made)


class IndexOfNothing(TestCase):
    """With the index 0 the old plan years are the first two, and the second comes again as the third."""

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(rows=st.lists(st.tuples(KINDS, AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=60), has_rates=st.booleans())
    def test_budget_started_with_index_0(self, rows: list[tuple[str, int, int, int]], has_rates: bool) -> None:
        source = get_budget()
        CostLine.objects.filter(budget=source).delete()
        product = BudgetProduct.objects.filter(budget=source)[0]
        CostLine.objects.bulk_create(
            CostLine(
                budget=source, budget_product=product, text="x", cost_kind=kind,
                **{name: signed(kind, ore) for name, ore in zip(AMOUNTS, ores, strict=True)},
            )
            for kind, *ores in rows
        )  # fmt: skip
        target = start(indexes=give_percent("0") if has_rates else {})
        started = dict(target.cost_lines.values_list("lineage", "pk"))
        copies = CostLine.objects.in_bulk(started.values())
        for line in source.cost_lines.all():
            _first, second, third = line.amounts
            assert copies[started[line.lineage]].amounts == (second, third, third)
