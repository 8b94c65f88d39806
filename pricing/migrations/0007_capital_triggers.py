"""Triggers: a product's capital cost is frozen with its budget, and a change of it is counted on the calculation."""

from django.db import migrations

from budgets.migrations._sql import freeze
from pricing.migrations import _sql as sql

OF_PRODUCT = (
    "SELECT p.budget_id FROM ({rows}) AS r JOIN budgets_budgetproduct AS p ON p.id = r.budget_product_id"
)


class Migration(migrations.Migration):
    dependencies = [("pricing", "0006_capital_cost")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            freeze("pricing_capitalcost", OF_PRODUCT),
            sql.count_calculations("pricing_capitalcost", OF_PRODUCT),
        )
    ]
