"""Triggers: adopted budgets are frozen, changes are counted."""

from django.db import migrations

from budgets.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            sql.SAME_BUDGET,
            sql.COVERED_KEYS,
            sql.CHECK_BUDGETS,
            sql.FREEZE_BUDGET,
            sql.freeze("budgets_subbudget"),
            sql.freeze("budgets_budgetproduct"),
            sql.freeze("budgets_costline"),
            sql.freeze("budgets_producttotal", sql.OF_SUB_BUDGET),
            sql.freeze("budgets_subbudgettotal", sql.OF_SUB_BUDGET),
            sql.START_STATES,
            sql.COUNT_LINES,
            sql.count_sub_budgets("budgets_budgetproduct", "SELECT r.sub_budget_id FROM ({rows}) AS r"),
        )
    ]
