"""The days of a budget's year: each computed where it follows from a fact, else as people set it.

A provider yields the days of one kind of thing. To show the last day of notice of contracts, or anything else that has a
day, a provider is added to PROVIDERS: nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from budgets.models import Budget, ClockStep, SubBudget
from budgets.selectors.starting import find_start
from budgets.selectors.workflow import list_way
from engine import clock
from engine.clock import StepState, find_state
from forecasts.selectors import list_framework_states
from investments.models import Loan
from objects.models import Decision, ObjectPlan
from objects.selectors.contracts import list_contracts, list_days
from objects.selectors.decisions import list_next_items
from records.models import Provenance

if TYPE_CHECKING:
    from accounts.models import User

Status = SubBudget.Status


@dataclass(frozen=True)
class ClockDay:
    """A step of the year and its day, None where it is not known yet; `done_on` may be unknown of what is done.

    `code` says what it is, `subject` about what, and `facts` what is said of it. `decision` is the page of a decision,
    `rule_on` the last day by law, where the step is planned for another one. An assumed day is one that nobody stands up for.
    """

    code: str
    on: date | None
    is_done: bool = False
    done_on: date | None = None
    subject: object = ""
    who: str = ""
    decision: Decision | None = None
    rule_on: date | None = None
    is_assumed: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)

    def state(self, today: date) -> StepState:
        """Return what it is worth on a day."""
        return find_state(self.on, is_done=self.is_done, today=today)


@dataclass(frozen=True)
class Asked:
    """What providers are asked: a budget, its clock's year, who reads and when, and what people have set, by code."""

    budget: Budget
    year: int
    reader: User
    today: date
    typed: Mapping[str, ClockStep]
    own: list[ClockStep]
    way: list[SubBudget]
    decision: Decision | None

    def day_of(self, code: str) -> date | None:
        """Return the day that is set for a step."""
        return self.typed[code].on if code in self.typed else None

    def is_assumed(self, code: str) -> bool:
        """Return whether the day that is set for a step is a guess."""
        return code in self.typed and self.typed[code].provenance == Provenance.ASSUMED

    def done_of(self, code: str) -> date | None:
        """Return the day on which somebody said that a step is done."""
        return self.typed[code].done_on if code in self.typed else None


Provider = Callable[[Asked], Iterator[ClockDay]]


def load_clock(budget: Budget, reader: User) -> list[ClockDay]:
    """Return the days of a budget's year in their order; those without a day come last."""
    steps = list(ClockStep.objects.visible_to(reader).filter(budget=budget))
    asked = Asked(
        budget=budget,
        year=clock.clock_year(budget.fiscal_year),
        reader=reader,
        today=timezone.localdate(),
        typed={step.code: step for step in steps if step.code},
        own=[step for step in steps if not step.code],
        way=list_way(budget, reader),
        decision=_find_decision(budget, reader),
    )
    days = [replace(day, is_assumed=_is_assumed(day, asked)) for provider in PROVIDERS for day in provider(asked)]
    return sorted(days, key=lambda day: (day.on is None, day.on or date.max))


def _is_assumed(day: ClockDay, asked: Asked) -> bool:
    """Return whether a step's day is a guess, or follows from one."""
    set_by = {"announce": "meeting"}.get(day.code, day.code)
    is_planned = set_by == "meeting" and day.decision is not None and day.decision.meeting_on is not None
    return day.is_assumed or (asked.is_assumed(set_by) and not is_planned)


def _find_decision(budget: Budget, reader: User) -> Decision | None:
    """Return the decision that adopted the budget, else the board's next one that is planned to adopt one."""
    if budget.adopted_by is not None:
        return budget.adopted_by
    if budget.status != Budget.Status.DRAFT:
        return None
    planned = list_next_items(reader).filter(kind=Decision.Kind.ADOPT_BUDGET, body=Decision.Body.BOARD)
    year = clock.clock_year(budget.fiscal_year)
    return planned.filter(meeting_on__year__in=(year, budget.fiscal_year)).first()


def list_started(asked: Asked) -> Iterator[ClockDay]:
    """Yield the start of the budget, and that of the next one."""
    start = find_start(asked.reader, asked.budget)
    if start is not None:
        day = timezone.localtime(asked.budget.created_at).date()
        yield ClockDay("started", day, is_done=True, done_on=day, subject=start.source.name)
    newer = Budget.objects.visible_to(asked.reader).filter(
        fiscal_year=asked.budget.fiscal_year + 1, kind=Budget.Kind.ORIGINAL
    )
    found = newer.first()
    made_on = timezone.localtime(found.created_at).date() if found else None
    on = asked.day_of("next_start") or made_on
    facts = {"year": asked.budget.fiscal_year + 1}
    yield ClockDay("next_start", on, is_done=found is not None, done_on=made_on, facts=facts)


def list_object_plans(asked: Asked) -> Iterator[ClockDay]:
    """Yield the day by which the objects' plans for the budget's year are agreed on."""
    objects = {row.governance_object_id for row in asked.way if row.governance_object_id}
    year = asked.budget.fiscal_year
    plans = ObjectPlan.objects.visible_to(asked.reader).filter(from_year__lte=year, to_year__gte=year)
    agreed = plans.filter(state=ObjectPlan.State.AGREED, governance_object__in=objects)
    count = agreed.values("governance_object").distinct().count()
    done_on = asked.done_of("object_plans")
    is_done = bool(done_on) or (bool(objects) and count == len(objects))
    facts = {"count": count, "all": len(objects)}
    yield ClockDay("object_plans", asked.day_of("object_plans"), is_done=is_done, done_on=done_on, facts=facts)


