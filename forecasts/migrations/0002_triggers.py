"""Triggers: the forecasts of an adopted budget are frozen."""

from django.db import migrations

from budgets.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0001_initial"), ("budgets", "0002_triggers")]
    operations = [
        migrations.RunSQL(sql.freeze("forecasts_forecast"), migrations.RunSQL.noop),
        migrations.RunSQL(
            sql.freeze(
                "forecasts_forecastrow",
                "SELECT f.budget_id FROM ({rows}) AS r JOIN forecasts_forecast AS f ON f.id = r.forecast_id",
            ),
            migrations.RunSQL.noop,
        ),
    ]
