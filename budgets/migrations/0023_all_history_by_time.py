"""The newest events of all budgets together are found by their moment, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0022_kinds_of_started_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="costlineevent",
            index=models.Index(fields=["pgh_created_at"], name="cost_line_events_by_time"),
        )
    ]
