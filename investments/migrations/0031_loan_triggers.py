"""Triggers: a loan is held to its days and terms, and what moves interest counts on the budgets it concerns."""

from django.db import migrations

from budgets.migrations import _sql as counting
from investments.migrations import _loan_sql as sql


class Migration(migrations.Migration):
    dependencies = [("investments", "0030_loan_terms"), ("budgets", "0024_clock_step_source")]

    operations = [
        migrations.RunSQL(sql.CHECK_TERMS, sql.UNDO),
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (
                counting.count_forecasts("investments_loanterm", counting.DRAFTS),
                sql.count_interest("budgets_chosenrate", sql.OF_INTEREST),
                sql.count_interest("budgets_planningrate", sql.OF_RATE),
            )
        ),
    ]
