"""Triggers: what is registered as owned, and the terms of loans, are counted on the capital cost of every draft."""

from django.db import migrations

from investments.migrations._capital import OF_DRAFTS, count_capital

REGISTERS = ("investments_devicebatch", "investments_deviceevent", "investments_loanterm")


class Migration(migrations.Migration):
    dependencies = [("investments", "0062_requests")]
    operations = [
        migrations.RunSQL(count_capital(table, OF_DRAFTS), migrations.RunSQL.noop) for table in REGISTERS
    ]
