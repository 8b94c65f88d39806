"""The form of a year's days: the known steps, and those of the federation's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Budget, ClockStep
from budgets.services.clock import TypedStep, mark_clock
from engine.clock import TYPED, clock_year, find_interim_end
from web.days import DayFormField

LABELS = {
    "object_plans": gettext_lazy("The object plans are agreed on"),
    "meeting": gettext_lazy("The board's meeting, until it is planned among the decisions"),
    "councils": gettext_lazy("The councils have decided on the borrowing framework"),
    "price_letter": gettext_lazy("The price letter goes to the members"),
    "accounts": gettext_lazy("The accounts are handed to the members"),
    "interim_end": gettext_lazy("Last day of the interim report's period"),
    "interim": gettext_lazy("The interim report is handed over"),
    "next_start": gettext_lazy("The next year's budget is started"),
}
# What no fact tells of is ticked by a person.
TICKED = ("object_plans", "councils", "price_letter", "accounts", "interim")
EMPTY_ROWS = 2
OF_STEP = '<span class="visually-hidden">{}: </span>{}'


class ClockForm(forms.Form):
    """Days of known steps with the day they were done, and the federation's own steps."""

    use_required_attribute = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Mapping[str, object] | None = None, *, budget: Budget) -> None:
        self.budget = budget
        super().__init__(data, initial={"seen": mark_clock(budget)})
        steps = list(ClockStep.objects.filter(budget=budget).order_by("on", "pk"))
        self.known = {step.code: step for step in steps if step.code}
        self.own: list[ClockStep | None] = [*(step for step in steps if not step.code), *([None] * EMPTY_ROWS)]
        for code in TYPED:
            self._add_known(code)
        for number, step in enumerate(self.own):
            self._add_own(number, step)

    def _add_known(self, code: str) -> None:
        step = self.known.get(code)
        default = find_interim_end(clock_year(self.budget.fiscal_year), None) if code == "interim_end" else None
        on = step.on if step else default
        self.fields[f"on-{code}"] = DayFormField(label=LABELS[code], initial=on, required=False, back=5, ahead=12)
        if code in TICKED:
            label = format_html(OF_STEP, LABELS[code], _("Done on"))
            done = step.done_on if step else None
            self.fields[f"done-{code}"] = DayFormField(label=label, initial=done, required=False, back=5, ahead=0)

    def _add_own(self, number: int, step: ClockStep | None) -> None:
        name = step.name if step else _("New step")
        days = {"on": (_("Day"), 12), "done": (_("Done on"), 0)}
        texts = {"name": (_("Name"), 120), "who": (_("Who does it"), 80)}
        for key, (said, longest) in texts.items():
            value = getattr(step, key) if step else ""
            label = format_html(OF_STEP, name, said)
            self.fields[f"{key}-own{number}"] = forms.CharField(
                label=label, initial=value, required=False, max_length=longest
            )
        for key, (said, ahead) in days.items():
            value = getattr(step, "on" if key == "on" else "done_on") if step else None
            label = format_html(OF_STEP, name, said)
            self.fields[f"{key}-own{number}"] = DayFormField(
                label=label, initial=value, required=False, back=5, ahead=ahead
            )
        uuid = str(step.uuid) if step else ""
        self.fields[f"uuid-own{number}"] = forms.UUIDField(initial=uuid, required=False, widget=forms.HiddenInput())

    @property
    def known_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField | None]]:
        """Yield each known step's day, and the day it was done where a person says so."""
        for code in TYPED:
            yield self[f"on-{code}"], self[f"done-{code}"] if code in TICKED else None

    @property
    def own_rows(self) -> Iterator[list[forms.BoundField]]:
        """Yield the fields of each of the federation's own steps; the last is hidden."""
        for number in range(len(self.own)):
            yield [self[f"{key}-own{number}"] for key in ("name", "who", "on", "done", "uuid")]

    def clean(self) -> dict[str, object]:
        """Ask for a name of a step that has a day."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        for number in range(len(self.own)):
            has_day = cleaned.get(f"on-own{number}") or cleaned.get(f"done-own{number}")
            if has_day and not cleaned.get(f"name-own{number}"):
                self.add_error(f"name-own{number}", _("Write what the step is called, or clear its days."))
        return cleaned

    def get_steps(self) -> list[TypedStep]:
        """Return what was typed; 31 August, which counts without being set, is not stored."""
        typed = self.cleaned_data
        default = find_interim_end(clock_year(self.budget.fiscal_year), None)
        known = [TypedStep(code, on=typed[f"on-{code}"], done_on=typed.get(f"done-{code}")) for code in TYPED]
        known = [TypedStep(step.code) if (step.code, step.on) == ("interim_end", default) else step for step in known]
        return [*known, *(self._get_own(number) for number in range(len(self.own)))]

    def _get_own(self, number: int) -> TypedStep:
        name, who, on, done_on, uuid = (
            self.cleaned_data[f"{key}-own{number}"] for key in ("name", "who", "on", "done", "uuid")
        )
        return TypedStep("", name, who, on, done_on, uuid if isinstance(uuid, UUID) else None)

    def say_saved(self) -> list[str]:
        """Return what is saved now, for somebody who typed beside it."""
        rows = [*((str(LABELS[code]), step) for code, step in self.known.items())]
        rows += [(step.name, step) for step in self.own if step is not None]
        said = _("%(name)s: %(day)s is saved now.")
        return [said % {"name": name, "day": step.on or "–"} for name, step in rows]
