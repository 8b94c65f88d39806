"""Solves whom teams work for: hours with two decimals that bring each product's staff time to what is published.

The trick: the drawn hours are fitted to what products and teams cost (iterative proportional fitting, in money), then
rounded to hundredths with each team's sum kept, then mended by moving single hundredths from product to product.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.money import allocate
from engine.years import Amounts
from itsam.demo.assumed_staff import HOURS, TEAMS
from itsam.demo.solving import YEARS, Figures, Span, Target, span

Hours = dict[Target, dict[str, int]]
"""Hundredths of hours, by product and team."""

# How far from an edge what a published figure is rounded from is kept, öre; hundredths of hours come to less.
MARGIN = 900
ROUNDS = 300
ENOUGH = 400
NOT_OPERATING = ("depreciation", "interest", "use_of_equity")


@dataclass(frozen=True)
class Window:
    """What the staff time of some products may come to in a year, öre."""

    products: frozenset[Target]
    span: Span


@dataclass(frozen=True)
class Windows:
    """The windows of each year, and what all staff time comes to: the middle of what the totals leave free."""

    years: list[list[Window]]
    totals: list[int]


def find_windows(figures: Figures, grant: Amounts) -> Windows:
    """Return what published figures leave free to staff time when the base grant's posts cost so much."""
    everyone = frozenset(figures.amounts_of("staff_time"))
    years = [_windows(figures, grant[year], year, everyone) for year in YEARS]
    whole = [[window.span for window in windows if window.products == everyone] for windows in years]
    return Windows(years, [(max(s.low for s in spans) + min(s.high for s in spans)) // 2 for spans in whole])


def _windows(figures: Figures, grant: int, year: int, everyone: frozenset[Target]) -> list[Window]:
    found = [*_list_rows(figures, year, everyone), *(_list_categories(figures, everyone) if year == 0 else ())]
    revenue = figures.sum_others(year, lambda line: True) + grant
    operating = figures.sum_others(year, lambda line: line.kind not in NOT_OPERATING) + grant
    found.append(_window(everyone, figures.result["operating_revenue"][year], revenue))
    found.append(_window(everyone, -figures.result["operating_costs"][year], operating))
    return found


def _list_rows(figures: Figures, year: int, everyone: frozenset[Target]) -> list[Window]:
    """Return the windows of products and sub-budgets."""
    found = []
    for (sub_budget, row), printed in figures.sub_budgets.items():
        own = {target for target in everyone if _is_in(target, sub_budget, row)}
        if own:
            others = figures.sum_others(year, lambda line, of=(sub_budget, row): _is_in(line.target, *of))  # type: ignore[misc]
            found.append(_window(own, printed[year], others))
    return found


def _is_in(target: Target, sub_budget: str, row: str) -> bool:
    return target.sub_budget == sub_budget and row in ("TOTAL", target.product)


def _list_categories(figures: Figures, everyone: frozenset[Target]) -> list[Window]:
    """Return the windows of the revenue categories, which are published for the budget's year."""
    found = []
    for category, printed in figures.revenue.items():
        own = {target for target in everyone if figures.categories[target] == category}
        if own:
            others = figures.sum_others(0, lambda line, of=category: figures.categories.get(line.target) == of)  # type: ignore[misc]
            found.append(_window(own, printed, others))
    return found


def _window(products: set[Target] | frozenset[Target], tkr: int, others: int) -> Window:
    low, high = span(tkr)
    return Window(frozenset(products), Span(low - others, high - others))


def aim(figures: Figures, windows: Windows, totals: Sequence[int]) -> list[dict[Target, int]]:
    """Return each product's staff time of each year, öre: as wanted, moved as little as windows and totals ask for."""
    wanted = figures.amounts_of("staff_time")
    return [
        _aim({target: amounts[year] for target, amounts in wanted.items()}, windows.years[year], totals[year])
        for year in YEARS
    ]


def _aim(amounts: dict[Target, int], windows: list[Window], total: int) -> dict[Target, int]:
    while left := total - sum(amounts.values()):
        sign = 1 if left > 0 else -1
        slack = {target: _slack(target, sign, amounts, windows) for target in amounts}
        # The rest goes where it is felt least: of products that can take as much, to the one that costs most.
        target = max(slack, key=lambda found: (min(slack[found], abs(left)), amounts[found]))
        if slack[target] <= 0:
            raise SystemExit(f"Published figures leave no room: {left} öre are left.")
        amounts[target] += sign * min(abs(left), slack[target])
    return amounts


def _slack(target: Target, sign: int, amounts: dict[Target, int], windows: list[Window]) -> int:
    """Return how far a product's staff time may move before a window ends."""
    room = []
    for window in windows:
        if target in window.products and len(window.products) < len(amounts):
            held = sum(amounts[other] for other in window.products)
            room.append((window.span.high - held if sign > 0 else held - window.span.low) - MARGIN)
    return min(room)


def solve_hours(targets: dict[Target, int], teams: dict[str, tuple[int, int]]) -> Hours:
    """Return hundredths of hours by product and team; each team's come to its hours. `teams` are hours and öre."""
    rates = {team: Fraction(cost, hours * 100) for team, (hours, cost) in teams.items()}
    money = _fit(targets, {team: cost for team, (_hours, cost) in teams.items()}, rates)
    hours: Hours = defaultdict(dict)
    for team, (whole, _cost) in teams.items():
        column = [target for target in targets if team in money[target]]
        exact = [Fraction(money[target][team]) for target in column]
        for target, part in zip(column, allocate(whole * 100, exact), strict=True):
            hours[target][team] = part
    _mend(hours, targets, rates)
    return hours


def _fit(
    targets: dict[Target, int], costs: dict[str, int], rates: dict[str, Fraction]
) -> dict[Target, dict[str, float]]:
    """Fit the drawn hours, in money, to products and teams."""
    money = {}
    for target in targets:
        drawn = HOURS.get(target.product) or HOURS[target.sub_budget]
        money[target] = {t: h * float(rates[t]) for t, h in zip(TEAMS, drawn, strict=True) if h}
    for _round in range(ROUNDS):
        for target, row in money.items():
            _scale([(row, team) for team in row], targets[target])
        for team, cost in costs.items():
            _scale([(row, team) for row in money.values() if team in row], cost)
    return money


def _scale(cells: list[tuple[dict[str, float], str]], whole: int) -> None:
    factor = whole / sum(row[team] for row, team in cells)
    for row, team in cells:
        row[team] *= factor


def _mend(hours: Hours, targets: dict[Target, int], rates: dict[str, Fraction]) -> None:
    """Move hundredths of hours where that brings products and sub-budgets nearer to what they are to come to."""
    per = {team: float(rate) for team, rate in rates.items()}
    off = {target: sum(part * per[t] for t, part in hours[target].items()) - ore for target, ore in targets.items()}
    for _move in range(ENOUGH):
        sums: dict[str, float] = defaultdict(float)
        for target, ore in off.items():
            sums[target.sub_budget] += ore
        best = min(_moves(hours, off, sums, per), key=lambda move: move[0])
        gain, team, away, to = best
        if gain >= -1:
            return
        hours[away][team] -= 1
        hours[to][team] += 1
        off[away] -= per[team]
        off[to] += per[team]


def _moves(
    hours: Hours, off: dict[Target, float], sums: dict[str, float], per: dict[str, float]
) -> list[tuple[float, str, Target, Target]]:
    """Return what each move of a hundredth changes of the squares of what is off, by product and by sub-budget."""
    found = []
    for team, rate in per.items():
        column = [target for target, by in hours.items() if by.get(team)]
        for away in column:
            for to in column:
                gain = 2 * rate * (off[to] - off[away] + rate)
                if away.sub_budget != to.sub_budget:
                    gain += 2 * rate * (sums[to.sub_budget] - sums[away.sub_budget] + rate)
                if away != to:
                    found.append((gain, team, away, to))
    return found
