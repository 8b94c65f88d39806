"""Triggers: keys and their weights are frozen with their budget; a product's key is of its own budget."""

from django.db import migrations

from budgets.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("budgets", "0005_keys")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            sql.KEY_OF_SAME_BUDGET,
            sql.freeze("budgets_allocationkey"),
            sql.freeze("budgets_keyweight", sql.OF_KEY),
        )
    ]
