"""The forms of loans: one with days and rates of its own, one known as a debt on a day, and what a lender says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm
from investments.models.loan_terms import MOST_PERCENT
from investments.models.loans import DAYS_AHEAD, Between
from investments.selectors.loan_register import LOAN_FIELDS, STATEMENT_FIELDS, SUM_FIELDS, mark_loan
from investments.selectors.loan_terms import find_debt_on
from investments.services.loan_faults import LoanFault, find_statement_faults
from investments.services.loan_register import find_faults
from pages.forms import DigestForm, text_area
from web.days import DayFormField, YearFormField
from web.fields import NumberField, OreFormField, ask_at, type_number
from web.numbers import format_sek

EMPTY_TERMS, EMPTY_INSTALMENTS = 2, 6
FIXED = LoanTerm.Kind.FIXED.value
PLACES = {"terms": "term", "instalments": "instalment"}


@dataclass(frozen=True)
class FormRow:
    """A row of a table in the form: its number as a person counts, and its fields."""

    number: int
    fields: list[BoundField]


class RowsForm(DigestForm):
    """A loan with tables of rows; a row that is left empty is none."""

    terms_shown = 0
    instalments_shown = 0

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Loan) -> None:
        super().__init__(data, instance=instance)
        terms = list(instance.terms.order_by("from_on")) if instance.pk else []
        rows = list(instance.instalments.order_by("year", "due_on")) if instance.pk else []
        typed = list(data or ())
        if self.has_rates:
            self.terms_shown = max(len(terms) + EMPTY_TERMS, _count(typed, "term"))
            for place in range(self.terms_shown):
                self._add_term(place, terms[place] if place < len(terms) else None)
        self.instalments_shown = max(len(rows) + EMPTY_INSTALMENTS, _count(typed, "instalment"))
        for place in range(self.instalments_shown):
            self._add_instalment(place, rows[place] if place < len(rows) else None)

    has_rates = True

    def mark(self) -> str:
        """Return what tells the loan with its rows from any other state of it."""
        return mark_loan(self.instance)

    def _add_term(self, place: int, row: LoanTerm | None) -> None:
        how = FIXED if row is None or row.every_months is None else str(row.every_months)
        choices = [
            (FIXED, _("fixed")),
            *((str(key), _("variable, reset %(often)s") % {"often": label}) for key, label in Between.choices),
        ]
        number = place + 1
        self.fields |= {
            f"term_{place}_from_on": DayFormField(
                label=_("Rate, row %(number)s: from") % {"number": number}, required=False, ahead=DAYS_AHEAD,
                initial=row and row.from_on,
            ),
            f"term_{place}_rate_percent": NumberField(
                label=_("Rate, row %(number)s: per cent") % {"number": number}, required=False, max_digits=7,
                decimal_places=4, min_value=-MOST_PERCENT, max_value=MOST_PERCENT, initial=row and row.rate_percent,
            ),
            f"term_{place}_kind": forms.ChoiceField(
                label=_("Rate, row %(number)s: fixed or variable") % {"number": number}, required=False,
                choices=choices, initial=how,
            ),
            f"term_{place}_resets": forms.BooleanField(
                label=_("Rate, row %(number)s: set by the market that day") % {"number": number}, required=False,
                initial=bool(row and row.resets),
            ),
        }  # fmt: skip

    def _add_instalment(self, place: int, row: LoanInstalment | None) -> None:
        number = place + 1
        dated = {
            f"instalment_{place}_due_on": DayFormField(
                label=_("Instalment, row %(number)s: day") % {"number": number}, required=False, ahead=DAYS_AHEAD,
                initial=row and row.due_on,
            )
        }  # fmt: skip
        self.fields |= {
            **(dated if self.has_rates else {}),
            f"instalment_{place}_year": YearFormField(
                label=_("Instalment, row %(number)s: year") % {"number": number}, required=False,
                initial=row and (None if row.due_on else row.year),
            ),
            f"instalment_{place}_amount_ore": OreFormField(
                label=_("Instalment, row %(number)s: amount, SEK") % {"number": number}, required=False,
                initial=row and row.amount_ore,
            ),
        }  # fmt: skip

    def list_facts(self) -> list[BoundField]:
        """Return the fields of the loan itself."""
        return [self[name] for name in self.fields if name in self._meta.fields]  # type: ignore[operator]

    def list_terms(self) -> list[FormRow]:
        """Return the table of rates."""
        return list(self._list_rows("term", self.terms_shown))

    def list_instalments(self) -> list[FormRow]:
        """Return the table of instalments."""
        return list(self._list_rows("instalment", self.instalments_shown))

    def _list_rows(self, prefix: str, shown: int) -> Iterator[FormRow]:
        for place in range(shown):
            start = f"{prefix}_{place}_"
            yield FormRow(place + 1, [self[name] for name in self.fields if name.startswith(start)])

    def clean(self) -> None:
        """Look at the loan and all its rows at once."""
        super().clean()
        self.terms, self.term_places = self._read_terms()
        self.instalments, self.instalment_places = self._read_instalments()
        loan = Loan(**{name: self.cleaned_data.get(name) for name in self._own_fields()})
        loan.pk = self.instance.pk
        loan.name = loan.name or ""
        loan.lender, loan.number = loan.lender or "", loan.number or ""
        self.add_loan_faults(find_faults(loan, self.terms, self.instalments))

    def _own_fields(self) -> Sequence[str]:
        return cast(Sequence[str], self._meta.fields)

    def add_loan_faults(self, faults: Sequence[LoanFault]) -> None:
        """Tie what is wrong to its field, in its row."""
        places = {"terms": self.term_places, "instalments": self.instalment_places}
        told = []
        for fault in faults:
            name = fault.field
            if fault.rows:
                name = f"{PLACES[fault.rows]}_{places[fault.rows][fault.place]}_{fault.field}"
            told.append((name, fault.words))
        self.add_faults(told)

    def _read_terms(self) -> tuple[list[LoanTerm], list[int]]:
        rows, places = [], []
        for place in range(self.terms_shown):
            day, rate = (self.cleaned_data.get(f"term_{place}_{name}") for name in ("from_on", "rate_percent"))
            wrong = any(f"term_{place}_{name}" in self.errors for name in ("from_on", "rate_percent"))
            if (day is None and rate is None) or wrong:
                continue
            if day is None or rate is None:
                self._ask_for(f"term_{place}_", "from_on" if day is None else "rate_percent")
                continue
            how = self.cleaned_data.get(f"term_{place}_kind") or FIXED
            is_fixed = how == FIXED
            rows.append(
                LoanTerm(
                    from_on=day,
                    rate_percent=rate,
                    kind=LoanTerm.Kind.FIXED if is_fixed else LoanTerm.Kind.VARIABLE,
                    every_months=None if is_fixed else int(how),
                    resets=bool(self.cleaned_data.get(f"term_{place}_resets")),
                )
            )
            places.append(place)
        return rows, places

    def _read_instalments(self) -> tuple[list[LoanInstalment], list[int]]:
        rows, places = [], []
        for place in range(self.instalments_shown):
            names = [f"instalment_{place}_{field}" for field in ("due_on", "year", "amount_ore")]
            day, year, ore = (self.cleaned_data.get(name) for name in names)
            if (day is None and year is None and ore is None) or any(name in self.errors for name in names):
                continue
            if ore is None or (day is None and year is None):
                self._ask_for(f"instalment_{place}_", "amount_ore" if ore is None else "year")
                continue
            typed: dict[str, Any] = {"due_on": day, "year": day.year if year is None and day else year}
            rows.append(LoanInstalment(amount_ore=ore, **typed))
            places.append(place)
        return rows, places

    def _ask_for(self, start: str, field: str) -> None:
        said = {
            "from_on": _("Write the day from which the rate holds, or empty the row."),
            "rate_percent": _("Write the rate, or empty the row."),
            "amount_ore": _("Write the amount, or empty the row."),
            "year": _("Write the day or the year, or empty the row."),
        }
        self.add_error(f"{start}{field}", said[field])


def _count(names: Sequence[str], prefix: str) -> int:
    """Return how many rows were sent."""
    found = [
        int(name.split("_")[1]) for name in names if name.startswith(f"{prefix}_") and name.split("_")[1].isdigit()
    ]
    return min(max(found, default=-1) + 1, 400)


class LoanForm(RowsForm):
    """A loan with days, rates and instalments of its own."""

    class Meta:
        model = Loan
        formfield_callback = type_number
        fields = LOAN_FIELDS
        widgets = {"note": text_area(3)}
        help_texts = {
            "name": gettext_lazy("Left empty, it is called by its lender and number."),
            "instalment_ore": gettext_lazy("Left empty, the whole loan is repaid in equal parts."),
            "first_instalment_on": gettext_lazy("Left empty, one period after the loan is raised."),
            "is_planned": gettext_lazy(
                "Then it takes the place of as much planned borrowing of that year, so that no debt is counted twice."
            ),
            "refinances": gettext_lazy(
                "A loan that matures the day this one is raised: neither borrowing nor amortisation."
            ),
            "part_of": gettext_lazy("A sum that holds this loan already: the sum is then counted without it."),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Loan) -> None:
        super().__init__(data, instance=instance)
        for name in ("lender", "raised_on", "principal_ore", "matures_on"):
            self.fields[name].required = True
        self.fields["name"].required = False
        others = Loan.objects.exclude(pk=instance.pk)
        _offer(self.fields["refinances"], others.filter(raised_on__isnull=False))
        _offer(self.fields["part_of"], others.filter(raised_on__isnull=True))


def _offer(field: forms.Field, loans: QuerySet[Loan]) -> None:
    cast(Any, field).queryset = loans


class SumForm(RowsForm):
    """A loan, or a sum of them, known as a debt on a day and by what is repaid by year."""

    has_rates = False

    class Meta:
        model = Loan
        fields = SUM_FIELDS
        widgets = {"note": text_area(3)}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Loan) -> None:
        super().__init__(data, instance=instance)
        for name in ("debt_on", "debt_ore"):
            self.fields[name].required = True


class StatementForm(DigestForm):
    """What a lender says was owed on a day. One that contradicts the plan is asked about before it is kept."""

    class Meta:
        model = LoanStatement
        fields = STATEMENT_FIELDS
        widgets = {"note": text_area(3)}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: LoanStatement) -> None:
        super().__init__(data, instance=instance)

    def clean(self) -> None:
        """Hold it to the loan, and ask where the plan says another debt."""
        super().clean()
        day, ore = self.cleaned_data.get("stated_on"), self.cleaned_data.get("debt_ore")
        typed: dict[str, Any] = {"stated_on": day, "debt_ore": ore}
        row = LoanStatement(pk=self.instance.pk, loan=self.instance.loan, **typed)
        self.add_faults(find_statement_faults(row))
        if day is None or ore is None or self.errors:
            return
        planned = find_debt_on(self.instance.loan, day)
        if planned is not None and planned != ore:
            said = _(
                "By the plan %(planned)s kr is owed on %(day)s, and you wrote %(stated)s kr. Correct it, or save again to keep it: the plan is not changed, and the difference is shown with what to do."
            )
            shown = {"planned": format_sek(planned), "day": day.isoformat(), "stated": format_sek(ore)}
            ask_at(self, "debt_ore", ore, said % shown)
