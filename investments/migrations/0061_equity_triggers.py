"""Triggers: planned changes of the balance sheet are frozen with their budget, and a fund's years are of the fund."""

from django.db import migrations

from budgets.migrations._sql import freeze
from investments.migrations import _equity as sql


class Migration(migrations.Migration):
    dependencies = [("investments", "0060_equity")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (freeze("investments_balancechange"), sql.CHECK_FUNDS)
    ]
