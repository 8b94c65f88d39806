"""Loads the demo in one transaction: read and check everything, then write, roll up, adopt and copy forward."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from accounts.models import User
from budgets.models import Budget, IndexRate, PublishedFigure, SubBudget
from engine.result import CostKind
from forecasts.services.roll_up import roll_up_budget
from forecasts.services.versions import adopt_budget, copy_forward
from itsam.demo.capital import CarrierRow, create_carriers, read_carriers
from itsam.demo.devices import DeviceRows, create_devices, read_devices
from itsam.demo.equity import create_equity, read_equity
from itsam.demo.figures import PrintedFigure, read_figures
from itsam.demo.keys import create_keys
from itsam.demo.lines import BudgetRows, create_budget_rows, read_budget_rows
from itsam.demo.loans import LoanRows, create_loans, read_loans
from itsam.demo.moved import MoveRow, create_moves, read_moves
from itsam.demo.packages import PackageRow, create_packages, read_packages
from itsam.demo.parties import COUNTED_ON, PartyRows, create_parties, read_parties
from itsam.demo.people import create_people
from itsam.demo.plans import PlanRows, create_plans, read_plans
from itsam.demo.reader import Reader
from itsam.demo.revised import RevisedDebt, create_revised, read_revised
from itsam.demo.staff import StaffRows, create_staff, read_staff
from itsam.demo.year import YearDay, create_year, read_days
from objects.models import Decision
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from web.tracking import list_nouns

DATA = Path(__file__).parent / "data"
BY = "load_demo"
RESULT_REASON = "Eget kapital används: 3 000 tkr sänker grundanslaget 2026."


class NotEmptyError(Exception):
    """The database holds something already."""


def is_empty() -> bool:
    """Whether nothing that people made is in the database."""
    return not any(noun.model._base_manager.exists() for noun in list_nouns())


def is_demo_loaded() -> bool:
    """Whether what is there is the demo: its users are marked, and it is loaded all or nothing."""
    return User.objects.filter(is_demo=True).exists() and not User.objects.filter(is_demo=False).exists()


def load_demo(folder: Path = DATA, *, password: str | None = None) -> None:
    """Reads the CSV files of `folder` and writes the demo.

    Raises DemoDataError, naming every bad cell, before anything is written; NotEmptyError when the database is not empty.
    """
    reader = Reader(folder)
    parties, lines, loans = read_parties(reader), read_budget_rows(reader), read_loans(reader)
    plans, figures, rates = read_plans(reader), read_figures(reader), read_rates(reader)
    staff, moves, days = read_staff(reader, lines), read_moves(reader, lines), read_days(reader)
    carriers, devices, equity = read_carriers(reader, lines), read_devices(reader), read_equity(reader)
    revised = read_revised(reader)
    packages = read_packages(reader)
    reader.check()
    with change(by=BY, reason=Reason.DEMO):
        if not is_empty():
            raise NotEmptyError
        _write(
            parties,
            plans,
            lines,
            staff,
            moves,
            loans,
            devices,
            packages,
            figures,
            rates,
            days,
            carriers,
            revised,
            password,
        )
        create_equity(equity)


def _write(
    parties: PartyRows,
    plans: PlanRows,
    lines: BudgetRows,
    staff: StaffRows,
    moves: list[MoveRow],
    loans: LoanRows,
    devices: DeviceRows,
    packages: list[PackageRow],
    figures: list[PrintedFigure],
    rates: list[IndexRate],
    days: list[YearDay],
    carriers: list[CarrierRow],
    revised: RevisedDebt,
    password: str | None,
) -> None:
    create_parties(parties)
    create_plans(plans)
    IndexRate.objects.bulk_create(rates)
    earlier = Budget.objects.create(slug="budget-2025", name="Budget 2025", fiscal_year=2025)
    budget = Budget.objects.create(slug="budget-2026", name="Budget 2026", fiscal_year=2026, based_on=earlier)
    create_budget_rows(budget, lines)
    create_staff(budget, staff)
    create_keys(budget, counted_on=COUNTED_ON)
    create_loans(budget, loans)
    create_devices(devices)
    create_carriers(budget, carriers)
    create_packages(packages)
    create_figures(budget, figures)
    earlier.status = Budget.Status.PUBLISHED_FIGURES
    earlier.save()
    roll_up_budget(earlier)
    decision = Decision.objects.get(kind=Decision.Kind.ADOPT_BUDGET)
    # What is adopted is finished: its lines are calculated, and its sub-budgets are locked.
    roll_up_budget(budget)
    with change(by=BY, reason=Reason.DEMO):
        create_moves(budget, moves)
    SubBudget.objects.filter(budget=budget).update(status=SubBudget.Status.LOCKED)
    adopt_budget(budget, decision=decision, by=BY, reason=RESULT_REASON)
    draft = copy_forward(budget, slug="budget-2027", name="Budget 2027", on=date(2026, 1, 1), by=BY)
    create_year(draft, days)
    create_revised(budget, revised, by=BY)
    create_people(password)


def create_figures(budget: Budget, figures: list[PrintedFigure]) -> None:
    """Stores what the documents print."""
    PublishedFigure.objects.bulk_create(
        PublishedFigure(
            budget=budget,
            table=figure.table,
            row=figure.row,
            label=figure.label,
            column=figure.column,
            edition=figure.edition,
            tkr=figure.tkr,
            is_unknown=figure.tkr is None,
            position=position,
            note=figure.note,
        )
        for position, figure in enumerate(figures)
    )


def read_rates(reader: Reader) -> list[IndexRate]:
    """The planning rates."""
    return [
        IndexRate(
            cost_kind=row.known("cost_kind", [kind.value for kind in CostKind]),
            year=row.required_whole("year", least=2000),
            valid_from_on=row.required_day("valid_from"),
            percent=row.decimal("percent"),
            provenance=row.known("provenance", Provenance.values),
        )
        for row in reader.rows("index_rates.csv", "cost_kind", "year", "valid_from", "percent", "provenance")
    ]
