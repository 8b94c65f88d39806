"""The forms of what is entered of equity and the balance sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from desk.decisions.form import DecisionChoice
from investments.models import (
    BalanceChange,
    BalanceStatement,
    EquityFloor,
    EquityFund,
    EquityFundYear,
    EquityInitiative,
)
from investments.selectors.equity import list_equity_decisions
from investments.services.equity import find_faults
from objects.models import Decision
from pages.forms import CheckedForm, text_area


class EquityForm(CheckedForm):
    """A form whose row tells what can't be with it."""

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Any) -> None:
        super().__init__(data, instance=instance)
        if "decision" in self.fields:
            cast(DecisionChoice, self.fields["decision"]).queryset = list_equity_decisions()

    def find_faults(self) -> list[tuple[str, str]]:
        """Return what can't be with the row."""
        return find_faults(self.instance)


def _decision() -> DecisionChoice:
    return DecisionChoice(
        Decision.objects.none(),
        to_field_name="uuid",
        required=False,
        label=_("Decision"),
        help_text=_("Equity is used only by a decision; until one is linked, the page says that it is missing."),
    )


class StatementForm(EquityForm):
    """What an item of the balance sheet is on a year's last day."""

    class Meta:
        model = BalanceStatement
        fields = ("item", "stated_on", "amount_ore", "provenance", "note")
        help_texts = {
            "stated_on": _("The last day of a year."),
            "note": _("For example the annual accounts and their page."),
        }


class ChangeForm(EquityForm):
    """How a budget plans that provisions or other liabilities change."""

    class Meta:
        model = BalanceChange
        fields = ("item", "year", "amount_ore", "provenance", "note")
        help_texts = {"amount_ore": _("With a minus sign where it falls.")}


class FloorForm(EquityForm):
    """The least equity that the goals allow."""

    class Meta:
        model = EquityFloor
        fields = ("amount_ore", "from_on", "provenance", "note")
        help_texts = {"note": _("For example the goals of a budget.")}


class FundForm(EquityForm):
    """A fund for use of equity."""

    decision = _decision()
    field_order = ("name", "amount_ore", "first_year", "last_year", "decision", "provenance", "note")

    class Meta:
        model = EquityFund
        fields = ("name", "amount_ore", "first_year", "last_year", "decision", "provenance", "note")
        widgets = {"note": text_area(3)}


class FundYearForm(EquityForm):
    """How much of a fund is decided for a year."""

    decision = _decision()
    field_order = ("fund", "year", "amount_ore", "decision", "provenance")

    class Meta:
        model = EquityFundYear
        fields = ("fund", "year", "amount_ore", "decision", "provenance")


class InitiativeForm(EquityForm):
    """What a fund pays for in a year."""

    class Meta:
        model = EquityInitiative
        fields = ("fund", "name", "year", "amount_ore", "used_ore", "provenance", "note")
        widgets = {"note": text_area(3)}
        help_texts = {"used_ore": _("Left empty until it is known.")}


FORMS: dict[str, type[EquityForm]] = {
    "statement": StatementForm,
    "change": ChangeForm,
    "floor": FloorForm,
    "fund": FundForm,
    "year": FundYearForm,
    "initiative": InitiativeForm,
}
