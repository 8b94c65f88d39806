"""Triggers: items and classes of products are frozen with their budget, and what capital cost is made of is counted.

Existing rows get the lives that they were decided with.
"""

from django.db import migrations

from budgets.migrations._sql import freeze
from investments.migrations import _capital as sql

OF_A_BUDGET = ("investments_investmentitem", "investments_productclass")
COUNTED = {
    **dict.fromkeys(
        (
            "investments_investment",
            "investments_investmentitem",
            "investments_productclass",
            "investments_plannedloan",
            "investments_plannedrepayment",
            "budgets_chosenrate",
        ),
        sql.OF_BUDGET,
    ),
    **dict.fromkeys(("investments_assetclass", "investments_loan", "investments_loaninstalment"), sql.OF_DRAFTS),
    "budgets_planningrate": sql.OF_RATE,
}


class Migration(migrations.Migration):
    dependencies = [("investments", "0008_items_and_capital"), ("pricing", "0007_capital_triggers")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            sql.OWN_LIVES,
            *map(freeze, OF_A_BUDGET),
            sql.SAME_BUDGET,
            sql.ITEM_OF_THE_YEARS,
            *(sql.count_capital(table, budgets) for table, budgets in COUNTED.items()),
            sql.START_STATES,
        )
    ]
