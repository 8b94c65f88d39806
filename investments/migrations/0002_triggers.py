"""Triggers: what belongs to an adopted budget is frozen, changes count on the budgets they concern."""

from django.db import migrations

from budgets.migrations import _sql as sql

OF_A_BUDGET = ("investments_investment", "investments_plannedloan", "investments_plannedrepayment")
SHARED = (
    "investments_loan",
    "investments_loaninstalment",
    "investments_borrowingframework",
    "investments_councildecision",
    "investments_assetclass",
)


class Migration(migrations.Migration):
    dependencies = [("investments", "0001_initial"), ("budgets", "0002_triggers")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            *map(sql.freeze, OF_A_BUDGET),
            *map(sql.count_forecasts, OF_A_BUDGET),
            *(sql.count_forecasts(table, sql.DRAFTS) for table in SHARED),
        )
    ]
