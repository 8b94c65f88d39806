"""Triggers: invoices are final, of adopted budgets, the sum of their lines and numbered without gaps."""

from django.db import migrations

from invoices.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial"), ("budgets", "0006_key_triggers")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (sql.KEEP_FINAL, sql.ADOPTED_ONLY, sql.TRUE_SUMS, sql.NO_GAPS)
    ]
