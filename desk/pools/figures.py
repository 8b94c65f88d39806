"""The table of hours as it is drawn: texts of cells, sums of rows, groups and columns, by the names that the script knows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from engine.money import percent
from engine.result import CostKind
from pricing.models import CostPool
from pricing.selectors.matrix import NONE, Matrix, MatrixGroup, MatrixRow, add_up
from pricing.services.weights import show_weight
from web.names import name_of
from web.numbers import UNKNOWN, format_decimal, format_percent, format_tkr

# A screen of 1280 pixels holds these columns of pools beside the names and sums.
MOST_COLUMNS = 7


class DrawnRow(NamedTuple):
    """A row: its number in the page, its key, name, cells in the order of the columns, and sums."""

    number: int
    key: str
    name: str
    cells: list[str | None]
    sums: list[str]


class DrawnGroup(NamedTuple):
    """A group: its key, name, sums of the columns, its own sums, and rows."""

    key: str
    name: str
    columns: list[str]
    sums: list[str]
    rows: list[DrawnRow]


@dataclass(frozen=True)
class Drawn:
    """The table: `columns` and `sums` are its last row, `used` how many of the `count` products use a pool."""

    pools: list[CostPool]
    groups: list[DrawnGroup]
    columns: list[str]
    sums: list[str]
    has_server: bool
    used: int
    count: int

    @property
    def is_wide(self) -> bool:
        """Whether it has more columns than a common screen holds, and scrolls by itself."""
        return len(self.pools) > MOST_COLUMNS

    def figures(self) -> dict[str, str]:
        """Return all sums by the names that they have in the page."""
        found: dict[str, str] = {}
        for group in self.groups:
            found |= {f"{group.key}|{place}": text for place, text in enumerate([*group.columns, *group.sums])}
            for row in group.rows:
                found |= {f"{row.key}|{place}": text for place, text in enumerate(row.sums)}
        return found | {f"total|{place}": text for place, text in enumerate([*self.columns, *self.sums])}

    def cells(self) -> dict[str, list[str | None]]:
        """Return the texts of all cells by row."""
        return {row.key: row.cells for group in self.groups for row in group.rows if any(row.cells)}


def draw_matrix(matrix: Matrix, *, in_equivalents: bool) -> Drawn:
    """Return the table as it is shown."""
    pen = _Pen(matrix, matrix.hours if in_equivalents else None)
    groups = list(pen.groups())
    products = [row for row in matrix.rows if not row.is_pool]
    return Drawn(
        pools=matrix.pools,
        groups=groups,
        columns=[pen.column(matrix.rows, pool) for pool in matrix.pools],
        sums=pen.sums(matrix.rows),
        has_server=pen.has_server,
        used=sum(1 for row in products if row.weights),
        count=len(products),
    )


class _Pen:
    def __init__(self, matrix: Matrix, hours: Decimal | None) -> None:
        self.matrix, self.hours = matrix, hours
        self.of_hours = [pool for pool in matrix.pools if pool.unit == CostPool.Unit.HOURS]
        self.all_hours = self._count(matrix.rows)
        self.has_server = any(pool.gives == CostKind.SERVER_OPERATION for pool in matrix.pools)
        self.number = 0

    def groups(self) -> list[DrawnGroup]:
        return [self._group(group) for group in self.matrix.groups]

    def _group(self, group: MatrixGroup) -> DrawnGroup:
        name = name_of(group.sub_budget) if group.sub_budget else _("Pools that others serve")
        rows = [self._row(row) for row in group.rows]
        columns = [self.column(group.rows, pool) for pool in self.matrix.pools]
        return DrawnGroup(group.key, name, columns, self.sums(group.rows), rows)

    def _row(self, row: MatrixRow) -> DrawnRow:
        self.number += 1
        name = name_of(row.target) if isinstance(row.target, CostPool) else row.target.name
        cells = [
            None if row.target == pool else show_weight(row.weights.get(pool.pk, NONE), pool, self.hours)
            for pool in self.matrix.pools
        ]
        return DrawnRow(self.number, row.key, name, cells, self.sums([row]))

    def column(self, rows: list[MatrixRow], pool: CostPool) -> str:
        total = add_up(rows, pool)
        if pool.unit == CostPool.Unit.PERCENT:
            return f"{format_decimal(total.normalize())} %" if total else UNKNOWN
        return self._show(total)

    def sums(self, rows: list[MatrixRow]) -> list[str]:
        """Return hours, their share, and what is taken in tkr: staff time, and server operation where a pool gives it."""
        hours = self._count(rows)
        share = percent(int(hours * 100), int(self.all_hours * 100))
        kinds = [CostKind.STAFF_TIME, CostKind.SERVER_OPERATION] if self.has_server else [CostKind.STAFF_TIME]
        return [
            self._show(hours),
            format_percent(share if hours else None),
            *(self._take(rows, kind) for kind in kinds),
        ]

    def _take(self, rows: list[MatrixRow], kind: str) -> str:
        gives = {pool.pk for pool in self.matrix.pools if pool.gives == kind}
        # What a pool takes it gives on, so only a row of its own tells of it.
        ends = [row for row in rows if not row.is_pool] or rows
        found = [ore for row in ends for pool, ore in row.shares.items() if pool in gives]
        return format_tkr(sum(found) if found else None)

    def _count(self, rows: list[MatrixRow]) -> Decimal:
        return sum((add_up(rows, pool) for pool in self.of_hours), NONE)

    def _show(self, hours: Decimal) -> str:
        if not hours:
            return UNKNOWN
        if self.hours:
            return format_decimal((hours / self.hours).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
        return format_decimal(hours if hours % 1 else hours.quantize(Decimal(1)))
