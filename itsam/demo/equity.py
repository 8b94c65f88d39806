"""The demo's equity: the fund that the minutes tell of and the floor of the budget's goals. What equity was is not published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.money import ORE_PER_TKR
from investments.models import EquityFloor, EquityFund, EquityFundYear
from itsam.demo.reader import Reader, Row
from records.models import Provenance

FUND_COLUMNS = ("name", "year", "tkr", "first_year", "last_year", "provenance", "note")


@dataclass(frozen=True)
class FundRow:
    """A fund, or with a `year` what is decided of it for that; amounts in tkr."""

    name: str
    year: int | None
    tkr: int
    first_year: int
    last_year: int
    provenance: str
    note: str


@dataclass(frozen=True)
class FloorRow:
    """A floor from a day; tkr."""

    from_on: date
    tkr: int
    provenance: str
    note: str


@dataclass(frozen=True)
class EquityRows:
    """What is written of equity."""

    funds: list[FundRow]
    floors: list[FloorRow]


def read_equity(reader: Reader) -> EquityRows:
    """Read and check the funds and floors."""
    funds = [_fund(row) for row in reader.rows("equity_funds.csv", *FUND_COLUMNS, key=("name", "year"))]
    columns = ("from_on", "tkr", "provenance", "note")
    return EquityRows(funds, [_floor(row) for row in reader.rows("equity_floors.csv", *columns, key=("from_on",))])


def _fund(row: Row) -> FundRow:
    year = row.whole("year")
    ends = [row.required_whole(name, least=2000) if year is None else 0 for name in ("first_year", "last_year")]
    source = row.known("provenance", Provenance.values)
    note = row.text("note", required=False)
    return FundRow(row.text("name"), year, row.required_whole("tkr", least=0), ends[0], ends[1], source, note)


def _floor(row: Row) -> FloorRow:
    source = row.known("provenance", Provenance.values)
    return FloorRow(
        row.required_day("from_on"), row.required_whole("tkr", least=0), source, row.text("note", longest=200)
    )


def create_equity(rows: EquityRows) -> None:
    """Write them."""
    funds = {
        row.name: EquityFund.objects.create(
            name=row.name,
            amount_ore=row.tkr * ORE_PER_TKR,
            first_year=row.first_year,
            last_year=row.last_year,
            provenance=row.provenance,
            note=row.note,
        )
        for row in rows.funds
        if row.year is None
    }
    EquityFundYear.objects.bulk_create(
        EquityFundYear(fund=funds[row.name], year=row.year, amount_ore=row.tkr * ORE_PER_TKR, provenance=row.provenance)
        for row in rows.funds
        if row.year is not None
    )
    EquityFloor.objects.bulk_create(
        EquityFloor(from_on=row.from_on, amount_ore=row.tkr * ORE_PER_TKR, provenance=row.provenance, note=row.note)
        for row in rows.floors
    )
