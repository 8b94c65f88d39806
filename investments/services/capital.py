"""Places what a budget's capital costs on the products that carry it, and lets loans follow what is bought.

The state is locked before anything is read. What is written here counts on it too, so that what it counts at the end, of
nobody else, is what is placed.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from budgets.models import Budget
from budgets.services.totals import execute
from engine.provenance import weakest
from investments.models import AssetClass, CapitalState, Investment, PlannedLoan
from investments.selectors.capital import Capital, compute_capital
from investments.selectors.purchases import list_investments
from pricing.models import CapitalCost
from pricing.services.calculating import BY
from pricing.services.editing import JOB_EXPIRES_SECONDS
from pricing.services.writing import store_amounts
from records.models import Provenance
from records.reasons import Reason
from records.services import join_change
from records.services.sending import send_task

# A copied loan goes on as what its class buys where it was just that; one with repayments of its own stays as it is.
FOLLOW = """
    UPDATE investments_plannedloan AS l SET follows = TRUE FROM investments_investment AS i
    WHERE l.budget_id = %(target)s AND i.id = l.investment_id AND NOT l.follows AND l.purpose = 'investments'
        AND i.financing = 'loan' AND l.life_years IS NULL
        AND l.principal_ore = CASE l.year - %(year)s WHEN 0 THEN i.amount_1_ore WHEN 1 THEN i.amount_2_ore WHEN 2 THEN i.amount_3_ore END
            + coalesce((SELECT sum(amount_ore) FROM investments_investmentitem WHERE investment_id = i.id AND year = l.year), 0)
        AND NOT EXISTS (SELECT FROM investments_plannedrepayment WHERE planned_loan_id = l.id)
        AND NOT EXISTS (SELECT FROM investments_plannedloan AS o WHERE o.investment_id = l.investment_id AND o.year = l.year AND o.id <> l.id)"""
DROP_PASSED = "DELETE FROM investments_investmentitem WHERE budget_id = %(target)s AND year < %(year)s"


def follow_purchases(target: Budget) -> None:
    """Let the loans of a copied budget follow what it buys, and drop the purchases of years before its own."""
    of_it = {"target": target.pk, "year": target.fiscal_year}
    execute(DROP_PASSED, of_it)
    execute(FOLLOW, of_it)


def place_capital(budget_id: int) -> bool:
    """Bring a draft's borrowing and capital cost up to date; return whether they were behind. Right when run twice or killed.

    A budget that is proposed, or no draft, is left as it is.
    """
    with transaction.atomic():
        states = CapitalState.objects.select_for_update().filter(pk=budget_id).exclude(changed=F("placed"))
        if states.first() is None:
            return False
        budget = Budget.objects.get(pk=budget_id)
        if budget.status != Budget.Status.DRAFT or budget.phase == Budget.Phase.PROPOSED:
            return False
        with join_change(by=BY, reason=Reason.CALCULATE):
            _borrow(budget)
            capital = compute_capital(budget)
            _store(budget, capital)
        CapitalState.objects.filter(pk=budget_id).update(
            placed=F("changed"), placed_at=timezone.now(), problems=_list_problems(capital)
        )
    return True


def request_capital(budget_id: int) -> None:
    """Start the chain after commit. A lost broker is no error: the sweep finds what was changed."""
    send = partial(send_task, "forecasts.calculate", budget_id, expires=JOB_EXPIRES_SECONDS)
    transaction.on_commit(send, robust=True)


def _borrow(budget: Budget) -> None:
    """Make the loans that follow the investment budget as large as what it buys; years with a loan of its own are left."""
    loans = PlannedLoan.objects.filter(budget=budget, purpose=PlannedLoan.Purpose.INVESTMENTS)
    following = {(row.investment_id, row.year): row for row in loans.filter(follows=True)}
    own = set(loans.filter(follows=False).values_list("asset_class_id", "year"))
    for row in list_investments(budget):
        if row.financing != Investment.Financing.LOAN:
            continue
        for year, ore in zip(budget.years, row.amounts, strict=True):
            loan = following.pop((row.pk, year), None)
            if (row.asset_class_id, year) in own or not ore:
                if loan is not None:
                    loan.delete()
            else:
                _save_loan(loan or PlannedLoan(budget=budget, investment=row, year=year, follows=True), row, ore)
    for loan in following.values():
        if loan.year in budget.years:
            loan.delete()


def _save_loan(loan: PlannedLoan, row: Investment, ore: int) -> None:
    """Write a loan that follows, if it says anything else. What a copy repeats in its last year, nobody has planned."""
    items = [item.provenance for item in row.items.all() if item.year == loan.year]
    is_repeated = row.provenance == Provenance.COPIED and loan.year == row.budget.years[2]
    source = weakest([Provenance.CALCULATED, Provenance.ASSUMED if is_repeated else row.provenance, *items])
    if (loan.pk, loan.principal_ore, loan.provenance) != (loan.pk or 0, ore, source):
        loan.purpose, loan.asset_class = PlannedLoan.Purpose.INVESTMENTS, row.asset_class
        loan.principal_ore, loan.provenance = ore, source
        loan.save()


def _store(budget: Budget, capital: Capital) -> None:
    class_names = dict(AssetClass.objects.values_list("slug", "name"))
    wanted: dict[tuple[int, str, str, str, str], list[int]] = {}
    for product, kind, part, amounts in capital.carried():
        source = weakest([part.source, *capital.weight_sources.get(part.part, ())])
        wanted[product, kind.value, part.part, class_names.get(part.part, ""), source] = list(amounts)
    names = ("budget_product_id", "cost_kind", "part", "name", "provenance")
    store_amounts(CapitalCost, names, CapitalCost.objects.filter(budget_product__budget=budget), wanted)


def _list_problems(capital: Capital) -> list[dict[str, object]]:
    found = [("no_life", part) for part in capital.lifeless] + [("not_carried", part) for part in capital.uncarried]
    return [{"problem": problem, "part": part} for problem, part in found]
