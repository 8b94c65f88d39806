"""What pools cost and who takes it, beside the budget before, and the proof: rows of a year as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from budgets.models import Budget
from budgets.selectors.budgets import find_earlier
from budgets.selectors.published import in_ore, load_published
from budgets.words import name_earlier
from desk.pools.words import Problem, pool_url, tell_problems, tell_uneven
from engine.pools import To
from engine.result import CostKind
from engine.years import edition_of
from pricing.selectors.matrix import Matrix
from pricing.selectors.proof import Proof, list_entered, prove
from pricing.selectors.state import Calculation, load_calculation
from pricing.selectors.tables import PoolTable, load_pool_table
from pricing.selectors.uneven import list_uneven
from web.names import name_of

PUBLISHED = "influenceable_costs"


@dataclass(frozen=True)
class PoolFigures:
    """A row: öre of a year. `between` is what other rows' pools give less what it gives them; `earlier` may be unknown."""

    name: str
    url: str
    cost: int
    base_grant: int
    server_operation: int
    staff_time: int
    between: int
    earlier: int | None

    @property
    def change(self) -> int | None:
        """What it costs more than before."""
        return None if self.earlier is None else self.cost - self.earlier


@dataclass(frozen=True)
class Overview:
    """All of it, of a year counted from 0."""

    year: int
    rows: list[PoolFigures]
    total: PoolFigures
    proof: Proof
    calculation: Calculation
    problems: list[Problem]
    entered: list[tuple[str, str, str]]
    uneven: list[Problem]
    earlier_name: str
    has_between: bool


def load_overview(matrix: Matrix, *, with_posts: bool) -> Overview:
    """Load what the page shows above the table of hours."""
    budget, year = matrix.budget, matrix.year
    table, calculation = load_pool_table(budget), load_calculation(budget)
    earlier = _list_costs(table, year - 1) if year else _load_before(budget)
    rows = [_row(budget, table, place, year, earlier) for place in range(len(table.rows))]
    pools = [pool for row in table.rows for pool in (row.pool, *row.parts)]
    return Overview(
        year=year,
        rows=rows,
        total=_total(rows),
        proof=prove(budget, table, year),
        calculation=calculation,
        problems=tell_problems(budget, calculation.problems, pools, with_posts=with_posts),
        entered=list_entered(budget),
        uneven=tell_uneven(budget, list_uneven(matrix), with_posts=with_posts),
        earlier_name=str(name_earlier(budget) if year == 0 else budget.years[year - 1]),
        has_between=any(row.between for row in rows),
    )


def _row(budget: Budget, table: PoolTable, place: int, year: int, earlier: dict[str, int]) -> PoolFigures:
    row = table.rows[place]
    given = row.sum_taken(To.POOL)[year]
    return PoolFigures(
        name=name_of(row.pool),
        url=pool_url(budget, row.pool),
        cost=row.cost[year],
        base_grant=row.sum_taken(To.BASE_GRANT)[year],
        server_operation=row.sum_taken(To.PRODUCT, kind=CostKind.SERVER_OPERATION)[year],
        staff_time=row.sum_taken(To.PRODUCT, kind=CostKind.STAFF_TIME)[year],
        between=row.received[year] - given,
        earlier=earlier.get(row.pool.slug, 0) if earlier else None,
    )


def _total(rows: list[PoolFigures]) -> PoolFigures:
    known = [row.earlier for row in rows if row.earlier is not None]
    return PoolFigures(
        name="",
        url="",
        cost=sum(row.cost for row in rows),
        base_grant=sum(row.base_grant for row in rows),
        server_operation=sum(row.server_operation for row in rows),
        staff_time=sum(row.staff_time for row in rows),
        between=sum(row.between for row in rows),
        earlier=sum(known) if rows and len(known) == len(rows) else None,
    )


def _load_before(budget: Budget) -> dict[str, int]:
    """Load what pools cost in the budget before, öre by slug, or as published where it has no pools."""
    earlier = find_earlier(budget)
    costs = _list_costs(load_pool_table(earlier), 0) if earlier is not None else {}
    return costs or in_ore(load_published(edition_of(budget.fiscal_year - 1, budget.fiscal_year - 1), PUBLISHED))


def _list_costs(table: PoolTable, year: int) -> dict[str, int]:
    return {row.pool.slug: row.cost[year] for row in table.rows}
