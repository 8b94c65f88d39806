"""The form by which a budget is started from another one; its clean values are a `StartPlan`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import COST_KINDS, Budget, BudgetProduct, IndexRate, SubBudget
from budgets.services.starting import (
    ChosenIndex,
    Days,
    Part,
    StartKind,
    StartPlan,
    choose_rate,
    find_newest_rates,
    list_indexed_kinds,
    list_rates,
)
from pages.budget_name import NamesBudget
from records.models import Provenance
from web.days import DayFormField
from web.fields import NumberField
from web.names import name_of
from web.numbers import format_quantity

NEW, NO_INDEX = "new", "none"
KINDS = (
    (StartKind.NEXT.value, gettext_lazy("The next year's budget")),
    (StartKind.FORECAST.value, gettext_lazy("A forecast budget of the same year")),
    (StartKind.EMPTY.value, gettext_lazy("The next year's budget, without amounts")),
)
LONGEST_SOURCE = 200
OF_KIND = '<span class="visually-hidden">{}: </span>{}'


class StartForm(NamesBudget):
    """What is copied, which products end, which index raises each kind, and the days."""

    use_required_attribute = False
    source = forms.ChoiceField(label=pgettext_lazy("of a budget", "Made from"))
    kind = forms.ChoiceField(label=gettext_lazy("What is made"), choices=KINDS)
    name = forms.CharField(label=gettext_lazy("Name of the new budget"), max_length=120)
    copies_products = forms.BooleanField(label=gettext_lazy("Products"), required=False)
    copies_keys = forms.BooleanField(label=gettext_lazy("Allocation keys"), required=False)
    copies_lines = forms.BooleanField(label=gettext_lazy("Cost lines"), required=False)
    keeps_notes = forms.BooleanField(label=gettext_lazy("Notes on the lines"), required=False)
    ended = forms.MultipleChoiceField(
        label=gettext_lazy("Products that end"), required=False, widget=forms.CheckboxSelectMultiple
    )
    due_on = DayFormField(label=gettext_lazy("Submitted at the latest"), required=False, back=0, ahead=5)
    approval_due_on = DayFormField(
        label=gettext_lazy("Approved by the steering groups at the latest"), required=False, back=0, ahead=5
    )

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        source: Budget,
        sources: list[Budget],
        products: list[BudgetProduct],
        sub_budgets: list[SubBudget],
    ) -> None:
        self.budget, self.products, self.sub_budgets = source, products, sub_budgets
        self.year = source.years[2] + 1
        super().__init__(data, initial=self._list_initial())
        chosen = [(row.slug, f"{row.title}, {row.stage}") for row in sources]
        cast(forms.ChoiceField, self.fields["source"]).choices = chosen
        labels = [(str(row.lineage), f"{row.name} ({name_of(row.sub_budget)})") for row in products]
        cast(forms.MultipleChoiceField, self.fields["ended"]).choices = labels
        # Until a year has rates of its own, those of the year before are proposed, as assumed.
        self.rates = [*list_rates(self.year), *list_rates(self.year - 1)]
        self._add_index_fields()
        self._add_own_days()

    def _list_initial(self) -> dict[str, object]:
        return {
            "source": self.budget.slug,
            "kind": StartKind.NEXT.value,
            "name": f"Budget {self.budget.fiscal_year + 1}",
            **dict.fromkeys(("copies_products", "copies_keys", "copies_lines", "keeps_notes"), True),
        }

    def _add_index_fields(self) -> None:
        newest = find_newest_rates(self.rates, self.year, timezone.localdate())
        for kind in list_indexed_kinds():
            label = dict(COST_KINDS)[kind]
            options = [(_key(rate), _say_rate(rate, self.year)) for rate in self.rates if rate.cost_kind == kind]
            first = _key(newest[kind]) if kind in newest else NO_INDEX
            options += [(NO_INDEX, _("No index: the last year repeats")), (NEW, _("Another percentage"))]
            self.fields[f"rate-{kind}"] = forms.ChoiceField(label=label, choices=options, initial=first)
            self.fields[f"percent-{kind}"] = NumberField(
                label=format_html(OF_KIND, label, _("Per cent")),
                required=False,
                decimal_places=3,
                min_value=Decimal("-99.999"),
                max_value=Decimal("999.999"),
            )
            self.fields[f"why-{kind}"] = forms.CharField(
                label=format_html(OF_KIND, label, _("Where it comes from")), required=False, max_length=LONGEST_SOURCE
            )

    def _add_own_days(self) -> None:
        words = {"due": _("submitted at the latest"), "approval": _("approved at the latest")}
        for row in self.sub_budgets:
            for name, said in words.items():
                label = f"{name_of(row)}, {said}"
                self.fields[f"{name}-{row.slug}"] = DayFormField(label=label, required=False, back=0, ahead=5)

    @property
    def index_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Yield of each kind its rate, its percentage and where that comes from."""
        for kind in list_indexed_kinds():
            yield self[f"rate-{kind}"], self[f"percent-{kind}"], self[f"why-{kind}"]

    @property
    def own_days(self) -> Iterator[tuple[SubBudget, forms.BoundField, forms.BoundField]]:
        """Yield each sub-budget with its two days."""
        for row in self.sub_budgets:
            yield row, self[f"due-{row.slug}"], self[f"approval-{row.slug}"]

    @property
    def has_own_days(self) -> bool:
        """Whether a sub-budget is given a day of its own, right or wrong, so that it is not folded away."""
        return any(field.value() or field.errors for _row, *days in self.own_days for field in days)

    def clean(self) -> dict[str, object]:
        """Ask for what a choice needs."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        for kind in list_indexed_kinds():
            if cleaned.get(f"rate-{kind}") != NEW:
                continue
            if cleaned.get(f"percent-{kind}") is None and f"percent-{kind}" not in self.errors:
                self.add_error(f"percent-{kind}", _("Write the percentage."))
            if not cleaned.get(f"why-{kind}"):
                self.add_error(
                    f"why-{kind}", _("Write where the percentage comes from, such as a forecast and its date.")
                )
        if cleaned.get("copies_lines") and not cleaned.get("copies_products"):
            self.add_error("copies_products", _("The lines belong to the products: copy both, or neither."))
        return cleaned

    def get_plan(self) -> StartPlan:
        """Return what was chosen."""
        chosen = self.cleaned_data
        ended = set(chosen["ended"])
        return StartPlan(
            name=chosen["name"],
            slug=chosen["slug"],
            kind=StartKind(chosen["kind"]),
            parts=frozenset(part for part in Part if chosen[f"copies_{part}"]),
            ended=[row.lineage for row in self.products if str(row.lineage) in ended],
            keeps_notes=chosen["keeps_notes"],
            indexes=self._get_indexes(),
            due_on=chosen["due_on"],
            approval_due_on=chosen["approval_due_on"],
            own_days=self._get_own_days(),
        )

    def _get_indexes(self) -> dict[str, ChosenIndex]:
        known = {(rate.cost_kind, _key(rate)): choose_rate(rate, self.year) for rate in self.rates}
        indexes = {}
        for kind in list_indexed_kinds():
            rate = self.cleaned_data[f"rate-{kind}"]
            if rate == NEW:
                percent, why = self.cleaned_data[f"percent-{kind}"], self.cleaned_data[f"why-{kind}"]
                indexes[kind] = ChosenIndex(percent, timezone.localdate(), source_text=why, is_new=True)
            elif rate != NO_INDEX:
                indexes[kind] = known[kind, rate]
        return indexes

    def _get_own_days(self) -> dict[str, Days]:
        days: dict[str, tuple[date | None, date | None]] = {
            row.slug: (self.cleaned_data[f"due-{row.slug}"], self.cleaned_data[f"approval-{row.slug}"])
            for row in self.sub_budgets
        }
        return {slug: own for slug, own in days.items() if any(own)}


def _key(rate: IndexRate) -> str:
    return f"{rate.year}:{rate.valid_from_on.isoformat()}"


def _say_rate(rate: IndexRate, year: int) -> str:
    chosen = choose_rate(rate, year)
    parts = [f"{format_quantity(rate.percent)} %", chosen.source_text]
    parts += [_("decided %(day)s") % {"day": date_format(rate.valid_from_on, "Y-m-d")}]
    return ", ".join([*filter(None, parts), str(Provenance(chosen.provenance).label)])
