"""Imports of published figures: as printed, in tkr, an x where the document prints one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget, PublishedFigure
from budgets.selectors.budgets import read_budgets
from budgets.services.imports.base import BudgetImport
from objects.selectors.decisions import can_register
from records.import_kinds import Cell, CellFault, Check, Fault, Field, Form, Value, Values
from records.models import Import
from records.services.imports.cells import read_text, read_whole, show

if TYPE_CHECKING:
    from accounts.models import User

UNKNOWN = "x"
LARGEST_TKR = 10**10
EDITION = re.compile(r"(budget|forecast|actual|plan|prognos|utfall|bokslut)[ :_]?(20\d\d)", re.IGNORECASE)
KINDS = {"prognos": "forecast", "utfall": "actual", "bokslut": "actual"}
_read_tkr = read_whole(LARGEST_TKR, least=-LARGEST_TKR)


def read_tkr(cell: Cell) -> Value:
    """Return whole tkr, or the sign of what is not yet known."""
    return UNKNOWN if show(cell).casefold() == UNKNOWN else _read_tkr(cell)


def read_edition(cell: Cell) -> Value:
    """Return which year's figure of which kind it is, such as budget:2026."""
    match = EDITION.fullmatch(show(cell))
    if match is None:
        raise CellFault(
            _(
                "%(value)s says no year and kind. Write for example budget:2026, plan:2027, forecast:2025 or actual:2024."
            )
            % {"value": show(cell) or "–"}
        )
    kind = match[1].lower()
    return f"{KINDS.get(kind, kind)}:{match[2]}"


class FiguresImport(BudgetImport):
    """Figures of a budget's document, whatever the budget's status: they are what was printed."""

    key = "figures"
    label = gettext_lazy("Published figures")
    about = gettext_lazy("Figures as a document prints them, in tkr, by table, row and column. An x is not yet known.")
    period_label = gettext_lazy("Budget")
    fields: ClassVar[Sequence[Field]] = (
        Field("table", gettext_lazy("Table"), ("tabell", "table"), read_text(80)),
        Field("row", gettext_lazy("Row"), ("rad", "row", "line"), read_text(160)),
        Field("label", gettext_lazy("Heading"), ("rubrik", "text", "label", "benämning"), read_text(160, empty=True), is_required=False),
        Field("column", gettext_lazy("Column"), ("kolumn", "column"), read_text(40)),
        Field("edition", gettext_lazy("Year and kind of figure"), ("upplaga", "edition", "år", "år och slag"), read_edition),
        Field("tkr", gettext_lazy("Amount, tkr"), ("tkr", "belopp", "belopp tkr", "amount"), read_tkr, is_number=True),
        Field("note", pgettext_lazy("of a line", "Note"), ("anteckning", "notering", "note"), read_text(240, empty=True), is_required=False),
    )  # fmt: skip
    model = PublishedFigure
    keys = ("budget_id", "table", "row", "column", "edition")
    columns = (*keys, "label", "tkr", "is_unknown", "note")
    only_new = ("position",)
    figure = "tkr"
    figure_label = gettext_lazy("Amount, tkr")
    form = Form.TKR
    groups = "table"
    groups_label = gettext_lazy("Table")

    def may(self, user: User) -> bool:
        """The economist and the administrator."""
        return can_register(user)

    def list_periods(self, user: User) -> list[tuple[str, str]]:
        """All budgets, newest first."""
        return [(budget.slug, budget.title) for budget in read_budgets(user)]

    def start(self, period: str, by: User) -> Check:
        """Number the new rows after those that are there."""
        budget = Budget.objects.get(slug=period)
        positions = count(PublishedFigure.objects.filter(budget=budget).count() + 1)

        def check(read: Mapping[str, Value], fault: Fault) -> Values:
            tkr = read.get("tkr")
            is_unknown = tkr == UNKNOWN
            return {
                "budget_id": budget.pk,
                "table": read.get("table"),
                "row": read.get("row"),
                "label": read.get("label") or read.get("row"),
                "column": read.get("column"),
                "edition": read.get("edition"),
                "tkr": None if is_unknown else tkr,
                "is_unknown": is_unknown,
                "note": read.get("note") or "",
                "position": next(positions),
            }

        return check

    def lock(self, row: Import, by: User) -> None:
        """Nothing is summed of printed figures."""

    def finish(self, row: Import) -> None:
        """Nothing follows."""
