"""What a limit pays for in a year of the budget, by priority: purchases without one come last, in the order of their classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Budget
from desk.investments.overview import Overview
from engine.priorities import Funded, find_line, fund
from investments.models import Investment, InvestmentItem
from web.fields import OreFormField

LAST = 10_000


class LimitForm(forms.Form):
    """The year, and the limit."""

    use_required_attribute = False
    limit_year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, required=False)
    limit = OreFormField(
        label=gettext_lazy("Limit, SEK"), required=False, help_text=gettext_lazy("In kronor, or write 32 729 tkr.")
    )

    def __init__(self, data: Mapping[str, Any], budget: Budget) -> None:
        super().__init__(data)
        field = self.fields["limit_year"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(year, str(year)) for year in budget.years]

    def clean_limit(self) -> int | None:
        """Refuse a limit below zero."""
        ore: int | None = self.cleaned_data["limit"]
        if ore is not None and ore < 0:
            raise ValidationError(_("Write an amount from 0 on."))
        return ore


@dataclass(frozen=True)
class Limit:
    """The purchases of a year in the order in which they are paid for, and where the line falls.

    `is_headroom` is whether the limit is what keeps the debt at the year's end within the framework.
    """

    form: LimitForm
    year: int
    ore: int | None
    is_headroom: bool
    rows: list[Funded[Investment | InvestmentItem]]
    line: int

    @property
    def named(self) -> list[tuple[Funded[Investment | InvestmentItem], str]]:
        """The purchases with what they are called."""
        return [(row, name_purchase(row.item)) for row in self.rows]


def read_limit(data: Mapping[str, Any], budget: Budget, rows: Sequence[Investment], overview: Overview) -> Limit:
    """Return what the chosen limit pays for; without one, what the headroom does."""
    form = LimitForm(data if "limit" in data else {}, budget)
    is_read = form.is_bound and form.is_valid()
    year = (form.cleaned_data.get("limit_year") if is_read else None) or budget.years[0]
    given = form.cleaned_data.get("limit") if is_read else None
    place = budget.years.index(year)
    of_year = overview.years[place]
    room = None if of_year.headroom is None else max(of_year.purchases + of_year.headroom, 0)
    ore = room if given is None else given
    purchases = sorted(_list_purchases(rows, year, place), key=lambda row: getattr(row[0], "priority", None) or LAST)
    found = fund(purchases, ore) if ore is not None else [Funded(row, own, 0, None) for row, own in purchases]
    return Limit(form, year, ore, given is None, found, find_line(found))


def _list_purchases(
    rows: Sequence[Investment], year: int, place: int
) -> list[tuple[Investment | InvestmentItem, int | None]]:
    found: list[tuple[Investment | InvestmentItem, int | None]] = []
    for row in rows:
        if row.financing != Investment.Financing.LOAN:
            continue
        own = row.own_amounts[place]
        found += [(item, item.amount_ore) for item in row.items.all() if item.year == year]
        if own != 0:
            found.append((row, own))
    return found


def name_purchase(row: Investment | InvestmentItem) -> str:
    """Return what a purchase is called in the list."""
    if isinstance(row, InvestmentItem):
        return row.name
    return _("%(name)s, not specified") % {"name": row.asset_class.name}
