"""Scenarios side by side: sections of rows with a cell for each column, which the page and the workbook show alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from desk.stress.words import name_part, say_assumption, say_change, say_points
from engine.stress import Fractions, MonthEnd, YearEnd
from forecasts.models import StressScenario
from forecasts.selectors.scenarios import Tried, leave_headroom
from pages.stress_words import say_breach
from pages.words import join, say_years
from web.numbers import format_tkr

T = TypeVar("T")


@dataclass(frozen=True)
class SideColumn:
    """What is laid beside the others: the budget as planned, or a scenario with the figures it was saved with, or today's.

    `faults` are why there is no answer.
    """

    title: str
    said: str
    tried: Tried | None
    scenario: StressScenario | None = None
    is_today: bool = False
    faults: Sequence[str] = ()

    @property
    def is_planned(self) -> bool:
        """Whether it is the budget as planned."""
        return self.scenario is None

    @property
    def year_ends(self) -> Mapping[int, YearEnd]:
        """Its year ends by year."""
        return {} if self.tried is None else {row.year: row for row in self.tried.found.year_ends}

    def find_breach(self, framework: int) -> MonthEnd | None:
        """Return the first month whose debt is above an amount."""
        months = [] if self.tried is None else self.tried.found.months
        return next((row for row in months if row.debt > framework), None)


@dataclass(frozen=True)
class SideCell:
    """A figure in öre, or words; `mark` says that it is `assumed` or `unknown`, in the place of words where there are none."""

    ore: int | None = None
    words: str = ""
    mark: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether it is a headroom that is broken."""
        return self.ore is not None and self.ore < 0


@dataclass(frozen=True)
class SideRow:
    """A row with a cell for each column."""

    label: str
    cells: Sequence[SideCell]
    style: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with its rows."""

    title: str
    rows: list[SideRow] = field(default_factory=list)


def lay_side_by_side(columns: Sequence[SideColumn]) -> list[Section]:
    """Return what is tried, debt, headroom under each framework, and what is assumed."""
    years = list_years(columns)
    sections = [Section(_("What is tried"), list(_list_tried(columns))), _list_debt(columns, years)]
    sections += [_list_headroom(columns, years, ore, title) for ore, title in list_frameworks(columns)]
    return [*sections, Section(_("What is assumed"), list(_list_assumed(columns)))]


def list_years(columns: Sequence[SideColumn]) -> list[int]:
    """Return the years that any column has."""
    return sorted({year for column in columns for year in column.year_ends})


def list_frameworks(columns: Sequence[SideColumn]) -> list[tuple[int, str]]:
    """Return each framework's amount, öre, with its title: those in force in some month, then those that are proposed."""
    answers = [column.tried for column in columns if column.tried is not None]
    in_force = {row.framework for tried in answers for row in tried.found.months if row.framework is not None}
    waiting = {row.amount for tried in answers for row in tried.frameworks if row.from_on is None} - in_force
    titles = ((in_force, _("Headroom under the framework in force, %(amount)s")),
              (waiting, _("Headroom under the proposed framework, %(amount)s")))  # fmt: skip
    return [(ore, words % {"amount": format_tkr(ore)}) for amounts, words in titles for ore in sorted(amounts)]


def _list_debt(columns: Sequence[SideColumn], years: Sequence[int]) -> Section:
    def tell(column: SideColumn, year: int) -> SideCell:
        end = column.year_ends.get(year)
        return SideCell(words="–") if end is None else SideCell(end.debt)

    rows = [SideRow(str(year), [tell(column, year) for column in columns]) for year in years]
    return Section(_("Debt 31 December, tkr"), rows)


def _list_headroom(columns: Sequence[SideColumn], years: Sequence[int], framework: int, title: str) -> Section:
    def tell(column: SideColumn, year: int) -> SideCell:
        end = column.year_ends.get(year)
        return SideCell(words="–") if end is None else SideCell(leave_headroom(framework, end.debt))

    rows = [SideRow(str(year), [tell(column, year) for column in columns]) for year in years]
    breaches = [
        SideCell(words=say_breach(column.find_breach(framework), max(column.year_ends)) if column.tried else "–")
        for column in columns
    ]
    return Section(title, [*rows, SideRow(_("First month above the framework"), breaches, "sub")])


# What is tried


def _list_tried(columns: Sequence[SideColumn]) -> Iterator[SideRow]:
    """Return a row for each thing that some column tries; classes that are tried alike in every column share a row."""
    yield from _list_by_class(columns, _("Price, %(names)s"), lambda tried: tried.inputs.price_change, _say_price)
    yield from _list_by_class(columns, _("Quantity, %(names)s"), lambda tried: tried.inputs.quantity_change, say_change)
    yield from _list_by_class(columns, _("Deferred, %(names)s"), lambda tried: tried.inputs.defer_months, _say_months)
    yield from _list_pots(columns)
    yield _row(_("Interest"), columns, lambda tried: SideCell(words=say_points(tried.inputs.interest_shift)))
    if any(column.tried and column.tried.inputs.buffer for column in columns):
        yield _row(_("Buffer, tkr"), columns, lambda tried: SideCell(tried.inputs.buffer))
    own = [column.tried.base.frameworks for column in columns if column.tried]
    if any(column.tried and column.tried.frameworks != column.tried.base.frameworks for column in columns) and own:
        yield _row(_("Another framework, tkr"), columns, _say_framework)


