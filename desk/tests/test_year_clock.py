"""The year clock's page: days from facts and from people, links for who may act, the calendar file, and its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from budgets.models import Budget, ClockStep, SubBudget
from desk.year.selectors import ClockDay, load_clock
from engine.clock import StepState
from objects.models import Decision
from tests.cast import ECONOMIST, INSIDE, MANAGER, OUTSIDE, client_of, get_budget, get_user

pytestmark = pytest.mark.django_db

PAGE, CHANGE, CALENDAR = (f"/budgets/budget-2027/year/{part}" for part in ("", "change/", "calendar/"))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def _without_set_days(db: None) -> None:
    """Nobody has set a day: the demo's are read by its own test."""
    ClockStep.objects.all().delete()


def days(slug: str = "budget-2027") -> dict[str, ClockDay]:
    return {day.code: day for day in load_clock(get_budget(slug), get_user(ECONOMIST))}


def typed(**given: str) -> dict[str, str]:
    """What the form shows, with what is typed instead."""
    form = client_of(ECONOMIST).get(CHANGE).context["form"]
    shown = {field.name: str(field.value()) for field in form if field.value()}
    return {**shown, **{name.replace("__", "-"): value for name, value in given.items()}}


def plan_meeting(on: date, announced: date | None = None) -> Decision:
    return Decision.objects.create(
        stage="planned", body="board", kind="adopt_budget", text="Budget 2027", meeting_on=on, announced_on=announced
    )


@pytest.mark.parametrize("name", INSIDE)
def test_everybody_inside_reads_the_clock_and_its_file(name: str) -> None:
    for page in (PAGE, CALENDAR):
        assert client_of(name).get(page).status_code == 200
    assert client_of(name).get(CHANGE).status_code == (200 if name == ECONOMIST else 403)


@pytest.mark.parametrize("name", OUTSIDE)
def test_nobody_outside_reads_it(name: str) -> None:
    for page in (PAGE, CALENDAR, CHANGE, PAGE.replace("2027", "2026")):
        assert client_of(name).get(page).status_code in (403, 404)


def test_days_of_the_meeting_follow_from_its_decision_and_move_with_it() -> None:
    decision = plan_meeting(date(2026, 12, 17))
    found = days()
    assert (found["meeting"].on, found["announce"].on) == (date(2026, 12, 17), date(2026, 12, 10))
    assert not found["announce"].is_done
    Decision.objects.filter(pk=decision.pk).update(meeting_on=date(2026, 12, 10), announced_on=date(2026, 12, 2))
    found = days()
    assert (found["announce"].on, found["announce"].is_done) == (date(2026, 12, 3), True)


def test_set_meeting_counts_until_a_decision_is_planned() -> None:
    ClockStep.objects.create(budget=get_budget(), code="meeting", on=date(2026, 12, 16))
    assert days()["announce"].on == date(2026, 12, 9)
    plan_meeting(date(2026, 12, 17))
    assert days()["announce"].on == date(2026, 12, 10)


def test_adopted_budget_tells_the_days_of_its_minutes() -> None:
    budget = get_budget("budget-2026")
    decision = budget.adopted_by
    assert decision is not None
    Decision.objects.filter(pk=decision.pk).update(
        meeting_on=date(2025, 6, 12), approved_on=date(2025, 6, 12), noticed_on=date(2025, 6, 13), legal_force_on=None
    )
    found = days("budget-2026")
    assert (found["minutes"].on, found["minutes"].done_on) == (date(2025, 6, 14), date(2025, 6, 13))
    assert found["appeal"].on == date(2025, 7, 4)
    assert found["meeting"].is_done


def test_submitting_is_done_when_every_sub_budget_is_past_it() -> None:
    Budget.objects.filter(slug="budget-2027").update(due_on=timezone.localdate() - timedelta(days=1))
    assert days()["submit"].state(timezone.localdate()) == StepState.LATE
    SubBudget.objects.filter(budget=get_budget()).update(status="submitted")
    found = days()
    assert found["submit"].is_done
    assert not found["approve"].is_done


def test_own_deadline_is_a_step_of_its_own() -> None:
    SubBudget.objects.filter(budget=get_budget(), slug="klient").update(own_due_on=date(2026, 12, 4))
    page = client_of(ECONOMIST, "en").get(PAGE).content.decode()
    assert days()["submit_one"].on == date(2026, 12, 4)
    assert 'href="/budgets/budget-2027/sub-budgets/klient/"' in page