def list_deadlines(asked: Asked) -> Iterator[ClockDay]:
    """Yield when sub-budgets are submitted and approved: the budget's days, and those of a sub-budget's own."""
    adopted = asked.budget.status != Budget.Status.DRAFT
    passed = {"submit": {Status.DRAFT}, "approve": {Status.DRAFT, Status.SUBMITTED}}
    of_budget = {"submit": asked.budget.due_on, "approve": asked.budget.approval_due_on}
    for code, waiting in passed.items():
        done = [row for row in asked.way if adopted or row.status not in waiting]
        facts = {"count": len(done), "all": len(asked.way)}
        is_done = len(done) == len(asked.way) and bool(asked.way)
        yield ClockDay(code, of_budget[code], is_done=is_done, facts=facts)
        for row in asked.way:
            own = row.own_due_on if code == "submit" else row.own_approval_due_on
            if own:
                yield ClockDay(f"{code}_one", own, is_done=row in done, subject=row)


def list_adoption(asked: Asked) -> Iterator[ClockDay]:
    """Yield the meeting that sets the budget, and what the law asks before and after it."""
    found, is_adopted = asked.decision, asked.budget.is_adopted
    meeting = (found.meeting_on if found else None) or asked.day_of("meeting")
    announced = found.announced_on if found else None
    by = clock.announce_meeting_by(meeting)
    # Of what is decided long ago the day of announcing may be unknown: it is not late any more.
    yield ClockDay(
        "announce", by, is_done=announced is not None or is_adopted, done_on=announced, decision=found,
        facts={"meeting": meeting},
    )  # fmt: skip
    yield ClockDay("meeting", meeting, is_done=is_adopted, decision=found, done_on=meeting if is_adopted else None)
    approved, noticed = (found.approved_on, found.noticed_on) if found else (None, None)
    by = clock.post_minutes_by(approved) or noticed
    yield ClockDay(
        "minutes", by, is_done=noticed is not None, done_on=noticed, decision=found, facts={"approved": approved}
    )
    appeal = None
    if found and found.noticed_on:
        appealed = found.appealed_on is not None
        appeal = clock.appeal_by(found.noticed_on, entered_on=found.legal_force_on, is_appealed=appealed)
    is_over = appeal is not None and appeal < asked.today
    facts = {"noticed": noticed, "force": appeal + timedelta(days=1) if appeal else None}
    yield ClockDay("appeal", appeal, is_done=is_over, done_on=appeal if is_over else None, decision=found, facts=facts)


def list_frameworks(asked: Asked) -> Iterator[ClockDay]:
    """Yield the councils' day, and guarantee decisions that become ten years old this year or the next."""
    states = list_framework_states(asked.reader)
    awaited = [state for state in states if state.missing]
    missing = [council.municipality.name for state in awaited for council in state.missing]
    if awaited or asked.day_of("councils"):
        done_on = asked.done_of("councils")
        yield ClockDay(
            "councils", asked.day_of("councils"), is_done=not missing or bool(done_on), done_on=done_on,
            facts={"missing": missing},
        )  # fmt: skip
    for state in states:
        decided = state.framework.decided_by.meeting_on if state.framework.decided_by else None
        by = clock.review_guarantee_by(decided) if decided else None
        if by and asked.year <= by.year <= asked.year + 1:
            yield ClockDay("guarantee", by, decision=state.framework.decided_by, facts={"decided": decided})


def list_loans(asked: Asked) -> Iterator[ClockDay]:
    """Yield the loans whose last instalment is paid this year."""
    loans = Loan.objects.visible_to(asked.reader).annotate(last=Max("instalments__year")).filter(last=asked.year)
    for loan in loans:
        day = date(asked.year, 12, 31)
        yield ClockDay("loan", day, is_done=day < asked.today, subject=loan.name)


def list_contract_days(asked: Asked) -> Iterator[ClockDay]:
    """Yield the last days of notice of contracts, and their ends, this year."""
    for found in list_days(list_contracts(asked.reader)):
        if found.day.year == asked.year:
            code = "notice" if found.is_notice else "contract_ends"
            yield ClockDay(code, found.day, is_done=found.day < asked.today, subject=str(found.contract))


def list_accounts(asked: Asked) -> Iterator[ClockDay]:
    """Yield the accounts of the year before, and the interim report, with their last days by law."""
    by = clock.accounts_by(asked.year)
    done = asked.done_of("accounts")
    on = asked.day_of("accounts") or by
    yield ClockDay("accounts", on, is_done=done is not None, done_on=done, rule_on=by, facts={"year": asked.year - 1})
    end = clock.find_interim_end(asked.year, asked.day_of("interim_end"))
    by = clock.interim_by(end)
    done = asked.done_of("interim")
    on = asked.day_of("interim") or by
    yield ClockDay("interim", on, is_done=done is not None, done_on=done, rule_on=by, facts={"end": end})


def list_set(asked: Asked) -> Iterator[ClockDay]:
    """Yield what people set the days of and tick: the price letter, and the federation's own steps."""
    done = asked.done_of("price_letter")
    facts = {"year": asked.budget.fiscal_year}
    yield ClockDay("price_letter", asked.day_of("price_letter"), is_done=done is not None, done_on=done, facts=facts)
    for step in asked.own:
        is_done = step.done_on is not None
        yield ClockDay(
            "own", step.on, is_done=is_done, done_on=step.done_on, subject=step.name, who=step.who,
            is_assumed=step.provenance == Provenance.ASSUMED,
        )  # fmt: skip


PROVIDERS: tuple[Provider, ...] = (
    list_started,
    list_object_plans,
    list_deadlines,
    list_adoption,
    list_frameworks,
    list_loans,
    list_contract_days,
    list_accounts,
    list_set,
)