def _row(label: str, columns: Sequence[SideColumn], tell: Callable[[Tried], SideCell]) -> SideRow:
    cells = [SideCell(words="–") if column.tried is None else tell(column.tried) for column in columns]
    return SideRow(label, cells)


def _list_by_class(
    columns: Sequence[SideColumn], label: str, read: Callable[[Tried], Mapping[str, T]], say: Callable[[T | None], str]
) -> Iterator[SideRow]:
    names: dict[str, str] = {}
    for column in columns:
        names |= column.tried.base.classes if column.tried else {}
    alike: dict[tuple[str, ...], list[str]] = {}
    for slug, name in names.items():
        said = tuple(say(read(column.tried).get(slug)) if column.tried else "–" for column in columns)
        if any(column.tried and slug in read(column.tried) for column in columns):
            alike.setdefault(said, []).append(name)
    for said, named in alike.items():
        yield SideRow(label % {"names": join(named)}, [SideCell(words=words) for words in said])


def _say_price(change: Fractions | None) -> str:
    if isinstance(change, Mapping):
        return ", ".join(f"{year}: {say_change(each)}" for year, each in sorted(change.items()))
    return say_change(change)


def _say_months(months: int | None) -> str:
    return _("%(months)s months") % {"months": months or 0}


def _say_framework(tried: Tried) -> SideCell:
    extra = [row for row in tried.frameworks if row not in tried.base.frameworks and row.from_on is not None]
    return SideCell(words=", ".join(f"{format_tkr(row.amount)}, {row.from_on}" for row in extra) or "–")


def _list_pots(columns: Sequence[SideColumn]) -> Iterator[SideRow]:
    """Return systems without a price and pots by name, öre a year; what nobody has said is not known."""
    spans: dict[tuple[str, str], None] = {}
    for column in columns:
        for pot in column.tried.inputs.pots if column.tried else ():
            spans[pot.name, say_years(sorted({pot.first_year, pot.last_year}))] = None
    unknown = {
        column.tried.base.classes.get(row.part, row.part)
        for column in columns
        if column.tried
        for row in column.tried.base.assumed
        if row.kind == "unknown"
    }
    for name, span in spans:
        yield _row(
            _("%(name)s %(years)s, tkr a year") % {"name": name, "years": span},
            columns,
            lambda tried, name=name: _tell_pot(tried, name, is_unknown=name in unknown),  # type: ignore[misc]
        )
    for name in sorted(unknown - {name for name, _span in spans}):
        yield _row(name, columns, lambda _tried: SideCell(mark="unknown"))


def _tell_pot(tried: Tried, name: str, *, is_unknown: bool) -> SideCell:
    found = next((pot for pot in tried.inputs.pots if pot.name == name), None)
    if found is None:
        return SideCell(mark="unknown") if is_unknown else SideCell(words="–")
    return SideCell(found.yearly_amount, mark="assumed")


# What is assumed


def _list_assumed(columns: Sequence[SideColumn]) -> Iterator[SideRow]:
    """Return what some column rests on, those alike together: assumed, or left out of the sums."""
    held = [
        {} if column.tried is None else {(row.kind, row.years, row.part): row for row in column.tried.assumed}
        for column in columns
    ]
    classes: dict[str, str] = {}
    for column in columns:
        classes |= column.tried.base.classes if column.tried else {}
    alike: dict[tuple[str, tuple[int, ...], tuple[SideCell, ...]], list[str]] = {}
    for key in dict.fromkeys(key for own in held for key in own):
        kind, years, part = key
        name = name_part(part, classes)
        cells = tuple(
            _tell_assumed(kind, name, column) if key in own else SideCell(words="–")
            for own, column in zip(held, columns, strict=True)
        )
        alike.setdefault((kind, years, cells), []).append(name)
    for (kind, years, cells), parts in alike.items():
        yield SideRow(say_assumption(kind, join(parts), say_years(years)), cells)
    if any(_tries_prices(column) for column in columns):
        marks = [SideCell(mark="assumed") if _tries_prices(column) else SideCell(words="–") for column in columns]
        yield SideRow(_("The changed prices"), marks)


def _tell_assumed(kind: str, name: str, column: SideColumn) -> SideCell:
    """Return that something is assumed; an amount that is not known is left out, unless one is tried."""
    pots = column.tried.inputs.pots if column.tried else ()
    is_left_out = kind == "unknown" and all(pot.name != name for pot in pots)
    return SideCell(words=_("left out")) if is_left_out else SideCell(mark="assumed")


def _tries_prices(column: SideColumn) -> bool:
    return column.tried is not None and bool(column.tried.inputs.price_change)
