"""Totals go with what they are of; changed lines are joined to their products once."""

from django.db import migrations

from budgets.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("budgets", "0003_fewer_indexes")]
    operations = [
        migrations.RunSQL(sql.FORGET_TOTALS, migrations.RunSQL.noop),
        migrations.RunSQL(sql.COUNT_LINES, migrations.RunSQL.noop),
    ]
