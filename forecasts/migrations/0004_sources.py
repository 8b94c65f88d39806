"""Figures of forecasts say where they come from; those of drafts are computed anew by the sweep."""

from django.db import migrations, models

COUNT_DRAFTS = """
    UPDATE budgets_rollupstate SET changed = changed + 1 WHERE sub_budget_id IN (
        SELECT s.id FROM budgets_subbudget AS s JOIN budgets_budget AS b ON b.id = s.budget_id WHERE b.status = 'draft')"""


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0003_fewer_indexes"), ("budgets", "0012_sources"), ("investments", "0006_sources")]
    operations = [
        migrations.AddField(
            model_name="forecastrow",
            name="provenance",
            field=models.CharField(db_default="calculated", max_length=10, verbose_name="Source"),
        ),
        migrations.RunSQL(COUNT_DRAFTS, migrations.RunSQL.noop),
    ]
