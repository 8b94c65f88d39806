"""Rule 12, reconciliation: published figures against each other and against the computed ones.

The trick: which figures must agree is data of the federation (its Relations), and what happens to differ is nowhere.
Here is only what a sum, a reprint and a rounding are. An edition says which figure it is: two printings of one figure
have the same edition.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

from engine.money import round_to_tkr

Key = tuple[str, str, str]
"""Table, row, edition."""
Sign = Literal[1, -1]


class Outcome(StrEnum):
    """What a comparison came to."""

    EXACT = "exact"
    ROUNDING = "rounding"
    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"


class Figure(NamedTuple):
    """A published figure in tkr as printed; an unprinted one (empty, "x") has no Figure, which is not zero.

    `edition` is kind and year, 'budget:2026': it must be equal wherever the same figure is printed, and end in the year.
    """

    table: str
    row: str
    column: str
    edition: str
    tkr: int


class Part(NamedTuple):
    """What a total is made of: a row of a table, added or subtracted.

    Row '*' is every row of the table whose code does not start with TOTAL. Table 'x/*' is every table under x.
    """

    sign: Sign
    table: str
    row: str

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for as many figures as there are, rather than for one that must be printed."""
        return self.row == "*" or self.table.endswith("/*")


class Relation(NamedTuple):
    """A total (table, row) that its parts, of the same edition, add up to; one part says that they are the same figure.

    A total in 'x/*' makes the relation hold for each table under x, and the same 'x/*' among its parts is then that
    very table. `across_editions`: the parts of all years, from the latest in which the first part is printed, to the
    total's.
    """

    total: tuple[str, str]
    parts: tuple[Part, ...]
    across_editions: bool = False


class Comparison(NamedTuple):
    """A published figure and what it should be, in tkr; difference = published − computed.

    `basis` is what was summed, by the relation, and `parts` how many printed figures that was; none means computed
    from true amounts.
    """

    table: str
    row: str
    column: str
    published_tkr: int
    computed_tkr: int
    difference_tkr: int
    parts: int
    basis: tuple[Part, ...]


def classify(difference_tkr: int, parts: int, explained: bool) -> Outcome:
    """Say what a difference is (rule 12): rounding when |difference| < (parts + 1) / 2 tkr and parts were summed."""
    if difference_tkr == 0:
        return Outcome.EXACT
    if parts >= 1 and 2 * abs(difference_tkr) < parts + 1:
        return Outcome.ROUNDING
    return Outcome.EXPLAINED if explained else Outcome.UNEXPLAINED


def compare_computed(figures: Sequence[Figure], computed: Mapping[Key, int]) -> list[Comparison]:
    """Compare each figure with the true öre of its (table, row, edition), rounded to tkr here and only here (rule 12).

    Figures that nothing was computed for are left out.
    """
    keyed = ((figure, (figure.table, figure.row, figure.edition)) for figure in figures)
    return [_compare(figure, round_to_tkr(computed[key])) for figure, key in keyed if key in computed]


def compare_published(figures: Sequence[Figure], relations: Sequence[Relation]) -> list[Comparison]:
    """Compare published figures with each other (rule 12), one comparison for each relation and edition.

    Left out where the total, a named part, or every part is not printed. A figure printed twice in one table's row
    counts once, and its later printings are compared with the first, last in the list.
    """
    first: dict[Key, Figure] = {}
    reprints: list[Comparison] = []
    for figure in figures:
        printed = first.setdefault((figure.table, figure.row, figure.edition), figure)
        if printed is not figure:
            reprints.append(_compare(figure, printed.tkr, 1, (Part(1, figure.table, figure.row),)))
    once = list(first.values())
    return [comparison for relation in relations for comparison in _compare_relation(relation, once)] + reprints


def _compare_relation(relation: Relation, figures: Sequence[Figure]) -> Iterator[Comparison]:
    related = _figures_of_tables({relation.total[0], *(part.table for part in relation.parts)}, figures)
    for total in related:
        if _is_row(total, *relation.total):
            basis = _find_basis(relation, total)
            parts = _find_parts(basis, _figures_of_years(relation, basis[0], total, related))
            if parts:
                yield _compare(total, sum(parts), len(parts), basis)


def _figures_of_tables(tables: set[str], figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures of some tables, so that a relation need not look through those of all others."""
    return [figure for figure in figures if any(_is_in_table(figure, table) for table in tables)]


def _find_basis(relation: Relation, total: Figure) -> tuple[Part, ...]:
    """Return the relation's parts as they are for this total: 'x/*' of both is the total's own table."""
    own = relation.total[0]
    return tuple(part._replace(table=total.table) if part.table == own else part for part in relation.parts)


def _find_parts(basis: tuple[Part, ...], figures: Sequence[Figure]) -> list[int]:
    """Return the signed tkr of the printed parts; none when a named part is missing."""
    parts: list[int] = []
    for part in basis:
        printed = [part.sign * figure.tkr for figure in figures if _is_row(figure, part.table, part.row)]
        if not printed and not part.is_pattern:
            return []
        parts += printed
    return parts


def _figures_of_years(relation: Relation, opening: Part, total: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures of the total's edition, or from the latest year in which `opening` is printed to its year."""
    if not relation.across_editions:
        return [figure for figure in figures if figure.edition == total.edition]
    until = _year(total)
    starts = [_year(figure) for figure in figures if _is_row(figure, opening.table, opening.row)]
    begin = max((year for year in starts if year <= until), default=None)
    return [figure for figure in figures if begin is not None and begin <= _year(figure) <= until]


def _year(figure: Figure) -> str:
    return figure.edition.rpartition(":")[2]


def _is_in_table(figure: Figure, table: str) -> bool:
    return figure.table.startswith(table[:-1]) if table.endswith("/*") else figure.table == table


def _is_row(figure: Figure, table: str, row: str) -> bool:
    in_row = not figure.row.startswith("TOTAL") if row == "*" else figure.row == row
    return in_row and _is_in_table(figure, table)


def _compare(published: Figure, computed: int, parts: int = 0, basis: tuple[Part, ...] = ()) -> Comparison:
    table, row, column, _, tkr = published
    return Comparison(table, row, column, tkr, computed, tkr - computed, parts, basis)
