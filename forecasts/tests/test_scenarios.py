"""Scenarios of the stress test: kept with their debt, so they give the same figures later, and taken back as other acts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from budgets.services.copying import copy_as_revision
from engine.framework import Framework
from engine.stress import Inputs
from forecasts.models import StressScenario
from forecasts.selectors.scenarios import (
    answer_kept,
    list_on_board,
    list_scenarios,
    open_scenario,
    read_inputs,
    share_kept,
    try_inputs,
    write_inputs,
)
from forecasts.selectors.stress import share_recourse
from forecasts.selectors.stress_base import load_base, read_base, write_base
from forecasts.services.scenarios import REGISTER, change_scenario, remove_scenario, save_scenario, undo_scenario_act
from forecasts.words import say_fault
from investments.models import AssetClass, Loan, PlannedLoan
from objects.selectors.registers import list_register_acts
from records.services.stale import StaleError
from tests.cast import (
    ADOPTED,
    AUDITOR,
    BOARD,
    DIRECTOR,
    DRAFT,
    ECONOMIST,
    INSIDE,
    OFFICER,
    OUTSIDER,
    OWNER,
    forget_revision,
    get_budget,
    get_user,
)  # fmt: skip

pytestmark = pytest.mark.django_db
DEARER: dict[str, Any] = {
    "price_change": {"computers": 0.3, "mobile_phones": {"2027": 0.125}},
    "defer_months": {"network": -6},
    "interest_shift": 0.01,
    "recurring_pots": [{"name": "Pott", "yearly_amount_ore": 200_000_000, "life_years": 3}],
    "buffer_ore": 100_000_000,
    "frameworks": [{"amount_ore": 13_000_000_000, "from_on": "2028-07-01"}],
    "until_year": 2031,
    "break_even_classes": ["computers"],
}


def save(name: str = "Dyrare", budget: str = DRAFT, *, by: str = ECONOMIST, **inputs: Any) -> StressScenario:
    row = get_budget(budget)
    scenario = StressScenario(budget=row, name=name)
    return save_scenario(scenario, inputs=inputs or DEARER, base=load_base(row), by=get_user(by))


def again(scenario: StressScenario) -> StressScenario:
    return StressScenario.objects.get(pk=scenario.pk)


@pytest.mark.parametrize("budget", [ADOPTED, DRAFT])
def test_base_is_the_same_when_it_is_read_again(budget: str) -> None:
    base = load_base(get_budget(budget))
    written = write_base(base)
    read = read_base(json.loads(json.dumps(written)))
    assert write_base(read) == written
    inputs, frameworks, faults = read_inputs(DEARER, base)
    assert not faults
    assert try_inputs(read, inputs, frameworks).found == try_inputs(base, inputs, frameworks).found
    assert try_inputs(read, inputs).interest == try_inputs(base, inputs).interest


def test_fractions_are_kept_as_exactly_as_they_were_given() -> None:
    base = load_base(get_budget())
    assert read_inputs(write_inputs(DEARER), base) == read_inputs(DEARER, base)


def test_scenario_gives_the_same_figures_when_everything_under_it_has_changed() -> None:
    scenario, base = save(), load_base(get_budget())
    assert not open_scenario(scenario, base).is_changed
    before = answer_kept(scenario)
    highest = max(before.found.months, key=lambda row: row.debt)
    shares = share_kept(scenario, before)
    assert sum(row.ore for row in shares) == highest.debt
    PlannedLoan.objects.filter(budget=get_budget()).update(principal_ore=F("principal_ore") * 2)
    Loan.objects.update(debt_ore=F("debt_ore") + 1)
    opened = open_scenario(again(scenario), load_base(get_budget()))
    assert answer_kept(again(scenario)) == before == opened.kept
    assert share_kept(again(scenario), before) == shares
    assert opened.is_changed and opened.today is not None and opened.today.found != before.found
    assert not open_scenario(save("Ny"), load_base(get_budget())).is_changed
    assert write_base(base) != write_base(load_base(get_budget()))


def test_scenario_whose_class_has_gone_says_so_and_still_shows_what_it_answered() -> None:
    row = AssetClass.objects.create(slug="drones", name="Drönare", useful_life_years=3, position=99)
    loan = PlannedLoan.objects.create(
        budget=get_budget(), purpose="investments", year=2027, principal_ore=5_000_000, asset_class=row
    )
    scenario = save(price_change={"drones": 0.5})
    kept = answer_kept(scenario)
    assert kept.found.year_ends[0].parts["drones"] == 7_500_000
    loan.delete()
    row.delete()
    opened = open_scenario(again(scenario), load_base(get_budget()))
    assert (opened.is_changed, opened.today, opened.kept) == (True, None, kept)
    assert [fault.place for fault in opened.faults] == ["price_change"]
    assert "drones" in say_fault(opened.faults[0])


def test_shares_of_a_kept_scenario_are_those_of_the_recourse_on_its_highest_day() -> None:
    scenario = save()
    tried = answer_kept(scenario)
    frameworks = [Framework(row.amount, row.from_on) for row in tried.base.frameworks]
    highest = max(tried.found.months, key=lambda row: row.debt)
    expected = share_recourse(highest.debt, date(highest.year, highest.month, 1), frameworks)
    assert share_kept(scenario, tried) == expected != []


@pytest.mark.parametrize("name", sorted({*INSIDE, OFFICER, OUTSIDER} - {ECONOMIST}))
def test_only_the_economist_keeps_scenarios(name: str) -> None:
    kept, user = save(), get_user(name)
    for attempt in (
        lambda: save("Annan", by=name),
        lambda: change_scenario(kept, by=user),
        lambda: remove_scenario(kept, by=user),
        lambda: undo_scenario_act(get_budget(), kept.uuid, by=user),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_scenarios_are_read_as_the_loans_are() -> None:
    draft, adopted = save(), save(budget=ADOPTED)
    for name in (BOARD, DIRECTOR, AUDITOR, OWNER):
        assert list_scenarios(get_user(name), get_budget()) == [draft]
    assert list_scenarios(get_user(OFFICER), get_budget()) == list_scenarios(get_user(OUTSIDER), get_budget()) == []
    assert list_scenarios(get_user(OFFICER), get_budget(ADOPTED)) == [adopted]


def test_name_is_unique_in_its_budget_whatever_its_case() -> None:
    save("Dyrare")
    with pytest.raises(ValidationError, match="DYRARE"):
        save("  DYRARE ")
    assert save("Dyrare", ADOPTED).name == "Dyrare"
    with pytest.raises(ValidationError):
        save("   ")
    with pytest.raises(ValidationError):
        save("x" * 81)
    with pytest.raises(IntegrityError), transaction.atomic():
        StressScenario.objects.filter(budget=get_budget(ADOPTED)).update(budget=get_budget())


def test_inputs_that_cannot_be_read_are_refused_by_their_place_and_nothing_is_kept() -> None:
    with pytest.raises(ValidationError) as refused:
        save(price_change={"båtar": 0.1}, until_year=1999)
    assert [said.split(": ")[0] for said in refused.value.messages] == ["until_year", "price_change"]
    assert not StressScenario.objects.exists()


def test_what_somebody_else_has_saved_since_is_not_overwritten() -> None:
    scenario = save()
    seen, base, by = scenario.saved_at.isoformat(), load_base(get_budget()), get_user(ECONOMIST)
    save_scenario(again(scenario), inputs={}, base=base, by=by, seen=seen)
    with pytest.raises(StaleError):
        save_scenario(again(scenario), inputs=DEARER, base=base, by=by, seen=seen)
    assert again(scenario).inputs == {}


def test_each_act_is_taken_back_and_another_budget_s_is_not() -> None:
    economist, budget = get_user(ECONOMIST), get_budget()

    def undo() -> None:
        act = list_register_acts(REGISTER, economist, budget=budget.pk)[0]
        undo_scenario_act(budget, act.id, by=economist)

    scenario = save()
    scenario.name, scenario.is_on_board = "Omdöpt", True
    change_scenario(scenario, by=economist)
    assert list_on_board(economist, budget) == [scenario]
    undo()
    assert (again(scenario).name, again(scenario).is_on_board) == ("Dyrare", False)
    remove_scenario(again(scenario), by=economist)
    assert not StressScenario.objects.exists()
    act = list_register_acts(REGISTER, economist, budget=budget.pk)[0]
    with pytest.raises(ValidationError):
        undo_scenario_act(get_budget(ADOPTED), act.id, by=economist)
    undo_scenario_act(budget, act.id, by=economist)
    assert answer_kept(again(scenario)).inputs == read_inputs(DEARER, load_base(budget))[0]


def test_scenario_of_an_adopted_budget_is_saved_and_goes_to_no_revision() -> None:
    save(budget=ADOPTED)
    forget_revision()
    revision = copy_as_revision(get_budget(ADOPTED), slug="r", name="R", by="test")
    assert list_scenarios(get_user(ECONOMIST), revision) == []


def test_parent_class_is_tried_with_its_children_when_there_are_any() -> None:
    base = load_base(get_budget())
    assert base.debt.parents == {"student_computers": "computers"}
    base = replace(base, debt=replace(base.debt, parents={}))
    family = replace(base, debt=replace(base.debt, parents={"mobile_phones": "computers"}))
    both = read_inputs({"price_change": {"computers": 0.3, "mobile_phones": 0.3}}, base)[0]
    parent = read_inputs({"price_change": {"computers": 0.3}}, base)[0]
    assert try_inputs(family, parent).found.months == try_inputs(base, both).found.months
    assert try_inputs(family, parent).found.months != try_inputs(base, parent).found.months
    assert read_base(write_base(family)).debt.parents == {"mobile_phones": "computers"}


def test_interest_without_a_chosen_rate_is_that_of_the_budget_in_its_first_year() -> None:
    base = load_base(get_budget(ADOPTED))
    assert base.interest is not None and not base.interest.is_chosen
    answer = try_inputs(base, Inputs())
    assert abs((answer.interest[2026] or 0) - 2_550 * 100_000) <= 100_000
