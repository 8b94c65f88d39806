"""Triggers: asset classes have one level, a device has a customer, and the events of a batch are within it."""

from django.db import migrations

from investments.migrations import _devices_sql as sql


class Migration(migrations.Migration):
    dependencies = [("investments", "0020_devices")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (sql.CHECK_PARENTS, sql.CHECK_CUSTOMERS, sql.CHECK_EVENTS)
    ]
