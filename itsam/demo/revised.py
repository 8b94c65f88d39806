"""The draft revised budget of 2026: all that is published of it is its debt at the end of the year."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.services.copying import copy_as_revision
from engine.money import ORE_PER_TKR
from forecasts.models import Forecast
from forecasts.selectors.stored import load_amounts
from forecasts.services.roll_up import roll_up_budget
from investments.models import PlannedLoan
from itsam.demo.reader import Reader
from records.models import Provenance
from records.reasons import Reason
from records.services import change

FILE, LINE = "revised_budget_2026.csv", "closing_debt_2026"


@dataclass(frozen=True)
class RevisedDebt:
    """What is owed at the end of the year by the revised budget, tkr, and how its extra borrowing is assumed to be repaid."""

    closing_tkr: int
    life_years: int
    provenance: str
    source: str


def read_revised(reader: Reader) -> RevisedDebt:
    """Read and check the file."""
    found = None
    for row in reader.rows(FILE, "line", "tkr", "life_years", "provenance", "source", key=("line",)):
        row.known("line", (LINE,))
        found = RevisedDebt(
            row.required_whole("tkr", least=0),
            row.required_whole("life_years", least=1, most=100),
            row.known("provenance", Provenance.values),
            row.text("source", longest=400),
        )
    if found is None:
        reader.problems.append(_("%(file)s lacks the line %(line)s.") % {"file": FILE, "line": LINE})
    return found or RevisedDebt(0, 1, Provenance.ASSUMED, "")


def create_revised(adopted: Budget, revised: RevisedDebt, *, by: str) -> Budget:
    """Make the draft: a copy whose one more loan brings the debt at the end of the year to what is published."""
    target = copy_as_revision(adopted, slug=f"{adopted.slug}-reviderad", name=f"{adopted.name}, reviderad", by=by)
    owed = load_amounts(adopted, Forecast.Kind.LOAN)["closing_debt"][adopted.fiscal_year] or 0
    with change(by=by, reason=Reason.DEMO):
        PlannedLoan.objects.create(
            budget=target,
            purpose=PlannedLoan.Purpose.INVESTMENTS,
            year=adopted.fiscal_year,
            principal_ore=max(revised.closing_tkr * ORE_PER_TKR - owed, 0),
            life_years=revised.life_years,
            provenance=revised.provenance,
            note=revised.source,
        )
    roll_up_budget(target, everything=True)
    return target