def test_accounts_and_interim_have_their_last_day_by_law_unless_another_is_set() -> None:
    found = days()
    assert (found["accounts"].on, found["interim"].on) == (date(2026, 4, 15), date(2026, 10, 31))
    ClockStep.objects.create(budget=get_budget(), code="interim_end", on=date(2026, 6, 30))
    ClockStep.objects.create(budget=get_budget(), code="accounts", on=date(2026, 4, 1), done_on=date(2026, 4, 2))
    found = days()
    assert (found["accounts"].on, found["accounts"].done_on) == (date(2026, 4, 1), date(2026, 4, 2))
    assert (found["interim"].on, found["accounts"].rule_on) == (date(2026, 8, 31), date(2026, 4, 15))


def test_link_leads_only_who_may_act() -> None:
    for name, leads in ((ECONOMIST, True), (MANAGER, False)):
        page = client_of(name, "en").get(PAGE).content.decode()
        section = page[page.index('<ol class="clock">') :]
        assert ('href="/decisions/"' in section) == leads


def test_economist_sets_days_ticks_steps_and_adds_one_of_the_federations_own() -> None:
    client = client_of(ECONOMIST, "en")
    sent = typed(
        on__price_letter="2026-09-30", done__accounts="2026-04-14", name__own0="Boards breakfast", on__own0="2026-12-01"
    )
    assert client.post(CHANGE, sent).status_code == 302
    found = days()
    assert found["price_letter"].on == date(2026, 9, 30)
    assert found["accounts"].done_on == date(2026, 4, 14)
    assert (found["own"].subject, found["own"].on) == ("Boards breakfast", date(2026, 12, 1))
    cleared = typed(name__own0="", on__own0="")
    assert client.post(CHANGE, cleared).status_code == 302
    assert "own" not in days()


def test_nothing_is_stored_of_what_nobody_typed() -> None:
    client_of(ECONOMIST).post(CHANGE, typed())
    assert not ClockStep.objects.exists()


def test_days_changed_meanwhile_are_shown_and_what_was_typed_is_kept() -> None:
    sent = typed(on__price_letter="2026-09-30")
    ClockStep.objects.create(budget=get_budget(), code="councils", on=date(2026, 6, 30))
    client = client_of(ECONOMIST, "en")
    answer = client.post(CHANGE, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2026-06-30 is saved now" in page
    assert 'value="2026-09-30"' in page
    seen = answer.context["form"]["seen"].value()
    assert client.post(CHANGE, {**sent, "seen": seen}).status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"on__price_letter": "2226-09-30"}, "far from today"),
        ({"done__accounts": "2030-01-01"}, "has not come yet"),
        ({"on__own0": "2026-12-01"}, "Write what the step is called"),
        ({"on__price_letter": "soon"}, ""),
    ],
)
def test_bad_day_is_said_at_its_field(given: dict[str, str], said: str) -> None:
    answer = client_of(ECONOMIST, "en").post(CHANGE, typed(**given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ClockStep.objects.exists()


def test_calendar_holds_each_dated_step_once_and_names_the_page() -> None:
    plan_meeting(date(2026, 12, 17))
    answer = client_of(ECONOMIST, "en").get(CALENDAR)
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    dated = [day for day in load_clock(get_budget(), get_user(ECONOMIST)) if day.on]
    assert text.count("BEGIN:VEVENT") == len(dated)
    uids = [line for line in text.split("\r\n") if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)
    assert "DTSTART;VALUE=DATE:20261210" in text


def test_assumed_day_is_marked_until_somebody_sets_it_or_a_fact_does() -> None:
    ClockStep.objects.create(budget=get_budget(), code="meeting", on=date(2026, 12, 16), provenance="assumed")
    ClockStep.objects.create(budget=get_budget(), name="Beredning", on=date(2026, 12, 1), provenance="assumed")
    found = days()
    assert [found[code].is_assumed for code in ("meeting", "announce", "own", "accounts")] == [True, True, True, False]
    assert client_of(ECONOMIST, "en").get(PAGE).content.decode().count('class="assumed"') == 4
    assert client_of(ECONOMIST).post(CHANGE, typed(on__meeting="2026-12-17")).status_code == 302
    found = days()
    assert [found[code].is_assumed for code in ("meeting", "announce", "own")] == [False, False, True]
    ClockStep.objects.filter(code="meeting").update(provenance="assumed")
    plan_meeting(date(2026, 12, 18))
    assert not days()["meeting"].is_assumed
