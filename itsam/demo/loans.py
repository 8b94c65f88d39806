"""The demo's asset classes, investments, loans and borrowing frameworks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from budgets.models import Budget
from engine.money import ORE_PER_TKR
from investments.models import (
    AssetClass,
    BorrowingFramework,
    CouncilDecision,
    Investment,
    Loan,
    LoanInstalment,
    PlannedLoan,
    PlannedRepayment,
)
from itsam.demo.reader import UNKNOWN, Reader, Row
from objects.models import Decision, Municipality
from records.models import Provenance

EXISTING, LAST_YEAR = "existing", "investments_2025"
FRAMEWORK_DECISIONS = ("adopt_framework", "propose_framework")
NEEDED = (
    "opening_debt_2024-12-31",
    "borrowing_investments_2025",
    "borrowing_use_of_equity_2025",
    "borrowing_use_of_equity_2026",
    "amortisation_2025",
    "amortisation_2026",
)


@dataclass(frozen=True)
class InvestmentRow:
    """An asset class and what is planned of it in the three years, tkr; None is not yet known."""

    asset_class: AssetClass
    financing: str
    amounts: list[int | None]


@dataclass(frozen=True)
class LoanRows:
    """Checked rows, ready to write; amounts in tkr."""

    investments: list[InvestmentRow]
    published: dict[str, int]
    repayments: list[tuple[str, int, int, str]]
    frameworks: list[tuple[int, int | None, str, int, str]]
    councils: list[tuple[int, str, date | None, date | None, str]]


def read_loans(reader: Reader) -> LoanRows:
    """Read and checks the files about investments, loans and frameworks."""
    columns = ("amount_tkr", "state", "replaces", "needs", "guarantee_fee")
    frameworks = [_framework(row) for row in reader.rows("borrowing_frameworks.csv", *columns)]
    amounts = {str(framework[0]) for framework in frameworks}
    members = {row.text("municipality_code") for row in reader.rows("municipalities.csv", "municipality_code")}
    return LoanRows(
        _read_investments(reader),
        _read_published(reader),
        [_repayment(row) for row in reader.rows("repayments.csv", "loan", "year", "tkr", "provenance")],
        frameworks,
        [
            _council(row, amounts, members)
            for row in reader.rows("council_decisions.csv", "framework_tkr", "municipality_code", "announced_on")
        ],
    )


def _read_published(reader: Reader) -> dict[str, int]:
    amounts = {
        row.text("line"): row.required_whole("tkr") for row in reader.rows("loan_forecast_2026.csv", "line", "tkr")
    }
    for line in NEEDED:
        if line not in amounts:
            place = {"file": "loan_forecast_2026.csv", "line": line}
            reader.problems.append(_("%(file)s lacks the line %(line)s.") % place)
    return amounts


def _read_investments(reader: Reader) -> list[InvestmentRow]:
    rows = reader.rows("life_years.csv", "asset_class", "assumed_life_years")
    lives = {row.text("asset_class"): row.required_whole("assumed_life_years", least=1, most=100) for row in rows}
    columns = (
        "asset_class",
        "name_sv",
        "useful_life_years",
        "financing",
        "budget_2026",
        "forecast_2027",
        "forecast_2028",
    )
    rows = reader.rows("investments.csv", *columns, key=("asset_class",))
    return [
        _investment(row, position, lives)
        for position, row in enumerate(rows, 1)
        if not row.cells["asset_class"].startswith("TOTAL")
    ]


def _investment(row: Row, position: int, lives: dict[str, int]) -> InvestmentRow:
    slug = row.text("asset_class")
    life = row.whole("useful_life_years", least=1, most=100)
    if life is None and row.cells["useful_life_years"] != UNKNOWN:
        row.fail("useful_life_years", "")
    asset_class = AssetClass(
        slug=slug,
        name=row.text("name_sv"),
        useful_life_years=life,
        assumed_life_years=lives.get(slug),
        position=position,
    )
    amounts = [row.whole(column, least=0) for column in ("budget_2026", "forecast_2027", "forecast_2028")]
    return InvestmentRow(asset_class, row.known("financing", Investment.Financing.values), amounts)


def _repayment(row: Row) -> tuple[str, int, int, str]:
    provenance = row.known("provenance", Provenance.values)
    return (
        row.known("loan", (EXISTING, LAST_YEAR)),
        row.required_whole("year"),
        row.required_whole("tkr", least=0),
        provenance,
    )


def _framework(row: Row) -> tuple[int, int | None, str, int, str]:
    amount, fee = row.required_whole("amount_tkr", least=1), row.whole("guarantee_fee") or 0
    return amount, row.whole("replaces"), row.text("needs", required=False), fee, row.text("state")


def _council(row: Row, amounts: set[str], members: set[str]) -> tuple[int, str, date | None, date | None, str]:
    provenance = row.known("provenance", Provenance.values)
    row.known("framework_tkr", amounts)
    return (
        row.required_whole("framework_tkr"),
        row.known("municipality_code", members),
        row.day("decided_on"),
        row.day("announced_on"),
        provenance,
    )


def create_loans(budget: Budget, rows: LoanRows) -> None:
    """Write them; Budget 2026 borrows for what it plans to buy, and for 2025 what the document says."""
    AssetClass.objects.bulk_create([row.asset_class for row in rows.investments])
    Investment.objects.bulk_create(
        _investment_of(budget, row, position) for position, row in enumerate(rows.investments, 1)
    )
    _create_existing_loan(rows)
    _create_planned_loans(budget, rows)
    _create_frameworks(rows)


def _investment_of(budget: Budget, row: InvestmentRow, position: int) -> Investment:
    first, second, third = (None if amount is None else amount * ORE_PER_TKR for amount in row.amounts)
    return Investment(
        budget=budget,
        asset_class=row.asset_class,
        useful_life_years=row.asset_class.useful_life_years,
        assumed_life_years=row.asset_class.assumed_life_years,
        financing=row.financing,
        amount_1_ore=first,
        amount_2_ore=second,
        amount_3_ore=third,
        position=position,
        provenance=Provenance.PUBLISHED,
    )


def _create_existing_loan(rows: LoanRows) -> None:
    debt = rows.published["opening_debt_2024-12-31"] * ORE_PER_TKR
    loan = Loan.objects.create(
        name="Samlade lån 2024-12-31", debt_on=date(2024, 12, 31), debt_ore=debt, provenance=Provenance.PUBLISHED
    )
    published = [(year, -rows.published[f"amortisation_{year}"], Provenance.PUBLISHED) for year in (2025, 2026)]
    assumed = [(year, tkr, provenance) for name, year, tkr, provenance in rows.repayments if name == EXISTING]
    LoanInstalment.objects.bulk_create(
        LoanInstalment(loan=loan, year=year, amount_ore=tkr * ORE_PER_TKR, provenance=provenance)
        for year, tkr, provenance in [*published, *assumed]
    )


def _create_planned_loans(budget: Budget, rows: LoanRows) -> None:
    earlier = _planned(budget, "borrowing_investments_2025", 2025, rows, PlannedLoan.Purpose.INVESTMENTS)
    equity = [
        _planned(budget, f"borrowing_use_of_equity_{year}", year, rows, PlannedLoan.Purpose.USE_OF_EQUITY)
        for year in (2025, 2026)
    ]
    for loan in (earlier, *equity):
        loan.save()
    PlannedRepayment.objects.bulk_create(
        PlannedRepayment(
            budget=budget, planned_loan=earlier, year=year, amount_ore=tkr * ORE_PER_TKR, provenance=provenance
        )
        for name, year, tkr, provenance in rows.repayments
        if name == LAST_YEAR
    )
    investments = {
        row.asset_class.slug: row
        for row in Investment.objects.filter(budget=budget, financing="loan").select_related("asset_class")
    }
    PlannedLoan.objects.bulk_create(
        PlannedLoan(
            budget=budget,
            purpose=PlannedLoan.Purpose.INVESTMENTS,
            year=year,
            principal_ore=amount * ORE_PER_TKR,
            asset_class=row.asset_class,
            investment=investments[row.asset_class.slug],
            provenance=Provenance.DERIVED if year == budget.fiscal_year else Provenance.ASSUMED,
        )
        for row in rows.investments
        if row.financing == Investment.Financing.LOAN
        for year, amount in zip(budget.years, row.amounts, strict=True)
        if amount
    )


def _planned(budget: Budget, line: str, year: int, rows: LoanRows, purpose: str) -> PlannedLoan:
    principal = rows.published[line] * ORE_PER_TKR
    return PlannedLoan(
        budget=budget, purpose=purpose, year=year, principal_ore=principal, provenance=Provenance.PUBLISHED
    )


def _create_frameworks(rows: LoanRows) -> None:
    decisions = {d.kind: d for d in Decision.objects.filter(kind__in=FRAMEWORK_DECISIONS)}
    if any(replaces for _amount, replaces, *_rest in rows.frameworks) and len(decisions) == len(FRAMEWORK_DECISIONS):
        Decision.objects.filter(kind="propose_framework").update(supersedes=decisions["adopt_framework"])
    frameworks: dict[int, BorrowingFramework] = {}
    for amount, replaces, needs, fee, state in rows.frameworks:
        is_proposed = state.startswith("proposed")
        frameworks[amount] = BorrowingFramework.objects.create(
            amount_ore=amount * ORE_PER_TKR,
            replaces=frameworks.get(replaces) if replaces else None,
            needs=needs,
            guarantee_fee_ore=fee * ORE_PER_TKR,
            decided_by=decisions.get("propose_framework" if is_proposed else "adopt_framework"),
            provenance=Provenance.PUBLISHED,
            note=state,
        )
    members = {municipality.code: municipality for municipality in Municipality.objects.all()}
    CouncilDecision.objects.bulk_create(
        CouncilDecision(
            framework=frameworks[amount],
            municipality=members[code],
            decided_on=decided_on,
            announced_on=announced_on,
            provenance=provenance,
        )
        for amount, code, decided_on, announced_on, provenance in rows.councils
    )
