"""Triggers: shares are whole, what is signed or sent stays as it was, and frameworks replace each other one by one."""

from django.db import migrations

from investments.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("investments", "0040_frameworks_and_packages")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (sql.WHOLE_SHARES, sql.KEEP_SIGNED, sql.KEEP_SENT, sql.ONE_CHAIN)
    ]
