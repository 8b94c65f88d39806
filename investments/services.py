"""Copies a budget's investments and planned loans forward, in SQL, keeping lineage."""

from budgets.models import Budget
from budgets.services.totals import execute
from records.services import change

# Rule 2: the plan years become the first two; purchases have no index, so the last is as the one before.
INVESTMENTS = """
    INSERT INTO investments_investment (budget_id, lineage, asset_class_id, financing, amount_1_ore, amount_2_ore, amount_3_ore,
        note, position, provenance)
    SELECT %(target)s, lineage, asset_class_id, financing, {amounts}, note, position, provenance
    FROM investments_investment WHERE budget_id = %(source)s"""
COPY_INVESTMENTS = INVESTMENTS.format(amounts="amount_2_ore, amount_3_ore, amount_3_ore")
COPY_INVESTMENTS_AS_THEY_ARE = INVESTMENTS.format(amounts="amount_1_ore, amount_2_ore, amount_3_ore")

COPY_LOANS = """
    INSERT INTO investments_plannedloan (budget_id, lineage, purpose, year, principal_ore, asset_class_id, life_years, provenance, note)
    SELECT %(target)s, lineage, purpose, year, principal_ore, asset_class_id, life_years, provenance, note
    FROM investments_plannedloan WHERE budget_id = %(source)s"""

COPY_REPAYMENTS = """
    INSERT INTO investments_plannedrepayment (budget_id, planned_loan_id, year, amount_ore, provenance)
    SELECT %(target)s, new.id, r.year, r.amount_ore, r.provenance
    FROM investments_plannedrepayment AS r
    JOIN investments_plannedloan AS old ON old.id = r.planned_loan_id
    JOIN investments_plannedloan AS new ON new.budget_id = %(target)s AND new.lineage = old.lineage
    WHERE r.budget_id = %(source)s"""

# The last year is new: it borrows for what it plans to buy, as the year before did.
ADD_LAST_YEAR = """
    INSERT INTO investments_plannedloan (budget_id, purpose, year, principal_ore, asset_class_id, life_years, provenance, note)
    SELECT %(target)s, purpose, %(year)s, principal_ore, asset_class_id, life_years, 'assumed', note
    FROM investments_plannedloan WHERE budget_id = %(source)s AND year = %(year)s - 1 AND purpose = 'investments'"""


def copy_investments_forward(source: Budget, target: Budget, *, by: str) -> None:
    """Gives `target` the investments and planned loans of `source`, one year on."""
    with change(by=by, reason=f"copy forward of {source.slug}"):
        ids = {"source": source.pk, "target": target.pk}
        for statement in (COPY_INVESTMENTS, COPY_LOANS, COPY_REPAYMENTS):
            execute(statement, ids)
        execute(ADD_LAST_YEAR, {**ids, "year": target.years[2]})


def copy_investments_as_they_are(source: Budget, target: Budget, *, by: str) -> None:
    """Gives `target`, a revision of `source`, its investments and planned loans for the same years."""
    with change(by=by, reason=f"revision of {source.slug}"):
        for statement in (COPY_INVESTMENTS_AS_THEY_ARE, COPY_LOANS, COPY_REPAYMENTS):
            execute(statement, {"source": source.pk, "target": target.pk})
