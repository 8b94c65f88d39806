"""Year ends of a base as budgeted, as the charts show them; equal to those of the stored forecast where it has them."""

from __future__ import annotations

from collections.abc import Iterable

from engine.stress import Inputs
from forecasts.selectors.loans import YearDebt
from forecasts.selectors.scenarios import try_inputs
from forecasts.selectors.stress import USE_OF_EQUITY, Assumed
from forecasts.selectors.stress_base import StressBase


def list_year_debts(base: StressBase, fiscal_year: int, until: int | None = None) -> list[YearDebt]:
    """Return the debt that a base starts from, and each year end's until a year, by default the last plan year."""
    planned = try_inputs(base, Inputs(until_year=until))
    before = base.debt.years[0] - 1
    # What is planned before the first year makes its opening a budgeted one.
    is_planned = any(row.loan.raised_year <= before for row in base.debt.fixed)
    rows = [YearDebt(before, "budget" if is_planned else "opening", planned.found.opening, None, None)]
    for row in planned.found.year_ends:
        assumed = frozenset(name_movements(planned.assumed, row.year))
        edition = "budget" if row.year <= fiscal_year else "plan"
        rows.append(YearDebt(row.year, edition, row.debt, row.framework, row.headroom, "", assumed))
    return rows


def name_movements(assumed: Iterable[Assumed], until: int) -> Iterable[str]:
    """Return the movements of the debt that are assumed until a year, as the loan forecast names them."""
    for row in assumed:
        if row.years and min(row.years) > until:
            continue
        if row.kind in ("repayment", "life", "no_plan"):
            yield "amortisation"
        elif row.kind in ("amount", "repeats"):
            yield "borrowing_use_of_equity" if row.part == USE_OF_EQUITY else "borrowing_investments"
