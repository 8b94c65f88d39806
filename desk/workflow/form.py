"""The forms of a sub-budget's steps and of a budget's: deadlines, compile, reopen, adopt, revise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Action, Budget
from budgets.models.workflow import LONGEST_COMMENT, NEED_COMMENT
from budgets.services.compiling import DEADLINES, OWN_DEADLINES, OwnDays
from desk.workflow.words import warn_of_announcement
from engine.days import DayKind
from forecasts.selectors.adoption import list_free_decisions
from objects.words import name_decision
from pages.budget_name import NamesBudget
from records.services.stale import digest_of
from web.days import DayFormField
from web.fields import AsksAboutSlips, NumberField
from web.names import name_of

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import User
    from budgets.models import SubBudget
    from objects.models import Decision

    DecisionChoiceField = forms.ModelChoiceField[Decision]
else:
    DecisionChoiceField = forms.ModelChoiceField


class DeadlineForm(AsksAboutSlips, forms.Form):
    """When sub-budgets are to be submitted and approved, and which jump asks for a note."""

    use_required_attribute = False
    due_on = DayFormField(
        label=gettext_lazy("Submitted at the latest"), required=False, back=5, ahead=5, kind=DayKind.COMING
    )
    approval_due_on = DayFormField(
        label=gettext_lazy("Approved by the steering groups at the latest"),
        required=False,
        back=5,
        ahead=5,
        kind=DayKind.COMING,
    )
    jump_percent = NumberField(
        decimal_places=1,
        min_value=0,
        max_value=1000,
        label=gettext_lazy("Ask for an explanation of changes above this many per cent"),
        help_text=gettext_lazy("Against the year before, line by line. It warns before a sub-budget is submitted."),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Mapping[str, object] | None = None, *, budget: Budget) -> None:
        self.fiscal_year = budget.fiscal_year
        stored = {name: getattr(budget, name) for name in DEADLINES}
        super().__init__(data, initial={**stored, "seen": digest_of(budget, DEADLINES)})

    def clean_seen(self) -> str | None:
        """Return the digest of what was shown."""
        return self.cleaned_data["seen"] or None

    def say_values(self) -> str:
        """Return what is stored, as the form shows it."""
        shown = [(self[name].label, self.fields[name].prepare_value(self.initial[name])) for name in DEADLINES]
        return "; ".join(f"{label}: {value if value is not None else '–'}" for label, value in shown)


class BudgetStepForm(forms.Form):
    """What is said with a step of the budget."""

    use_required_attribute = False
    comment = forms.CharField(
        label=gettext_lazy("Comment (optional)"),
        help_text=gettext_lazy("Everybody inside the federation reads it."),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 4}),
    )


class ReopenForm(BudgetStepForm):
    """Why a budget is opened again."""

    comment = forms.CharField(
        label=gettext_lazy("Why is it opened again?"),
        help_text=gettext_lazy("Everybody inside the federation reads it."),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Write why, so that those who continue know what to do.")},
    )


class CompileForm(BudgetStepForm):
    """Which sub-budgets are compiled though nobody has approved them; those of the form are `missing`."""

    def __init__(self, data: QueryDict | None = None, *, missing: list[SubBudget]) -> None:
        super().__init__(data)
        self.missing = missing
        self.shown: list[str] = data.getlist("missing") if data else []
        if missing:
            self.fields["confirmed"] = forms.BooleanField(
                label=_("Compile them as they are, without approval"),
                error_messages={"required": _("Wait for them, or confirm that they are compiled as they are.")},
            )
            self.order_fields(["confirmed", "comment"])

    def get_confirmed(self) -> list[str]:
        """Return the slugs of those that were shown and confirmed."""
        return self.shown if self.cleaned_data.get("confirmed") else []


class DecisionField(DecisionChoiceField):
    """A choice of decision by its place in the minutes and its text, with what is wrong with its announcement."""

    widget = forms.RadioSelect

    def label_from_instance(self, obj: Decision) -> str:
        """Return the shown words."""
        warning = warn_of_announcement(obj)
        return name_decision(obj) + (f" ({warning})" if warning else "")


class AdoptForm(forms.Form):
    """The decision by which a budget is adopted, and why its result is negative, where it is."""

    use_required_attribute = False
    decision = DecisionField(
        label=pgettext_lazy("of the board", "Decision"),
        queryset=None,
        to_field_name="uuid",
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the decision by which the budget is adopted."),
            "invalid_choice": gettext_lazy("Choose a decision to adopt a budget that no budget is adopted by yet."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is the result negative?"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("The result is negative. Write the reason for it.")},
    )

    def __init__(
        self, data: Mapping[str, object] | None = None, *, user: User, is_negative: bool, asked: str = ""
    ) -> None:
        """`asked` is the uuid of the decision whose page led here; the only one there is is chosen too."""
        super().__init__(data)
        free = list_free_decisions(user)
        cast(DecisionField, self.fields["decision"]).queryset = free
        known = [str(uuid) for uuid in free.values_list("uuid", flat=True)]
        self.has_no_choice = not known
        self.initial["decision"] = asked if asked in known else known[0] if len(known) == 1 else None
        if not is_negative:
            del self.fields["reason"]


class ReviseForm(NamesBudget):
    """What a revised budget is called, from which its address follows, and when its sub-budgets are due."""

    use_required_attribute = False
    name = forms.CharField(label=gettext_lazy("Name of the revised budget"), max_length=120)
    due_on = DayFormField(
        label=gettext_lazy("Submitted at the latest"),
        back=0,
        ahead=5,
        error_messages={"required": gettext_lazy("Write the day by which the objects are to submit.")},
    )
    approval_due_on = DayFormField(
        label=gettext_lazy("Approved by the steering groups at the latest"),
        back=0,
        ahead=5,
        error_messages={"required": gettext_lazy("Write the day by which the steering groups are to approve.")},
    )


class OwnDeadlineForm(forms.Form):
    """Days of each sub-budget's own; what is left empty is the budget's."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, object] | None = None, *, sub_budgets: list[SubBudget]) -> None:
        super().__init__(data)
        self.sub_budgets = sub_budgets
        labels = {"own_due_on": _("submitted at the latest"), "own_approval_due_on": _("approved at the latest")}
        for row in sub_budgets:
            for name in OWN_DEADLINES:
                label = f"{name_of(row)}, {labels[name]}"
                options = {"required": False, "back": 5, "ahead": 5, "initial": getattr(row, name), "label": label}
                self.fields[f"{name}-{row.slug}"] = DayFormField(**options)
            seen = forms.CharField(required=False, widget=forms.HiddenInput(), initial=digest_of(row, OWN_DEADLINES))
            self.fields[f"seen-{row.slug}"] = seen

    @property
    def rows(self) -> Iterator[tuple[SubBudget, list[forms.BoundField], forms.BoundField]]:
        """Yield each sub-budget with its two fields and its hidden one."""
        for row in self.sub_budgets:
            yield row, [self[f"{name}-{row.slug}"] for name in OWN_DEADLINES], self[f"seen-{row.slug}"]

    def get_days(self) -> list[OwnDays]:
        """Return what was typed."""
        typed = self.cleaned_data
        return [
            OwnDays(
                row.slug,
                own_due_on=typed[f"own_due_on-{row.slug}"],
                own_approval_due_on=typed[f"own_approval_due_on-{row.slug}"],
                seen=typed[f"seen-{row.slug}"] or None,
            )
            for row in self.sub_budgets
        ]


class SubBudgetStepForm(forms.Form):
    """What is said with a step; needed where it undoes what others have done."""

    use_required_attribute = False
    comment = forms.CharField(max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Mapping[str, object] | None = None, *, action: Action) -> None:
        super().__init__(data)
        labels = {Action.RETURN: _("What is to be changed?"), Action.UNLOCK: _("Why is it unlocked?")}
        field = self.fields["comment"]
        field.required = action in NEED_COMMENT
        field.label = labels.get(action, _("Comment (optional)"))
        field.help_text = _("Everybody inside the federation reads it.")
        field.error_messages["required"] = _("Write why, so that those who continue know what to do.")


class ReadForm(forms.Form):
    """Up to which event the changes were read; empty for all there are."""

    mark = forms.IntegerField(min_value=0, max_value=2**62, required=False, widget=forms.HiddenInput())
